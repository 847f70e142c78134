"""`tenantry verify` on a live cluster: all well, real work, and any one guard taken away or weakened by hand."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

import pytest

from tenantry import names
from tenantry.catalog import load_catalog
from tenantry.cli import main
from tenantry.environment import EnvironmentSpec
from tenantry.kube import Json, Kube
from tenantry.render import RenderedStack, render_stacks
from tenantry.sandbox.control_plane import Sandbox
from tenantry.verify.check import Check
from tenantry.verify.place import Cluster, connect, look
from tenantry.verify.plan import PROBES, plan
from tenantry.verify.run import run
from tenantry.verify.work import LABEL, left
from tests.sandbox.running import running
from tests.sandbox.waiting import until

ROOT = Path(__file__).parents[2]
TENANT = "nlp"
MANAGER = "tests"


@cache
def rendered() -> dict[str, RenderedStack]:
    """What the demo's platform and one of its tenants render to."""
    stacks = [f"{owner}.sandbox" for owner in (names.PLATFORM, TENANT)]
    return dict(zip((names.PLATFORM, TENANT), render_stacks(ROOT, stacks), strict=True))


def guards() -> dict[str, Json]:
    """Every object of theirs that can go without all of the tenant's going, by its check's name."""
    return {
        f"{owner}/object/{item['kind']}/{item['metadata']['name']}": item
        for owner, stack in rendered().items()
        for item in stack.objects()
        if item["kind"] != "Namespace"
    }


@pytest.fixture(scope="module")
def box(
    tmp_path_factory: pytest.TempPathFactory, environment: EnvironmentSpec, programs: Mapping[str, Path]
) -> Iterator[Sandbox]:
    """A sandbox of our own: what is taken away there would be missed by others."""
    with running(tmp_path_factory.mktemp("verify"), environment, programs) as box:
        yield box


@pytest.fixture(scope="module")
def cluster(box: Sandbox, environment: EnvironmentSpec) -> Cluster:
    """The platform and one tenant, as the program renders them."""
    kube = connect(ROOT, environment, box.kubeconfig)
    for stack in rendered().values():
        for item in stack.objects():
            kube.apply(item, MANAGER)
    made = look(ROOT, load_catalog(ROOT), "sandbox", (TENANT,), kube)
    assert until(lambda: not broken(plan(made))), broken(plan(made))
    return made


def broken(checks: Sequence[Check]) -> dict[str, str]:
    """What does not hold, with the reason."""
    return {result.name: result.message for result in run(checks) if result.outcome != "passed"}


def delete(kube: Kube, item: Json) -> None:
    metadata = item["metadata"]
    address = item["apiVersion"], item["kind"], metadata["name"], metadata.get("namespace")
    kube.delete(*address)
    assert until(lambda: kube.get(*address) is None)


def within(checks: Sequence[Check], prefix: str) -> list[Check]:
    return [check for check in checks if check.name.startswith(prefix)]


@pytest.fixture(scope="module")
def checks(cluster: Cluster) -> list[Check]:
    """Every check that only looks."""
    return plan(cluster)


@pytest.mark.parametrize("name", guards())
def test_a_guard_that_was_deleted_is_named_and_no_other(cluster: Cluster, checks: list[Check], name: str) -> None:
    item = guards()[name]
    delete(cluster.kube, item)
    try:
        found = broken(within(checks, f"{name.rpartition('/')[0]}/"))
        assert list(found) == [name]
        assert "is not in the cluster" in found[name]
    finally:
        cluster.kube.apply(item, MANAGER)


@pytest.mark.parametrize("guard", sorted({probe.guard for probe in PROBES if not (probe.words or probe.optional)}))
def test_a_rule_that_is_no_longer_bound_is_noticed_by_what_it_admits(
    cluster: Cluster, checks: list[Check], guard: str
) -> None:
    item = guards()[f"{names.PLATFORM}/object/ValidatingAdmissionPolicyBinding/tenantry-{guard}"]
    mine = within(checks, f"{TENANT}/admission/{guard}")
    assert until(lambda: not broken(mine)), broken(mine)
    delete(cluster.kube, item)
    try:
        assert until(lambda: broken(mine)), f"{guard} is gone, and nothing was admitted"
    finally:
        cluster.kube.apply(item, MANAGER)


