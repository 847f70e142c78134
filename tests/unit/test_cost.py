from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from tenantry.catalog import EffectiveTenant
from tenantry.cost import CostLine, gib, monthly_cost
from tenantry.environment import EnvironmentSpec
from tenantry.errors import InputError
from tenantry.tenant_spec import PipelinesSpec, TenantSpec

QUOTA = {"cpu": 10, "memory": "512Mi", "storage": "1Ti", "pods": 10, "gpus": {"h100": 2, "a10g": 0}, "borrow": True}
BLOCKS = {
    "budget": {"monthly_usd": 100, "alert_at": [1.0]},
    "pipelines": False,
    "registry": False,
    "serving": False,
    "monitoring": {"retention_days": 7, "receivers": []},
    "network": {"egress": []},
}
PRICES = {
    "cpu_hour": 0.033,
    "memory_gib_hour": 0.0041,
    "storage_gib_month": 0.08,
    "gpu_hour": {"a10g": 0.1, "h100": 5.9},
}
POOLS = {
    "a": {"nodes": 1, "cpu": 8, "memory": "8Gi", "gpu": "a10g", "gpus_per_node": 4},
    "h": {"nodes": 1, "cpu": 8, "memory": "8Gi", "gpu": "h100", "gpus_per_node": 4},
    "c": {"nodes": 1, "cpu": 8, "memory": "8Gi"},
}


def tenant(
    quota: dict[str, Any] | None = None, prices: dict[str, Any] | None = None, pools: dict[str, Any] | None = None
) -> EffectiveTenant:
    spec = {
        "id": "vision",
        "owner": {"team": "Vision", "email": "v@example.com", "on_call": "v", "cost_center": "1"},
        "tier": "small",
        "access": {"admins": ["a"], "developers": [], "viewers": []},
        "lifecycle": "active",
        "quota": QUOTA | (quota or {}),
        **BLOCKS,
    }
    ceilings = {"cpu": 99, "memory": "1Ti", "storage": "9Ti", "pods": 99, "gpus": 5, "monthly_usd": 9000}
    environment = {
        "id": "prod",
        "cluster": {"kind": "existing", "context": "prod"},
        "domain": "ml.example.com",
        "network": {"pods": "10.0.0.0/16", "services": "10.1.0.0/16", "nodes": "10.2.0.0/16"},
        "node_pools": POOLS if pools is None else pools,
        "shared_groups": [],
        "platform_groups": [],
        "image_registries": [],
        "storage_classes": [],
        "reserved_ids": [],
        "tiers": {"small": {"ceilings": ceilings, "defaults": {"quota": QUOTA, **BLOCKS}}},
        "prices": PRICES | (prices or {}),
    }
    return EffectiveTenant(
        spec=TenantSpec.model_validate_json(json.dumps(spec)),
        environment=EnvironmentSpec.model_validate_json(json.dumps(environment)),
        source="tenants/vision/tenant.yaml",
        origins={},
    )


def test_every_line_of_a_month() -> None:
    assert monthly_cost(tenant()).lines == (
        # 10 * 0.033 * 730
        CostLine("cpu", Decimal(10), "cpu", Decimal("24.090"), Decimal("240.90"), guaranteed=True),
        # 0.5 * 0.0041 * 730 = 1.4965: half a cent and more goes up
        CostLine("memory", Decimal("0.5"), "GiB", Decimal("2.9930"), Decimal("1.50"), guaranteed=True),
        CostLine("storage", Decimal(1024), "GiB", Decimal("0.08"), Decimal("81.92"), guaranteed=True),
        CostLine("gpus.h100", Decimal(2), "gpu", Decimal("4307.0"), Decimal("8614.00"), guaranteed=True),
        # The tier's 5 less the 2 guaranteed, at the price of the dearest flavor that the cluster has.
        CostLine("gpus.borrowed", Decimal(3), "gpu", Decimal("4307.0"), Decimal("12921.00"), guaranteed=False),
    )


def test_totals_are_sums_of_the_lines_as_shown() -> None:
    cost = monthly_cost(tenant())
    assert (cost.guaranteed_usd, cost.ceiling_usd) == (Decimal("8938.32"), Decimal("21859.32"))


@pytest.mark.parametrize(("price", "rounded"), [(0.125, "0.13"), (0.1249, "0.12"), (0.0, "0.00")])
def test_half_a_cent_goes_up(price: float, rounded: str) -> None:
    storage = monthly_cost(tenant({"storage": "1Gi"}, {"storage_gib_month": price})).lines[2]
    assert storage.monthly_usd == Decimal(rounded)


@pytest.mark.parametrize(("cpu", "over"), [(1, False), (2, False), (3, True)])
def test_over_budget_only_above_it(cpu: int, *, over: bool) -> None:
    # 50 dollars a CPU and month, the budget is 100.
    free = {"cpu_hour": 50 / 730, "memory_gib_hour": 0.0, "storage_gib_month": 0.0}
    assert monthly_cost(tenant({"cpu": cpu, "gpus": {}}, free)).over_budget is over


def test_borrowed_gpus_do_not_count_against_the_budget() -> None:
    free = {"cpu_hour": 0.0, "memory_gib_hour": 0.0, "storage_gib_month": 0.0}
    cost = monthly_cost(tenant({"gpus": {}}, free))
    assert (cost.guaranteed_usd, cost.ceiling_usd, cost.over_budget) == (Decimal(0), Decimal("21535.00"), False)


@pytest.mark.parametrize("change", [{"borrow": False}, {"gpus": {"a10g": 5}}, {"gpus": {"a10g": 6}}])
def test_nothing_is_left_to_borrow(change: dict[str, Any]) -> None:
    assert "gpus.borrowed" not in [line.what for line in monthly_cost(tenant(change)).lines]


def test_a_cluster_without_gpus_lends_none() -> None:
    lines = monthly_cost(tenant({"gpus": {}}, pools={"c": POOLS["c"]})).lines
    assert [line.what for line in lines] == ["cpu", "memory", "storage"]


def test_a_flavor_without_a_price_names_the_place_to_write_it() -> None:
    with pytest.raises(InputError) as caught:
        monthly_cost(tenant(prices={"gpu_hour": {"a10g": 1.0}}))
    [problem] = caught.value.problems
    assert (problem.path, problem.key) == ("infra/environments/prod.yaml", "prices.gpu_hour")
    assert "h100" in problem.what


@pytest.mark.parametrize(("quantity", "expected"), [("1Mi", "0.0009765625"), ("3Gi", "3"), ("2Ti", "2048")])
def test_gib(quantity: str, expected: str) -> None:
    assert gib(quantity) == Decimal(expected)


def test_an_install_costs_what_it_takes_beside_the_quota() -> None:
    plain = tenant()
    wanted = PipelinesSpec(artifact_retention_days=30, max_parallel_runs=4)
    cost = monthly_cost(replace(plain, spec=plain.spec.model_copy(update={"pipelines": wanted})))
    assert [(line.amount, line.monthly_usd) for line in cost.installs["pipelines"]] == [
        # 0.724 * 0.033 * 730
        ("0.724 cpu", Decimal("17.44")),
        # 2882 / 1024 * 0.0041 * 730
        ("2.814 GiB of memory", Decimal("8.42")),
        ("40 GiB of storage", Decimal("3.20")),
    ]
    assert cost.guaranteed_usd == monthly_cost(plain).guaranteed_usd + Decimal("29.06")
    assert monthly_cost(plain).installs == {}
