"""The namespace holds its pods to `restricted`, and is not lost by accident."""

from __future__ import annotations

import pytest

from components.metadata import Marks
from components.namespace import Namespace, NamespaceArgs, is_protected
from tenantry.environment import ClusterSpec
from tests.components.conftest import Declare

SANDBOX = ClusterSpec(kind="sandbox", context="x")
EXISTING = ClusterSpec(kind="existing", context="x")


def test_the_namespace_is_restricted_and_named_as_told(declare: Declare, marks: Marks) -> None:
    args = NamespaceArgs(marks=marks, name="vision", tier="standard", lifecycle="frozen", protect=True)
    component, namespace = declare(lambda: Namespace("vision-namespace", args))
    assert component.type == "tenantry:tenant:Namespace"
    assert namespace.parent == component.urn
    assert namespace.protect
    assert namespace.inputs["metadata"] == {
        "name": "vision",
        "annotations": {"tenantry.dev/source": "tenants/vision/tenant.yaml"},
        "labels": {
            "app.kubernetes.io/managed-by": "tenantry",
            "pod-security.kubernetes.io/audit": "restricted",
            "pod-security.kubernetes.io/audit-version": "latest",
            "pod-security.kubernetes.io/enforce": "restricted",
            "pod-security.kubernetes.io/enforce-version": "latest",
            "pod-security.kubernetes.io/warn": "restricted",
            "pod-security.kubernetes.io/warn-version": "latest",
            "seldon.io/controller-id": "vision",
            "tenantry.dev/component": "namespace",
            "tenantry.dev/lifecycle": "frozen",
            "tenantry.dev/tenant": "vision",
            "tenantry.dev/tier": "standard",
        },
    }


@pytest.mark.parametrize(
    ("cluster", "lifecycle", "protected"),
    [
        (EXISTING, "active", True),
        (EXISTING, "frozen", True),
        (EXISTING, "offboarding", False),
        (SANDBOX, "active", False),
    ],
)
def test_only_offboarding_and_the_sandbox_let_a_namespace_go(
    cluster: ClusterSpec, lifecycle: str, *, protected: bool
) -> None:
    assert is_protected(cluster, lifecycle) is protected  # type: ignore[arg-type]  # a literal, from the table