def patch(kube: Kube, path: str, change: Json) -> None:
    kube.raw("PATCH", path, body=change, content_type="application/merge-patch+json")


ADMISSION = "/apis/admissionregistration.k8s.io/v1"
RBAC = "/apis/rbac.authorization.k8s.io/v1"
RULE = {"apiGroups": [""], "resources": ["secrets"], "verbs": ["get"]}
EDITS: dict[str, tuple[str, Json]] = {
    "nlp/object/Namespace/nlp": (
        "/api/v1/namespaces/nlp",
        {"metadata": {"labels": {"pod-security.kubernetes.io/enforce": "privileged"}}},
    ),
    "nlp/object/ResourceQuota/tenant": (
        "/api/v1/namespaces/nlp/resourcequotas/tenant",
        {"spec": {"hard": {"pods": "5000"}}},
    ),
    "nlp/object/NetworkPolicy/default-deny": (
        "/apis/networking.k8s.io/v1/namespaces/nlp/networkpolicies/default-deny",
        {"spec": {"podSelector": {"matchLabels": {"nobody": "has"}}}},
    ),
    "nlp/object/Role/viewer": (f"{RBAC}/namespaces/nlp/roles/viewer", {"rules": [RULE]}),
    "platform/object/ValidatingAdmissionPolicy/tenantry-pod-images": (
        f"{ADMISSION}/validatingadmissionpolicies/tenantry-pod-images",
        {"spec": {"matchConditions": [{"name": "never", "expression": "false"}]}},
    ),
    "platform/object/ValidatingAdmissionPolicyBinding/tenantry-pod-images": (
        f"{ADMISSION}/validatingadmissionpolicybindings/tenantry-pod-images",
        {"spec": {"validationActions": ["Audit"]}},
    ),
}
"""By the check that must notice: an edit that leaves the guard there, and makes it worthless."""


@pytest.mark.parametrize("name", EDITS)
def test_a_guard_that_was_weakened_is_named(cluster: Cluster, checks: list[Check], name: str) -> None:
    path, change = EDITS[name]
    before = cluster.kube.raw("GET", path)
    patch(cluster.kube, path, change)
    try:
        found = broken(within(checks, name))
        assert "differs: " in found[name]
    finally:
        # Whole, so that what was added goes again.
        before["metadata"]["resourceVersion"] = cluster.kube.raw("GET", path)["metadata"]["resourceVersion"]
        cluster.kube.raw("PUT", path, body=before)


@pytest.fixture
def stranger(cluster: Cluster) -> Iterator[Json]:
    """A binding that no file grants."""
    item = {
        "apiVersion": RBAC.removeprefix("/apis/"),
        "kind": "RoleBinding",
        "metadata": {"name": "by-hand", "namespace": TENANT},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "admin"},
        "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "Group", "name": "ml-nlp"}],
    }
    cluster.kube.create(item, MANAGER)
    yield item
    delete(cluster.kube, item)


def test_a_binding_by_hand_is_seen_by_who_holds_what_and_by_what_they_may(cluster: Cluster, stranger: Json) -> None:
    identity = "admin:ml-nlp"
    assert until(lambda: broken(within(plan(cluster), f"{TENANT}/access/{identity}/roles")))
    found = broken(within(plan(cluster), f"{TENANT}/access/{identity}"))
    assert {f"{TENANT}/access/{identity}/{concern}" for concern in ("roles", "impersonation")} <= found.keys()
    [message] = broken(within(plan(cluster), f"{TENANT}/access/bindings")).values()
    assert "ml-nlp has ClusterRole/admin in nlp: cluster only" in message


