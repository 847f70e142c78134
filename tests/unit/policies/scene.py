"""The rendered example stacks, and ways to break them."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from tenantry.catalog import EffectiveTenant, load_tenant
from tenantry.policies import Violation, check
from tenantry.render import RenderedStack, Resource, render_stacks

ROOT = Path(__file__).parents[3]
VISION, NLP, PLATFORM = "vision.sandbox", "nlp.sandbox", "platform.sandbox"
URN = "urn:pulumi:vision.sandbox::tenantry::"


@cache
def rendered() -> dict[str, RenderedStack]:
    return {stack.stack: stack for stack in render_stacks(ROOT, [PLATFORM, VISION, NLP])}


@cache
def tenant(stack: str) -> EffectiveTenant | None:
    owner, environment = stack.split(".")
    return None if owner == "platform" else load_tenant(ROOT, owner, environment)


class Scene:
    """One stack, to be edited. Everything is a copy."""

    def __init__(self, stack: str = VISION) -> None:
        self.stack = stack
        self.tenant = tenant(stack)
        self.resources = list(copy.deepcopy(rendered()[stack].resources))

    def resource(self, kind: str, name: str = "") -> Resource:
        """The one resource of a Kubernetes kind, by its name in Kubernetes where there are several."""
        found = [
            one
            for one in self.resources
            if one.inputs.get("kind") == kind and name in ("", one.inputs["metadata"]["name"])
        ]
        assert found, f"{self.stack} has no {kind} {name}"
        return found[0]

    def get(self, kind: str, name: str = "") -> Any:
        """Its object, which may be edited."""
        return self.resource(kind, name).inputs

    def all(self, kind: str) -> list[Any]:
        return [one.inputs for one in self.resources if one.inputs.get("kind") == kind]

    def remove(self, kind: str, name: str = "") -> None:
        self.resources.remove(self.resource(kind, name))

    def replace(self, kind: str, name: str = "", **changes: Any) -> None:
        """Change what is not in the object: what it depends on, whether it is protected."""
        old = self.resource(kind, name)
        self.resources[self.resources.index(old)] = dataclasses.replace(old, **changes)

    def add(self, kind: str, name: str, api: str = "v1", namespace: str | None = "vision", **data: Any) -> Any:
        """One object more, marked as all others are, after everything else; every binding waits for it, too."""
        marks = self.get("ResourceQuota" if self.tenant else "PriorityClass")["metadata"]
        metadata = {"name": name, "labels": dict(marks["labels"]), "annotations": dict(marks["annotations"])}
        if namespace:
            metadata["namespace"] = namespace
        inputs = {"apiVersion": api, "kind": kind, "metadata": metadata, **data}
        group = api if "/" in api else f"core/{api}"
        urn, urns = f"{URN}kubernetes:{group}:{kind}::{name}", tuple(one.urn for one in self.resources)
        for binding in [one["metadata"]["name"] for one in self.all("RoleBinding")]:
            waits = self.resource("RoleBinding", binding).dependencies
            self.replace("RoleBinding", binding, dependencies=(*waits, urn))
        self.resources.append(
            Resource(
                urn=urn,
                type=f"kubernetes:{group}:{kind}",
                name=name,
                parent=f"{URN}pulumi:pulumi:Stack::stack",
                inputs=inputs,
                dependencies=urns,
                protect=False,
            )
        )
        return inputs

    def configure(self, **changes: Any) -> None:
        """Another tenant's file than the one that was rendered."""
        assert self.tenant
        self.tenant = dataclasses.replace(self.tenant, spec=self.tenant.spec.model_copy(update=changes))

    def environment(self, **changes: Any) -> None:
        """Another environment than the one that was rendered."""
        assert self.tenant
        changed = self.tenant.environment.model_copy(update=changes)
        self.tenant = dataclasses.replace(self.tenant, environment=changed)

    def check(self) -> list[Violation]:
        return check(self.stack, self.resources, self.tenant)

    def broken(self) -> list[str]:
        """Ids of the rules that are broken, each once."""
        return sorted({violation.rule.id for violation in self.check()})


Edit = Callable[[Scene], object]


def pod(**changes: Any) -> dict[str, Any]:
    """The spec of a pod that every rule accepts, with changes to its container or, in capitals, to itself."""
    container = {
        "name": "main",
        "image": f"registry.example.com/tool@sha256:{'0' * 64}",
        "resources": {"requests": {"cpu": "1", "memory": "1Gi"}, "limits": {"memory": "1Gi"}},
        "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
    }
    security = {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}
    of_pod = {key[4:]: value for key, value in changes.items() if key.startswith("pod_")}
    of_container = {key: value for key, value in changes.items() if not key.startswith("pod_")}
    return {"securityContext": security, "containers": [container | of_container], **of_pod}


def without(mapping: dict[str, Any], *keys: str) -> dict[str, Any]:
    return {key: value for key, value in mapping.items() if key not in keys}


def sentences(violations: Sequence[Violation], rule: str) -> list[str]:
    return [violation.finding for violation in violations if violation.rule.id == rule]
