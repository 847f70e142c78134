"""What changed between two versions of a resource's inputs, field by field, and what of it forces a replacement."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal

from tenantry.sandbox.plugins.resource_kubernetes.objects import Ref
from tenantry.sandbox.plugins.values import Path

Change = Literal["ADD", "DELETE", "UPDATE"]
_PLAIN_KEY: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
ANY: Final = "*"
"""Stands for every index of a list."""

_SELECTOR: Final[Path] = ("spec", "selector")
_DATA: Final[tuple[Path, ...]] = (("data",), ("binaryData",), ("stringData",))
IMMUTABLE: Final[Mapping[tuple[str, str], tuple[Path, ...]]] = {
    ("apps", "DaemonSet"): (_SELECTOR,),
    ("apps", "Deployment"): (_SELECTOR,),
    ("apps", "StatefulSet"): (
        _SELECTOR,
        ("spec", "serviceName"),
        ("spec", "podManagementPolicy"),
        ("spec", "volumeClaimTemplates"),
    ),
    ("batch", "Job"): (("spec", "template"), _SELECTOR, ("spec", "completions"), ("spec", "parallelism")),
    ("rbac.authorization.k8s.io", "ClusterRoleBinding"): (("roleRef",),),
    ("rbac.authorization.k8s.io", "RoleBinding"): (("roleRef",),),
    ("storage.k8s.io", "StorageClass"): (("provisioner",), ("parameters",)),
    ("", "PersistentVolumeClaim"): (
        ("spec", "accessModes"),
        _SELECTOR,
        ("spec", "storageClassName"),
        ("spec", "volumeName"),
    ),
    ("", "Pod"): (("spec", "containers", ANY, "env"), ("spec", "containers", ANY, "resources"), ("spec", "volumes")),
    ("", "ResourceQuota"): (("spec", "scopes"),),
    ("", "Service"): (("spec", "clusterIP"),),
    ("", "Secret"): (("type",), *_DATA),
    ("", "ConfigMap"): _DATA,
}
"""Fields that the API server refuses to change, by group and kind. The data of ConfigMaps and Secrets is here
because the official provider replaces them, so that pods which name them roll; `mutable` settings switch that off."""
IDENTITY: Final[tuple[Path, ...]] = (("metadata", "name"), ("metadata", "namespace"), ("kind",))


def changes(old: object, new: object, path: Path = ()) -> Iterator[tuple[Path, Change]]:
    """Every field that differs, with what happened to it. A value that is not known yet counts as changed."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in [*old, *(key for key in new if key not in old)]:
            yield from _member(old, new, key, (*path, key))
    elif isinstance(old, list) and isinstance(new, list):
        pairs = dict(enumerate(old)), dict(enumerate(new))
        for index in range(max(len(old), len(new))):
            yield from _member(*pairs, index, (*path, index))
    elif not _same(old, new):
        yield path, "UPDATE"


def _member(
    old: Mapping[Any, Any], new: Mapping[Any, Any], key: str | int, path: Path
) -> Iterator[tuple[Path, Change]]:
    if key not in new:
        yield path, "DELETE"
    elif key not in old:
        yield path, "ADD"
    else:
        yield from changes(old[key], new[key], path)


def _same(old: object, new: object) -> bool:
    # Python says that True == 1; YAML and the API server do not.
    return isinstance(old, bool) == isinstance(new, bool) and old == new


def replaces(ref: Ref, path: Path, *, mutable: frozenset[str] = frozenset()) -> bool:
    """Whether a change at this place can only be made by a new object.

    Args:
        ref: The object.
        path: The place.
        mutable: Kinds (`ConfigMap`, `Secret`) whose data is updated in place.
    """
    group = ref.api_version.rpartition("/")[0]
    patterns = IDENTITY + IMMUTABLE.get((group, ref.kind), ())
    if ref.kind in mutable:
        patterns = tuple(pattern for pattern in patterns if pattern not in _DATA)
    return any(_within(path, pattern) for pattern in patterns)


def _within(path: Path, pattern: Path) -> bool:
    return len(path) >= len(pattern) and all(want in {ANY, have} for have, want in zip(path, pattern, strict=False))


def text(path: Path) -> str:
    """A place as the engine spells it: `metadata.labels["a/b"]`, `spec.containers[0].image`."""
    spelled = ""
    for key in path:
        if isinstance(key, int):
            spelled += f"[{key}]"
        elif _PLAIN_KEY.fullmatch(key):
            spelled += f".{key}" if spelled else key
        else:
            escaped = key.replace("\\", "\\\\").replace('"', '\\"')
            spelled += f'["{escaped}"]'
    return spelled
