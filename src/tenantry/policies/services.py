"""Rules on services: no way in from outside that the namespace's policies do not see."""

from __future__ import annotations

from collections.abc import Iterator

from tenantry.policies.model import Finding, Rule, View, dig, items


def inside(view: View) -> Iterator[Finding]:
    """Services are of the type ClusterIP, without addresses of somebody else."""
    for item in view.of("Service"):
        kind = dig(item.data, "spec", "type") or "ClusterIP"
        if kind != "ClusterIP":
            yield Finding(item, f"is of the type {kind}")
        if addresses := items(item.data, "spec", "externalIPs"):
            yield Finding(item, f"has the externalIPs {', '.join(map(str, addresses))}")


def hosts(view: View) -> Iterator[Finding]:
    """Hosts lie below the tenant's own name in the environment's domain, and none is a wildcard."""
    if view.tenant is None:
        return
    own = f"{view.owner}.{view.tenant.environment.domain}"
    for item in view.of("Ingress"):
        for rule in items(item.data, "spec", "rules") or [{}]:
            host = str(dig(rule, "host") or "")
            if "*" in host or not (host == own or host.endswith(f".{own}")):
                yield Finding(item, f"takes the host {host or '(every host)'}, which is not below {own}")


RULES = (
    Rule(
        id="TEN-SVC-001",
        severity="critical",
        title="Services are reached in the cluster only",
        rationale="A node's port or a load balancer goes round the gateway and its authentication; externalIPs "
        "(CVE-2020-8554) and ExternalName take traffic that is meant for others.",
        fix="Use ClusterIP and the platform's gateway",
        find=inside,
    ),
    Rule(
        id="TEN-SVC-002",
        severity="critical",
        title="Hosts are the tenant's own",
        rationale="The gateway serves all tenants: whoever claims a host first gets its traffic, and its passwords.",
        fix="Name a host below <tenant>.<domain>",
        find=hosts,
    ),
)
