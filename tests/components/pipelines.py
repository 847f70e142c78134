"""Installs of Pipelines as data, for the tests that look at them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from components.metadata import Marks
from components.pipelines import Pipelines, PipelinesArgs
from tenantry.api_server import Way
from tenantry.environment import ClusterNetworkSpec
from tenantry.render import Resource
from tenantry.tenant_spec import PipelinesSpec
from tests.components.conftest import Declare

RANGES = ClusterNetworkSpec(pods="10.244.0.0/16", services="10.96.0.0/16", nodes="10.0.0.0/16")
API_SERVER = (Way("10.96.0.1/32", 443), Way("10.0.0.10/32", 6443))
SPEC = PipelinesSpec(artifact_retention_days=90, max_parallel_runs=10)
Json = dict[str, Any]


@dataclass(frozen=True)
class Install:
    """What was declared."""

    resources: tuple[Resource, ...]

    def of(self, kind: str) -> dict[str, Json]:
        """Every object of a kind, by name."""
        found = (r for r in self.resources if r.type.startswith("kubernetes:") and r.type.endswith(f":{kind}"))
        return {r.inputs["metadata"]["name"]: dict(r.inputs) for r in found}

    def resource(self, kind: str, name: str) -> Resource:
        """One object, with its identity."""
        [found] = [r for r in self.resources if r.type.endswith(f":{kind}") and r.inputs["metadata"]["name"] == name]
        return found

    def pod(self, name: str) -> Json:
        """Spec of the pods of a Deployment."""
        spec: Json = self.of("Deployment")[name]["spec"]["template"]["spec"]
        return spec

    def container(self, name: str) -> Json:
        """The one container of a Deployment."""
        [only] = self.pod(name)["containers"]
        return dict(only)

    def env(self, name: str) -> dict[str, str]:
        """Environment of that container: `value`, or `<source> <object> <key>`."""
        return {one["name"]: _source(one) for one in self.container(name)["env"]}


def _source(one: Json) -> str:
    if "value" in one:
        return str(one["value"])
    [(kind, ref)] = one["valueFrom"].items()
    if kind == "fieldRef":
        return f"pod {ref['fieldPath']}"
    return f"{kind.removesuffix('KeyRef')} {ref['name']} {ref['key']}"


def install(declare: Declare, marks: Marks, **changes: Any) -> Install:
    """An install for `vision`, with other arguments where they are given."""
    known = {
        "marks": marks,
        "tenant": "vision",
        "namespace": "vision",
        "pipelines": SPEC,
        "api_server": API_SERVER,
        "protect": True,
    }
    args = PipelinesArgs(**{**known, **changes})
    return Install(declare(lambda: Pipelines("vision-pipelines", args)))


def granted(rules: Any) -> set[str]:
    """Every `verb resource.group` of rules."""
    return {
        f"{verb} {resource}.{group}".rstrip(".")
        for rule in rules
        for group in rule["api_groups"]
        for resource in rule["resources"]
        for verb in rule["verbs"]
    }
