"""What a guard is: one rule of the API server about what tenants may ask for, as data.

A rule becomes one ValidatingAdmissionPolicy and its binding, so that a denial names the rule and each can be taken
away by itself. `components/admission.py` makes them; the expressions are CEL.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from tenantry.guards.cel import quoted

RUNBOOK: Final = "docs/runbooks/admission.md"
"""Where every rule has an anchor of its name."""

Operation = Literal["CREATE", "UPDATE", "DELETE", "CONNECT"]
WRITES: Final[tuple[Operation, ...]] = ("CREATE", "UPDATE")


@dataclass(frozen=True, kw_only=True)
class Target:
    """Requests that a rule looks at. Kinds that the cluster does not serve match nothing."""

    group: str = ""
    """API group; empty for the core."""
    versions: tuple[str, ...] = ("*",)
    plurals: tuple[str, ...]
    """Resources, and subresources as in `pods/resize`: none is implied by its resource."""
    operations: tuple[Operation, ...] = WRITES


@dataclass(frozen=True, kw_only=True)
class Check:
    """One thing that must be true, and what is said where it is not."""

    expression: str
    """CEL; true admits the request. It never fails on a missing field: a failure is a denial without a reason."""
    field: str
    """The field at fault, as in `spec.tolerations`."""
    what: str
    """What is wrong with it, as in `is not one that a team may have`."""
    fix: str
    """The way out, as an order."""
    value: str = ""
    """CEL of the offending value, a string, for the message; evaluated only where the expression is false."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One guard."""

    name: str
    """What a denial calls it, in words: `pod-tolerations`."""
    family: str
    """Module that it stands in."""
    targets: tuple[Target, ...]
    checks: tuple[Check, ...]
    variables: tuple[tuple[str, str], ...] = ()
    """Names and CEL; each may use those before it, as `variables.name`. Evaluated only where used."""
    conditions: tuple[tuple[str, str], ...] = ()
    """Names and CEL; a request for which one is false is none of the rule's business."""
    parametrised: bool = False
    """Whether it reads the tenant's parameters, as `params.data`."""
    namespaces: Literal["tenants", "all"] = "tenants"
    """Whose requests it looks at. `all` includes kinds of the whole cluster."""
    attacks: tuple[str, ...]
    """Rows of the attack suite that it stops, as in `A18`."""
    severity: Literal["high", "medium", "low"] = "high"

    @property
    def policy(self) -> str:
        """Name of its policy and binding in the cluster."""
        return policy_name(self.name)

    def message(self, check: Check) -> str:
        """What a denial says where no value can be named."""
        return f"{self.name}: {check.field} {self._rest(check)}"

    def message_expression(self, check: Check) -> str | None:
        """CEL of what a denial says with the offending value in it; None where the check has none."""
        if not check.value:
            return None
        return f"{quoted(f'{self.name}: {check.field} ')} + {check.value} + {quoted(f' {self._rest(check)}')}"

    def _rest(self, check: Check) -> str:
        return f"{check.what}. {check.fix}. See {RUNBOOK}#{self.name}"


@dataclass(frozen=True, kw_only=True)
class Mutation:
    """One thing that is filled in, so that ordinary workloads pass the rules. Never a guard: it may be missing."""

    name: str
    targets: tuple[Target, ...]
    patches: tuple[tuple[Literal["ApplyConfiguration", "JSONPatch"], str], ...]
    """Kind of patch and CEL, applied in this order."""
    variables: tuple[tuple[str, str], ...] = ()
    conditions: tuple[tuple[str, str], ...] = ()
    parametrised: bool = False

    @property
    def policy(self) -> str:
        """Name of its policy and binding in the cluster."""
        return policy_name(self.name)


def policy_name(rule: str) -> str:
    """Name of the policy of a rule, apart from policies of other systems."""
    return f"tenantry-{rule}"
