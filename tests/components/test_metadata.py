"""Every object says whose it is, where it comes from and whom to call."""

from __future__ import annotations

import re

from components import metadata
from components.metadata import Marks
from components.tenant import Tenant, TenantArgs
from tenantry.catalog import EffectiveTenant
from tenantry.render import RenderedStack
from tests.components.conftest import Declare

LABEL_VALUE = re.compile(r"([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?")
"""What Kubernetes accepts as the value of a label."""

OWNER = {
    "tenantry.dev/source": "tenants/vision/tenant.yaml",
    "tenantry.dev/team": "Computer Vision",
    "tenantry.dev/email": "ml-vision@example.com",
    "tenantry.dev/on-call": "vision-primary",
    "tenantry.dev/cost-center": "CC-1042",
}


def test_marks_of_a_tenant_are_its_owner_and_its_file(vision: EffectiveTenant) -> None:
    assert metadata.of_tenant(vision) == Marks(tenant="vision", annotations=OWNER)


def test_marks_of_the_platform_name_the_environments_file(vision: EffectiveTenant) -> None:
    source = {"tenantry.dev/source": "infra/environments/sandbox.yaml"}
    assert metadata.of_platform(vision.environment) == Marks(tenant="platform", annotations=source)


def test_no_label_of_a_component_hides_the_owners(marks: Marks) -> None:
    made = marks.meta("quota", "tenant", labels={"tenantry.dev/tenant": "other", "more": "yes"})
    assert made.labels == {
        "tenantry.dev/tenant": "vision",
        "tenantry.dev/component": "quota",
        "app.kubernetes.io/managed-by": "tenantry",
        "more": "yes",
    }


def test_every_object_of_a_tenant_carries_them(declare: Declare, vision: EffectiveTenant) -> None:
    resources = declare(lambda: Tenant("vision", TenantArgs(tenant=vision)))
    objects = RenderedStack("vision.sandbox", resources, {}).objects()
    assert len(objects) > 10
    for item in objects:
        own = item["metadata"]["labels"]["tenantry.dev/component"] == "model"
        # A model has a file of its own, and says more.
        source = {"tenantry.dev/source": "tenants/vision/models/defect-detector.yaml"} if own else {}
        assert item["metadata"]["annotations"].items() >= {**OWNER, **source}.items()
        assert own or item["metadata"]["annotations"] == OWNER
        labels = item["metadata"]["labels"]
        assert labels["tenantry.dev/tenant"] == "vision"
        assert labels["app.kubernetes.io/managed-by"] == "tenantry"
        assert all(LABEL_VALUE.fullmatch(value) for value in labels.values())


def test_the_component_label_is_the_word_of_the_layer(declare: Declare, vision: EffectiveTenant) -> None:
    resources = declare(lambda: Tenant("vision", TenantArgs(tenant=vision)))
    for resource in resources:
        if resource.type.startswith("kubernetes:"):
            concern = resource.parent.rpartition("::")[0].rpartition(":")[2].lower()
            assert resource.inputs["metadata"]["labels"]["tenantry.dev/component"] == concern
