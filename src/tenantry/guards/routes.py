"""Host names and routes: below the team's own host, to its own services."""

from __future__ import annotations

from tenantry.guards.cel import CHANGED
from tenantry.guards.parameters import listed
from tenantry.guards.rule import Check, Rule, Target

FAMILY = "routes"
GATEWAY = "gateway.networking.k8s.io"
ISTIO = "networking.istio.io"
GATEWAY_ROUTES = ("grpcroutes", "httproutes", "tlsroutes")

HOSTS = ("hosts", listed("hosts"))
OWN = "variables.hosts.exists(own, {0} == own || ({0}.endsWith('.' + own) && !{0}.contains('*')))"
"""Whether a host is the team's, or below it. A wildcard takes what another team may ask for."""
FIX = "Name a host below the team's own, as in app.<tenant>.<domain>"

INGRESSES = Rule(
    name="ingress-hosts",
    family=FAMILY,
    targets=(Target(group="networking.k8s.io", plurals=("ingresses",)),),
    parametrised=True,
    variables=(
        HOSTS,
        ("asked", "object.?spec.?rules.orValue([]).map(rule, rule.?host.orValue(''))"),
        ("foreign", f"variables.asked.filter(host, !({OWN.format('host')}))"),
        ("annotations", "object.?metadata.?annotations.orValue({})"),
    ),
    checks=(
        Check(
            expression="size(variables.foreign) == 0",
            field="spec.rules.host",
            value="'\"' + variables.foreign[0] + '\"'",
            what="is none of the team's hosts",
            fix=FIX,
        ),
        Check(
            expression="object.?spec.?tls.orValue([]).all(tls, tls.?hosts.orValue([]).all(host, "
            f"{OWN.format('host')}))",
            field="spec.tls.hosts",
            what="has a host that is none of the team's",
            fix=FIX,
        ),
        Check(
            expression="!has(object.spec.defaultBackend)",
            field="spec.defaultBackend",
            what="takes the traffic of every host",
            fix=FIX,
        ),
        Check(
            expression="!variables.annotations.exists(key, "
            "key.contains('snippet') || key.contains('server-alias') || key.contains('external-dns.'))",
            field="metadata.annotations",
            what="writes the gateway's configuration or takes a host name past this rule",
            fix="Remove snippets, server-alias and external-dns",
        ),
    ),
    attacks=("A29",),
)

_SAME = "b.?namespace.orValue(request.namespace) == request.namespace"
_BACKENDS = (
    f"rule.?backendRefs.orValue([]).all(b, {_SAME}) && rule.?filters.orValue([]).all(f, "
    f"[?f.?requestMirror.?backendRef].all(b, {_SAME}))"
)

ROUTES = Rule(
    name="gateway-routes",
    family=FAMILY,
    targets=(Target(group=GATEWAY, plurals=GATEWAY_ROUTES),),
    parametrised=True,
    conditions=(CHANGED,),
    variables=(HOSTS, ("asked", "object.?spec.?hostnames.orValue([])")),
    checks=(
        Check(
            expression=f"size(variables.asked) > 0 && variables.asked.all(host, {OWN.format('host')})",
            field="spec.hostnames",
            what="is empty, or has a host that is none of the team's",
            fix=FIX,
        ),
        Check(
            expression=f"object.?spec.?rules.orValue([]).all(rule, {_BACKENDS})",
            field="spec.rules.backendRefs.namespace",
            what="is another namespace",
            fix="Route to a Service of this namespace",
        ),
    ),
    attacks=("A29",),
)

_HERE = (
    "(!{0}.contains('.') || {0}.endsWith('.' + request.namespace) || {0}.endsWith('.' + request.namespace + '.svc')"
    " || {0}.endsWith('.' + request.namespace + '.svc.cluster.local'))"
)
"""Whether a host of the mesh is a service of the request's namespace."""
_DESTINATION = f"[?d.?destination.?host].all(host, {_HERE.format('host')})"
_MIRRORS = "([?r.?mirror] + r.?mirrors.orValue([]).map(m, m.?destination.orValue({}))).all(m, "
_ROUTE = (
    f"r.?route.orValue([]).all(d, {_DESTINATION})"
    f" && {_MIRRORS}[?m.?host].all(host, {_HERE.format('host')}))"
    " && r.?delegate.?namespace.orValue(request.namespace) == request.namespace"
)
_SELDON = (
    "r.?match.orValue([]).size() > 0 && r.match.all(m,"
    " m.?uri.?prefix.orValue('').startsWith('/seldon/' + request.namespace + '/')"
    " || m.?headers.?namespace.?exact.orValue('') == request.namespace)"
)
"""Seldon routes every host's traffic, but only below a path or with a header that carries the namespace."""

MESH_ROUTES = Rule(
    name="mesh-routes",
    family=FAMILY,
    targets=(Target(group=ISTIO, plurals=("destinationrules", "virtualservices")),),
    parametrised=True,
    conditions=(CHANGED,),
    variables=(
        HOSTS,
        ("asked", "object.?spec.?hosts.orValue([]) + [?object.?spec.?host]"),
        (
            "routes",
            "object.?spec.?http.orValue([]) + object.?spec.?tls.orValue([]) + object.?spec.?tcp.orValue([])",
        ),
        ("scoped", f"variables.routes.all(r, {_SELDON})"),
    ),
    checks=(
        Check(
            expression="variables.asked.all(host, (host == '*' && has(object.spec.hosts) && variables.scoped)"
            f" || (host != '*' && !host.contains('*') && ({_HERE.format('host')} || {OWN.format('host')})))",
            field="spec.hosts",
            what="has a host that is none of the team's",
            fix=FIX,
        ),
        Check(
            expression=f"variables.routes.all(r, {_ROUTE})",
            field="spec.http.route.destination.host",
            what="is no service of this namespace",
            fix="Route to a Service of this namespace",
        ),
    ),
    attacks=("A29",),
)

RULES = (INGRESSES, ROUTES, MESH_ROUTES)
