"""The door of a team on a real API server: every schema, Pod Security, controllers, and who may look beside it."""

from __future__ import annotations

import socket
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from components.access import Access, AccessArgs
from components.metadata import Marks
from components.sign_on import SignOn, SignOnArgs
from components.sign_on_cluster import SignOnCluster, SignOnClusterArgs
from tenantry import names
from tenantry.errors import PlatformError
from tenantry.kube import Json, Kube, KubeError
from tenantry.port_forward import LOOPBACK, Way, find_kubectl, forward
from tenantry.render.program import Program
from tenantry.sandbox.control_plane import Sandbox
from tenantry.tenant_spec import AccessSpec
from tests.components.doors import behind
from tests.components.pipelines import RANGES
from tests.sandbox.waiting import until
from tests.unit.sign_on.settings import SIGN_ON

ROOT = Path(__file__).parents[2]
MANAGER = "tests"
SOURCE = {names.SOURCE_ANNOTATION: "tests"}


@dataclass(frozen=True)
class Place:
    """A team's namespace, and the namespace of the proxies with the team's door."""

    team: str
    objects: tuple[Json, ...]
    admin: Kube

    def developer(self) -> Kube:
        """Somebody of the team's developers."""
        return self.admin.acting_as("somebody", (f"{self.team}-developers", "system:authenticated"))


def declared(team: str) -> tuple[Json, ...]:
    """Both namespaces' objects."""
    access = AccessSpec(admins=(f"{team}-admins",), developers=(f"{team}-developers",), viewers=())

    def main() -> None:
        shared = SignOnClusterArgs(
            marks=Marks(tenant=names.PLATFORM, annotations=SOURCE), sign_on=SIGN_ON, network=RANGES
        )
        SignOnCluster("platform-sign-on", shared)
        marks = Marks(tenant=team, annotations=SOURCE)
        Access("access", AccessArgs(marks=marks, namespace=team, access=access, lifecycle="active"))
        door = SignOnArgs(
            marks=marks,
            tenant=team,
            namespace=team,
            sign_on=SIGN_ON,
            network=RANGES,
            groups=access.admins + access.developers,
            behind=behind(team),
        )
        SignOn("door", door)

    with Program(ROOT) as program:
        return tuple(program.run(main, f"{team}.sandbox", {}).objects())


@pytest.fixture(scope="module")
def place(kube: Kube) -> Iterator[Place]:
    team = f"door-{uuid.uuid4().hex[:8]}"
    objects = declared(team)
    kube.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": team}}, MANAGER)
    try:
        for obj in objects:
            kube.apply(obj, MANAGER, force=True)
        yield Place(team, objects, kube)
    finally:
        for name in (team, names.SIGN_ON_NAMESPACE):
            kube.delete("v1", "Namespace", name, propagation="Background")
        assert until(lambda: kube.get("v1", "Namespace", names.SIGN_ON_NAMESPACE) is None)


def test_the_proxies_become_available(place: Place) -> None:
    """Under Pod Security `restricted`, which judges pods and not what makes them."""

    def available() -> bool:
        found = place.admin.get("apps/v1", "Deployment", place.team, names.SIGN_ON_NAMESPACE)
        return bool(found and found.get("status", {}).get("availableReplicas") == 1)

    assert until(available), place.admin.list("v1", "Event", names.SIGN_ON_NAMESPACE)
    pods = place.admin.list("v1", "Pod", names.SIGN_ON_NAMESPACE, labels=f"{names.TENANT_LABEL}={place.team}")
    [pod] = pods
    assert [one["name"] for one in pod["spec"]["containers"]] == ["pipelines", "registry"]
    assert not [one for one in pod["spec"]["volumes"] if "projected" in one], "a token of the API server"


def test_the_service_finds_its_proxies_and_no_other_pod(place: Place) -> None:
    def ports() -> set[int]:
        label = f"kubernetes.io/service-name={names.sign_on(place.team)}"
        slices = place.admin.list("discovery.k8s.io/v1", "EndpointSlice", names.SIGN_ON_NAMESPACE, labels=label)
        return {port["port"] for one in slices for port in one.get("ports") or () if len(one["endpoints"]) == 1}

    assert until(lambda: ports() == {4180, 4181}), ports()


