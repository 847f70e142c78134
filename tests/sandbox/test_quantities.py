"""The table of quantities, asked of the API server itself."""

from __future__ import annotations

from components.quota import hard_limits
from tenantry.kube import Kube
from tenantry.tenant_spec import QuotaSpec
from tests.quantities import CANONICAL


def served(kube: Kube, namespace: str, hard: dict[str, str]) -> dict[str, str]:
    """The hard limits of a ResourceQuota as the server would give them back."""
    metadata = {"name": "quantities", "namespace": namespace}
    quota = {"apiVersion": "v1", "kind": "ResourceQuota", "metadata": metadata, "spec": {"hard": hard}}
    found: dict[str, str] = kube.create(quota, "tests", dry_run=True)["spec"]["hard"]
    return found


def test_the_api_server_spells_quantities_as_the_table_says(kube: Kube) -> None:
    # CPU, because fractions of everything else are refused.
    found = {quantity: served(kube, "default", {"requests.cpu": quantity}) for quantity in CANONICAL}
    assert found == {quantity: {"requests.cpu": spelling} for quantity, spelling in CANONICAL.items()}


def test_a_quota_comes_back_as_it_was_written(kube: Kube) -> None:
    large = QuotaSpec(cpu=3000, memory="2048Gi", storage="1024Ti", pods=1000, gpus={}, borrow=False)
    hard = hard_limits(large, 0, "active")
    assert served(kube, "default", hard) == hard
