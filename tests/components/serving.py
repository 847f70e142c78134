"""Installs of serving and models as data, for the tests that look at them."""

from __future__ import annotations

from typing import Any

from components.metadata import Marks
from components.serving import Serving, ServingArgs
from tenantry.api_server import Way
from tenantry.pipelines.stores import own_store
from tenantry.serving.spec import GatewaySpec
from tests.components.conftest import Declare
from tests.components.pipelines import Install

WAYS = (Way("10.96.0.1/32", 443), Way("10.0.0.0/16", 6443))
GATEWAY = GatewaySpec.model_validate({})
KEYS = {"accesskey": "cGlwZWxpbmVz", "secretkey": "c2VjcmV0"}


def install(declare: Declare, marks: Marks, **changes: Any) -> Install:
    """Serving for `vision`, with other arguments where they are given."""
    known: dict[str, Any] = {
        "marks": marks,
        "tenant": "vision",
        "namespace": "vision",
        "gateway": GATEWAY,
        "api_server": WAYS,
        "store": own_store("vision"),
        "store_keys": KEYS,
        "webhook": True,
    }
    args = ServingArgs(**{**known, **changes})
    return Install(declare(lambda: Serving("vision-serving", args)))
