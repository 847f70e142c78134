"""Pieces of CEL that rules share."""

from __future__ import annotations

from collections.abc import Iterable

PLATFORM_GROUPS = "<platform groups>"
"""Stands in expressions for the list of an environment's platform groups, until `for_platform` fills it in."""

BY_PLATFORM = (
    "byPlatform",
    (
        f"(request.userInfo.groups.exists(g, g in {PLATFORM_GROUPS}) || request.userInfo.username in"
        " ['system:apiserver', 'system:kube-controller-manager', 'system:kube-scheduler'])"
    ),
)
"""Variable: whether the request comes from those who run the cluster, and from no tenant."""

CHANGED = (
    "changed",
    "oldObject == null || object.?spec != oldObject.?spec",
)
"""Condition: whether the request makes or changes a `spec`. An object older than a rule can still lose finalizers."""

CLUSTER_GROUPS = (
    "system:masters",
    "system:nodes",
    "system:serviceaccounts:kube-system",
    "system:serviceaccounts:kueue-system",
    "system:serviceaccounts:tenantry-system",
)
"""Groups that are the platform in every environment: the cluster's own parts and its shared controllers."""


def quoted(text: str) -> str:
    r"""A CEL string literal of the text.

    >>> quoted("it's")
    "'it\\'s'"
    """
    escaped = text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n")
    return f"'{escaped}'"


def listing(items: Iterable[str]) -> str:
    """A CEL list of strings."""
    return f"[{', '.join(map(quoted, items))}]"


def for_platform(expression: str, groups: Iterable[str]) -> str:
    """The expression with an environment's platform groups, and those of every environment, filled in."""
    return expression.replace(PLATFORM_GROUPS, listing([*CLUSTER_GROUPS, *sorted(groups)]))