def test_applied_again_nothing_changes(place: Place) -> None:
    """What the API server fills in is in nobody's way."""
    changed = []
    for obj in place.objects:
        name, namespace = obj["metadata"]["name"], obj["metadata"].get("namespace")
        before = place.admin.get(obj["apiVersion"], obj["kind"], name, namespace)
        after = place.admin.apply(obj, MANAGER, dry_run=True)
        if before is None or before.get("spec") != after.get("spec") or before.get("data") != after.get("data"):
            changed.append((obj["kind"], name))
    assert changed == []


def test_a_developer_sees_nothing_beside_the_proxies(place: Place) -> None:
    """What lies here lets its holder pose as every team's door; at home a developer reads Secrets."""
    there = {"name": names.SIGN_ON_NAMESPACE, "namespace": names.SIGN_ON_NAMESPACE}
    client = {"apiVersion": "v1", "kind": "Secret", "metadata": there, "stringData": {"client-secret": "x"}}
    place.admin.apply(client, MANAGER)
    developer = place.developer()
    assert developer.list("v1", "Secret", place.team) == []
    tries = (
        lambda: developer.get("v1", "Secret", names.SIGN_ON_NAMESPACE, names.SIGN_ON_NAMESPACE),
        lambda: developer.get("v1", "Secret", place.team, names.SIGN_ON_NAMESPACE),
        lambda: developer.list("v1", "Pod", names.SIGN_ON_NAMESPACE),
        lambda: developer.delete("networking.k8s.io/v1", "NetworkPolicy", place.team, names.SIGN_ON_NAMESPACE),
        lambda: developer.create(pod(), MANAGER, dry_run=True),
    )
    for attempt in tries:
        with pytest.raises(KubeError) as refused:
            attempt()
        assert refused.value.status == 403, refused.value


def refusal(place: Place, kubeconfig: Path, context: str) -> str:
    """What real kubectl says of the way to the proxies."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        local = probe.getsockname()[1]
    way = Way(
        namespace=names.SIGN_ON_NAMESPACE,
        service=names.sign_on(place.team),
        port=4180,
        local=local,
        context=context,
        kubeconfig=kubeconfig,
    )
    with pytest.raises(PlatformError) as broken:
        forward(way, find_kubectl(), lambda: None, print)
    return str(broken.value)


def test_real_kubectl_gets_as_far_as_the_node(place: Place, sandbox: Sandbox) -> None:
    """No node here runs a pod, so nothing comes through; a stand-in for kubectl shows the rest in the unit tests."""
    said = refusal(place, sandbox.kubeconfig, place.admin.access.context)
    assert f"the way to {place.team} in {names.SIGN_ON_NAMESPACE} did not open: error:" in said
    assert "error dialing backend" in said


def test_real_kubectl_passes_on_who_may_not(place: Place, sandbox: Sandbox) -> None:
    own = sandbox.issue("somebody", (f"{place.team}-developers",))
    said = refusal(place, own, place.admin.access.context)
    assert 'User "somebody" cannot get resource "services"' in said


def pod() -> Json:
    """One that would read the client's secret."""
    secret = {"name": "s", "secret": {"secretName": names.SIGN_ON_NAMESPACE}}
    spec = {"containers": [{"name": "c", "image": "example.com/c:1"}], "volumes": [secret]}
    metadata = {"name": "thief", "namespace": names.SIGN_ON_NAMESPACE}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec}


def test_no_pod_there_runs_as_root(place: Place) -> None:
    with pytest.raises(KubeError, match='violates PodSecurity "restricted:latest"'):
        place.admin.create(pod(), MANAGER, dry_run=True)


def test_the_key_of_cookies_cannot_be_changed(place: Place) -> None:
    [secret] = [obj for obj in place.objects if obj["kind"] == "Secret"]
    with pytest.raises(KubeError, match="immutable"):
        place.admin.apply({**secret, "data": {"cookie-secret": "b3RoZXI="}}, MANAGER, force=True, dry_run=True)
