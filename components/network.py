"""What the team's pods may talk to. Nothing, but what is listed here.

NetworkPolicies add up, and the cluster's network plugin enforces them: where it does not, they are only words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi
import pulumi_kubernetes as k8s

from components.metadata import Marks
from tenantry.tenant_spec import EgressSpec, NetworkSpec

if TYPE_CHECKING:
    from pulumi_kubernetes.networking.v1 import NetworkPolicySpecArgsDict

DEFAULT_DENY: NetworkPolicySpecArgsDict = {"pod_selector": {}, "policy_types": ["Ingress", "Egress"]}
"""Every pod, both ways, nothing allowed."""

SAME_NAMESPACE: NetworkPolicySpecArgsDict = {
    "pod_selector": {},
    "policy_types": ["Ingress", "Egress"],
    "ingress": [{"from_": [{"pod_selector": {}}]}],
    "egress": [{"to": [{"pod_selector": {}}]}],
}
"""Pods of the namespace among themselves."""

DNS: NetworkPolicySpecArgsDict = {
    "pod_selector": {},
    "policy_types": ["Egress"],
    "egress": [
        {
            # Namespace and pod together: a label that a tenant can give its pods opens nothing.
            "to": [
                {
                    "namespace_selector": {"match_labels": {"kubernetes.io/metadata.name": "kube-system"}},
                    "pod_selector": {"match_labels": {"k8s-app": "kube-dns"}},
                }
            ],
            "ports": [{"protocol": "UDP", "port": 53}, {"protocol": "TCP", "port": 53}],
        }
    ],
}
"""The cluster's DNS server. CoreDNS carries the label `k8s-app: kube-dns` on every distribution."""


def egress(destination: EgressSpec) -> NetworkPolicySpecArgsDict:
    """The way out to one declared destination: its range, TCP, its ports.

    `tenantry.cidr` and `tenantry.rules.network` have refused every range with an address of the cluster or of a
    cloud's metadata service in it.
    """
    return {
        "pod_selector": {},
        "policy_types": ["Egress"],
        "egress": [
            {
                "to": [{"ip_block": {"cidr": destination.cidr}}],
                "ports": [{"protocol": "TCP", "port": port} for port in sorted(destination.ports)],
            }
        ],
    }


def policies(network: NetworkSpec) -> dict[str, NetworkPolicySpecArgsDict]:
    """Every NetworkPolicy of the namespace, by name."""
    declared = {f"egress-{item.name}": egress(item) for item in network.egress}
    return {"default-deny": DEFAULT_DENY, "dns": DNS, "same-namespace": SAME_NAMESPACE} | declared


@dataclass(frozen=True, kw_only=True)
class NetworkArgs:
    """What the policies are made from."""

    marks: Marks
    namespace: pulumi.Input[str]
    network: NetworkSpec


class Network(pulumi.ComponentResource):
    """Default deny both ways, and the few ways that are open. It opens no way to another tenant."""

    policies: pulumi.Output[list[str]]
    """Names of the NetworkPolicies."""

    def __init__(self, name: str, args: NetworkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("tenantry:tenant:Network", name, None, opts)
        made = [
            k8s.networking.v1.NetworkPolicy(
                f"{name}-{policy}",
                metadata=args.marks.meta("network", policy, namespace=args.namespace),
                spec=spec,
                opts=pulumi.ResourceOptions(parent=self),
            )
            for policy, spec in policies(args.network).items()
        ]
        self.policies = pulumi.Output.all(*(policy.metadata.name for policy in made))
        self.register_outputs({"policies": self.policies})
