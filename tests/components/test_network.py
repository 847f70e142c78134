"""Nothing is open but what is listed, and no list is longer than it looks."""

from __future__ import annotations

from components.metadata import Marks
from components.network import Network, NetworkArgs, policies
from tenantry.tenant_spec import EgressSpec, NetworkSpec
from tests.components.conftest import Declare

NETWORK = NetworkSpec(egress=(EgressSpec(name="feature-store", cidr="10.20.0.0/24", ports=(6380, 6379)),))

EXPECTED = {
    "default-deny": {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]},
    "dns": {
        "podSelector": {},
        "policyTypes": ["Egress"],
        "egress": [
            {
                "to": [
                    {
                        "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}},
                        "podSelector": {"matchLabels": {"k8s-app": "kube-dns"}},
                    }
                ],
                "ports": [{"protocol": "UDP", "port": 53}, {"protocol": "TCP", "port": 53}],
            }
        ],
    },
    "same-namespace": {
        "podSelector": {},
        "policyTypes": ["Ingress", "Egress"],
        "ingress": [{"from": [{"podSelector": {}}]}],
        "egress": [{"to": [{"podSelector": {}}]}],
    },
    "egress-feature-store": {
        "podSelector": {},
        "policyTypes": ["Egress"],
        "egress": [
            {
                "to": [{"ipBlock": {"cidr": "10.20.0.0/24"}}],
                "ports": [{"protocol": "TCP", "port": 6379}, {"protocol": "TCP", "port": 6380}],
            }
        ],
    },
}


def test_the_whole_of_the_policies(declare: Declare, marks: Marks) -> None:
    args = NetworkArgs(marks=marks, namespace="vision", network=NETWORK)
    component, *objects = declare(lambda: Network("vision-network", args))
    assert component.type == "tenantry:tenant:Network"
    assert {item.inputs["metadata"]["name"]: item.inputs["spec"] for item in objects} == EXPECTED
    assert {item.inputs["metadata"]["namespace"] for item in objects} == {"vision"}


def test_every_policy_holds_for_every_pod() -> None:
    assert all(spec["pod_selector"] == {} for spec in policies(NETWORK).values())


def test_without_destinations_there_is_no_way_out() -> None:
    assert policies(NetworkSpec(egress=())).keys() == {"default-deny", "dns", "same-namespace"}
