"""Rules on the door, on a rendered stack with single sign-on: every way to leave it open is found."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from components.platform import Platform, PlatformArgs
from components.tenant import Tenant, TenantArgs
from tenantry import hosts
from tenantry.effective import EffectiveTenant
from tenantry.policies import check
from tenantry.policies.sign_on import FLAGS, OPTIONAL
from tenantry.render import Resource
from tenantry.render.program import Program
from tests.unit.policies.scene import PLATFORM, ROOT, VISION, Scene, sentences, tenant
from tests.unit.sign_on.settings import SIGN_ON

NAMESPACE = "tenantry-sign-on"
INTO = "sign-on-pipelines"


@cache
def vision() -> EffectiveTenant:
    """The example team where the environment has single sign-on."""
    team = tenant(VISION)
    assert team
    return replace(team, environment=team.environment.model_copy(update={"sign_on": SIGN_ON}))


@cache
def declared() -> tuple[Resource, ...]:
    def main() -> None:
        Tenant("vision", TenantArgs(tenant=vision()))

    with Program(ROOT) as program:
        return program.run(main, VISION, {}).resources


class Door(Scene):
    """The team's stack with its door, to be edited."""

    def __init__(self) -> None:
        super().__init__()
        self.tenant = vision()
        self.resources = list(copy.deepcopy(declared()))

    def found(self, rule: str) -> list[str]:
        return sentences(self.check(), rule)

    @property
    def proxies(self) -> Any:
        return self.get("Deployment", "vision")["spec"]["template"]["spec"]["containers"]

    @property
    def arguments(self) -> list[str]:
        told: list[str] = self.proxies[0]["args"]
        return told


@pytest.fixture
def door() -> Door:
    return Door()


def test_a_stack_with_its_door_breaks_no_rule(door: Door) -> None:
    assert [str(violation) for violation in door.check()] == []
    assert {"Ingress", "Deployment"} <= {one.inputs.get("kind") for one in door.resources}


def test_nor_does_the_platforms() -> None:
    environment = vision().environment

    def main() -> None:
        Platform("platform", PlatformArgs(environment=environment))

    with Program(ROOT) as program:
        resources = program.run(main, PLATFORM, {}).resources
    assert [str(violation) for violation in check(PLATFORM, resources, None)] == []
    assert NAMESPACE in {one.inputs["metadata"]["name"] for one in resources if one.inputs.get("kind") == "Namespace"}


def test_another_teams_group_is_found(door: Door) -> None:
    door.arguments.append("--allowed-group=ml-nlp")
    assert door.found("TEN-SSO-001") == [f"Deployment {NAMESPACE}/vision: the proxy pipelines lets in ml-nlp"]


def test_so_are_the_teams_own_viewers(door: Door) -> None:
    door.arguments.append("--allowed-group=ml-all")
    assert door.found("TEN-SSO-001") == [f"Deployment {NAMESPACE}/vision: the proxy pipelines lets in ml-all"]


def test_and_whom_the_file_names_no_more(door: Door) -> None:
    """The rule goes by the tenant's file, and not by what was rendered of it."""
    door.configure(lifecycle="frozen")
    assert door.found("TEN-SSO-001") == [
        f"Deployment {NAMESPACE}/vision: the proxy {name} lets in ml-vision" for name in hosts.hosts(vision())
    ]


def test_a_door_for_everybody_is_found(door: Door) -> None:
    door.arguments[:] = [one for one in door.arguments if not one.startswith("--allowed-group")]
    found = door.found("TEN-SSO-001")
    assert f"Deployment {NAMESPACE}/vision: the proxy pipelines lets in everybody: it has no allowed-group" in found


@pytest.mark.parametrize(
    ("argument", "says"),
    [
        ("--skip-auth-route=^/apis", "has the argument skip-auth-route"),
        ("--trusted-ip=10.0.0.0/8", "has the argument trusted-ip"),
        ("--client-secret=hunter2", "has the argument client-secret"),
        ("--config=/etc/more.cfg", "has the argument config"),
        ("--cookie-secure=false", "has false, true for cookie-secure, not true"),
        ("--insecure-oidc-skip-nonce=true", "has false, true for insecure-oidc-skip-nonce, not false"),
    ],
)
def test_whatever_else_may_let_people_past_is_found(door: Door, argument: str, says: str) -> None:
    door.arguments.append(argument)
    assert door.found("TEN-SSO-001") == [f"Deployment {NAMESPACE}/vision: the proxy pipelines {says}"]


