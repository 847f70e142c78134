"""A team's install: restricted, priced, kept, and the same wherever its data lies."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from components.access import ROLES
from components.metadata import Marks
from components.pipelines.service_accounts import RULES
from tenantry.pipelines import words
from tenantry.pipelines.footprint import footprint
from tenantry.pipelines.stores import IN_NAMESPACE, external_database, own_store, s3
from tenantry.quantity import number
from tenantry.versions import PIPELINES
from tests.components.conftest import Declare
from tests.components.pipelines import SPEC, Install, granted
from tests.components.pipelines import install as make

Making = Callable[..., Install]
RELEASE = PIPELINES["2.17.0"]
RESTRICTED = {
    "allowPrivilegeEscalation": False,
    "capabilities": {"drop": ["ALL"]},
    "runAsNonRoot": True,
    "seccompProfile": {"type": "RuntimeDefault"},
}


@pytest.fixture
def making(declare: Declare, marks: Marks) -> Making:
    return lambda **changes: make(declare, marks, **changes)


def containers(install: Install) -> Iterator[tuple[str, dict[str, Any]]]:
    for name in install.of("Deployment"):
        pod = install.pod(name)
        yield from ((name, one) for one in [*pod["containers"], *pod.get("initContainers", [])])


def test_no_container_is_more_than_restricted(making: Making) -> None:
    seen = list(containers(making()))
    assert len(seen) == 14
    for name, container in seen:
        context = container["securityContext"]
        assert context.items() >= RESTRICTED.items(), name
        assert context.get("runAsUser") != 0
        # Only Argo's controller goes by its image's own user, which is a number.
        assert ("runAsUser" in context) == (name != "workflow-controller")


def test_every_container_has_requests_and_limits(making: Making) -> None:
    for name, container in containers(making()):
        for kind in ("requests", "limits"):
            assert container["resources"][kind].keys() == {"cpu", "memory"}, name
        for resource in ("cpu", "memory"):
            asked, most = (number(container["resources"][kind][resource]) for kind in ("requests", "limits"))
            assert 0 < asked <= most, name


@pytest.mark.parametrize(
    ("changes", "pods"),
    [
        ({}, 9),
        ({"database": external_database("db.example.com", "rds"), "store": s3("b", "eu-west-1")}, 7),
        ({"release": replace(RELEASE, metadata=False)}, 7),
    ],
)
def test_the_footprint_is_what_is_declared(making: Making, changes: dict[str, Any], pods: int) -> None:
    install = making(**changes)
    database, store = changes.get("database", IN_NAMESPACE), changes.get("store", own_store("vision"))
    priced = footprint(changes.get("release", RELEASE), database, store)
    totals = dict.fromkeys(("cpu", "memory", "memory_limit"), 0)
    for name in install.of("Deployment"):
        pod = install.pod(name)
        for key, kind, resource, unit in (
            ("cpu", "requests", "cpu", 1000),
            ("memory", "requests", "memory", 1 / 2**20),
            ("memory_limit", "limits", "memory", 1 / 2**20),
        ):
            amounts = [
                [float(number(one["resources"][kind][resource])) * unit for one in pod.get(which, [])]
                for which in ("containers", "initContainers")
            ]
            totals[key] += round(max(sum(amounts[0]), *amounts[1], 0))
    claims = install.of("PersistentVolumeClaim").values()
    storage = sum(int(claim["spec"]["resources"]["requests"]["storage"].removesuffix("Gi")) for claim in claims)
    found = {**totals, "pods": len(install.of("Deployment")), "storage": storage}
    assert found == {key: getattr(priced, key) for key in found}
    assert priced.pods == pods


def test_no_part_is_there_twice_during_a_change(making: Making) -> None:
    """The quota has room for one of each."""
    for deployment in making().of("Deployment").values():
        assert (deployment["spec"]["replicas"], deployment["spec"]["strategy"]) == (1, {"type": "Recreate"})


def test_no_password_is_rendered(making: Making) -> None:
    secrets = making().of("Secret")
    assert {name: set(secret["data"].values()) for name, secret in secrets.items()} == {
        "mysql-secret": {"REDACTED"},
        "mlpipeline-minio-artifact": {"REDACTED"},
    }
    assert all(secret["immutable"] for secret in secrets.values())
    assert json.dumps([dict(r.inputs) for r in making().resources]) == json.dumps(
        [dict(r.inputs) for r in making().resources]
    )


def test_whoever_runs_it_gets_no_token_unless_it_calls_the_cluster(making: Making) -> None:
    install = making()
    accounts = {name: one["automountServiceAccountToken"] for name, one in install.of("ServiceAccount").items()}
    assert {name for name, mounted in accounts.items() if mounted} == {words.RUNNER}
    for name in install.of("Deployment"):
        pod = install.pod(name)
        assert pod["automountServiceAccountToken"] == (pod["serviceAccountName"] in RULES), name
        assert pod["enableServiceLinks"] is False


DEVELOPER = granted([*ROLES["viewer"], *ROLES["developer"]])
BEYOND = {
    words.RUNNER: {"create workflowtaskresults.argoproj.io", "patch workflowtaskresults.argoproj.io"},
    words.API: {f"{verb} workflows.argoproj.io" for verb in ("create", "delete", "patch", "update")}
    | {f"{verb} scheduledworkflows.kubeflow.org" for verb in ("create", "delete", "patch", "update")}
    | {"update scheduledworkflows/finalizers.kubeflow.org"},
    words.UI: set(),
    words.AGENT: set(),
}
"""What an account may do that a developer may not: the kinds that only Pipelines and Argo write."""


@pytest.mark.parametrize("account", BEYOND)
def test_who_developers_could_pose_as_holds_little_more_than_they_do(account: str) -> None:
    assert granted(RULES[account]) - DEVELOPER == BEYOND[account]


MACHINERY = {
    "leases.coordination.k8s.io",
    "poddisruptionbudgets.policy",
    "scheduledworkflows.kubeflow.org",
    "scheduledworkflows/finalizers.kubeflow.org",
    "workflowartifactgctasks.argoproj.io",
    "workflows.argoproj.io",
    "workflows/finalizers.argoproj.io",
    "workflowtaskresults.argoproj.io",
    "workflowtasksets.argoproj.io",
    "workflowtasksets/finalizers.argoproj.io",
}
"""Kinds that runs are made of."""


def test_beyond_a_developers_rights_there_is_only_what_runs_are_made_of() -> None:
    assert {one.split()[1] for rules in RULES.values() for one in granted(rules) - DEVELOPER} == MACHINERY


def test_a_run_holds_only_what_a_run_needs() -> None:
    assert granted(RULES[words.RUNNER]) == {
        "get configmaps",
        "get secrets",
        "create persistentvolumeclaims",
        "get persistentvolumeclaims",
        *BEYOND[words.RUNNER],
    }
    rule: Any
    for rule in RULES[words.RUNNER]:
        assert bool(rule.get("resource_names")) == (rule["resources"][0] in ("configmaps", "secrets"))


@pytest.mark.parametrize("account", RULES)
def test_no_account_holds_what_opens_a_way_to_more(account: str) -> None:
    held = granted(RULES[account])
    assert not [one for one in held if "*" in one or one.split()[0] in ("impersonate", "bind", "escalate")]
    writes = {one.split()[1].split(".")[0] for one in held if one.split()[0] not in ("get", "list", "watch")}
    assert not writes & {"roles", "rolebindings", "secrets", "serviceaccounts", "resourcequotas", "networkpolicies"}
    rule: Any
    for rule in RULES[account]:
        if "secrets" in rule["resources"]:
            assert rule["resource_names"] == [words.STORE_SECRET]


def test_in_a_cloud_there_are_no_keys_and_no_volumes(making: Making) -> None:
    install = making(database=external_database("db.example.com", "rds", 3307), store=s3("team-bucket", "eu-west-1"))
    text = json.dumps([dict(resource.inputs) for resource in install.resources])
    assert install.of("Secret") == {}
    assert install.of("PersistentVolumeClaim") == {}
    assert not re.search(r"seaweedfs|mysql-secret|minio://|secretRef|accessKeySecret", text)
    api = install.env(words.API)
    assert {key: value for key, value in api.items() if key.startswith("OBJECTSTORECONFIG")} == {
        "OBJECTSTORECONFIG_ACCESSKEY": "",
        "OBJECTSTORECONFIG_BUCKETNAME": "configMap pipeline-install-config bucketName",
        "OBJECTSTORECONFIG_HOST": "s3.eu-west-1.amazonaws.com",
        "OBJECTSTORECONFIG_PIPELINEPATH": "pipelines",
        "OBJECTSTORECONFIG_PORT": "",
        "OBJECTSTORECONFIG_REGION": "eu-west-1",
        "OBJECTSTORECONFIG_SECRETACCESSKEY": "",
        "OBJECTSTORECONFIG_SECURE": "true",
    }
    assert api["DBCONFIG_MYSQLCONFIG_PASSWORD"] == "secret rds password"
    data = install.of("ConfigMap")
    assert data["pipeline-install-config"]["data"]["mysqlHost"] == "db.example.com"
    assert data["pipeline-install-config"]["data"]["mysqlPort"] == "3307"
    assert "fromEnv: true" in data["kfp-launcher"]["data"]["providers"]
    assert "useSDKCreds: true" in data["workflow-controller-configmap"]["data"]["artifactRepository"]
    ui = install.env(words.UI)
    assert (ui["AWS_REGION"], ui["AWS_S3_ENDPOINT"], ui["MINIO_ACCESS_KEY"]) == (
        "eu-west-1",
        "s3.eu-west-1.amazonaws.com",
        "",
    )


def test_a_release_without_ml_metadata_has_none_of_it(making: Making) -> None:
    install = making(release=replace(RELEASE, metadata=False))
    names = {r.inputs["metadata"]["name"] for r in install.resources if r.type.startswith("kubernetes:")}
    assert not [name for name in names if name.startswith("metadata-")]
    assert [one["name"] for one in install.pod(words.API)["initContainers"]] == ["wait-for-database"]


def test_another_release_starts_every_part_anew_that_reads_it(making: Making) -> None:
    before, after = (making(release=replace(RELEASE, version=version)) for version in ("2.17.0", "2.18.0"))

    def annotations(install: Install, part: str) -> Any:
        return install.of("Deployment")[part]["spec"]["template"]["metadata"].get("annotations")

    for part in (words.API, words.UI, words.AGENT, words.SCHEDULES, "metadata-grpc-deployment"):
        assert annotations(before, part) != annotations(after, part), part


def test_retention_and_parallel_runs_reach_the_parts(making: Making) -> None:
    changed = SPEC.model_copy(update={"artifact_retention_days": 30, "max_parallel_runs": 4})
    install = making(pipelines=changed, queue="gpu", node_selector={"kubernetes.io/arch": "amd64"})
    [script] = install.container(words.STORE)["lifecycle"]["postStart"]["exec"]["command"][2:]
    assert script.count("-ttl=30d") == 2
    assert "/buckets/mlpipeline/pipelines" not in script, "definitions are kept"
    assert install.of("ConfigMap")[words.WORKFLOW_CONFIG]["data"]["parallelism"] == "4"
    assert json.loads(install.env(words.API)["COMPILED_PIPELINE_SPEC_PATCH"]) == {
        "podMetadata": {"labels": {"kueue.x-k8s.io/queue-name": "gpu"}},
        "nodeSelector": {"kubernetes.io/arch": "amd64"},
    }


def test_volumes_of_a_real_cluster_are_protected_and_nothing_else(making: Making) -> None:
    assert {r.type.rpartition(":")[2] for r in making().resources if r.protect} == {"PersistentVolumeClaim"}
    assert not [r for r in making(protect=False).resources if r.protect]


def test_the_only_way_out_is_to_the_api_server(making: Making) -> None:
    policies = {name: policy["spec"] for name, policy in making().of("NetworkPolicy").items()}
    egress = [
        {"to": [{"ipBlock": {"cidr": "10.96.0.1/32"}}], "ports": [{"protocol": "TCP", "port": 443}]},
        {"to": [{"ipBlock": {"cidr": "10.0.0.10/32"}}], "ports": [{"protocol": "TCP", "port": 6443}]},
    ]
    parts = {"tenantry.dev/component": "pipelines", "tenantry.dev/tenant": "vision"}
    steps = {"pipelines.kubeflow.org/v2_component": "true"}
    assert policies == {
        f"pipelines-{name}": {
            "podSelector": {"matchLabels": labels},
            "policyTypes": ["Egress"],
            "egress": egress,
        }
        for name, labels in (("parts", parts), ("steps", steps))
    }


def test_pods_wait_for_their_rights(making: Making) -> None:
    """A controller that starts without them gives up, and is slow to try again."""
    install = making()
    for part, account in ((words.API, words.API), (words.WORKFLOWS, words.ARGO), (words.AGENT, words.AGENT)):
        binding = install.resource("RoleBinding", account)
        assert binding.urn in install.resource("Deployment", part).dependencies, part


def test_everything_is_the_teams_and_marked(making: Making) -> None:
    component, *objects = making().resources
    assert (component.type, component.name) == ("tenantry:tenant:Pipelines", "vision-pipelines")
    for resource in objects:
        assert resource.inputs["metadata"]["namespace"] == "vision"
        assert resource.inputs["metadata"]["labels"]["tenantry.dev/component"] == "pipelines"
        assert "tenantry:tenant:Pipelines$kubernetes:" in resource.urn
