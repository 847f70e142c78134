"""Where the platform's own pods reach the API server."""

from __future__ import annotations

from pathlib import Path

import pytest

from tenantry.api_server import ways
from tenantry.catalog import load_environment
from tenantry.environment import ApiServerSpec, ClusterNetworkSpec, EnvironmentSpec

SANDBOX = load_environment(Path(__file__).parents[2], "sandbox")


def with_cluster(**changes: object) -> EnvironmentSpec:
    return SANDBOX.model_copy(update={"cluster": SANDBOX.cluster.model_copy(update=changes)})


def test_a_server_that_nobody_told_is_one_of_the_nodes() -> None:
    found = ways(with_cluster(api_server=None))
    assert found == (("10.96.0.1/32", 443), ("10.0.0.0/16", 443), ("10.0.0.0/16", 6443))


@pytest.mark.parametrize("port", [443, 6443])
def test_one_that_is_told_is_nowhere_else(port: int) -> None:
    told = ApiServerSpec(cidrs=("10.0.0.10/32", "10.0.0.11/32"), port=port)
    assert ways(with_cluster(api_server=told)) == (
        ("10.96.0.1/32", 443),
        ("10.0.0.10/32", port),
        ("10.0.0.11/32", port),
    )


def test_services_may_have_addresses_of_either_kind() -> None:
    network = ClusterNetworkSpec(pods="fd00:10::/48", services="fd00:20::/108", nodes="fd00:30::/64")
    assert ways(SANDBOX.model_copy(update={"network": network}))[0] == ("fd00:20::1/128", 443)
