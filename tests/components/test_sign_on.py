"""A team's door: whom it lets in, what it is told, and that it is told no secret."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from components.access import members
from components.metadata import Marks
from components.platform import Platform, PlatformArgs
from components.tenant import Tenant, TenantArgs
from tenantry import names
from tenantry.catalog import EffectiveTenant
from tenantry.hosts import hosts
from tenantry.sign_on.admitted import admitted
from tenantry.sign_on.arguments import FOLDERS
from tests.components.conftest import Declare
from tests.components.doors import GROUPS, behind, door
from tests.components.pipelines import Install
from tests.unit.sign_on.settings import SIGN_ON

FLAGS = Path(__file__).parents[1] / "captured/oauth2-proxy-7.15.3-flags.txt"
PIPELINES = [
    "--provider=oidc",
    "--oidc-issuer-url=https://idp.example.com/realms/ml",
    "--oidc-groups-claim=groups",
    "--client-id=tenantry",
    "--client-secret-file=/etc/sign-on/client/client-secret",
    "--scope=openid email groups",
    "--code-challenge-method=S256",
    "--insecure-oidc-skip-nonce=false",
    "--redirect-url=https://pipelines.vision.ml.sandbox.test/oauth2/callback",
    "--skip-provider-button=true",
    "--email-domain=*",
    "--http-address=0.0.0.0:4180",
    "--upstream=http://ml-pipeline-ui.vision.svc.cluster.local:80/",
    "--reverse-proxy=true",
    "--allowed-group=ml-vision",
    "--allowed-group=ml-vision-leads",
    "--trusted-proxy-ip=10.244.0.0/16",
    "--trusted-proxy-ip=10.0.0.0/16",
    "--cookie-name=__Host-tenantry",
    "--cookie-secret-file=/etc/sign-on/cookie/cookie-secret",
    "--cookie-secure=true",
    "--cookie-httponly=true",
    "--cookie-samesite=lax",
    "--cookie-csrf-per-request=true",
    "--cookie-csrf-per-request-limit=8",
    "--cookie-expire=8h",
    "--session-cookie-minimal=true",
    "--pass-basic-auth=false",
    "--silence-ping-logging=true",
]


@pytest.fixture
def made(declare: Declare, marks: Marks) -> Install:
    return door(declare, marks)


def containers(made: Install) -> dict[str, Any]:
    return {one["name"]: one for one in made.pod("vision")["containers"]}


def test_the_whole_of_what_a_proxy_is_told(made: Install) -> None:
    assert containers(made)["pipelines"]["args"] == PIPELINES


def test_the_proxy_knows_every_argument_and_gets_no_variable(made: Install) -> None:
    """A flag that it does not know ends it at its start; a variable would be a second place for settings."""
    known = dict(line.split() for line in FLAGS.read_text().splitlines() if not line.startswith("#"))
    for container in containers(made).values():
        assert "env" not in container
        assert "envFrom" not in container
        for argument in container["args"]:
            name, _, value = argument.removeprefix("--").partition("=")
            assert name in known, name
            assert known[name] != "Bool" or value in {"true", "false"}, argument


def test_a_door_for_nobody_is_refused(declare: Declare, marks: Marks) -> None:
    with pytest.raises(Exception, match="would let in everybody"):
        door(declare, marks, groups=())


@pytest.mark.parametrize("phase", ["active", "frozen", "offboarding"])
def test_whoever_may_run_workloads_may_come_in(vision: EffectiveTenant, phase: str) -> None:
    spec = vision.spec.model_copy(update={"lifecycle": phase})
    assert admitted(spec) == members(spec.access, spec.lifecycle).get("developer", ())
    assert not set(admitted(spec)) & set(spec.access.viewers)


def test_no_secret_is_in_what_is_declared(made: Install) -> None:
    [(name, secret)] = made.of("Secret").items()
    assert (name, secret["data"]) == ("vision", {"cookie-secret": "REDACTED"})
    assert secret["immutable"] is True


def test_only_the_proxies_see_the_secret_of_the_client(made: Install) -> None:
    """It is mounted where the platform's namespace has it, and made by nobody here."""
    sources = {one["name"]: one["secret"]["secretName"] for one in made.pod("vision")["volumes"]}
    assert sources == {"client-secret": "tenantry-sign-on", "cookie-secret": "vision"}
    assert made.of("Deployment")["vision"]["metadata"]["namespace"] == "tenantry-sign-on"
    for container in containers(made).values():
        assert {one["name"]: one["mountPath"] for one in container["volumeMounts"]} == FOLDERS
        assert all(one["readOnly"] for one in container["volumeMounts"])


