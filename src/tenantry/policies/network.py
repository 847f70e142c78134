"""Rules on the network: closed both ways, and open only where the tenant's file says so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from tenantry import names
from tenantry.cidr import REFUSED, overlap
from tenantry.policies import reach, serving
from tenantry.policies.model import Finding, Item, Rule, View, dig, items
from tenantry.policies.openings import excused, openings
from tenantry.policies.sign_on import entrances

SHOWN = 4
"""Most ports that one finding names."""


def policies(view: View) -> list[Item]:
    """Policies of the tenant's namespace."""
    return [item for item in view.of("NetworkPolicy") if item.namespace == names.namespace(view.owner)]


def ordinary(view: View) -> list[Item]:
    """Those that are not the policy of an opening, of a door or of serving."""
    known = openings(view.tenant) if view.tenant else ()
    doors = (*entrances(view.tenant), *serving.entrances(view.tenant)) if view.tenant else ()
    specs = ((item, item.data.get("spec", {})) for item in policies(view))
    return [item for item, spec in specs if spec not in doors and not excused(spec, known)]


def default_deny(view: View) -> Iterator[Finding]:
    """One policy chooses every pod, both ways, and allows nothing."""
    for item in policies(view):
        spec = item.data.get("spec", {})
        closed = not items(spec, "ingress") and not items(spec, "egress")
        if closed and dig(spec, "podSelector") == {} and {"Ingress", "Egress"} <= set(items(spec, "policyTypes")):
            return
    yield Finding(None, f"no NetworkPolicy of {names.namespace(view.owner)} denies every pod everything")


def every_pod(view: View) -> Iterator[Finding]:
    """No policy chooses pods by labels, which tenants give and take as they like, but for the listed openings."""
    for item in ordinary(view):
        if dig(item.data, "spec", "podSelector") != {}:
            yield Finding(item, "spec.podSelector is not empty")


def table(view: View) -> Iterator[Finding]:
    """The truth table of the policies is the one that must be."""
    if view.tenant is None:
        return
    wrong: dict[tuple[str, str, bool], list[str]] = defaultdict(list)
    for row in reach.table([item.data for item in policies(view)], view.tenant):
        if row.allowed != row.expected:
            wrong[row.source, row.target, row.allowed].append(str(row.port))
    for (source, target, allowed), ports in wrong.items():
        listed = ", ".join(ports[:SHOWN]) + (f" and {len(ports) - SHOWN} more" if len(ports) > SHOWN else "")
        yield Finding(None, f"{source} can{'' if allowed else 'not'} reach {target} on {listed}")


def peers(listed: Iterable[Item]) -> Iterator[tuple[Item, dict[str, Any]]]:
    """Every peer that policies list."""
    for item in listed:
        for key, side in (("ingress", "from"), ("egress", "to")):
            for rule in items(item.data, "spec", key):
                for peer in items(rule, side):
                    yield item, peer


def both_selectors(view: View) -> Iterator[Finding]:
    """A peer in another namespace is named by its namespace and its labels together."""
    for item, peer in peers(policies(view)):
        if "namespaceSelector" in peer and not (peer["namespaceSelector"] and peer.get("podSelector")):
            yield Finding(item, f"a peer is chosen by {' and '.join(sorted(peer))} alone or by an empty selector")


def addresses(view: View) -> Iterator[Finding]:
    """No range of addresses holds a metadata service, the cluster or whatever `cidr.REFUSED` lists.

    An opening leads into the cluster, and no further than it says.
    """
    if view.tenant is None:
        return
    own = {f"the cluster's {what}": (cidr,) for what, cidr in view.tenant.environment.network.model_dump().items()}
    for item, peer in peers(ordinary(view)):
        cidr = dig(peer, "ipBlock", "cidr")
        for why, ranges in (REFUSED | own).items() if cidr else ():
            for refused in ranges:
                if overlap(cidr, refused):
                    yield Finding(item, f"{cidr} holds {why} ({refused})")


RULES = (
    Rule(
        id="TEN-NET-001",
        severity="critical",
        title="A policy denies every pod of the namespace everything, both ways",
        rationale="A pod that no policy chooses is open to the whole cluster, whatever the other policies say.",
        fix="Keep DEFAULT_DENY in components/network.py",
        find=default_deny,
    ),
    Rule(
        id="TEN-NET-002",
        severity="high",
        title="Every policy chooses every pod of the namespace, but for the listed ways of the platform's own pods",
        rationale="A tenant labels its pods as it likes; what a label opens, every pod of the namespace can have. "
        "Parts and steps of Pipelines may reach the API server, and nothing else.",
        fix="Leave podSelector empty in components/network.py, or list the way in policies/openings.py",
        find=every_pod,
    ),
    Rule(
        id="TEN-NET-003",
        severity="critical",
        title="Pods reach their namespace, DNS and the declared destinations, and nobody else reaches them",
        rationale="Policies add up: each may look harmless, and only the table of all of them says what is open. It "
        "is computed against neighbours that let everything in and out.",
        fix="Compare docs/policies.md#the-network-table with the policies in components/network.py",
        find=table,
    ),
    Rule(
        id="TEN-NET-004",
        severity="critical",
        title="A peer in another namespace is named by namespace and pod labels together",
        rationale="Labels of pods alone can be had by anybody in any chosen namespace; a namespace alone lets in "
        "everything that runs there.",
        fix="Give the peer both a namespaceSelector and a podSelector in one entry",
        find=both_selectors,
    ),
    Rule(
        id="TEN-NET-005",
        severity="critical",
        title="No range of addresses holds a metadata service, the cluster itself or reserved addresses",
        rationale="The metadata service hands out the node's credentials; the cluster's ranges lead around every "
        "policy that goes by labels.",
        fix="Name a range outside, as tenantry.cidr demands of tenants' files",
        find=addresses,
    ),
)
