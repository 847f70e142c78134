"""The way from a team's proxies to its services, opened on both sides."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi_kubernetes as k8s

from components.sign_on.place import Place
from components.sign_on_cluster import CONCERN
from tenantry import names
from tenantry.sign_on.upstreams import Upstream

if TYPE_CHECKING:
    from pulumi_kubernetes.networking.v1 import NetworkPolicyPeerArgsDict, NetworkPolicySpecArgsDict

NAME = "kubernetes.io/metadata.name"


def peer(namespace: str, pods: dict[str, str]) -> NetworkPolicyPeerArgsDict:
    """Pods of one namespace: by its name and by labels that no tenant can give, together."""
    return {"namespace_selector": {"match_labels": {NAME: namespace}}, "pod_selector": {"match_labels": pods}}


def out(place: Place) -> NetworkPolicySpecArgsDict:
    """From the team's proxies to its services, and to no other team's."""
    namespace = names.namespace(place.tenant)
    return {
        "pod_selector": {"match_labels": place.pods},
        "policy_types": ["Egress"],
        "egress": [
            {
                "to": [peer(namespace, one.labels(place.tenant))],
                "ports": [{"protocol": "TCP", "port": one.target}],
            }
            for one in place.behind.values()
        ],
    }


def into(place: Place, upstream: Upstream) -> NetworkPolicySpecArgsDict:
    """Into one service of the team, from its proxies alone."""
    return {
        "pod_selector": {"match_labels": upstream.labels(place.tenant)},
        "policy_types": ["Ingress"],
        "ingress": [
            {
                "from_": [peer(names.SIGN_ON_NAMESPACE, place.pods)],
                "ports": [{"protocol": "TCP", "port": upstream.target}],
            }
        ],
    }


def network(place: Place) -> None:
    """One policy beside the proxies, and one in the team's namespace for each service."""
    k8s.networking.v1.NetworkPolicy(f"{place.name}-out", metadata=place.own(), spec=out(place), opts=place.here)
    for upstream in place.behind.values():
        k8s.networking.v1.NetworkPolicy(
            f"{place.name}-into-{upstream.service}",
            metadata=place.marks.meta(CONCERN, f"{CONCERN}-{upstream.service}", namespace=place.team),
            spec=into(place, upstream),
            opts=place.here,
        )
