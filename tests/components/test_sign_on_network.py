"""Who reaches whom at the door, by the policies alone: the ingress controller, the proxies, the team's service."""

from __future__ import annotations

import pytest

from components.metadata import Marks
from components.registry import Registry, RegistryArgs
from tenantry import names
from tenantry.network_reach import Address, Peer, Pod, Port, reaches
from tenantry.sign_on.addresses import holes, issuer_port
from tenantry.sign_on.upstreams import UPSTREAMS, Upstream
from tests.components.conftest import Declare
from tests.components.doors import Json, cluster, door, policies
from tests.components.pipelines import RANGES, Install, install
from tests.unit.sign_on.settings import SIGN_ON


def proxy(tenant: str) -> Pod:
    labels = {names.COMPONENT_LABEL: "sign-on", names.TENANT_LABEL: tenant}
    return Pod("tenantry-sign-on", labels, {names.TENANT_LABEL: "platform"})


def service(tenant: str, number: int = 0) -> Pod:
    return Pod(tenant, UPSTREAMS[number].labels(tenant), {names.TENANT_LABEL: tenant})


CONTROLLER = Pod("ingress-nginx", {"app.kubernetes.io/name": "ingress-nginx"})
ISSUER = Address("203.0.113.7")
UI = Port(UPSTREAMS[0].target)
DOOR = Port(UPSTREAMS[0].listens)


@pytest.fixture
def every(declare: Declare, marks: Marks) -> list[Json]:
    """All policies of a cluster with two teams."""
    closed = [{"metadata": {"namespace": tenant}, "spec": spec} for tenant in ("vision", "nlp") for spec in TEAM]
    return [*closed, *policies(cluster(declare, marks), door(declare, marks), door(declare, marks, "nlp"))]


TEAM: list[Json] = [
    {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]},
    {
        "podSelector": {},
        "policyTypes": ["Ingress", "Egress"],
        "ingress": [{"from": [{"podSelector": {}}]}],
        "egress": [{"to": [{"podSelector": {}}]}],
    },
]
"""What every team's namespace has: closed, and open within."""


@pytest.mark.parametrize(
    ("source", "target", "port"),
    [
        (CONTROLLER, proxy("vision"), DOOR),
        (proxy("vision"), service("vision"), UI),
        (proxy("nlp"), service("nlp"), UI),
        (proxy("vision"), ISSUER, Port(443)),
        (proxy("vision"), Pod("kube-system", {"k8s-app": "kube-dns"}), Port(53, "UDP")),
    ],
)
def test_the_way_in_is_open(every: list[Json], source: Peer, target: Peer, port: Port) -> None:
    assert reaches(every, source, target, port)


@pytest.mark.parametrize(
    ("source", "target", "port"),
    [
        # Past the proxy.
        (CONTROLLER, service("vision"), UI),
        (Pod("ingress-nginx", {"app": "another"}), proxy("vision"), DOOR),
        (Pod("default", {"app.kubernetes.io/name": "ingress-nginx"}), proxy("vision"), DOOR),
        (Pod("vision"), proxy("vision"), DOOR),
        (Pod("nlp"), service("vision"), UI),
        # From door to door, and into the other team.
        (proxy("nlp"), service("vision"), UI),
        (proxy("nlp"), proxy("vision"), DOOR),
        # To anything else of the team's, on any other port, or to somebody who only looks like it.
        (proxy("vision"), Pod("vision", {"app": "mysql"}), Port(3306)),
        (proxy("vision"), service("vision"), Port(22)),
        (proxy("vision"), Pod("vision", {"app": "ml-pipeline-ui"}), UI),
        (proxy("vision"), Pod("default", UPSTREAMS[0].labels("vision")), UI),
        (Pod("vision", proxy("vision").labels), Pod("nlp", UPSTREAMS[0].labels("nlp")), UI),
        # Out of the cluster.
        (proxy("vision"), ISSUER, Port(80)),
        (proxy("vision"), Address("203.0.113.8"), Port(443)),
        (proxy("vision"), Address("10.96.0.1"), Port(443)),
        (proxy("vision"), Address("169.254.169.254"), Port(443)),
    ],
)
def test_and_no_other(every: list[Json], source: Peer, target: Peer, port: Port) -> None:
    assert not reaches(every, source, target, port)


