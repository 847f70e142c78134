"""Definitions of other projects' kinds: the table, and files that hold something else."""

from __future__ import annotations

from pathlib import Path

import pytest

from tenantry.errors import InputError
from tenantry.sandbox.definitions import TABLE, sources
from tenantry.sandbox.kinds import KINDS, Kind, permissive

KIND = Kind("kueue.x-k8s.io", "ClusterQueue", "clusterqueues", ("v1beta2", "v1beta1"), namespaced=False)


def test_no_kind_is_in_the_table_twice() -> None:
    assert len({kind.name for kind in KINDS}) == len(KINDS)
    assert len(set(TABLE)) == len(TABLE)


def test_a_permissive_definition_whole() -> None:
    schema = {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}}
    common = {"served": True, "schema": schema, "subresources": {"status": {}}}
    assert permissive(KIND) == {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "clusterqueues.kueue.x-k8s.io"},
        "spec": {
            "group": "kueue.x-k8s.io",
            "names": {
                "kind": "ClusterQueue",
                "listKind": "ClusterQueueList",
                "plural": "clusterqueues",
                "singular": "clusterqueue",
            },
            "scope": "Cluster",
            "versions": [
                {"name": "v1beta2", "storage": True, **common},
                {"name": "v1beta1", "storage": False, **common},
            ],
        },
    }


def test_a_folder_s_files_are_found_and_others_left_out(tmp_path: Path) -> None:
    for name in ("b.yaml", "a.yml", "c.json", "README.md"):
        (tmp_path / name).write_text("{}")
    assert [one.path.name for one in sources(tmp_path)] == ["a.yml", "b.yaml", "c.json"]


@pytest.mark.parametrize("name", ["", "missing"])
def test_a_folder_without_definitions_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="it holds no definitions"):
        sources(tmp_path / name)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ("kind: Deployment\n", "it holds something else than a CustomResourceDefinition"),
        ("- a\n", "it holds something else than a CustomResourceDefinition"),
        ("a: [\n", "it cannot be read"),
    ],
)
def test_a_file_that_is_no_definition_is_refused(content: str, what: str, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(content)
    [source] = sources(tmp_path)
    with pytest.raises(InputError, match=what):
        list(source.definitions())
