"""What a rollout does to requests: shares over ten thousand of them, and none lost while versions come and go.

Model servers and the splitter are small HTTP servers of this process that go by the SeldonDeployment as rendered. They
stand for Istio and Seldon's operator, which are not run here: their order is that of the operator's source at 1.17.1.
"""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import urllib3

from tenantry.serving.deployment import spec
from tests.components import models
from tests.components.data_plane import INFER, DataPlane, data_plane
from tests.components.models import ABORTED, CANARY, CHANGES, PROMOTED, ROLLED_BACK, SHADOW, STABLE, WIDER
from tests.sandbox.waiting import until

REQUESTS = 10_000
CALLERS = 4
BODY = json.dumps({"inputs": [{"name": "x", "shape": [1], "datatype": "FP32", "data": [1.0]}]}).encode()


def rendered(folder: Path, text: str) -> dict[str, Any]:
    return spec(models.model(folder, text).spec, "vision", {"a10g": ["a10g"]})


def ask(client: urllib3.PoolManager, plane: DataPlane) -> str:
    """The version that answered, or the status of a failure."""
    answer = client.request("POST", f"{plane.gateway.address}{INFER}", body=BODY)
    return str(json.loads(answer.data)["model_version"]) if answer.status == 200 else f"status {answer.status}"


def answers(plane: DataPlane, requests: int) -> Counter[str]:
    """Who answered how many of the requests."""
    with urllib3.PoolManager(maxsize=CALLERS, retries=False) as client, ThreadPoolExecutor(CALLERS) as callers:
        return Counter(callers.map(lambda _: ask(client, plane), range(requests)))


@contextmanager
def load(plane: DataPlane) -> Iterator[Counter[str]]:
    """Callers that ask without a pause; who answered them, complete at the end."""
    found: Counter[str] = Counter()
    over, counting = threading.Event(), threading.Lock()

    def call() -> None:
        with urllib3.PoolManager(retries=False) as client:
            while not over.is_set():
                answer = ask(client, plane)
                with counting:
                    found[answer] += 1

    with ThreadPoolExecutor(CALLERS) as callers:
        running = [callers.submit(call) for _ in range(CALLERS)]
        try:
            yield found
        finally:
            over.set()
        for one in running:
            one.result()


def more(found: Counter[str], version: str, requests: int = 50) -> None:
    """Let the load go on until a version has answered so many more."""
    enough = found[version] + requests
    assert until(lambda: found[version] >= enough), found


def test_a_canary_answers_its_share(tmp_path: Path) -> None:
    with data_plane(rendered(tmp_path, CANARY)) as plane:
        found = answers(plane, REQUESTS)
    assert found.keys() == {"12", "13"}
    # Three standard deviations of a fair choice are 0.9 percent; the choice has a seed.
    assert abs(found["13"] / REQUESTS - 0.1) < 0.009
    assert found.total() == REQUESTS


def test_a_shadow_sees_its_share_and_answers_nobody(tmp_path: Path) -> None:
    with data_plane(rendered(tmp_path, SHADOW)) as plane:
        found = answers(plane, REQUESTS)
        plane.settle()
        seen = plane.pods["v13"].seen
    assert found == {"12": REQUESTS}
    assert abs(seen / REQUESTS - 0.5) < 0.015


def test_no_request_is_lost_from_the_first_share_to_a_rollback_and_back(tmp_path: Path) -> None:
    steps = [(CANARY, "13"), (WIDER, "13"), (PROMOTED, "13"), (ROLLED_BACK, "12"), (CANARY, "12"), (ABORTED, "12")]
    with data_plane(rendered(tmp_path, STABLE)) as plane, load(plane) as found:
        more(found, "12")
        for text, version in steps:
            plane.apply(rendered(tmp_path, text))
            more(found, version)
    assert found.keys() == {"12", "13"}, found
    # Whoever goes on serving was started once: 12 again for the rollback, 13 for each time that it was a candidate.
    assert plane.started == {"v12": 2, "v13": 2}


def test_no_request_is_lost_when_a_shadow_is_promoted(tmp_path: Path) -> None:
    before, after = (rendered(tmp_path, text) for text in CHANGES["promote-shadow"] if text)
    with data_plane(before) as plane, load(plane) as found:
        more(found, "12")
        plane.apply(after)
        more(found, "13")
    assert found.keys() == {"12", "13"}, found
    assert plane.started == {"v12": 1, "v13": 2}


def test_removed_before_the_route_moves_requests_are_lost(tmp_path: Path) -> None:
    """The other order loses some: these tests would notice."""
    with data_plane(rendered(tmp_path, CANARY)) as plane, load(plane) as found:
        more(found, "12")
        plane.pods["v12"].server.stop()
        more(found, "status 502", 1)
        plane.apply(rendered(tmp_path, PROMOTED))
        more(found, "13")
    assert found["status 502"] > 0
