"""Rules on the door of a team's services: whom it lets in, and that there is no way beside it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from tenantry import hosts, names
from tenantry.effective import EffectiveTenant
from tenantry.network_reach import Peer, Pod, Port, open_ports
from tenantry.policies.model import Finding, Item, Rule, View, dig, items
from tenantry.policies.pods import containers, pods
from tenantry.policies.reach import ALWAYS, NAMESPACE_NAME, strangers
from tenantry.sign_on.admitted import admitted
from tenantry.sign_on.upstreams import UPSTREAMS, Upstream, upstreams

GROUP: Final = "allowed-group"
ANY: Final = ""
OWN: Final = "the tenant's own proxy"
PORTS: Final = tuple(sorted({Port(number) for number in (*ALWAYS, *(one.target for one in UPSTREAMS))}))
"""Ports that are asked about: those of the services, and what others are known for."""
FLAGS: Final[Mapping[str, str]] = {
    GROUP: ANY,
    "client-id": ANY,
    "client-secret-file": ANY,
    "code-challenge-method": "S256",
    "cookie-csrf-per-request": "true",
    "cookie-csrf-per-request-limit": ANY,
    "cookie-expire": ANY,
    "cookie-httponly": "true",
    "cookie-name": "__Host-tenantry",
    "cookie-samesite": "lax",
    "cookie-secret-file": ANY,
    "cookie-secure": "true",
    "email-domain": "*",
    "http-address": ANY,
    "insecure-oidc-skip-nonce": "false",
    "oidc-groups-claim": ANY,
    "oidc-issuer-url": ANY,
    "pass-basic-auth": "false",
    "provider": "oidc",
    "provider-ca-file": ANY,
    "redirect-url": ANY,
    "reverse-proxy": "true",
    "scope": ANY,
    "session-cookie-minimal": "true",
    "silence-ping-logging": "true",
    "skip-provider-button": "true",
    "trusted-proxy-ip": ANY,
    "upstream": ANY,
}
"""Every argument that a proxy has, and the one value that it may have. Whatever is missing here may let people past."""

OPTIONAL: Final = frozenset({GROUP, "provider-ca-file"})
"""Arguments that need not be there; of groups there is another word."""


def proxies(view: View) -> Iterator[tuple[Item, Mapping[str, Any]]]:
    """Every container in the namespace of the proxies, with its Deployment."""
    for item, pod in pods(view):
        if item.namespace == names.SIGN_ON_NAMESPACE:
            yield from ((item, container) for container in containers(pod))


def arguments(container: Mapping[str, Any]) -> dict[str, set[str]]:
    """Values by argument."""
    found: dict[str, set[str]] = defaultdict(set)
    for argument in items(container, "args"):
        name, _, value = str(argument).removeprefix("--").partition("=")
        found[name].add(value)
    return found


def lets_in(view: View) -> Iterator[Finding]:
    """The groups are those that the tenant's file gives, and nothing else says who comes in."""
    if view.tenant is None:
        return
    wanted = {*admitted(view.tenant.spec)}
    for item, container in proxies(view):
        who = f"the proxy {dig(container, 'name')}"
        told = arguments(container)
        for group in sorted(told[GROUP] - wanted):
            yield Finding(item, f"{who} lets in {group}")
        if missing := sorted(wanted - told[GROUP]):
            yield Finding(item, f"{who} does not let in {', '.join(missing)}")
        if not told[GROUP]:
            yield Finding(item, f"{who} lets in everybody: it has no {GROUP}")
        yield from (Finding(item, f"{who} {wrong}") for wrong in _settings(container, told))


def _settings(container: Mapping[str, Any], told: Mapping[str, set[str]]) -> Iterator[str]:
    for name in sorted(told.keys() - FLAGS.keys()):
        yield f"has the argument {name}"
    for name in sorted(FLAGS.keys() - told.keys() - OPTIONAL):
        yield f"lacks the argument {name}"
    for name, value in FLAGS.items():
        if value and told.get(name, {value}) != {value}:
            yield f"has {', '.join(sorted(told[name]))} for {name}, not {value}"
    if items(container, "env") or items(container, "envFrom"):
        yield "takes settings from its environment"


def leads(view: View) -> Iterator[Finding]:
    """The host of a service leads to the tenant's proxy, port by port."""
    if view.tenant is None:
        return
    known = {host: service for service, host in hosts.hosts(view.tenant).items()}
    for item in view.of("Ingress"):
        for rule in items(item.data, "spec", "rules"):
            service = known.get(str(dig(rule, "host")))
            for path in items(rule, "http", "paths") if service else ():
                to = dig(path, "backend", "service", "name"), dig(path, "backend", "service", "port", "name")
                if (item.namespace, *to) != (names.SIGN_ON_NAMESPACE, names.sign_on(view.owner), service):
                    yield Finding(item, f"leads {dig(rule, 'host')} to {item.namespace}/{to[0]}, past its proxy")