SIDES = [
    (proxy("vision"), Pod("vision", {"app": "mysql"}), Port(3306)),
    (proxy("vision"), Pod("vision", {"app": "mysql"}), UI),
    (proxy("vision"), service("nlp"), UI),
]


@pytest.mark.parametrize("beside", [True, False], ids=["the proxies' side", "the teams' side"])
def test_each_side_keeps_them_apart_alone(every: list[Json], *, beside: bool) -> None:
    """Were the policies of the other namespace lost, these would still hold."""
    half = [one for one in every if (one["metadata"]["namespace"] == names.SIGN_ON_NAMESPACE) is beside]
    assert reaches(half, proxy("vision"), service("vision"), UI)
    assert [pair for pair in SIDES if reaches(half, *pair)] == []


def test_whatever_else_stands_beside_the_proxies_talks_to_nobody(every: list[Json]) -> None:
    beside, other = Pod("tenantry-sign-on", {"app": "debug"}), Pod("default")
    assert not reaches(every, beside, other, DOOR)
    assert not reaches(every, other, beside, DOOR)
    assert not reaches(every, beside, proxy("vision"), DOOR)


@pytest.mark.parametrize("upstream", UPSTREAMS, ids=lambda one: one.service)
def test_every_door_leads_to_pods_that_are_there(declare: Declare, marks: Marks, upstream: Upstream) -> None:
    """Otherwise the policies would be about nobody."""
    made = install(declare, marks) if upstream.service == "pipelines" else registry(declare, marks)
    spec = made.of("Service")[upstream.name]["spec"]
    [port] = [one for one in spec["ports"] if one["port"] == upstream.port]
    labels = made.of("Deployment")[spec["selector"]["app"]]["spec"]["template"]["metadata"]["labels"]
    assert upstream.labels("vision").items() <= labels.items()
    assert port["targetPort"] == upstream.target


def registry(declare: Declare, marks: Marks) -> Install:
    args = RegistryArgs(marks=marks, tenant="vision", namespace="vision", protect=True)
    return Install(declare(lambda: Registry("vision-registry", args)))


def test_the_internet_holds_neither_cluster_nor_metadata_service(declare: Declare, marks: Marks) -> None:
    anywhere = SIGN_ON.model_copy(update={"issuer_addresses": ("0.0.0.0/0",), "issuer": "https://idp.example.com:8443"})
    every = policies(cluster(declare, marks, anywhere))
    assert reaches(every, proxy("vision"), Address("93.184.216.34"), Port(8443))
    for address in ("10.96.0.1", "10.0.0.5", "10.244.3.3", "169.254.169.254", "127.0.0.1", "100.100.100.200"):
        assert not reaches(every, proxy("vision"), Address(address), Port(8443)), address


@pytest.mark.parametrize(
    ("cidr", "expected"),
    [
        ("203.0.113.7/32", ()),
        ("10.0.0.0/8", ("10.0.0.0/16", "10.244.0.0/16", "10.96.0.0/16")),
        ("10.0.0.0/16", ()),
        ("10.0.3.4/32", ()),
        ("fd00::/8", ("fd00:ec2::254/128",)),
    ],
)
def test_what_is_left_out_of_a_range(cidr: str, expected: tuple[str, ...]) -> None:
    assert holes(cidr, RANGES) == expected


def test_the_port_is_the_one_of_the_address() -> None:
    assert issuer_port("https://idp.example.com/realms/ml") == 443
    assert issuer_port("https://idp.example.com:8443/") == 8443
