"""Room for an install on top of a team's quota."""

from __future__ import annotations

from tenantry.pipelines.footprint import Footprint, footprint
from tenantry.pipelines.stores import IN_NAMESPACE, own_store
from tenantry.versions import PIPELINES

ONE = Footprint(pods=9, cpu=724, memory=2882, memory_limit=6976, storage=40)
HARD = {
    "requests.cpu": "64",
    "requests.memory": "256Gi",
    "limits.memory": "256Gi",
    "requests.storage": "1Ti",
    "pods": "200",
    "count/configmaps": "200",
}


def test_what_one_team_takes() -> None:
    assert footprint(PIPELINES["2.17.0"], IN_NAMESPACE, own_store("vision")) == ONE


def test_a_quota_keeps_all_that_the_team_asked_for() -> None:
    assert ONE.added_to(HARD) == {
        "requests.cpu": "64724m",
        "requests.memory": "265026Mi",
        "limits.memory": "269120Mi",
        "requests.storage": "1064Gi",
        "pods": "209",
        "count/configmaps": "200",
    }


def test_amounts_are_spelled_as_the_api_server_does() -> None:
    even = Footprint(pods=800, cpu=1000, memory=1024, memory_limit=1024, storage=1024)
    assert even.added_to(HARD)["requests.cpu"] == "65"
    assert even.added_to(HARD)["requests.memory"] == "257Gi"
    assert even.added_to(HARD)["requests.storage"] == "2Ti"
    assert even.added_to(HARD)["pods"] == "1k"


def test_no_pods_stay_no_pods() -> None:
    """Of a team that is frozen: nothing new may start."""
    assert ONE.added_to({**HARD, "pods": "0"})["pods"] == "0"
