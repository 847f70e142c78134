"""One team's serving and its models on the sandbox's API server, under the platform's rules, with the real schemas."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pulumi
import pytest
import yaml

from components import metadata
from components.model import Model, ModelArgs
from components.serving import Serving, ServingArgs
from components.tenant import Tenant, TenantArgs
from tenantry.api_server import ways
from tenantry.catalog import EffectiveTenant, load_tenant
from tenantry.environment import EnvironmentSpec
from tenantry.kube import Json, Kube
from tenantry.models.effective import EffectiveModel
from tenantry.pipelines.stores import own_store
from tenantry.render import render_stack
from tenantry.render.program import Program
from tenantry.sandbox.control_plane import Sandbox
from tenantry.serving.spec import GatewaySpec
from tenantry.verify.identities import service_account
from tests.sandbox.waiting import until

ROOT = Path(__file__).parents[2]
MANAGER = "tests"
KINDS = (
    "MutatingAdmissionPolicy",
    "MutatingAdmissionPolicyBinding",
    "PriorityClass",
    "ValidatingAdmissionPolicy",
    "ValidatingAdmissionPolicyBinding",
)
"""Of the platform's. Those that fill in too: Seldon's executor brings no security context that `restricted` takes."""
BESIDE = ROOT.parent / "shared" / "crds"
"""Where the real definitions lie; without them the kinds are as permissive as in every sandbox."""
FILES = ("istio", "seldon-core")


@dataclass(frozen=True)
class Install:
    """A team's namespace with an operator in it."""

    team: EffectiveTenant
    objects: tuple[Json, ...]
    admin: Kube

    @property
    def namespace(self) -> str:
        return self.team.spec.id

    def acting_as(self, account: str) -> Kube:
        """The API server as one of the namespace's service accounts."""
        who = service_account(self.namespace, account)
        return self.admin.acting_as(who.user, who.groups)

    def model(self, one: EffectiveModel) -> tuple[Json, ...]:
        """The objects of a model in this namespace."""

        def main() -> None:
            args = ModelArgs(
                marks=metadata.of_tenant(self.team),
                tenant=self.namespace,
                namespace=self.namespace,
                model=one,
                node_pools=self.team.environment.node_pools,
            )
            Model("model", args)

        return run(main, self.namespace)


def run(main: Any, tenant: str) -> tuple[Json, ...]:
    """What a program declares, in its order."""
    with Program(ROOT) as program:
        return tuple(program.run(main, f"{tenant}.sandbox", {}).objects())


def declared(team: EffectiveTenant) -> tuple[Json, ...]:
    """What the team's stack holds, with serving beside what its component makes already."""
    spec = team.spec

    def main() -> None:
        tenant = Tenant(spec.id, TenantArgs(tenant=team))
        args = ServingArgs(
            marks=metadata.of_tenant(team),
            tenant=spec.id,
            namespace=tenant.namespace,
            gateway=GatewaySpec.model_validate({}),
            api_server=ways(team.environment),
            store=own_store(spec.id),
            store_keys={"accesskey": "", "secretkey": ""},
            webhook=True,
        )
        Serving(f"{spec.id}-serving", args, pulumi.ResourceOptions(depends_on=[tenant]))

    return run(main, spec.id)


def definitions(folder: Path) -> Path | None:
    """The real definitions, where they are at hand."""
    for file in BESIDE.glob("*.yaml"):
        if file.name.startswith(FILES):
            shutil.copy(file, folder)
    for file in folder.glob("seldon-core*.yaml"):
        file.write_text(yaml.safe_dump_all(map(_completed, yaml.safe_load_all(file.read_text("utf-8")))), "utf-8")
    return folder if BESIDE.is_dir() else None


def _completed(definition: Json) -> Json:
    """With fields that upstream's definition for Kubernetes 1.18 and later has, and the copy of an older one lacks."""
    for version in definition["spec"]["versions"]:
        spec = version["schema"]["openAPIV3Schema"]["properties"]["spec"]["properties"]
        component = spec["predictors"]["items"]["properties"]["componentSpecs"]["items"]["properties"]
        anything = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
        component["hpaSpec"]["properties"].setdefault("metricsv2", {"type": "array", "items": anything})
        pod = component["spec"]["properties"]
        for secured in (pod, pod["containers"]["items"]["properties"]):
            secured["securityContext"]["properties"].setdefault("seccompProfile", anything)
    return definition


@pytest.fixture(scope="module")
def real(
    tmp_path_factory: pytest.TempPathFactory, environment: EnvironmentSpec, programs: Mapping[str, Path]
) -> Iterator[Sandbox]:
    """A sandbox of its own, with the real definitions."""
    folder = tmp_path_factory.mktemp("serving")
    box = Sandbox(folder / "sandbox", environment, programs)
    try:
        box.up(crds=definitions(folder))
        yield box
    finally:
        box.down(purge=True)


@pytest.fixture(scope="module")
def install(real: Sandbox) -> Install:
    """A team like `vision`, under a name of its own, with no model yet."""
    admin = Kube.from_kubeconfig(real.kubeconfig)
    name = f"seldon-{uuid.uuid4().hex[:8]}"
    vision = load_tenant(ROOT, "vision", "sandbox")
    spec = vision.spec.model_copy(update={"id": name, "pipelines": False, "registry": False, "serving": False})
    team = replace(vision, spec=spec, models=())
    rules = [obj for obj in render_stack(ROOT, "platform.sandbox").objects() if obj["kind"] in KINDS]
    objects = tuple(obj for obj in declared(team) if obj["kind"] != "ValidatingWebhookConfiguration")
    for obj in (*rules, *objects):
        admin.apply(obj, MANAGER, force=True)
    assert until(lambda: admin.get("v1", "ServiceAccount", "default", name)), "no controller made the account"
    assert until(lambda: counted(admin, name)), "the quota counts no models"
    return Install(team, objects, admin)


def counted(admin: Kube, namespace: str) -> bool:
    """Whether the quota counts what it is to count: of a kind that is new to the cluster it hears a moment later."""
    quota = admin.get("v1", "ResourceQuota", "tenant", namespace) or {}
    return set(quota.get("status", {}).get("used", {})) >= set(quota["spec"]["hard"])