def test_an_authority_of_ones_own_lies_beside_the_secret(declare: Declare, marks: Marks) -> None:
    made = door(declare, marks, sign_on=SIGN_ON.model_copy(update={"private_ca": True}))
    file = "--provider-ca-file=/etc/sign-on/client/ca.crt"
    assert set(containers(made)["pipelines"]["args"]) - set(PIPELINES) == {file}
    [client] = [one for one in made.pod("vision")["volumes"] if one["name"] == "client-secret"]
    assert [one["key"] for one in client["secret"]["items"]] == ["client-secret", "ca.crt"]


def test_everything_beside_the_proxies_bears_the_tenants_name(made: Install) -> None:
    """Two teams' stacks write into that namespace, and no object may be both's."""
    beside = [one for one in made.resources if one.inputs.get("metadata", {}).get("namespace") == "tenantry-sign-on"]
    assert {one.type.rpartition(":")[2] for one in beside} == {
        "Deployment",
        "Ingress",
        "NetworkPolicy",
        "Secret",
        "Service",
    }
    assert {one.inputs["metadata"]["name"] for one in beside} == {"vision"}
    assert len(beside) == 5


def test_pods_are_restricted_and_call_nobody(made: Install) -> None:
    pod = made.pod("vision")
    assert pod["serviceAccountName"] == "tenantry-sign-on"
    assert pod["automountServiceAccountToken"] is False
    assert pod["securityContext"] == {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}
    assert made.of("Role") == made.of("RoleBinding") == made.of("ServiceAccount") == {}
    for container in containers(made).values():
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
            "readOnlyRootFilesystem": True,
            "runAsNonRoot": True,
            "runAsUser": 65532,
            "runAsGroup": 65532,
            "seccompProfile": {"type": "RuntimeDefault"},
        }
        assert container["resources"] == {
            "limits": {"cpu": "250m", "memory": "128Mi"},
            "requests": {"cpu": "10m", "memory": "32Mi"},
        }


def test_probes_ask_the_port_that_is_served(made: Install) -> None:
    ports = {one["name"]: one["port"] for one in made.of("Service")["vision"]["spec"]["ports"]}
    for name, container in containers(made).items():
        assert container["readinessProbe"]["httpGet"] == {"path": "/ready", "port": ports[name]}
        assert container["livenessProbe"]["httpGet"] == {"path": "/ping", "port": ports[name]}
        assert f"--http-address=0.0.0.0:{ports[name]}" in container["args"]
    assert len(set(ports.values())) == len(containers(made))


def test_every_host_leads_to_its_proxy(made: Install) -> None:
    spec = made.of("Ingress")["vision"]["spec"]
    served = {one["name"] for one in made.of("Service")["vision"]["spec"]["ports"]}
    assert spec["ingressClassName"] == "nginx"
    for rule in spec["rules"]:
        [path] = rule["http"]["paths"]
        backend = path["backend"]["service"]
        assert (path["path"], path["pathType"], backend["name"]) == ("/", "Prefix", "vision")
        assert backend["port"]["name"] in served
        assert rule["host"].startswith(f"{backend['port']['name']}.vision.")
    assert [rule["host"] for rule in spec["rules"]] == [*behind("vision")]
    assert spec["tls"] == [{"hosts": [*behind("vision")]}]


