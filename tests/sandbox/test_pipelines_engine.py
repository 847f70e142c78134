"""The real engine and generated passwords: made once, kept encrypted, and made anew when somebody says so."""

from __future__ import annotations

import json
from base64 import b64decode

from tenantry.kube import Kube
from tenantry.pipelines import words
from tests.sandbox.project import Project
from tests.sandbox.test_plugins_engine import engine, project, stand_ins
from tests.sandbox.waiting import until

__all__ = ["engine", "project", "stand_ins"]

PROGRAM = """\
from components.metadata import Marks
from components.pipelines import Pipelines, PipelinesArgs
from tenantry.environment import ClusterNetworkSpec
from tenantry.tenant_spec import PipelinesSpec

Pipelines(
    "pipelines",
    PipelinesArgs(
        marks=Marks(tenant="NAMESPACE", annotations={}),
        tenant="NAMESPACE",
        namespace="NAMESPACE",
        pipelines=PipelinesSpec(artifact_retention_days=30, max_parallel_runs=4),
        network=ClusterNetworkSpec(pods="10.244.0.0/16", services="10.96.0.0/16", nodes="10.0.0.0/16"),
        protect=False,
    ),
)
"""


def passwords(kube: Kube, namespace: str) -> dict[str, str]:
    """What the Secrets hold, by key."""
    found = (kube.get("v1", "Secret", name, namespace) for name in (words.DATABASE_SECRET, words.STORE_SECRET))
    return {key: b64decode(value).decode() for secret in found if secret for key, value in secret["data"].items()}


def stored(project: Project) -> str:
    """All that the state holds, as text."""
    return "".join(path.read_text() for path in (project.root / "state").rglob("*.json*"))


def test_passwords_stay_until_somebody_wants_others(project: Project, kube: Kube, namespace: str) -> None:
    project.program(PROGRAM.replace("NAMESPACE", namespace))
    said = project.up()
    first = passwords(kube, namespace)
    assert {key: len(value) for key, value in first.items()} == {
        "username": 9,
        "password": 32,
        "root-password": 32,
        "accesskey": 9,
        "secretkey": 32,
    }
    hidden = [value for value in first.values() if len(value) == 32]
    assert len(set(hidden)) == 3
    assert not [value for value in hidden if value in stored(project) or value in said]

    assert "unchanged" in project.up()
    steps = {name: step for name, step in project.preview().items() if step["op"] != "same"}
    assert steps == {}, "nothing changes by itself"
    project.run("refresh", "--yes")
    project.up()
    assert passwords(kube, namespace) == first, "not after a refresh either"

    kube.delete("v1", "Secret", words.DATABASE_SECRET, namespace)
    assert until(lambda: kube.get("v1", "Secret", words.DATABASE_SECRET, namespace) is None)
    project.run("refresh", "--yes")
    steps = {name: step for name, step in project.preview().items() if step["op"] != "same"}
    assert {name: step["op"] for name, step in steps.items()} == {
        "pipelines-mysql-secret": "create",
        "pipelines-mysql": "update",
        "pipelines-metadata-grpc-deployment": "update",
        "pipelines-ml-pipeline": "update",
    }
    project.up()
    second = passwords(kube, namespace)
    assert second["secretkey"] == first["secretkey"]
    assert second["password"] not in {"", first["password"]}
    assert second["password"] not in json.dumps(stored(project))
