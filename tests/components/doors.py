"""Doors of teams as data, for the tests that look at them."""

from __future__ import annotations

from typing import Any

from components.metadata import Marks
from components.sign_on import SignOn, SignOnArgs
from components.sign_on_cluster import SignOnCluster, SignOnClusterArgs
from tenantry.sign_on.spec import SignOnSpec
from tenantry.sign_on.upstreams import UPSTREAMS
from tests.components.conftest import Declare
from tests.components.pipelines import RANGES, Install
from tests.unit.sign_on.settings import SIGN_ON

GROUPS = ("ml-vision", "ml-vision-leads")
Json = dict[str, Any]


def behind(tenant: str) -> Json:
    """Every service of a team by its host."""
    return {f"{one.service}.{tenant}.ml.sandbox.test": one for one in UPSTREAMS}


def door(declare: Declare, marks: Marks, tenant: str = "vision", **changes: Any) -> Install:
    """A team's door, with other arguments where they are given."""
    known = {
        "marks": marks,
        "tenant": tenant,
        "namespace": tenant,
        "sign_on": SIGN_ON,
        "network": RANGES,
        "groups": GROUPS,
        "behind": behind(tenant),
    }
    args = SignOnArgs(**{**known, **changes})
    return Install(declare(lambda: SignOn(f"{tenant}-sign-on", args)))


def cluster(declare: Declare, marks: Marks, sign_on: SignOnSpec = SIGN_ON) -> Install:
    """What all doors share."""
    args = SignOnClusterArgs(marks=marks, sign_on=sign_on, network=RANGES)
    return Install(declare(lambda: SignOnCluster("platform-sign-on", args)))


def policies(*installs: Install) -> list[Json]:
    """The NetworkPolicies of several installs."""
    return [dict(one.inputs) for made in installs for one in made.resources if one.type.endswith(":NetworkPolicy")]
