"""The client against a real API server: certificates, strict fields, managers, deletion."""

from __future__ import annotations

from pathlib import Path

import pytest

from tenantry.kube import Json, Kube, KubeError, UnreachableError
from tenantry.sandbox.control_plane import Sandbox


def config_map(namespace: str, **data: str) -> Json:
    metadata = {"name": "a", "namespace": namespace, "labels": {"l": "1"}}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": data}


def test_applying_merges_by_manager_and_prunes(kube: Kube, namespace: str) -> None:
    kube.apply(config_map(namespace, a="1", b="2"), "one")
    kube.apply(config_map(namespace, c="3"), "two")

    assert kube.apply(config_map(namespace, a="1"), "one")["data"] == {"a": "1", "c": "3"}


def test_a_conflict_names_manager_and_field(kube: Kube, namespace: str) -> None:
    kube.apply(config_map(namespace, a="1"), "one")

    with pytest.raises(KubeError, match='conflict with "one"') as refused:
        kube.apply(config_map(namespace, a="2"), "two")
    assert refused.value.reason == "Conflict"
    assert [cause["field"] for cause in refused.value.details["causes"]] == [".data.a"]
    assert kube.apply(config_map(namespace, a="2"), "two", force=True)["data"] == {"a": "2"}


def test_a_rehearsal_leaves_nothing_and_a_misspelt_field_is_refused(kube: Kube, namespace: str) -> None:
    assert kube.apply(config_map(namespace, a="1"), "one", dry_run=True)["data"] == {"a": "1"}
    assert kube.get("v1", "ConfigMap", "a", namespace) is None
    for write in (kube.apply, kube.create):
        with pytest.raises(KubeError, match="dataa"):
            write(config_map(namespace) | {"dataa": {}}, "one")


def test_creating_what_is_there_is_refused(kube: Kube, namespace: str) -> None:
    kube.create(config_map(namespace), "one")

    with pytest.raises(KubeError) as refused:
        kube.create(config_map(namespace), "one")
    assert refused.value.reason == "AlreadyExists"


def test_lists_and_deletions(kube: Kube, namespace: str) -> None:
    made = kube.apply(config_map(namespace, a="1"), "one")

    assert [found["metadata"]["name"] for found in kube.list("v1", "ConfigMap", namespace, labels="l=1")] == ["a"]
    assert kube.list("v1", "ConfigMap", namespace, labels="l=2") == []
    with pytest.raises(KubeError) as refused:
        kube.delete("v1", "ConfigMap", "a", namespace, uid="another")
    assert refused.value.reason == "Conflict"
    uid = made["metadata"]["uid"]
    assert kube.delete("v1", "ConfigMap", "a", namespace, propagation="Background", uid=uid)
    assert not kube.delete("v1", "ConfigMap", "a", namespace)


def test_kinds_without_namespaces_ignore_one(kube: Kube, namespace: str) -> None:
    found = kube.get("v1", "Namespace", namespace, "whatever")

    assert found
    assert found["kind"] == "Namespace"


def test_another_authoritys_certificate_is_not_trusted(sandbox: Sandbox, tmp_path: Path) -> None:
    lines = sandbox.kubeconfig.read_text().splitlines()
    (tmp_path / "config").write_text("\n".join(line for line in lines if "certificate-authority" not in line))

    with pytest.raises(UnreachableError, match="CERTIFICATE_VERIFY_FAILED"):
        Kube.from_kubeconfig(tmp_path / "config").raw("GET", "/version")
