"""Whether each object that the program renders is in the cluster, exactly as it is rendered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any, Final

from tenantry.diff.compare import title
from tenantry.kube import Json, Kube, KubeError
from tenantry.render import RenderedStack, Resource, manifests
from tenantry.verify.check import BrokenError, Check
from tenantry.verify.unknowns import completed

WAY_OUT: Final = "Bring it back: tenantry up --refresh"
MANAGER: Final = "tenantry-verify"
"""Field manager of dry runs. It never owns a field, because nothing is written."""
HEADER: Final = frozenset({"apiVersion", "kind", "metadata", "status"})
"""What is not compared as a whole. `status` is the cluster's to write; of metadata, labels and annotations count."""
ATTEMPTS: Final = 5
"""How often an object is read anew when a controller writes it between our two requests."""
LONGEST: Final = 60
"""Characters of a value that a message shows: expressions of policies are long."""
SHOWN: Final = 3
"""Differences that a message names."""


def object_checks(kube: Kube, owner: str, stack: RenderedStack) -> list[Check]:
    """A check for each Kubernetes object of a stack.

    Args:
        kube: The cluster.
        owner: Tenant's id or `platform`, the first part of each check's name.
        stack: What should be there.
    """
    found = [resource for resource in stack.resources if manifests.is_object(resource.type)]
    return [
        Check(
            f"{owner}/object/{resource.inputs['kind']}/{resource.inputs['metadata']['name']}",
            f"{title(resource)} is there, as it is rendered",
            partial(examine, kube, resource),
        )
        for resource in found
    ]


def examine(kube: Kube, resource: Resource) -> None:
    """Look at one object.

    Raises:
        BrokenError: it is missing, on its way out or not what was rendered.
    """
    wanted = manifests.manifest(resource.inputs)
    live = _live(kube, wanted)
    if live is None:
        raise BrokenError(f"{title(resource)} is not in the cluster. {WAY_OUT}")
    if live["metadata"].get("deletionTimestamp"):
        raise BrokenError(f"{title(resource)} is being deleted. Let it go, then: tenantry up --refresh")
    live, rendered = _both(kube, resource, wanted, live)
    if found := list(differences(_compared(rendered, wanted), _compared(live, wanted))):
        more = f", and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
        raise BrokenError(f"{title(resource)} differs: {'; '.join(found[:SHOWN])}{more}. {WAY_OUT}")


def _live(kube: Kube, wanted: Mapping[str, Any]) -> Json | None:
    metadata = wanted["metadata"]
    return kube.get(wanted["apiVersion"], wanted["kind"], metadata["name"], metadata.get("namespace"))


def _both(kube: Kube, resource: Resource, wanted: Json, live: Json) -> tuple[Json, Json]:
    """The live object, and what the API server would make of the rendered one in its place.

    Only so do the two compare field by field: the server writes quantities in its own way and fills in defaults.
    Nothing is written (`dryRun`).
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return live, _in_its_place(kube, resource, completed(wanted, live), live)
        except KubeError as error:
            if error.reason == "Invalid":
                raise BrokenError(f"{title(resource)} differs in what cannot be changed: {error}. {WAY_OUT}") from error
            if error.reason != "Conflict" or attempt == ATTEMPTS:
                raise
            live = _live(kube, wanted) or live
    raise AssertionError


def _in_its_place(kube: Kube, resource: Resource, wanted: Json, live: Json) -> Json:
    if resource.type.endswith("Patch"):
        # It speaks of a part of somebody else's object; the rest is theirs.
        return kube.apply(wanted, MANAGER, force=True, dry_run=True)
    kept = {key: live["metadata"][key] for key in ("resourceVersion", "uid", "finalizers") if key in live["metadata"]}
    metadata = wanted["metadata"]
    path = kube.path(wanted["apiVersion"], wanted["kind"], metadata["name"], metadata.get("namespace"))
    body = {**wanted, "metadata": {**metadata, **kept}}
    return kube.raw("PUT", path, body=body, query={"dryRun": "All", "fieldManager": MANAGER})


def _compared(item: Json, wanted: Mapping[str, Any]) -> Json:
    """What of an object counts: all of it but its header, and the labels and annotations that are ours."""
    marks = {
        kind: {key: value for key, value in (item["metadata"].get(kind) or {}).items() if key in ours}
        for kind in ("labels", "annotations")
        if (ours := wanted["metadata"].get(kind))
    }
    return {"metadata": marks, **{key: value for key, value in item.items() if key not in HEADER}}


def differences(wanted: Any, live: Any, path: str = "") -> Iterator[str]:  # noqa: ANN401 - JSON
    """Each place where two documents differ, in words."""
    if isinstance(wanted, Mapping) and isinstance(live, Mapping):
        for key in sorted({*wanted, *live}):
            below = f"{path}.{key}" if path else key
            yield from differences(wanted.get(key), live.get(key), below)
    elif isinstance(wanted, list) and isinstance(live, list) and len(wanted) == len(live):
        for number, (one, other) in enumerate(zip(wanted, live, strict=True)):
            yield from differences(one, other, f"{path}[{number}]")
    elif wanted != live:
        yield f"{path} is {_said(live)}, not {_said(wanted)}"


def _said(value: object) -> str:
    if value is None:
        return "absent"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    text = "a mapping" if isinstance(value, Mapping) else repr(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def names_once(checks: Iterable[Check]) -> list[Check]:
    """The checks, with no name twice: a clash would hide one of the two in every report."""
    known: dict[str, Check] = {}
    for check in checks:
        assert known.setdefault(check.name, check) is check, check.name  # noqa: S101 - ours to keep
    return list(known.values())
