"""The second route: a workload that nobody refuses, and whose pods the API server does."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from tenantry.kube import Json
from tests.isolation.attack import Attack
from tests.isolation.attacks import ATTACKS
from tests.isolation.calls import create
from tests.isolation.objects import deployment
from tests.isolation.world import World
from tests.sandbox.waiting import until

AT_ONCE = 4
ROUTE = "deployment"
MADE = (("apps/v1", "ReplicaSet"), ("v1", "Pod"))
"""What controllers make of a Deployment."""


@dataclass(frozen=True)
class Outcome:
    """What became of one workload."""

    answer: str
    """Empty where the workload itself was accepted, else why not."""
    pods: int
    failures: tuple[str, ...]
    """Why the controller could make no pod."""


class Workloads:
    """Every attack by way of a Deployment, all at once: a controller takes a second each, and waits for nobody."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._names: dict[str, str] = {}
        self._answers: dict[str, str] = {}

    def outcome(self, attack: Attack, *, control: bool) -> Outcome:
        """What became of an attack's workload, or its control's."""
        assert attack.template is not None
        if not self._names:
            self._launch([one for one in ATTACKS if one.route == ROUTE])
        name = self._names[_key(attack.template[control])]
        if self._answers[name]:
            return Outcome(self._answers[name], 0, ())
        seen = until(lambda: self._look(name))
        assert seen is not None, f"the controllers did nothing about the Deployment {name}"
        return seen

    def remove(self) -> None:
        """Take every workload away, and wait until no pod of them is left."""
        kube, own = self._world.kube, self._world.own
        for name in self._names.values():
            kube.delete("apps/v1", "Deployment", name, own, propagation="Background")
        assert until(lambda: not any(kube.list(*kind, own, labels="attack") for kind in MADE)), "workloads stay"

    def _launch(self, attacks: Iterable[Attack]) -> None:
        specs = {_key(spec): spec for attack in attacks for spec in attack.template or ()}
        client = self._world.clients["developer"]
        self._names = {key: f"workload-{index}" for index, key in enumerate(specs)}

        def start(key: str) -> None:
            name = self._names[key]
            call = create("deployments", deployment(name, specs[key])).filled(self._world.words())
            answer = client.send(call)
            self._answers[name] = "" if answer.allowed else str(answer)

        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(start, specs))

    def _look(self, name: str) -> Outcome | None:
        kube, own = self._world.kube, self._world.own
        pods = kube.list("v1", "Pod", own, labels=f"attack={name}")
        sets = kube.list("apps/v1", "ReplicaSet", own, labels=f"attack={name}")
        failures = tuple(_message(one) for one in sets if _message(one))
        return Outcome("", len(pods), failures) if pods or failures else None


def _message(replicas: Json) -> str:
    conditions = replicas.get("status", {}).get("conditions", ())
    return next((one["message"] for one in conditions if one["type"] == "ReplicaFailure"), "")


def _key(spec: object) -> str:
    return repr(spec)
