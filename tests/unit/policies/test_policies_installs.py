"""What an install may have that nothing else may, and the dangerous neighbour of each."""

from __future__ import annotations

from typing import Any

import pytest

from tenantry.environment import ApiServerSpec
from tenantry.policies.openings import Opening, openings
from tenantry.policies.ownership import CLUSTER_KINDS
from tenantry.versions import PIPELINES, PIPELINES_VERSION
from tests.unit.policies.scene import NLP, Scene, pod, sentences

NETWORKING = "networking.k8s.io/v1"
RBAC = "rbac.authorization.k8s.io"
PARTS = {"matchLabels": {"tenantry.dev/component": "pipelines", "tenantry.dev/tenant": "vision"}}
STEPS = {"matchLabels": {"pipelines.kubeflow.org/v2_component": "true"}}
SERVICE = {"to": [{"ipBlock": {"cidr": "10.96.0.1/32"}}], "ports": [{"protocol": "TCP", "port": 443}]}
NODES = {"to": [{"ipBlock": {"cidr": "10.0.0.0/16"}}], "ports": [{"protocol": "TCP", "port": 6443}]}


def opened(scene: Scene, selector: dict[str, Any], *rules: dict[str, Any], **spec: Any) -> list[str]:
    """Rules that one policy more breaks."""
    egress = {"podSelector": selector, "policyTypes": ["Egress"], "egress": list(rules)}
    scene.add("NetworkPolicy", "more", NETWORKING, spec={**egress, **spec})
    return scene.broken()


def test_the_way_to_the_api_server_is_for_pods_of_pipelines() -> None:
    for selector in (PARTS, STEPS):
        assert opened(Scene(), selector, SERVICE, NODES) == []


@pytest.mark.parametrize(
    ("selector", "rule", "spec", "broken"),
    [
        pytest.param({}, NODES, {}, "TEN-NET-003 TEN-NET-005", id="every-pod"),
        pytest.param({"matchLabels": {"app": "spy"}}, SERVICE, {}, "TEN-NET-002 TEN-NET-005", id="another-label"),
        pytest.param(
            {"matchLabels": {"tenantry.dev/component": "pipelines"}}, NODES, {},
            "TEN-NET-002 TEN-NET-005", id="without-the-tenant",
        ),
        pytest.param(
            PARTS, {**NODES, "ports": [{"protocol": "TCP", "port": 10250}]}, {},
            "TEN-NET-002 TEN-NET-003 TEN-NET-005", id="kubelets",
        ),
        pytest.param(
            STEPS, {**NODES, "ports": [{"protocol": "TCP", "port": 6443, "endPort": 10250}]}, {},
            "TEN-NET-002 TEN-NET-003 TEN-NET-005", id="a-range-of-ports",
        ),
        pytest.param(STEPS, {"to": NODES["to"]}, {}, "TEN-NET-002 TEN-NET-003 TEN-NET-005", id="every-port"),
        pytest.param(STEPS, {"ports": NODES["ports"]}, {}, "TEN-NET-002 TEN-NET-003", id="everywhere"),
        pytest.param(
            PARTS, {**SERVICE, "to": [{"ipBlock": {"cidr": "10.96.0.0/16"}}]}, {},
            "TEN-NET-002 TEN-NET-003 TEN-NET-005", id="every-service",
        ),
        pytest.param(PARTS, SERVICE, {"ingress": [{}]}, "TEN-NET-002 TEN-NET-003 TEN-NET-005", id="let-in"),
    ],
)  # fmt: skip
def test_no_other_way_and_no_other_pods(
    selector: dict[str, Any], rule: dict[str, Any], spec: dict[str, Any], broken: str
) -> None:
    if spec:
        spec = {**spec, "policyTypes": ["Ingress", "Egress"]}
    assert opened(Scene(), selector, rule, **spec) == broken.split()


def test_who_has_no_pipelines_has_no_opening() -> None:
    scene = Scene()
    assert scene.tenant
    assert [one.who for one in openings(scene.tenant)] == ["a part of Pipelines", "a step of a run"]
    scene.configure(pipelines=False)
    assert openings(scene.tenant) == ()
    assert {"TEN-NET-002", "TEN-NET-005"} <= set(scene.broken())


def test_an_api_server_that_is_told_is_the_only_one() -> None:
    scene = Scene()
    assert scene.tenant
    told = ApiServerSpec(cidrs=("10.0.0.10/32",), port=6443)
    scene.environment(cluster=scene.tenant.environment.cluster.model_copy(update={"api_server": told}))
    assert {"TEN-NET-002", "TEN-NET-003", "TEN-NET-005"} <= set(scene.broken()), "rendered for any of the nodes"
    for name in ("pipelines-parts", "pipelines-steps", "serving-operator"):
        one = {"to": [{"ipBlock": {"cidr": "10.0.0.10/32"}}], "ports": [{"protocol": "TCP", "port": 6443}]}
        scene.get("NetworkPolicy", name)["spec"]["egress"] = [SERVICE, one]
    servers = [{"ipBlock": {"cidr": cidr}} for cidr in ("10.96.0.1/32", "10.0.0.10/32")]
    scene.get("NetworkPolicy", "serving-webhook")["spec"]["ingress"][0]["from"] = servers
    assert scene.broken() == []


