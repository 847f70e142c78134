"""A team's serving: restricted, priced, with one certificate for good, and no more rights than it needs."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Callable

import pytest

from components.access import ROLES
from components.metadata import Marks
from components.serving.accounts import RULES
from tenantry.pipelines.stores import own_store, s3
from tenantry.quantity import number
from tenantry.serving import store
from tenantry.serving.footprint import FOOTPRINT
from tenantry.versions import SELDON
from tests.components.conftest import Declare
from tests.components.pipelines import Install, granted
from tests.components.serving import KEYS
from tests.components.serving import install as make

Making = Callable[..., Install]
OPERATOR = "seldon-controller-manager"


@pytest.fixture
def making(declare: Declare, marks: Marks) -> Making:
    return lambda **changes: make(declare, marks, **changes)


def test_the_footprint_is_what_is_declared(making: Making) -> None:
    [deployment] = making().of("Deployment").values()
    [container] = deployment["spec"]["template"]["spec"]["containers"]
    asked, most = container["resources"]["requests"], container["resources"]["limits"]
    assert (FOOTPRINT.pods, deployment["spec"]["strategy"]) == (deployment["spec"]["replicas"], {"type": "Recreate"})
    assert number(f"{FOOTPRINT.cpu}m") == number(asked["cpu"])
    assert number(f"{FOOTPRINT.memory}Mi") == number(asked["memory"])
    assert number(f"{FOOTPRINT.memory_limit}Mi") == number(most["memory"])


def test_the_operator_is_restricted(making: Making) -> None:
    pod, container = making().pod(OPERATOR), making().container(OPERATOR)
    assert pod["securityContext"] == {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}
    assert (
        container["securityContext"].items()
        >= {
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
            "runAsNonRoot": True,
        }.items()
    )


DEVELOPER = granted([*ROLES["viewer"], *ROLES["developer"]])
MACHINERY = {
    "destinationrules.networking.istio.io",
    "seldondeployments/finalizers.machinelearning.seldon.io",
    "seldondeployments/status.machinelearning.seldon.io",
    "virtualservices.networking.istio.io",
}
"""Kinds that a rollout is made of: a developer writes none of them by hand."""


def test_beyond_a_developers_rights_there_is_only_what_a_rollout_is_made_of() -> None:
    assert {one.split()[1] for one in granted(RULES) - DEVELOPER} == MACHINERY


def test_it_holds_nothing_that_opens_a_way_to_more() -> None:
    held = granted(RULES)
    assert not [one for one in held if "*" in one or one.split()[0] in ("impersonate", "bind", "escalate")]
    kinds = {one.split()[1].split(".")[0] for one in held}
    assert not kinds & {"secrets", "roles", "rolebindings", "resourcequotas", "networkpolicies", "pods", "namespaces"}


def test_models_run_as_nobody(making: Making) -> None:
    install = making()
    assert [one["subjects"] for one in install.of("RoleBinding").values()] == [
        [{"kind": "ServiceAccount", "name": "seldon-manager", "namespace": "vision"}]
    ]
    assert [one["automountServiceAccountToken"] for one in install.of("ServiceAccount").values()] == [False, False]


def test_no_secret_is_rendered_and_every_rendering_is_the_same(making: Making) -> None:
    texts = [json.dumps([dict(r.inputs) for r in making().resources]) for _ in range(2)]
    assert texts[0] == texts[1]
    assert "BEGIN" not in texts[0]
    for secret in making().of("Secret").values():
        assert set(secret["data"].values()) == {"REDACTED"}
    webhook = making().of("ValidatingWebhookConfiguration").popitem()[1]["webhooks"][0]
    assert webhook["clientConfig"]["caBundle"] == "REDACTED"


def test_the_certificate_is_kept(making: Making) -> None:
    """The engine keeps the first, and the API server takes no other into its place."""
    secret = making().of("Secret")["seldon-webhook-server-cert"]
    assert secret["immutable"]


def test_the_webhook_is_asked_once_something_can_answer(making: Making) -> None:
    install = making()
    order = install.resource("ValidatingWebhookConfiguration", "seldon-validating-webhook-configuration-vision")
    assert install.resource("Deployment", OPERATOR).urn in order.dependencies


def test_where_nothing_runs_no_webhook_is_asked_and_the_operator_is_the_same(making: Making) -> None:
    without, with_it = making(webhook=False), making()
    assert without.of("ValidatingWebhookConfiguration") == {}
    assert without.pod(OPERATOR) == with_it.pod(OPERATOR)


def test_pods_wait_for_their_rights(making: Making) -> None:
    install = making()
    assert (
        install.resource("RoleBinding", "seldon-manager").urn in install.resource("Deployment", OPERATOR).dependencies
    )


def test_in_a_cloud_there_are_no_keys(making: Making) -> None:
    role = {"eks.amazonaws.com/role-arn": "arn:aws:iam::123456789012:role/tenantry-prod-vision-workload"}
    install = making(store=s3("team-bucket", "eu-west-1"), store_keys=None, account_annotations=role)
    assert set(install.of("Secret")["seldon-rclone"]["data"]) == {
        f"RCLONE_CONFIG_S3_{name}" for name in ("TYPE", "PROVIDER", "ENV_AUTH", "REGION")
    }
    accounts = install.of("ServiceAccount")
    assert accounts["serving"]["metadata"]["annotations"].items() >= role.items()
    assert not role.keys() & accounts["seldon-manager"]["metadata"]["annotations"].keys()


def test_where_rclone_looks() -> None:
    assert store.variables(s3("team-bucket", "eu-west-1")) == {
        "RCLONE_CONFIG_S3_TYPE": "s3",
        "RCLONE_CONFIG_S3_PROVIDER": "AWS",
        "RCLONE_CONFIG_S3_ENV_AUTH": "true",
        "RCLONE_CONFIG_S3_REGION": "eu-west-1",
    }
    own = store.variables(own_store("vision"))
    assert own["RCLONE_CONFIG_S3_ENDPOINT"] == "http://seaweedfs.vision.svc.cluster.local:9000"
    assert own["RCLONE_CONFIG_S3_ENV_AUTH"] == "false"
    assert set(store.KEYS.values()) == KEYS.keys() == {"accesskey", "secretkey"}
    assert b64decode(KEYS["accesskey"]) == b"pipelines"


def test_who_reaches_what(making: Making) -> None:
    policies = {name: policy["spec"] for name, policy in making().of("NetworkPolicy").items()}
    operator = {"matchLabels": {"tenantry.dev/component": "serving", "tenantry.dev/tenant": "vision"}}
    service, nodes = {"ipBlock": {"cidr": "10.96.0.1/32"}}, {"ipBlock": {"cidr": "10.0.0.0/16"}}
    gateway = {
        "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "istio-system"}},
        "podSelector": {"matchLabels": {"istio": "ingressgateway"}},
    }
    assert policies == {
        "serving-operator": {
            "podSelector": operator,
            "policyTypes": ["Egress"],
            "egress": [
                {"to": [service], "ports": [{"protocol": "TCP", "port": 443}]},
                {"to": [nodes], "ports": [{"protocol": "TCP", "port": 6443}]},
            ],
        },
        "serving-webhook": {
            "podSelector": operator,
            "policyTypes": ["Ingress"],
            "ingress": [{"from": [service, nodes], "ports": [{"protocol": "TCP", "port": 4443}]}],
        },
        "serving-models": {
            "podSelector": {"matchLabels": {"app.kubernetes.io/managed-by": "seldon-core"}},
            "policyTypes": ["Ingress"],
            "ingress": [
                {
                    "from": [gateway],
                    "ports": [{"protocol": "TCP", "port": 8000}, {"protocol": "TCP", "port": 5001}],
                }
            ],
        },
    }


def test_another_release_is_another_operator_executor_and_initializer(making: Making) -> None:
    install = making(release=SELDON["1.18.2"])
    assert install.container(OPERATOR)["image"].endswith("seldon-core-operator:1.18.2")
    assert install.env(OPERATOR)["EXECUTOR_CONTAINER_IMAGE_AND_VERSION"].endswith("seldon-core-executor:1.18.2")
    told = json.loads(install.of("ConfigMap")["seldon-config"]["data"]["storageInitializer"])
    assert told["image"].endswith("rclone-storage-initializer:1.18.2")
    config = "tenantry.dev/config"

    def annotation(one: Install) -> str:
        found: str = one.of("Deployment")[OPERATOR]["spec"]["template"]["metadata"]["annotations"][config]
        return found

    assert annotation(install) != annotation(making())


def test_everything_is_the_teams_and_marked(making: Making) -> None:
    component, *objects = making().resources
    assert (component.type, component.name) == ("tenantry:tenant:Serving", "vision-serving")
    for resource in objects:
        inside = resource.inputs["metadata"].get("namespace") == "vision"
        assert inside or resource.type.endswith(":ValidatingWebhookConfiguration")
        assert resource.inputs["metadata"]["labels"]["tenantry.dev/component"] == "serving"
        assert "tenantry:tenant:Serving$kubernetes:" in resource.urn
