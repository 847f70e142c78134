"""What the team's pods may talk to. Nothing, but what is listed here.

NetworkPolicies add up, and the cluster's network plugin enforces them: where it does not, they are only words.
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import TYPE_CHECKING

import pulumi
import pulumi_kubernetes as k8s

from components.metadata import Marks
from tenantry.environment import ClusterNetworkSpec
from tenantry.errors import PlatformError
from tenantry.tenant_spec import EgressSpec, NetworkSpec

if TYPE_CHECKING:
    from pulumi_kubernetes.networking.v1 import IPBlockArgsDict, NetworkPolicySpecArgsDict

LINK_LOCAL = ("169.254.0.0/16", "fe80::/10", "fd00:ec2::254/128")
"""Where clouds answer with the node's credentials: the metadata services of AWS and others, over IPv4 and IPv6."""

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


def ip_block(cidr: str, cluster: ClusterNetworkSpec) -> IPBlockArgsDict:
    """A range outside the cluster, less what no tenant may reach in it: metadata services, pods, services and nodes.

    API servers answer on addresses of services and of nodes.

    Raises:
        PlatformError: the range lies inside of one that no tenant may reach. `tenantry validate` refuses it earlier,
            with its line.
    """
    wanted = ip_network(cidr)
    closed = [ip_network(text) for text in (*LINK_LOCAL, cluster.pods, cluster.services, cluster.nodes)]
    for other in closed:
        if _inside(wanted, other):
            raise PlatformError(f"egress to {cidr} would open {other}, which no tenant may reach. Name another range.")
    holes = sorted(str(other) for other in closed if _inside(other, wanted))
    return {"cidr": cidr, "except_": holes} if holes else {"cidr": cidr}


def egress(destination: EgressSpec, cluster: ClusterNetworkSpec) -> NetworkPolicySpecArgsDict:
    """The way out to one declared destination: its range, TCP, its ports."""
    return {
        "pod_selector": {},
        "policy_types": ["Egress"],
        "egress": [
            {
                "to": [{"ip_block": ip_block(destination.cidr, cluster)}],
                "ports": [{"protocol": "TCP", "port": port} for port in sorted(destination.ports)],
            }
        ],
    }


def policies(network: NetworkSpec, cluster: ClusterNetworkSpec) -> dict[str, NetworkPolicySpecArgsDict]:
    """Every NetworkPolicy of the namespace, by name."""
    declared = {f"egress-{item.name}": egress(item, cluster) for item in network.egress}
    return {"default-deny": DEFAULT_DENY, "dns": DNS, "same-namespace": SAME_NAMESPACE} | declared


def _inside(inner: IPv4Network | IPv6Network, outer: IPv4Network | IPv6Network) -> bool:
    if isinstance(inner, IPv4Network):
        return isinstance(outer, IPv4Network) and inner.subnet_of(outer)
    return isinstance(outer, IPv6Network) and inner.subnet_of(outer)


@dataclass(frozen=True, kw_only=True)
class NetworkArgs:
    """What the policies are made from."""

    marks: Marks
    namespace: pulumi.Input[str]
    network: NetworkSpec
    cluster: ClusterNetworkSpec
    """Ranges of the cluster itself, which stay closed."""


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
            for policy, spec in policies(args.network, args.cluster).items()
        ]
        self.policies = pulumi.Output.all(*(policy.metadata.name for policy in made))
        self.register_outputs({"policies": self.policies})
