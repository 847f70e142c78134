"""The stand-in provider against a real API server: what it writes, what it refuses, what it tells the engine."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from tenantry.errors import PlatformError
from tenantry.kube import Json, Kube, KubeError, UnreachableError
from tenantry.sandbox.control_plane import Sandbox
from tenantry.sandbox.plugins.protocol import CallError
from tenantry.sandbox.plugins.resource_kubernetes.waiting import TIMEOUT
from tests.sandbox.provider import Driver, Known, kept
from tests.sandbox.waiting import until

CONFIG_MAP = "kubernetes:core/v1:ConfigMap"
LIMITS = "kubernetes:core/v1:LimitRange"
NAMESPACE = "kubernetes:core/v1:Namespace"
DEPLOYMENT = "kubernetes:apps/v1:Deployment"


@pytest.fixture
def driver(sandbox: Sandbox) -> Driver:
    return Driver(sandbox.kubeconfig)


@pytest.fixture
def fresh(kube: Kube) -> Iterator[str]:
    """Name of a namespace that nobody has made yet."""
    name = f"fresh-{uuid.uuid4().hex[:8]}"
    yield name
    kube.delete("v1", "Namespace", name, propagation="Background")


def config_map(namespace: str, name: str = "a", **data: str) -> Json:
    return {"metadata": {"name": name, "namespace": namespace}, "data": data or {"k": "v"}}


def live(kube: Kube, namespace: str, name: str = "a", kind: str = "ConfigMap") -> Json:
    found = kube.get("v1", kind, name, namespace)
    assert found
    return found


def foreign(kube: Kube, namespace: str, name: str = "a", **data: str) -> None:
    """An object that somebody else applied."""
    kube.apply({"apiVersion": "v1", "kind": "ConfigMap"} | config_map(namespace, name, **data), "somebody")


def test_what_is_created_is_there_and_the_state_knows_it(driver: Driver, kube: Kube, namespace: str) -> None:
    known = driver.create(CONFIG_MAP, "one", config_map(namespace))

    assert known.id == f"{namespace}/a"
    assert live(kube, namespace)["data"] == {"k": "v"} == known.state["data"]
    assert known.state["metadata"]["uid"] == live(kube, namespace)["metadata"]["uid"]
    assert "managedFields" not in known.state["metadata"]
    assert not driver.diff(known, known.inputs).detailedDiff


def test_a_preview_writes_nothing_and_knows_the_servers_defaults(driver: Driver, kube: Kube, namespace: str) -> None:
    spec = {"limits": [{"type": "Container", "default": {"cpu": "1000m"}}]}
    state = driver.preview_create(LIMITS, "one", {"metadata": {"name": "a", "namespace": namespace}, "spec": spec})

    # The server adds the request that a limit implies.
    assert state["spec"]["limits"][0]["defaultRequest"] == {"cpu": "1"}
    assert kube.get("v1", "LimitRange", "a", namespace) is None


@pytest.mark.parametrize(
    "missing", [False, True], ids=["in its namespace", "where the namespace comes in the same run"]
)
def test_a_misspelt_field_is_refused_in_the_preview(
    driver: Driver, namespace: str, fresh: str, *, missing: bool
) -> None:
    inputs = config_map(fresh if missing else namespace) | {"dataa": {"k": "v"}}

    with pytest.raises(KubeError, match=r'unknown field "dataa"'):
        driver.preview_create(CONFIG_MAP, "one", inputs)


def test_a_wrong_value_is_refused_in_the_preview(driver: Driver, fresh: str) -> None:
    inputs = config_map(fresh) | {"data": {"no/slash": "v"}}

    with pytest.raises(KubeError, match="no/slash"):
        driver.preview_create(CONFIG_MAP, "one", inputs)


def test_a_preview_in_a_namespace_to_come_passes(driver: Driver, kube: Kube, fresh: str) -> None:
    assert driver.preview_create(CONFIG_MAP, "one", config_map(fresh))["data"] == {"k": "v"}
    assert kube.get("v1", "Namespace", fresh) is None


def test_an_unknown_kind_is_refused_with_a_way_out(driver: Driver, namespace: str) -> None:
    inputs = {"metadata": {"name": "a", "namespace": namespace}}

    with pytest.raises(ValueError, match=r"serves no Thing of example\.io/v1.* Is its definition installed"):
        driver.check("kubernetes:example.io/v1:Thing", "one", inputs)


def test_a_kind_that_the_program_defines_itself_passes_and_then_works(
    driver: Driver, kube: Kube, namespace: str
) -> None:
    group = f"g{uuid.uuid4().hex[:8]}.example.io"
    schema = {"openAPIV3Schema": {"type": "object", "x_kubernetes_preserve_unknown_fields": True}}
    definition: Json = {
        "metadata": {"name": f"things.{group}"},
        "spec": {
            "group": group,
            "scope": "Namespaced",
            "names": {"plural": "things", "kind": "Thing"},
            "versions": [{"name": "v1", "served": True, "storage": True, "schema": schema}],
        },
    }
    token, thing = f"kubernetes:{group}/v1:Thing", {"metadata": {"name": "a", "namespace": namespace}, "any": 1}
    crd = "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition"

    driver.preview_create(crd, "definition", definition)
    assert driver.preview_create(token, "thing", thing)["any"] == 1
    known = driver.create(crd, "definition", definition)
    made = driver.create(token, "thing", thing)

    assert made.id == f"{namespace}/a"
    schema_back = known.state["spec"]["versions"][0]["schema"]["openAPIV3Schema"]
    assert schema_back["x_kubernetes_preserve_unknown_fields"] is True
    driver.delete(known)
    driver.delete(made)
    assert driver.read(made) is None


def test_an_edit_changes_the_object_in_place_and_prunes_what_is_gone(
    driver: Driver, kube: Kube, namespace: str
) -> None:
    driver = Driver(driver.kubeconfig, {"enableConfigMapMutable": "true"})
    known = driver.create(CONFIG_MAP, "one", config_map(namespace, a="1", b="2"))
    kube.apply({"apiVersion": "v1", "kind": "ConfigMap"} | config_map(namespace, c="theirs"), "somebody")
    inputs = known.inputs | {"data": {"a": "3"}}

    difference = driver.diff(known, inputs)
    assert {place: change.kind for place, change in difference.detailedDiff.items()} == {"data.a": 4, "data.b": 2}
    assert not difference.replaces
    preview = driver.update(known, inputs, preview=True)
    assert live(kube, namespace)["data"] == {"a": "1", "b": "2", "c": "theirs"}
    after = driver.update(known, inputs)

    assert live(kube, namespace)["data"] == {"a": "3", "c": "theirs"} == preview.state["data"] == after.state["data"]
    assert live(kube, namespace)["metadata"]["uid"] == known.state["metadata"]["uid"]


def test_a_new_name_and_new_data_replace(driver: Driver, namespace: str) -> None:
    known = driver.create(CONFIG_MAP, "one", config_map(namespace))

    renamed = driver.diff(known, config_map(namespace, "b") | {"apiVersion": "v1", "kind": "ConfigMap"})
    assert (list(renamed.replaces), renamed.deleteBeforeReplace) == (["metadata.name"], False)
    changed = driver.diff(known, known.inputs | {"data": {"k": "w"}})
    assert (list(changed.replaces), changed.deleteBeforeReplace) == (["data.k"], True)


def test_a_foreign_field_is_a_conflict_and_force_is_said_out_loud(driver: Driver, kube: Kube, namespace: str) -> None:
    driver = Driver(driver.kubeconfig, {"enableConfigMapMutable": "true"})
    known = driver.create(CONFIG_MAP, "one", config_map(namespace, k="ours"))
    forced = {"apiVersion": "v1", "kind": "ConfigMap"} | config_map(namespace, k="theirs")
    kube.apply(forced, "somebody", force=True)
    inputs = known.inputs | {"data": {"k": "new"}}

    for preview in (True, False):
        with pytest.raises(PlatformError, match=r'conflict with "somebody".*\.data\.k.*pulumi\.com/patchForce'):
            driver.update(known, inputs, preview=preview)
    assert live(kube, namespace)["data"] == {"k": "theirs"}

    metadata = inputs["metadata"] | {"annotations": {"pulumi.com/patchForce": "true"}}
    driver.update(known, inputs | {"metadata": metadata})
    assert live(kube, namespace)["data"] == {"k": "new"}


def test_somebody_elses_object_is_refused_in_preview_and_up(driver: Driver, kube: Kube, namespace: str) -> None:
    foreign(kube, namespace, k="theirs")

    for attempt in (driver.preview_create, driver.create):
        with pytest.raises(
            PlatformError, match=rf"there already.*pulumi import {CONFIG_MAP} one {namespace}/a -s test\.sandbox"
        ):
            attempt(CONFIG_MAP, "one", config_map(namespace))
    assert live(kube, namespace)["data"] == {"k": "theirs"}
    upserting = Driver(driver.kubeconfig, {"upsertExistingObjects": "true"})
    upserting.create(CONFIG_MAP, "one", config_map(namespace, other="ours"))
    assert live(kube, namespace)["data"] == {"k": "theirs", "other": "ours"}


def test_the_namespace_of_somebody_else_is_refused(driver: Driver, namespace: str) -> None:
    with pytest.raises(PlatformError, match=rf'Namespace "{namespace}" is there already'):
        driver.create(NAMESPACE, "one", {"metadata": {"name": namespace}})


def test_its_own_object_is_adopted_after_a_kill_before_the_checkpoint(
    driver: Driver, kube: Kube, namespace: str
) -> None:
    first = driver.create(CONFIG_MAP, "one", config_map(namespace))

    assert driver.preview_create(CONFIG_MAP, "one", config_map(namespace))["data"] == {"k": "v"}
    again = driver.create(CONFIG_MAP, "one", config_map(namespace))

    assert again.id == first.id
    assert again.state["metadata"]["uid"] == first.state["metadata"]["uid"]
    with pytest.raises(PlatformError, match="Give it an alias of its old name"):
        driver.create(CONFIG_MAP, "renamed", config_map(namespace))


def in_force(kube: Kube, namespace: str) -> Json:
    quota = kube.get("v1", "ResourceQuota", "a", namespace)
    assert quota
    return dict(quota.get("status", {}).get("hard", {}))


def test_a_refresh_sees_drift_and_nothing_else(driver: Driver, kube: Kube, namespace: str) -> None:
    spec: Json = {"hard": {"requests.cpu": "1000m", "pods": "5"}}
    inputs: Json = {"metadata": {"name": "a", "namespace": namespace}, "spec": spec}
    known = driver.create("kubernetes:core/v1:ResourceQuota", "one", inputs)

    same = driver.read(known)
    assert same
    assert same.inputs == known.inputs
    quota = {
        "apiVersion": "v1",
        "kind": "ResourceQuota",
        "metadata": inputs["metadata"],
        "spec": {"hard": {"pods": "9"}},
    }
    kube.apply(quota, "admin", force=True)
    # A quota that its controller has not seen yet is read as one that is not ready.
    assert until(lambda: in_force(kube, namespace).get("pods") == "9")
    drifted = driver.read(known)
    assert drifted
    assert drifted.inputs["spec"]["hard"] == {"requests.cpu": "1000m", "pods": "9"}
    assert list(driver.diff(drifted, known.inputs).detailedDiff) == ["spec.hard.pods"]


def test_what_somebody_deleted_is_gone_and_what_does_not_answer_is_not(
    driver: Driver, kube: Kube, namespace: str, tmp_path: Any
) -> None:
    known = driver.create(CONFIG_MAP, "one", config_map(namespace))
    text = driver.kubeconfig.read_text().replace(kube.access.server, "https://127.0.0.1:1")
    (tmp_path / "config").write_text(text)
    unreachable = Driver(tmp_path / "config")

    for attempt in (unreachable.read, unreachable.delete):
        with pytest.raises(UnreachableError, match="does not answer"):
            attempt(known)
    with pytest.raises(UnreachableError):
        unreachable.check(CONFIG_MAP, "one", known.inputs)
    kube.delete("v1", "ConfigMap", "a", namespace, propagation="Background")
    assert driver.read(known) is None


def test_an_import_yields_what_a_program_would_say(driver: Driver, kube: Kube, namespace: str) -> None:
    foreign(kube, namespace, k="v")

    found = driver.read(Known(CONFIG_MAP, "one", f"{namespace}/a", {}, {}))
    assert found
    assert found.inputs == {"apiVersion": "v1", "kind": "ConfigMap"} | config_map(namespace)
    found_namespace = driver.read(Known(NAMESPACE, "ns", namespace, {}, {}))
    assert found_namespace
    assert found_namespace.inputs == {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}}


def test_a_delete_waits_until_it_is_gone_and_twice_is_once(driver: Driver, kube: Kube, fresh: str) -> None:
    known = driver.create(NAMESPACE, "one", {"metadata": {"name": fresh}})
    driver.create(CONFIG_MAP, "two", config_map(fresh))

    driver.delete(known)

    assert kube.get("v1", "Namespace", fresh) is None
    driver.delete(known)


def test_what_holds_a_deletion_is_named_and_an_object_to_be_gone_is_not_taken_for_ours(
    driver: Driver, kube: Kube, namespace: str
) -> None:
    held = config_map(namespace) | {
        "metadata": {"name": "a", "namespace": namespace, "finalizers": ["example.io/keep"]}
    }
    known = driver.create(CONFIG_MAP, "one", held)

    with pytest.raises(
        PlatformError, match=r"is being deleted, but not within 0\.5 s: its finalizers are example\.io/keep"
    ):
        driver.delete(known, timeout=0.5)
    with pytest.raises(PlatformError, match="Clear what holds the old one, then run again"):
        driver.create(CONFIG_MAP, "one", config_map(namespace), timeout=0.5)
    assert driver.preview_create(CONFIG_MAP, "one", config_map(namespace))["data"] == {"k": "v"}

    path = kube.path("v1", "ConfigMap", "a", namespace)
    body: Json = {"metadata": {"finalizers": None}}
    kube.raw("PATCH", path, body=body, content_type="application/merge-patch+json")
    assert driver.create(CONFIG_MAP, "one", config_map(namespace)).id == known.id


def deployment(namespace: str, name: str = "a", **annotations: str) -> Json:
    labels = {"app": name}
    container = {"name": "c", "image": "example.invalid/none", "resources": {"requests": {"cpu": "10000"}}}
    return {
        "metadata": {"name": name, "namespace": namespace, "annotations": annotations},
        "spec": {
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": {"containers": [container]}},
        },
    }


def test_an_object_that_is_not_ready_in_time_is_kept_with_the_reason(driver: Driver, namespace: str) -> None:
    # The scheduler's reason comes when it comes: the limit grows until it was long enough.
    for attempt in range(8):
        name, limit = f"a-{attempt}", 1.5 * 2**attempt
        wanted = deployment(namespace, name=name)
        with pytest.raises(CallError, match=rf"not within {limit:g} s: 0 of 1 replicas are available") as late:
            driver.create(DEPLOYMENT, name, wanted, timeout=limit)
        if "Insufficient cpu" in str(late.value):
            break
    assert "Insufficient cpu" in str(late.value)

    detail = kept(late.value)
    assert detail.id == f"{namespace}/{name}"
    assert detail.properties.fields["metadata"].struct_value.fields["uid"].string_value
    assert list(detail.reasons) == [str(late.value)]


def test_waiting_can_be_skipped(driver: Driver, namespace: str) -> None:
    assert driver.create(DEPLOYMENT, "one", deployment(namespace, **{"pulumi.com/skipAwait": "true"})).id


def test_a_cancel_ends_the_wait_and_keeps_the_object(driver: Driver, kube: Kube, namespace: str) -> None:
    failures: list[CallError] = []

    def create() -> None:
        try:
            driver.create(DEPLOYMENT, "one", deployment(namespace))
        except CallError as error:
            failures.append(error)

    thread = threading.Thread(target=create)
    thread.start()
    while kube.get("apps/v1", "Deployment", "a", namespace) is None:
        pass
    driver.provider.stop()
    thread.join(TIMEOUT)

    [error] = failures
    assert "the run was cancelled" in str(error)
    assert kept(error).id == f"{namespace}/a"


def test_secrets_stay_secret(driver: Driver, namespace: str) -> None:
    inputs = {"apiVersion": "v1", "kind": "Secret"} | {"metadata": {"name": "a", "namespace": namespace}}
    labels: Json = {"labels": {"l": "hush"}}
    inputs = inputs | {"stringData": {"a": "hush"}, "metadata": {"name": "a", "namespace": namespace} | labels}

    secrets = driver.create_secret("one", inputs, [("metadata", "labels", "l")])

    assert {("data",), ("metadata", "labels", "l")} <= secrets
    assert {("__inputs", "stringData"), ("__inputs", "metadata", "labels", "l")} <= secrets


def test_the_default_namespace_is_the_contexts_unless_set(driver: Driver, namespace: str) -> None:
    inputs: Json = {"metadata": {"name": "a"}}
    other = Driver(driver.kubeconfig, {"namespace": namespace})

    assert driver.check(CONFIG_MAP, "one", inputs)["metadata"]["namespace"] == "default"
    assert other.check(CONFIG_MAP, "one", inputs)["metadata"]["namespace"] == namespace
    assert "namespace" not in other.check(NAMESPACE, "one", inputs)["metadata"]


def test_what_the_stand_in_lacks_is_refused_when_configured(sandbox: Sandbox) -> None:
    with pytest.raises(PlatformError, match=r"renderYamlToDirectory is set\. This is Tenantry's stand-in"):
        Driver(sandbox.kubeconfig, {"renderYamlToDirectory": "out"})
    with pytest.raises(PlatformError, match="enableServerSideApply is false"):
        Driver(sandbox.kubeconfig, {"enableServerSideApply": "false"})
    with pytest.raises(PlatformError, match='has no context "prod"'):
        Driver(sandbox.kubeconfig, {"context": "prod"})
