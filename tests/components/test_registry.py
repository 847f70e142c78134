"""A team's registry: restricted, priced, kept, and the same wherever its files lie."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from components.metadata import Marks
from components.registry import Registry, RegistryArgs
from tenantry.pipelines.stores import own_store, s3
from tenantry.quantity import number
from tenantry.registry.footprint import footprint
from tenantry.registry.server import allowed_hosts, command
from tenantry.registry.stores import ON_VOLUME, OWN_DATABASE, external_database, in_store
from tests.components.conftest import Declare
from tests.components.pipelines import Install

Making = Callable[..., Install]
OWN = in_store(own_store("vision"))
ELSEWHERE = {
    "database": external_database("db.example.com", "rds"),
    "artifacts": in_store(s3("team-bucket", "eu-west-1")),
}


@pytest.fixture
def making(declare: Declare, marks: Marks) -> Making:
    def make(**changes: Any) -> Install:
        known = {"marks": marks, "tenant": "vision", "namespace": "vision", "protect": True}
        return Install(declare(lambda: Registry("vision-registry", RegistryArgs(**{**known, **changes}))))

    return make


def containers(install: Install) -> Iterator[tuple[str, dict[str, Any]]]:
    for name in install.of("Deployment"):
        pod = install.pod(name)
        yield from ((name, one) for one in [*pod["containers"], *pod.get("initContainers", [])])


def test_no_container_is_more_than_restricted(making: Making) -> None:
    seen = list(containers(making()))
    users = {"mlflow": 1000, "mlflow-database": 999}
    assert len(seen) == 3
    for name, container in seen:
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
            "runAsNonRoot": True,
            "runAsUser": users[name],
            "runAsGroup": users[name],
            "seccompProfile": {"type": "RuntimeDefault"},
        }


@pytest.mark.parametrize(
    ("changes", "pods"), [({}, 2), ({"artifacts": OWN}, 2), (ELSEWHERE, 1)], ids=["volume", "own store", "elsewhere"]
)
def test_the_footprint_is_what_is_declared(making: Making, changes: dict[str, Any], pods: int) -> None:
    install = making(**changes)
    priced = footprint(changes.get("database", OWN_DATABASE), changes.get("artifacts", ON_VOLUME))
    total = {"cpu": 0.0, "memory": 0.0, "memory_limit": 0.0}
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
            total[key] += max(sum(amounts[0]), *amounts[1], 0)
    claims = install.of("PersistentVolumeClaim").values()
    storage = sum(int(claim["spec"]["resources"]["requests"]["storage"].removesuffix("Gi")) for claim in claims)
    found = {**{key: round(value) for key, value in total.items()}, "pods": pods, "storage": storage}
    assert found == {key: getattr(priced, key) for key in found}
    assert len(install.of("Deployment")) == pods


def test_volumes_are_their_users(making: Making) -> None:
    install = making()
    groups = {name: install.pod(name)["securityContext"].get("fsGroup") for name in install.of("Deployment")}
    assert groups == {"mlflow": 1000, "mlflow-database": 999}
    assert "fsGroup" not in making(artifacts=OWN).pod("mlflow")["securityContext"]


def test_another_password_starts_both_parts_anew(making: Making) -> None:
    install = making()
    for name in ("mlflow", "mlflow-database"):
        annotations = install.of("Deployment")[name]["spec"]["template"]["metadata"]["annotations"]
        assert "tenantry.dev/credentials" in annotations, name


def test_neither_part_is_there_twice_during_a_change(making: Making) -> None:
    """The quota has room for one of each, and a volume for one writer."""
    for deployment in making().of("Deployment").values():
        assert (deployment["spec"]["replicas"], deployment["spec"]["strategy"]) == (1, {"type": "Recreate"})


def test_no_password_is_rendered(making: Making) -> None:
    install = making()
    assert {name: set(secret["data"].values()) for name, secret in install.of("Secret").items()} == {
        "mlflow-database": {"REDACTED"}
    }
    assert install.of("Secret")["mlflow-database"]["immutable"] is True
    assert set(install.of("Secret")["mlflow-database"]["data"]) == {"username", "password", "root-password"}


def test_neither_part_calls_the_cluster(making: Making) -> None:
    install = making()
    assert not install.of("Role") | install.of("RoleBinding")
    assert install.of("ServiceAccount").keys() == {"mlflow", "mlflow-database"}
    for name in install.of("Deployment"):
        assert install.pod(name)["automountServiceAccountToken"] is False
        assert install.pod(name)["enableServiceLinks"] is False
        assert install.pod(name)["serviceAccountName"] == name


def test_the_server_runs_the_very_command_that_is_tested(making: Making) -> None:
    server = making(public="registry.vision.example.com").container("mlflow")
    hosts = allowed_hosts("vision", "registry.vision.example.com")
    assert server["command"] == command(ON_VOLUME.destination, hosts, ["https://registry.vision.example.com"])
    assert server["image"] == "ghcr.io/mlflow/mlflow:v3.13.0-full"
    assert making().container("mlflow")["command"] == command(ON_VOLUME.destination, allowed_hosts("vision", None))


def test_the_whole_environment_on_a_volume(making: Making) -> None:
    install = making()
    assert install.env("mlflow") == {
        "DATABASE_USER": "secret mlflow-database username",
        "DATABASE_PASSWORD": "secret mlflow-database password",
        "MLFLOW_BACKEND_STORE_URI": "postgresql://$(DATABASE_USER):$(DATABASE_PASSWORD)@mlflow-database:5432/mlflow",
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
        "HOME": "/tmp",
    }
    [upgrade] = install.pod("mlflow")["initContainers"]
    assert upgrade["env"] == install.container("mlflow")["env"]
    assert upgrade["image"] == install.container("mlflow")["image"]


def test_the_address_of_the_database_comes_after_what_it_names(making: Making) -> None:
    """Kubernetes fills in `$(NAME)` from the variables before."""
    names = [one["name"] for one in making(artifacts=OWN).container("mlflow")["env"]]
    assert names.index("MLFLOW_BACKEND_STORE_URI") > max(map(names.index, ("DATABASE_USER", "DATABASE_PASSWORD")))


def test_in_the_teams_store_there_is_no_volume_and_the_key_is_the_servers(making: Making) -> None:
    install = making(artifacts=OWN, store_version="uid-1")
    assert install.of("PersistentVolumeClaim").keys() == {"mlflow-database"}
    assert (
        install.env("mlflow").items()
        >= {
            "AWS_ACCESS_KEY_ID": "secret mlpipeline-minio-artifact accesskey",
            "AWS_SECRET_ACCESS_KEY": "secret mlpipeline-minio-artifact secretkey",
            "MLFLOW_S3_ENDPOINT_URL": "http://seaweedfs.vision.svc.cluster.local:9000",
        }.items()
    )
    annotations = install.of("Deployment")["mlflow"]["spec"]["template"]["metadata"]["annotations"]
    assert annotations["tenantry.dev/credentials-store"] == "uid-1", "other keys start it anew"


def test_in_a_cloud_there_are_no_keys_and_no_volumes(making: Making) -> None:
    install = making(**ELSEWHERE)
    text = json.dumps([dict(resource.inputs) for resource in install.resources])
    assert not install.of("Secret") | install.of("PersistentVolumeClaim")
    assert "AWS_ACCESS_KEY_ID" not in text
    assert "seaweedfs" not in text
    env = install.env("mlflow")
    assert env["DATABASE_PASSWORD"] == "secret rds password"
    assert env["MLFLOW_BACKEND_STORE_URI"].endswith("@db.example.com:5432/mlflow")
    assert "--artifacts-destination=s3://team-bucket/registry" in install.container("mlflow")["command"]


def test_volumes_of_a_real_cluster_are_protected_and_nothing_else(making: Making) -> None:
    assert {r.type.rpartition(":")[2] for r in making().resources if r.protect} == {"PersistentVolumeClaim"}
    assert not [r for r in making(protect=False).resources if r.protect]


def test_health(making: Making) -> None:
    install = making()
    server, database = install.container("mlflow"), install.container("mlflow-database")
    for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
        assert server[probe]["httpGet"] == {"path": "/health", "port": 5000}
        assert database[probe]["exec"]["command"][0] == "pg_isready"


def test_services_lead_to_their_pods(making: Making) -> None:
    install = making()
    ports = {
        name: [(one["port"], one["targetPort"]) for one in made["spec"]["ports"]]
        for name, made in install.of("Service").items()
    }
    assert ports == {"mlflow": [(5000, 5000)], "mlflow-database": [(5432, 5432)]}
    for name, made in install.of("Service").items():
        labels = install.of("Deployment")[name]["spec"]["template"]["metadata"]["labels"]
        assert made["spec"]["selector"].items() <= labels.items()
        assert labels == {"app": name, "tenantry.dev/tenant": "vision", "tenantry.dev/component": "registry"}


def test_it_opens_no_way_in_or_out(making: Making) -> None:
    install = making(public="registry.vision.example.com")
    assert not install.of("NetworkPolicy") | install.of("Ingress")
    assert {made["spec"]["type"] for made in install.of("Service").values()} == {"ClusterIP"}


def test_everything_is_the_teams_and_marked(making: Making) -> None:
    component, *objects = making().resources
    assert (component.type, component.name) == ("tenantry:tenant:Registry", "vision-registry")
    for resource in objects:
        assert resource.inputs["metadata"]["namespace"] == "vision"
        assert resource.inputs["metadata"]["labels"]["tenantry.dev/component"] == "registry"
        assert "tenantry:tenant:Registry$kubernetes:" in resource.urn
