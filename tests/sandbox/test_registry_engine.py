"""The real engine and the registry's passwords: made once, and made anew with exactly the parts that use them."""

from __future__ import annotations

from base64 import b64decode

from tenantry.kube import Kube
from tenantry.registry import words
from tests.sandbox.project import Project
from tests.sandbox.test_pipelines_engine import generations, stored
from tests.sandbox.test_plugins_engine import engine, project, stand_ins, template
from tests.sandbox.waiting import until

__all__ = ["engine", "project", "stand_ins", "template"]

PROGRAM = """\
from components.metadata import Marks
from components.registry import Registry, RegistryArgs

Registry(
    "registry",
    RegistryArgs(
        marks=Marks(tenant="NAMESPACE", annotations={}), tenant="NAMESPACE", namespace="NAMESPACE", protect=False
    ),
)
"""


def passwords(kube: Kube, namespace: str) -> dict[str, str]:
    """What the Secret holds, by key."""
    secret = kube.get("v1", "Secret", words.DATABASE, namespace) or {"data": {}}
    return {key: b64decode(value).decode() for key, value in secret["data"].items()}


def test_passwords_stay_until_somebody_wants_others(project: Project, kube: Kube, namespace: str) -> None:
    project.program(PROGRAM.replace("NAMESPACE", namespace))
    said = project.up()
    first = passwords(kube, namespace)
    assert {key: len(value) for key, value in first.items()} == {"username": 6, "password": 32, "root-password": 32}
    hidden = {first["password"], first["root-password"]}
    assert len(hidden) == 2
    assert not [value for value in hidden if value in stored(project) or value in said]

    before = generations(kube, namespace)
    project.up("--refresh")
    assert (passwords(kube, namespace), generations(kube, namespace)) == (first, before)

    kube.delete("v1", "Secret", words.DATABASE, namespace)
    assert until(lambda: kube.get("v1", "Secret", words.DATABASE, namespace) is None)
    project.up("--refresh")
    second = passwords(kube, namespace)
    assert not hidden & {second["password"], second["root-password"]}
    after = generations(kube, namespace)
    assert {name for name in after if after[name] != before[name]} == {words.SERVER, words.DATABASE}
