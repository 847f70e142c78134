"""The team's hosts at the ingress controller."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi_kubernetes as k8s

from components.sign_on.place import Place
from tenantry import names
from tenantry.sign_on.upstreams import Upstream

if TYPE_CHECKING:
    from pulumi_kubernetes.networking.v1 import HTTPIngressPathArgsDict, IngressRuleArgsDict, IngressTLSArgsDict

ISSUER = "cert-manager.io/cluster-issuer"
"""Annotation by which cert-manager makes the certificate."""


def route(place: Place, host: str, upstream: Upstream) -> IngressRuleArgsDict:
    """One host, every path, to its proxy."""
    every: HTTPIngressPathArgsDict = {
        "path": "/",
        "path_type": "Prefix",
        "backend": {"service": {"name": names.sign_on(place.tenant), "port": {"name": upstream.service}}},
    }
    return {"host": host, "http": {"paths": [every]}}


def certificate(place: Place) -> IngressTLSArgsDict:
    """TLS for every host; by a certificate of their own where cert-manager makes one."""
    tls: IngressTLSArgsDict = {"hosts": list(place.behind)}
    if place.sign_on.ingress.cluster_issuer:
        return {**tls, "secret_name": names.sign_on_certificate(place.tenant)}
    return tls


def routes(place: Place) -> None:
    """The Ingress of all hosts."""
    ingress = place.sign_on.ingress
    issuer = {ISSUER: ingress.cluster_issuer} if ingress.cluster_issuer else {}
    k8s.networking.v1.Ingress(
        f"{place.name}-ingress",
        metadata=place.own({**ingress.annotations, **issuer}),
        spec={
            "ingress_class_name": ingress.class_name,
            "rules": [route(place, host, upstream) for host, upstream in place.behind.items()],
            "tls": [certificate(place)],
        },
        opts=place.here,
    )
