"""The real engine and generated passwords: made once, kept encrypted, and made anew when somebody says so."""

from __future__ import annotations

import re
from base64 import b64decode

from components.pipelines.metadata import SERVER
from tenantry.kube import Kube
from tenantry.pipelines import words
from tests.sandbox.project import Project
from tests.sandbox.test_plugins_engine import engine, project, stand_ins, template
from tests.sandbox.waiting import until

__all__ = ["engine", "project", "stand_ins", "template"]

PROGRAM = """\
from components.metadata import Marks
from components.pipelines import Pipelines, PipelinesArgs
from tenantry.api_server import Way
from tenantry.tenant_spec import PipelinesSpec

Pipelines(
    "pipelines",
    PipelinesArgs(
        marks=Marks(tenant="NAMESPACE", annotations={}),
        tenant="NAMESPACE",
        namespace="NAMESPACE",
        pipelines=PipelinesSpec(artifact_retention_days=30, max_parallel_runs=4),
        api_server=(Way("10.96.0.1/32", 443), Way("10.0.0.10/32", 6443)),
        protect=False,
    ),
)
"""


def passwords(kube: Kube, namespace: str) -> dict[str, str]:
    """What the Secrets hold, by key."""
    found = (kube.get("v1", "Secret", name, namespace) for name in (words.DATABASE_SECRET, words.STORE_SECRET))
    return {key: b64decode(value).decode() for secret in found if secret for key, value in secret["data"].items()}


def generations(kube: Kube, namespace: str) -> dict[str, int]:
    """How often each Deployment was changed."""
    found = kube.list("apps/v1", "Deployment", namespace)
    return {item["metadata"]["name"]: item["metadata"]["generation"] for item in found}


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

    before = generations(kube, namespace)
    again = project.up("--refresh")
    assert "created" not in again
    assert "updated" not in again
    assert "replaced" not in again
    assert (passwords(kube, namespace), generations(kube, namespace)) == (first, before)

    kube.delete("v1", "Secret", words.DATABASE_SECRET, namespace)
    assert until(lambda: kube.get("v1", "Secret", words.DATABASE_SECRET, namespace) is None)
    project.up("--refresh")
    second = passwords(kube, namespace)
    assert second["secretkey"] == first["secretkey"]
    assert re.fullmatch("[A-Za-z0-9]{32}", second["password"])
    assert second["password"] != first["password"]
    assert second["password"] not in stored(project)
    after = generations(kube, namespace)
    assert {name for name in after if after[name] != before[name]} == {words.DATABASE, words.API, SERVER}