def test_a_pipelines_that_cannot_reach_the_api_server_is_told() -> None:
    scene = Scene()
    scene.remove("NetworkPolicy", "pipelines-steps")
    found = sentences(scene.check(), "TEN-NET-003")
    assert "a step of a run cannot reach the API server by 10.96.0.1/32 on 443/TCP" in found
    assert [one for one in found if one.startswith("a part")] == []


def test_an_opening_holds_only_what_it_lists() -> None:
    opening = Opening("one", {"a": "b"}, ())
    assert not opening.opened_by(
        {"podSelector": {"matchLabels": {"a": "b"}}, "policyTypes": ["Egress"], "egress": [{}]}
    )


def runner(scene: Scene, component: str, group: str, resource: str, verb: str) -> list[str]:
    """What a service account of a component is told that may do one thing."""
    rules = [{"apiGroups": [group], "resources": [resource], "verbs": [verb]}]
    scene.add("Role", "runner", f"{RBAC}/v1", rules=rules)
    who = [{"kind": "ServiceAccount", "name": "runner", "namespace": "vision"}]
    reference = {"apiGroup": RBAC, "kind": "Role", "name": "runner"}
    binding = scene.add("RoleBinding", "runner", f"{RBAC}/v1", roleRef=reference, subjects=who)
    binding["metadata"]["labels"]["tenantry.dev/component"] = component
    return sentences(scene.check(), "TEN-ACC-007")


def test_only_pipelines_writes_what_runs_are_made_of() -> None:
    assert runner(Scene(), "pipelines", "argoproj.io", "workflows", "create") == []
    [found] = runner(Scene(), "access", "argoproj.io", "workflows", "create")
    assert found == "RoleBinding vision/runner: lets a service account create workflows.argoproj.io"


@pytest.mark.parametrize(
    ("group", "resource"),
    [("apps", "daemonsets"), ("argoproj.io", "clusterworkflowtemplates"), ("policy", "podsecuritypolicies")],
)
def test_pipelines_writes_nothing_else(group: str, resource: str) -> None:
    [found] = runner(Scene(), "pipelines", group, resource, "create")
    assert f"create {resource}.{group}" in found


def test_a_binding_waits_for_guards_and_not_for_what_an_install_brings() -> None:
    scene = Scene()
    scene.replace("RoleBinding", "admin", parent="", dependencies=())
    waited = {one.rpartition("the ")[2] for one in sentences(scene.check(), "TEN-ORD-001")}
    assert {"ConfigMap vision/tenantry-guard", "NetworkPolicy vision/default-deny"} <= waited
    assert not [one for one in waited if "pipelines" in one or "kfp" in one]
    assert len([one for one in waited if one.startswith("ConfigMap")]) == 1


def image(name: str) -> dict[str, Any]:
    return {"template": {"spec": pod(image=name)}}


def test_images_of_a_release_go_by_their_tags() -> None:
    released = PIPELINES[PIPELINES_VERSION].images["mysql"]
    scene = Scene()
    scene.add("Deployment", "tool", "apps/v1", spec=image(released))
    assert scene.broken() == []
    scene.add("Deployment", "other", "apps/v1", spec=image(f"{released}.1"))
    assert scene.broken() == ["TEN-POD-002"]


def test_in_a_tier_of_digests_they_do_not() -> None:
    scene = Scene()
    assert scene.tenant
    tiers = scene.tenant.environment.tiers
    strict = tiers["standard"].model_copy(update={"image_digests": True})
    scene.environment(tiers={**tiers, "standard": strict})
    found = sentences(scene.check(), "TEN-POD-002")
    assert "Deployment vision/mysql: the image docker.io/library/mysql:8.4 is not named by digest" in found


@pytest.mark.parametrize(("stack", "right", "wrong"), [("vision.sandbox", "412", "413"), (NLP, "100", "101")])
def test_above_the_tier_there_is_room_for_installs_alone(stack: str, right: str, wrong: str) -> None:
    scene = Scene(stack)
    limits = scene.get("ResourceQuota", "tenant")["spec"]["hard"]
    limits["pods"] = right
    assert scene.broken() == []
    limits["pods"] = wrong
    [found] = sentences(scene.check(), "TEN-QUO-003")
    assert found.startswith(f"pods is {wrong}, and the tier ")


@pytest.mark.parametrize("name", ["serving-operator", "serving-webhook", "serving-models"])
def test_what_serving_opens_is_open_word_for_word(name: str) -> None:
    """A port more, or a peer, and it is a policy like any other."""
    scene = Scene()
    assert scene.broken() == []
    spec = scene.get("NetworkPolicy", name)["spec"]
    [key] = {"ingress", "egress"} & spec.keys()
    spec[key][0]["ports"].append({"protocol": "TCP", "port": 22})
    assert "TEN-NET-002" in scene.broken()


def test_a_webhook_has_the_tenants_own_name_or_is_nobodys() -> None:
    scene = Scene()
    assert scene.tenant
    assert CLUSTER_KINDS["ValidatingWebhookConfiguration"]("vision").endswith("-configuration-vision")