def call(capsys: pytest.CaptureFixture[str], box: Sandbox, *arguments: str) -> tuple[int, str]:
    """Exit code and stdout of a verb on our sandbox."""
    capsys.readouterr()
    with pytest.raises(SystemExit) as left_with:
        main((*arguments, "--root", str(ROOT), "--kubeconfig", str(box.kubeconfig)))
    assert isinstance(left_with.value.code, int)
    return left_with.value.code, capsys.readouterr().out


def test_access_agrees_while_nobody_meddles(cluster: Cluster, box: Sandbox, capsys: pytest.CaptureFixture[str]) -> None:
    code, out = call(capsys, box, "access", "--tenant", TENANT, "--output", "json")
    assert {grant["agreement"] for grant in json.loads(out)["grants"]} == {"agreed"}
    assert code == 0


def test_access_shows_a_binding_by_hand(
    cluster: Cluster, box: Sandbox, stranger: Json, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out = call(capsys, box, "access", "--tenant", TENANT, "--output", "json")
    found = [grant for grant in json.loads(out)["grants"] if grant["agreement"] != "agreed"]
    assert [(one["subject"]["name"], one["role"], one["binding"], one["agreement"]) for one in found] == [
        ("ml-nlp", "ClusterRole/admin", "RoleBinding/by-hand", "cluster only")
    ]
    assert code == 3


def test_the_verb_reports_and_leaves_with_what_it_found(
    cluster: Cluster, box: Sandbox, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out = call(capsys, box, "verify", TENANT, "--output", "json")
    report = json.loads(out)
    assert (code, report["counts"]["failed"], report["counts"]["error"]) == (0, 0, 0)
    assert {check["name"].partition("/")[0] for check in report["checks"]} == {names.PLATFORM, TENANT}
    item = guards()[f"{TENANT}/object/NetworkPolicy/dns"]
    delete(cluster.kube, item)
    try:
        code, out = call(capsys, box, "verify", TENANT, "--output", "junit")
        assert code == 3
        [failed] = [case for case in ET.fromstring(out).iter("testcase") if list(case)]
        assert (failed.get("classname"), failed.get("name")) == (TENANT, "object/NetworkPolicy/dns")
    finally:
        cluster.kube.apply(item, MANAGER)


def test_a_network_policy_by_hand_is_named(cluster: Cluster, checks: list[Check]) -> None:
    item = {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": "open", "namespace": TENANT},
        "spec": {"podSelector": {}, "egress": [{}], "policyTypes": ["Egress"]},
    }
    mine = within(checks, f"{TENANT}/network/")
    assert broken(mine) == {}
    cluster.kube.create(item, MANAGER)
    try:
        [message] = broken(mine).values()
        assert message.startswith("NetworkPolicy nlp/open is in no file.")
    finally:
        delete(cluster.kube, item)


def test_real_work_is_done_and_nothing_is_left(cluster: Cluster) -> None:
    work = within(plan(cluster, full=True), f"{TENANT}/work/")
    assert [check.name.rpartition("/")[2] for check in work] == ["objects", "deployment", "refused-template"]
    leftover = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "of-a-killed-run", "namespace": TENANT, "labels": {LABEL: "of-a-killed-run"}},
    }
    cluster.kube.create(leftover, MANAGER)
    assert until(lambda: not broken(work)), broken(work)
    assert left(cluster.kube, TENANT) == []


def test_a_template_that_would_pass_is_noticed_by_the_pod_it_gets(cluster: Cluster) -> None:
    item = guards()[f"{names.PLATFORM}/object/ValidatingAdmissionPolicyBinding/tenantry-pod-tolerations"]
    work = within(plan(cluster, full=True), f"{TENANT}/work/refused-template")
    delete(cluster.kube, item)
    try:
        assert until(lambda: broken(work))
    finally:
        cluster.kube.apply(item, MANAGER)
    assert left(cluster.kube, TENANT) == []