def reached(view: View) -> Iterator[Finding]:
    """The tenant's proxies reach its services on their ports and nothing else, and nobody else comes in."""
    if view.tenant is None or not upstreams(view.tenant):
        return
    policies = [item.data for item in view.of("NetworkPolicy")]
    for one in _pairs(view.tenant):
        found = open_ports(policies, one.source, one.target, PORTS)
        if wrong := sorted(found ^ one.expected):
            can = "can" if wrong[0] in found else "cannot"
            yield Finding(None, f"{one.who} {can} reach {one.what} on {', '.join(map(str, wrong))}")


@dataclass(frozen=True)
class Pair:
    """Somebody, something, and the ports that must be open between them."""

    who: str
    source: Peer
    what: str
    target: Pod
    expected: frozenset[Port] = frozenset()


def _pairs(tenant: EffectiveTenant) -> Iterator[Pair]:
    own, space = proxy(tenant.spec.id), names.namespace(tenant.spec.id)
    for upstream in upstreams(tenant):
        service = served(tenant.spec.id, upstream)
        yield Pair(OWN, own, upstream.name, service, frozenset({Port(upstream.target)}))
        for who, peer in _strangers(tenant):
            yield Pair(who, peer, upstream.name, service)
        yield Pair(OWN, own, f"another tenant's {upstream.name}", served("another", upstream))
    yield Pair(OWN, own, "any other pod of the tenant's", Pod(space, {}, {names.TENANT_LABEL: tenant.spec.id}))


def _strangers(tenant: EffectiveTenant) -> Iterator[tuple[str, Peer]]:
    """Everybody outside of the tenant's namespace who could come, but for its own proxy."""
    yield "another tenant's proxy", proxy("another")
    yield "a pod beside the proxies", Pod(names.SIGN_ON_NAMESPACE)
    if sign_on := tenant.environment.sign_on:
        yield "the ingress controller", Pod(sign_on.ingress.namespace, sign_on.ingress.pods)
    yield from strangers(tenant).items()


def served(tenant: str, upstream: Upstream) -> Pod:
    """A pod of a tenant's service."""
    return Pod(names.namespace(tenant), upstream.labels(tenant), {names.TENANT_LABEL: tenant})


def entrances(tenant: EffectiveTenant) -> tuple[dict[str, Any], ...]:
    """The one policy of the tenant's namespace for each service that lets its own proxy in, word for word."""
    own = proxy(tenant.spec.id)
    peer = {
        "namespaceSelector": {"matchLabels": {NAMESPACE_NAME: own.namespace}},
        "podSelector": {"matchLabels": dict(own.labels)},
    }
    return tuple(
        {
            "podSelector": {"matchLabels": one.labels(tenant.spec.id)},
            "policyTypes": ["Ingress"],
            "ingress": [{"from": [peer], "ports": [{"protocol": "TCP", "port": one.target}]}],
        }
        for one in upstreams(tenant)
    )


def proxy(tenant: str) -> Pod:
    """A tenant's proxy, by its labels: no tenant has a right in that namespace."""
    labels = {names.COMPONENT_LABEL: "sign-on", names.TENANT_LABEL: tenant}
    return Pod(names.SIGN_ON_NAMESPACE, labels, {names.TENANT_LABEL: names.PLATFORM})


RULES = (
    Rule(
        id="TEN-SSO-001",
        severity="critical",
        title="Single sign-on lets in the tenant's admins and developers, and nobody else",
        rationale="Behind the proxy nobody is asked again: whoever is in starts runs and reads artifacts as the team. "
        "Without a group, and by many an argument, a proxy lets in everybody whom the identity provider knows.",
        fix="Take the groups from tenantry.sign_on.admitted, and the arguments from tenantry.sign_on.arguments",
        find=lets_in,
    ),
    Rule(
        id="TEN-SSO-002",
        severity="critical",
        title="A service's host leads to its proxy",
        rationale="Pipelines and the registry know no users: whoever reaches them is the team.",
        fix="Leave the host to components/sign_on",
        find=leads,
    ),
    Rule(
        id="TEN-SSO-003",
        severity="critical",
        title="From outside of the namespace, a service is reached by the tenant's own proxy alone",
        rationale="A way past the proxy is a way past single sign-on; another tenant's proxy lets in other people.",
        fix="Compare the policies with components/sign_on/network.py",
        find=reached,
    ),
)
