"""The real engine and a door: made once, left alone by the next run, and the key of its cookies made anew on demand."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterator

import pytest

from tenantry import names
from tenantry.kube import Json, Kube
from tests.sandbox.project import Project
from tests.sandbox.test_plugins_engine import engine, project, stand_ins, template
from tests.sandbox.waiting import until

__all__ = ["engine", "project", "stand_ins", "template"]

PROGRAM = """\
import pulumi

from components.metadata import Marks
from components.sign_on import SignOn, SignOnArgs
from components.sign_on_cluster import SignOnCluster, SignOnClusterArgs
from tenantry.environment import ClusterNetworkSpec
from tenantry.sign_on.upstreams import UPSTREAMS
from tests.unit.sign_on.settings import SIGN_ON

marks = Marks(tenant="NAMESPACE", annotations={})
network = ClusterNetworkSpec(pods="10.244.0.0/16", services="10.96.0.0/16", nodes="10.0.0.0/16")
platform = Marks(tenant="platform", annotations={})
shared = SignOnCluster("shared", SignOnClusterArgs(marks=platform, sign_on=SIGN_ON, network=network))
SignOn(
    "door",
    SignOnArgs(
        marks=marks,
        tenant="NAMESPACE",
        namespace="NAMESPACE",
        sign_on=SIGN_ON,
        network=network,
        groups=("ml-vision",),
        behind={f"{one.service}.example.com": one for one in UPSTREAMS},
    ),
    pulumi.ResourceOptions(depends_on=[shared]),
)
"""
PLACE = names.SIGN_ON_NAMESPACE


@pytest.fixture
def gone(kube: Kube, project: Project) -> Iterator[None]:
    """Every test of the proxies' namespace finds none, and leaves none."""
    yield
    project.run("destroy", "--yes", "--skip-preview")
    assert until(lambda: kube.get("v1", "Namespace", PLACE) is None)


def found(kube: Kube, api_version: str, kind: str, name: str) -> Json:
    live = kube.get(api_version, kind, name, PLACE)
    assert live
    return live


@pytest.mark.usefixtures("gone")
def test_a_door_stays_until_somebody_wants_another_key(project: Project, kube: Kube, namespace: str) -> None:
    project.program(PROGRAM.replace("NAMESPACE", namespace))
    said = project.up()
    first = found(kube, "v1", "Secret", namespace)["data"]["cookie-secret"]
    stored = "".join(path.read_text() for path in (project.root / "state").rglob("*.json*"))
    assert len(b64decode(first)) == 32
    for text in (said, stored):
        assert b64decode(first).decode() not in text
        assert first not in text
    before = found(kube, "apps/v1", "Deployment", namespace)["metadata"]["generation"]

    again = project.up("--refresh")
    assert not [word for word in ("created", "updated", "replaced", "deleted") if word in again]
    assert found(kube, "v1", "Secret", namespace)["data"]["cookie-secret"] == first

    kube.delete("v1", "Secret", namespace, PLACE)
    assert until(lambda: kube.get("v1", "Secret", namespace, PLACE) is None)
    project.up("--refresh")
    assert found(kube, "v1", "Secret", namespace)["data"]["cookie-secret"] != first
    assert found(kube, "apps/v1", "Deployment", namespace)["metadata"]["generation"] > before
