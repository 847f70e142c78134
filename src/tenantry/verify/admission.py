"""Whether the API server refuses what tenants must not ask for, and takes what they ordinarily ask for.

Everything is asked in dry runs, which pass through the whole of admission and store nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import groupby
from typing import Final

from tenantry.kube import Json, Kube, KubeError
from tenantry.verify.check import BrokenError, Check
from tenantry.verify.identities import Identity
from tenantry.verify.objects import MANAGER
from tenantry.verify.probe import Facts, Probe, pod

DENIED: Final = frozenset({"Forbidden", "Invalid"})
"""Reasons by which admission says no. Every other answer means that it was not asked."""
UNSERVED: Final = "NoKind"
FULL: Final = re.compile(r"exceeded quota: ")
"""Quota is the last to be asked: who is refused by it has passed every rule."""


def admission_checks(kube: Kube, facts: Facts, developer: Identity | None, probes: Iterable[Probe]) -> Iterator[Check]:
    """A check for each guard, and one that an ordinary pod still passes them all.

    Args:
        kube: The cluster, as whoever verifies.
        facts: The tenant's own values.
        developer: Who may create pods there. None while the tenant is frozen or leaves: then we ask as ourselves.
        probes: What must be refused.
    """
    actors = {"developer": kube.acting_as(developer.user, developer.groups) if developer else kube, "verifier": kube}
    name = f"{facts.tenant}/admission"
    yield Check(f"{name}/ordinary-pod", "an ordinary pod is admitted", partial(admitted, actors["developer"], facts))
    ordered = sorted(probes, key=lambda probe: probe.guard)
    for guard, members in groupby(ordered, key=lambda probe: probe.guard):
        mine = list(members)
        said = " and ".join(probe.what for probe in mine)
        yield Check(f"{name}/{guard}", f"{guard} refuses {said}", partial(all_refused, actors, facts, mine))


def admitted(kube: Kube, facts: Facts) -> None:
    """Ask for an ordinary pod.

    Raises:
        BrokenError: it is refused, so the guards keep tenants from working.
    """
    try:
        kube.create(pod(facts), MANAGER, dry_run=True)
    except KubeError as error:
        if error.reason not in DENIED:
            raise
        if not FULL.search(error.message):
            raise BrokenError(f"An ordinary pod is refused: {error.message}") from error


def all_refused(actors: dict[str, Kube], facts: Facts, probes: Iterable[Probe]) -> None:
    """Ask for each thing that one guard must refuse.

    Raises:
        BrokenError: one is admitted, or refused by another guard, which then stands alone.
    """
    for probe in probes:
        _refused(actors[probe.actor], probe, probe.body(facts))


def _refused(kube: Kube, probe: Probe, body: Json) -> None:
    try:
        ask = kube.apply if probe.method == "apply" else kube.create
        ask(body, MANAGER, dry_run=True)
    except KubeError as error:
        if error.reason == UNSERVED and probe.optional:
            return
        if error.reason not in DENIED:
            raise
        if probe.expected in error.message:
            return
        wrong = f"{probe.guard} did not refuse {probe.what}; something else did: {error.message}"
        raise BrokenError(wrong) from error
    raise BrokenError(f"{probe.guard} did not refuse {probe.what}. Bring it back: tenantry up --refresh")