def test_cert_manager_makes_the_certificate_where_it_is_named(declare: Declare, marks: Marks) -> None:
    update = {"cluster_issuer": "public", "annotations": {"example.com/size": "1g", "tenantry.dev/source": "forged"}}
    sign_on = SIGN_ON.model_copy(update={"ingress": SIGN_ON.ingress.model_copy(update=update)})
    ingress = door(declare, marks, sign_on=sign_on).of("Ingress")["vision"]
    assert ingress["spec"]["tls"] == [{"hosts": [*behind("vision")], "secretName": "vision--certificate"}]
    assert ingress["metadata"]["annotations"] == {
        "cert-manager.io/cluster-issuer": "public",
        "example.com/size": "1g",
        "tenantry.dev/source": "tenants/vision/tenant.yaml",
    }


@pytest.mark.parametrize(
    ("changes", "groups"),
    [
        ({}, {"--allowed-group=ml-vision", "--allowed-group=ml-vision-leads"}),
        ({"lifecycle": "frozen"}, {"--allowed-group=ml-vision-leads"}),
        ({"lifecycle": "offboarding"}, None),
        ({"pipelines": False, "registry": False}, None),
    ],
)
def test_a_team_has_the_door_that_its_file_says(
    declare: Declare, vision: EffectiveTenant, changes: dict[str, Any], groups: set[str] | None
) -> None:
    environment = vision.environment.model_copy(update={"sign_on": SIGN_ON})
    team = replace(vision, environment=environment, spec=vision.spec.model_copy(update=changes))
    made = Install(declare(lambda: Tenant("vision", TenantArgs(tenant=team))))
    assert bool(groups) is ("vision" in made.of("Deployment")) is bool(made.of("Ingress"))
    if groups:
        told = containers(made)["pipelines"]["args"]
        assert {one for one in told if one.startswith("--allowed-group")} == groups
        assert [rule["host"] for rule in made.of("Ingress")["vision"]["spec"]["rules"]] == [*hosts(team).values()]


def test_the_registry_answers_to_the_host_of_its_door(declare: Declare, vision: EffectiveTenant) -> None:
    """The proxy passes on what the browser asked for, and MLflow refuses every host that it was not told of."""
    environment = vision.environment.model_copy(update={"sign_on": SIGN_ON})
    team = replace(vision, environment=environment)

    def told(one: EffectiveTenant) -> str:
        made = Install(declare(lambda: Tenant("vision", TenantArgs(tenant=one))))
        return " ".join(made.container("mlflow")["command"])

    host = hosts(team)["registry"]
    assert f"https://{host}" in told(team)
    assert host not in told(vision)


def test_without_sign_on_no_host_leads_into_the_cluster(declare: Declare, vision: EffectiveTenant) -> None:
    assert vision.environment.sign_on is False
    made = Install(declare(lambda: Tenant("vision", TenantArgs(tenant=vision))))
    shared = Install(declare(lambda: Platform("platform", PlatformArgs(environment=vision.environment))))
    assert made.of("Ingress") == {}
    assert names.SIGN_ON_NAMESPACE not in shared.of("Namespace")
    everywhere = {one.inputs["metadata"].get("namespace") for one in made.resources if "metadata" in one.inputs}
    assert names.SIGN_ON_NAMESPACE not in everywhere


def test_the_platform_has_the_namespace_where_it_is(declare: Declare, vision: EffectiveTenant) -> None:
    environment = vision.environment.model_copy(update={"sign_on": SIGN_ON})
    made = Install(declare(lambda: Platform("platform", PlatformArgs(environment=environment))))
    assert names.SIGN_ON_NAMESPACE in made.of("Namespace")
    assert made.of("ServiceAccount")[names.SIGN_ON_NAMESPACE]["automountServiceAccountToken"] is False


def test_groups_are_the_only_difference_between_doors_of_one_host(declare: Declare, marks: Marks) -> None:
    one, other = door(declare, marks), door(declare, marks, groups=GROUPS[:1])
    ours, theirs = (containers(made)["pipelines"]["args"] for made in (one, other))
    assert set(ours) - set(theirs) == {"--allowed-group=ml-vision-leads"}
    assert set(theirs) <= set(ours)
