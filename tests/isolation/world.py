"""The cluster that is attacked: the platform, the attacker and the victim as rendered, and everybody's credentials."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterable
from functools import partial
from pathlib import Path

from tenantry import names
from tenantry.kube import Json, Kube, KubeError
from tenantry.render import render_stacks
from tenantry.sandbox.control_plane import Sandbox
from tests.isolation import scenery
from tests.isolation.attack import ACCOUNTS, ADMIN, DEVELOPER, VIEWER
from tests.isolation.attacks import NEIGHBOURS
from tests.isolation.barrier import Barrier
from tests.isolation.calls import Call
from tests.isolation.client import Answer, Client
from tests.isolation.guards import Guard
from tests.sandbox.waiting import until

REPOSITORY = Path(__file__).parents[2]
MANAGER = "tenantry-tests"
GROUPS = {ADMIN: "leads", DEVELOPER: "people", VIEWER: "guests"}


def tenant_file(tenant: str) -> str:
    """The smallest tenant that is worth attacking: every role, GPUs, nothing borrowed.

    Of installs there is what can be attacked, without their programs: `scenery` has their accounts and their objects.
    """
    groups = ", ".join(f"{role}s: [{tenant}-{group}]" for role, group in GROUPS.items())
    return f"""\
id: {tenant}
owner: {{team: {tenant}, email: {tenant}@example.com, on_call: {tenant}-primary, cost_center: CC-1}}
environments: [sandbox]
tier: standard
access: {{{groups}}}
quota: {{cpu: 8, memory: 32Gi, storage: 100Gi, pods: 60, gpus: {{a10g: 2}}, borrow: false}}
pipelines: false
registry: false
serving: false
"""


class World:
    """One sandbox with two tenants in it, whose names differ by one letter at the end."""

    own, other, late = "team-a", "team-ab", "team-c"

    def __init__(self, sandbox: Sandbox, root: Path) -> None:
        self.sandbox = sandbox
        self.root = root
        self.kube = Kube.from_kubeconfig(sandbox.kubeconfig)
        self.platform = Client.of_user(sandbox.kubeconfig)
        self.rendered: dict[str, list[Json]] = {}
        self.clients: dict[str, Client] = {}
        self.noticed: set[Guard] = set()
        """Guards whose removal an attack has shown."""
        self._asked: dict[tuple[str, str], Answer] = {}
        self._counter = itertools.count(1)
        self._catalog()
        self.barrier = Barrier(self.kube)

    def _catalog(self) -> None:
        environments = self.root / "infra/environments"
        environments.mkdir(parents=True)
        shutil.copy(REPOSITORY / names.environment_file("sandbox"), environments)
        for tenant in (self.own, self.other, self.late):
            file = self.root / names.tenant_file(tenant)
            file.parent.mkdir(parents=True)
            file.write_text(tenant_file(tenant))

    def fill(self) -> None:
        """Everything in place: first what a cluster has, then platform and tenants, then what the teams made."""
        for obj in (*map(scenery.definition, scenery.KINDS), *scenery.CLUSTER):
            self.kube.apply(obj, MANAGER, force=True)
        self.install(names.PLATFORM, self.own, self.other)
        self.barrier.wait()
        for obj in scenery.of_tenant(self.own, attacker=True) + scenery.of_tenant(self.other, attacker=False):
            self.kube.apply(obj, MANAGER, force=True)
        for neighbour in NEIGHBOURS:
            call = Call(method="POST", path="", body=neighbour).filled({**self.words(), "name": "theirs"})
            metadata = {"name": "theirs", "namespace": self.own}
            assert until(partial(self._counted, call.body | {"metadata": metadata})), "the quota counts no such kind"
        self.clients = self.people(self.own) | {account: self.account(self.own, account) for account in ACCOUNTS}
        self.clients["platform"] = self.platform

    def install(self, *owners: str) -> None:
        """Apply stacks as rendered, in the order in which the engine would."""
        for rendered in render_stacks(self.root, [f"{owner}.sandbox" for owner in owners]):
            objects = rendered.objects()
            self.rendered[rendered.stack.partition(".")[0]] = objects
            self.apply(objects)
        for owner in owners:
            self.wait_for_quotas(owner)

    def apply(self, objects: Iterable[Json]) -> None:
        """Make objects what the stacks say, over whatever they have become."""
        for obj in objects:
            self.kube.apply(obj, MANAGER, force=True)

    def wait_for_quotas(self, owner: str) -> None:
        """Quotas bind only once the controller has written what they hold."""
        for obj in self.rendered[owner]:
            if obj["kind"] == "ResourceQuota":
                assert until(partial(self._bound, obj)), f"{obj['metadata']['name']} of {owner} never bound"

    def _bound(self, quota: Json) -> bool:
        metadata = quota["metadata"]
        found = self.kube.get("v1", "ResourceQuota", metadata["name"], metadata["namespace"]) or {}
        hard = found.get("spec", {}).get("hard")
        status = found.get("status", {})
        return bool(hard) and status.get("hard") == hard and set(status.get("used", {})) >= set(hard)

    def _counted(self, obj: Json) -> bool:
        """Apply what a quota counts. Of a kind that is new to the cluster, admission hears a moment later."""
        try:
            self.kube.apply(obj, MANAGER, force=True)
        except KubeError as error:
            if "status unknown for quota" not in error.message:
                raise
            return False
        return True

    def people(self, tenant: str) -> dict[str, Client]:
        """A user for each role, with a certificate of its own."""
        return {
            role: Client.of_user(self.sandbox.issue(f"{role}@{tenant}", (f"{tenant}-{group}",)))
            for role, group in GROUPS.items()
        }

    def account(self, namespace: str, name: str) -> Client:
        """A service account, by a token that the API server issued."""
        path = f"/api/v1/namespaces/{namespace}/serviceaccounts/{name}"
        assert until(lambda: self.kube.get("v1", "ServiceAccount", name, namespace)), f"no service account {name}"
        request = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {}}
        return self.platform.as_token(self.kube.raw("POST", f"{path}/token", body=request)["status"]["token"])

    def words(self, **others: str) -> dict[str, str]:
        """What stands for `$own`, `$other` and `$name`, with a fresh name each time."""
        return {"own": self.own, "other": self.other, "name": f"x{next(self._counter)}"} | others

    def ask(self, call: Call, identity: str, **words: str) -> Answer:
        """Send a call as somebody, and take away what it made."""
        filled = call.filled(self.words(**words))
        answer = self.clients[identity].send(filled)
        made = answer.body.get("metadata", {}).get("name") if isinstance(answer.body, dict) else None
        if call.method == "POST" and answer.allowed and made:
            path = f"{filled.path}/{made}"
            self.platform.send(Call(method="DELETE", path=path, query={"gracePeriodSeconds": "0"}))
        return answer

    def ask_once(self, call: Call, identity: str) -> Answer:
        """The same for controls, which many attacks share: what was answered before."""
        key = (repr(call), identity)
        if key not in self._asked:
            self._asked[key] = self.ask(call, identity)
        return self._asked[key]
