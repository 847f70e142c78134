"""YAML that no parser can misread."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from ruamel.yaml import YAML

from tenantry.render import render_stack
from tenantry.render.manifests import file_name, is_object, manifest, stream

ROOT = Path(__file__).parents[2]

TRICKY = [
    *("yes", "No", "ON", "off", "y", "N", "true", "False", "null", "Null", "~", ""),
    *("0777", "0x1F", "1e3", "1_000", "12:30:00", "1.5", ".5", ".inf", ".nan", "-", "=", "<<", "2026-01-01"),
    *("#comment", "a: b", "a #b", "- a", "{a}", "[a]", "&a", "*a", "!a", "%a", "@a", "`a`", "|", ">", "'", '"'),
    *(" leading", "trailing ", "two\nlines", "tab\there", "ünïcode", "\u2028", "plain", "ml-vision@example.com"),
]


@pytest.mark.parametrize("text", TRICKY)
def test_a_string_stays_that_string_in_yaml_1_1_and_1_2(text: str) -> None:
    item = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": {"key": text}}
    written = stream([item])
    assert yaml.safe_load(written) == item
    assert YAML(typ="safe", pure=True).load(written) == item


@pytest.mark.parametrize("text", ["y", "N", "yes", "Off", "null", "1e3", "12:30:00"])
def test_what_only_readers_in_other_languages_misread_is_quoted_too(text: str) -> None:
    # Go's YAML, and so kubectl, takes y for a truth value and 1e3 for a number; PyYAML does not.
    assert stream([{"a": text}]) == f'---\na: "{text}"\n'


def test_the_same_value_twice_is_written_twice() -> None:
    shared = ["get"]
    assert "&" not in stream([{"a": shared, "b": shared}])


def test_a_manifest_starts_with_what_it_is() -> None:
    inputs: dict[str, Any] = {"spec": {}, "metadata": {}, "kind": "A", "data": {}, "apiVersion": "v1"}
    assert list(manifest(inputs)) == ["apiVersion", "kind", "metadata", "data", "spec"]


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        ("kubernetes:core/v1:Namespace", True),
        ("kubernetes:kueue.x-k8s.io/v1beta2:ClusterQueue", True),
        ("kubernetes:rbac.authorization.k8s.io/v1:Role", True),
        ("pulumi:providers:kubernetes", False),
        ("kubernetes:helm.sh/v3:Release", False),
        ("kubernetes:yaml/v2:ConfigFile", False),
        ("tenantry:tenant:Quota", False),
        ("aws:s3/bucket:Bucket", False),
    ],
)
def test_what_is_an_object_of_the_cluster(token: str, *, expected: bool) -> None:
    assert is_object(token) is expected


def test_files_are_named_after_their_object() -> None:
    assert file_name({"kind": "Namespace", "metadata": {"name": "vision"}}) == "namespace.vision.yaml"
    binding = {"kind": "RoleBinding", "metadata": {"name": "a:b", "namespace": "vision"}}
    assert file_name(binding) == "rolebinding.vision.a_b.yaml"


def test_files_and_stream_hold_the_same_objects() -> None:
    rendered = render_stack(ROOT, "vision.sandbox")
    objects = rendered.objects()
    files = rendered.to_files()
    assert len(files) == len(objects) > 10
    assert [yaml.safe_load(text) for text in files.values()] == objects
    assert list(yaml.safe_load_all(rendered.to_yaml())) == objects
    namespaced = [place for place, item in enumerate(objects) if "namespace" in item["metadata"]]
    assert [item["kind"] for item in objects].index("Namespace") < min(namespaced)


def test_definitions_are_spelled_as_the_api_server_does_and_other_objects_as_they_are() -> None:
    schema = {"x_kubernetes_preserve_unknown_fields": True, "x_other": [{"x_kubernetes_list_type": "map"}]}
    spec = {"versions": [{"schema": schema}]}
    assert manifest({"kind": "CustomResourceDefinition", "spec": spec})["spec"] == {
        "versions": [
            {"schema": {"x-kubernetes-preserve-unknown-fields": True, "x_other": [{"x-kubernetes-list-type": "map"}]}}
        ]
    }
    assert manifest({"kind": "ConfigMap", "spec": spec})["spec"] == spec