@pytest.mark.parametrize("name", sorted(FLAGS.keys() - OPTIONAL))
def test_no_argument_may_be_missing(door: Door, name: str) -> None:
    door.arguments[:] = [one for one in door.arguments if not one.startswith(f"--{name}=")]
    assert f"the proxy pipelines lacks the argument {name}" in " ".join(door.found("TEN-SSO-001"))


def test_a_variable_is_a_second_place_for_settings(door: Door) -> None:
    door.proxies[0]["env"] = [{"name": "OAUTH2_PROXY_SKIP_AUTH_ROUTES", "value": ".*"}]
    [found] = door.found("TEN-SSO-001")
    assert found.endswith("the proxy pipelines takes settings from its environment")


def test_a_host_that_leads_past_its_proxy_is_found(door: Door) -> None:
    host = "pipelines.vision.ml.sandbox.test"
    backend = {"service": {"name": "ml-pipeline-ui", "port": {"number": 80}}}
    rule = {"host": host, "http": {"paths": [{"path": "/", "pathType": "Prefix", "backend": backend}]}}
    door.add("Ingress", "shortcut", "networking.k8s.io/v1", spec={"rules": [rule]})
    assert door.found("TEN-SSO-002") == [
        f"Ingress vision/shortcut: leads {host} to vision/ml-pipeline-ui, past its proxy"
    ]


def test_one_proxy_in_anothers_place_is_found(door: Door) -> None:
    [path] = door.get("Ingress", "vision")["spec"]["rules"][0]["http"]["paths"]
    path["backend"]["service"]["port"]["name"] = "registry"
    assert len(door.found("TEN-SSO-002")) == 1


def policy(door: Door, name: str) -> Any:
    return door.get("NetworkPolicy", name)["spec"]


NETWORK: dict[str, tuple[Callable[[Door], object], str]] = {
    "closed": (lambda door: door.remove("NetworkPolicy", INTO), "the tenant's own proxy cannot reach ml-pipeline-ui"),
    "everybody comes in": (
        lambda door: policy(door, INTO)["ingress"].append({"from": []}),
        "another tenant's proxy can reach ml-pipeline-ui on 1/TCP",
    ),
    "every proxy comes in": (
        lambda door: policy(door, INTO)["ingress"][0]["from"][0].pop("podSelector"),
        "another tenant's proxy can reach ml-pipeline-ui on 3000/TCP",
    ),
    "the controller comes in": (
        lambda door: policy(door, INTO)["ingress"][0]["from"].append(
            {
                "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "ingress-nginx"}},
                "podSelector": {"matchLabels": {"app.kubernetes.io/name": "ingress-nginx"}},
            }
        ),
        "the ingress controller can reach ml-pipeline-ui on 3000/TCP",
    ),
    "out to every team": (
        lambda door: policy(door, "vision")["egress"][0]["to"][0].update(
            namespaceSelector={}, podSelector={"matchLabels": {"app": "ml-pipeline-ui"}}
        ),
        "the tenant's own proxy can reach another tenant's",
    ),
    "out to everything": (
        lambda door: policy(door, "vision")["egress"].append({}),
        "the tenant's own proxy can reach another tenant's ml-pipeline-ui on 1/TCP",
    ),
    "in to every pod": (
        lambda door: (
            policy(door, INTO).update(podSelector={}),
            policy(door, "vision")["egress"][0]["to"][0].update(podSelector={}),
        ),
        "the tenant's own proxy can reach any other pod of the tenant's on 3000/TCP",
    ),
}


@pytest.mark.parametrize(("edit", "says"), NETWORK.values(), ids=NETWORK)
def test_every_way_past_the_proxy_is_found(door: Door, edit: Callable[[Door], object], says: str) -> None:
    edit(door)
    assert any(one.startswith(says) for one in door.found("TEN-SSO-003")), door.found("TEN-SSO-003")


@pytest.mark.parametrize("name", ["nlp", "tenantry-sign-on", "vision-2"])
def test_in_the_shared_namespace_everything_bears_the_tenants_name(door: Door, name: str) -> None:
    door.get("Ingress", "vision")["metadata"]["name"] = name
    assert door.found("TEN-OWN-002") == [f"Ingress {NAMESPACE}/{name}: is not named vision"]


def test_no_other_namespace_is_shared(door: Door) -> None:
    door.get("Ingress", "vision")["metadata"]["namespace"] = "tenantry-system"
    assert door.found("TEN-OWN-002") == ["Ingress tenantry-system/vision: is in the namespace tenantry-system"]
