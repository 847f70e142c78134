"""Room for an install on top of a team's quota."""

from __future__ import annotations

from pathlib import Path

from tenantry.catalog import load_tenant
from tenantry.pipelines.footprint import Footprint, footprint, footprint_of
from tenantry.pipelines.stores import IN_NAMESPACE, own_store
from tenantry.versions import PIPELINES

ROOT = Path(__file__).parents[2]
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
    assert footprint_of(load_tenant(ROOT, "vision", "sandbox")) == ONE
    assert footprint(PIPELINES["2.17.0"], IN_NAMESPACE, own_store("vision")) == ONE


def test_a_quota_keeps_all_that_the_team_asked_for() -> None:
    assert ONE.added_to(HARD) == {
        "requests.cpu": "65",
        "requests.memory": "259Gi",
        "limits.memory": "263Gi",
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


def test_a_frozen_team_keeps_room_for_its_pipelines_and_nothing_else() -> None:
    assert ONE.added_to({**HARD, "pods": "0"})["pods"] == "9"
