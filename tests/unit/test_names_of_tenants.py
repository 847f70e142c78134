"""Names that are made of a tenant's id, and ids that are not to be had."""

from __future__ import annotations

import pytest

from tenantry.derived import DERIVED
from tenantry.reserved import reason


def test_every_derived_name() -> None:
    assert {derived.what: (derived.spell("vision", "prod"), derived.limit) for derived in DERIVED} == {
        "a namespace": ("vision", 63),
        "a label": ("vision", 63),
        "a cluster queue": ("vision", 253),
        "a priority level": ("tenantry-vision", 253),
        "a stack": ("vision.prod", 100),
        "an IAM role": ("tenantry-prod-vision-workload", 64),
        "an S3 bucket": ("tenantry-prod-vision-artifacts", 63),
    }


@pytest.mark.parametrize("tenant", ["kube-public", "platform", "istio-x", "cert-manager", "a-system", "mine", "no"])
def test_reserved(tenant: str) -> None:
    assert reason(tenant, also=["mine"])


@pytest.mark.parametrize("tenant", ["vision", "kubernetes-fans", "defaults", "systems", "my-platform"])
def test_free(tenant: str) -> None:
    assert reason(tenant, also=["mine"]) is None
