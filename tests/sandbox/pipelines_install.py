"""One team's Pipelines on the sandbox's API server: rendered, applied under the platform's rules, and gone again."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from components.tenant import Tenant, TenantArgs
from tenantry.catalog import EffectiveTenant, load_tenant
from tenantry.environment import EnvironmentSpec
from tenantry.kube import Json, Kube
from tenantry.render import render_stack
from tenantry.render.program import Program
from tenantry.sandbox.control_plane import Sandbox
from tenantry.verify.identities import service_account
from tests.sandbox.running import running
from tests.sandbox.waiting import until

ROOT = Path(__file__).parents[2]
MANAGER = "tests"
RULES = ("ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding", "PriorityClass")
"""Not what fills in: runs must be admitted as Pipelines and Argo make them, on clusters that fill in nothing too."""


@dataclass(frozen=True)
class Install:
    """A team's namespace with everything in it."""

    namespace: str
    objects: tuple[Json, ...]
    admin: Kube

    def acting_as(self, account: str) -> Kube:
        """The API server as one of the namespace's service accounts."""
        who = service_account(self.namespace, account)
        return self.admin.acting_as(who.user, who.groups)

    def one(self, kind: str, name: str) -> Json:
        """The object that was rendered."""
        [found] = [obj for obj in self.objects if (obj["kind"], obj["metadata"]["name"]) == (kind, name)]
        return found

    def here(self, pod: Json, owner: Json) -> Json:
        """A captured pod in this namespace, owned by a Workflow that is there."""
        reference = {"apiVersion": owner["apiVersion"], "kind": "Workflow", "name": owner["metadata"]["name"]}
        owners = [{**reference, "uid": owner["metadata"]["uid"], "controller": True, "blockOwnerDeletion": True}]
        placed = {**pod["metadata"], "namespace": self.namespace, "ownerReferences": owners}
        return {**pod, "metadata": placed}


def declared(team: EffectiveTenant) -> tuple[Json, ...]:
    """What the team's stack holds, in its order."""

    def main() -> None:
        Tenant(team.spec.id, TenantArgs(tenant=team))

    with Program(ROOT) as program:
        return tuple(program.run(main, f"{team.spec.id}.sandbox", {}).objects())


@pytest.fixture(scope="module")
def plain(
    tmp_path_factory: pytest.TempPathFactory, environment: EnvironmentSpec, programs: Mapping[str, Path]
) -> Iterator[Sandbox]:
    """A sandbox that fills in nothing: the shared one has the whole platform once a test has brought it up."""
    with running(tmp_path_factory.mktemp("plain"), environment, programs) as box:
        yield box


@pytest.fixture(scope="module")
def install(plain: Sandbox) -> Install:
    """A team like `vision`, under a name of its own."""
    admin = Kube.from_kubeconfig(plain.kubeconfig)
    name = f"kfp-{uuid.uuid4().hex[:8]}"
    vision = load_tenant(ROOT, "vision", "sandbox")
    team = replace(vision, spec=vision.spec.model_copy(update={"id": name}))
    rules = [obj for obj in render_stack(ROOT, "platform.sandbox").objects() if obj["kind"] in RULES]
    objects = declared(team)
    for obj in (*rules, *objects):
        admin.apply(obj, MANAGER, force=True)
    assert until(lambda: admin.get("v1", "ServiceAccount", "default", name)), "no controller made the account"
    return Install(name, objects, admin)
