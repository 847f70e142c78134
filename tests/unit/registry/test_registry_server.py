"""The server's command: who is answered, and that nothing secret stands in it."""

from __future__ import annotations

from fnmatch import fnmatch

import pytest

from tenantry.pipelines.stores import own_store, s3
from tenantry.registry import words
from tenantry.registry.server import allowed_hosts, command, store_variables, variables
from tenantry.registry.stores import ON_VOLUME, OWN_DATABASE, external_database, in_store


def answered(header: str, hosts: tuple[str, ...]) -> bool:
    """MLflow's own rule, as its documentation says: the whole header, its port too, and `*` for anything."""
    return any(fnmatch(header, host) if "*" in host else header == host for host in hosts)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("mlflow:5000", True),
        ("mlflow.vision:5000", True),
        ("mlflow.vision.svc:5000", True),
        ("mlflow.vision.svc.cluster.local:5000", True),
        ("mlflow.vision.svc.cluster.local", True),
        ("localhost:8080", True),
        ("127.0.0.1:5000", True),
        ("registry.vision.ml.example.com", True),
        ("registry.nlp.ml.example.com", False),
        ("mlflow.nlp:5000", False),
        ("10.244.0.7:5000", False),
        ("localhost.evil.example.com", False),
        ("evil.example.com", False),
        ("", False),
    ],
)
def test_who_is_answered(header: str, *, expected: bool) -> None:
    assert answered(header, allowed_hosts("vision", "registry.vision.ml.example.com")) is expected


def test_without_a_public_host_there_is_none() -> None:
    assert allowed_hosts("vision", None) == allowed_hosts("vision", "x")[:-1]


def test_the_whole_command() -> None:
    assert command("file:///mlflow/artifacts", ["mlflow", "localhost:*"], ["https://registry.vision.example.com"]) == [
        "mlflow",
        "server",
        "--host=0.0.0.0",
        "--port=5000",
        "--workers=2",
        "--artifacts-destination=file:///mlflow/artifacts",
        "--allowed-hosts=mlflow,localhost:*",
        "--cors-allowed-origins=https://registry.vision.example.com",
    ]
    assert command("a", ["b"], address="127.0.0.1", port=5050)[2:] == [
        "--host=127.0.0.1",
        "--port=5050",
        "--workers=2",
        "--artifacts-destination=a",
        "--allowed-hosts=b",
    ]


def test_the_whole_environment() -> None:
    assert variables(OWN_DATABASE.uri) == {
        "MLFLOW_BACKEND_STORE_URI": ("postgresql://$(DATABASE_USER):$(DATABASE_PASSWORD)@mlflow-database:5432/mlflow"),
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
        "HOME": "/tmp",
    }
    elsewhere = external_database("db.example.com", "rds", 5433)
    assert elsewhere.uri == "postgresql://$(DATABASE_USER):$(DATABASE_PASSWORD)@db.example.com:5433/mlflow"


def test_how_it_finds_each_store() -> None:
    assert store_variables(ON_VOLUME) == {}
    own = in_store(own_store("vision"))
    assert own.destination == "s3://mlpipeline/registry"
    assert store_variables(own) == {
        "AWS_DEFAULT_REGION": "us-east-1",
        "MLFLOW_S3_ENDPOINT_URL": "http://seaweedfs.vision.svc.cluster.local:9000",
        "MLFLOW_BOTO_CLIENT_ADDRESSING_STYLE": "path",
    }
    cloud = in_store(s3("team-bucket", "eu-west-1"))
    assert (cloud.destination, store_variables(cloud)) == (
        "s3://team-bucket/registry",
        {"AWS_DEFAULT_REGION": "eu-west-1"},
    )


def test_the_address_within_the_cluster() -> None:
    assert words.url("vision") == "http://mlflow.vision.svc.cluster.local:5000"
