"""How workloads are reached: inside the cluster, and at their own addresses."""

from __future__ import annotations

from tenantry.guards.exclusive import exclusive, kinds
from tenantry.guards.rule import Check, Rule, Target

FAMILY = "services"

SERVICES = Rule(
    name="service-exposure",
    family=FAMILY,
    targets=(Target(plurals=("services",)),),
    variables=(
        ("type", "object.?spec.?type.orValue('ClusterIP')"),
        ("annotations", "object.?metadata.?annotations.orValue({})"),
    ),
    checks=(
        Check(
            expression="variables.type == 'ClusterIP'",
            field="spec.type",
            value="'\"' + variables.type + '\"'",
            what="opens a way past the platform's gateway, or to another's service",
            fix="Use ClusterIP, and an Ingress below the team's own host",
        ),
        Check(
            expression="size(object.?spec.?externalIPs.orValue([])) == 0",
            field="spec.externalIPs",
            value="'\"' + object.spec.externalIPs[0] + '\"'",
            what="takes traffic that is meant for others (CVE-2020-8554)",
            fix="Remove it",
        ),
        Check(
            expression="!variables.annotations.exists(key, key.contains('external-dns.'))",
            field="metadata.annotations",
            value="'\"' + variables.annotations.filter(key, key.contains('external-dns.'))[0] + '\"'",
            what="takes a host name past the rule of hosts",
            fix="Use an Ingress below the team's own host",
        ),
    ),
    attacks=("A27",),
)

ENDPOINTS = exclusive(
    name="endpoints",
    family=FAMILY,
    targets=(
        kinds("", "endpoints"),
        kinds("discovery.k8s.io", "endpointslices"),
    ),
    why="an address in it may be another team's pod, the node's or the cloud's metadata service",
    fix="Give the Service a selector",
    attacks=("A28",),
)

RULES = (SERVICES, ENDPOINTS)
