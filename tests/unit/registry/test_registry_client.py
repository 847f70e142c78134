"""What the registry says, and what it may not say, in words."""

from __future__ import annotations

import socket

import pytest

from tenantry.registry.client import Client, RegistryError, UnknownVersionError
from tests.unit.registry.mlflow_double import Mlflow, mlflow

__all__ = ["mlflow"]


def test_an_object_and_how_it_is_asked_for(mlflow: Mlflow) -> None:
    mlflow.version("a b", "3")
    found = Client(f"{mlflow.url}/", token="hush").get("model-versions/get", name="a b", version="3")
    assert found["model_version"]["version"] == "3"
    assert mlflow.asked == [("/api/2.0/mlflow/model-versions/get", {"name": "a b", "version": "3"}, "Bearer hush")]


def test_without_a_token_nothing_is_sent(mlflow: Mlflow) -> None:
    mlflow.run("r")
    Client(mlflow.url).get("runs/get", run_id="r")
    assert mlflow.asked[0][2] is None


def test_what_is_not_there_is_the_askers_mistake(mlflow: Mlflow) -> None:
    with pytest.raises(UnknownVersionError, match="Run with id=nope not found") as caught:
        Client(mlflow.url).get("runs/get", run_id="nope")
    assert caught.value.exit_code == 1


@pytest.mark.parametrize("status", [302, 401, 403])
def test_a_door_says_how_to_go_round_it(mlflow: Mlflow, status: int) -> None:
    mlflow.instead = (status, b"<html>Sign in</html>")
    with pytest.raises(RegistryError, match=rf"sign on first \(HTTP {status}\).*tenantry open registry") as caught:
        Client(mlflow.url).get("runs/get", run_id="r")
    assert caught.value.exit_code == 3
    assert len(mlflow.asked) == 1, "it followed the door's address"


@pytest.mark.parametrize("body", [b"<html>It works!</html>", b"[1]", b""])
def test_what_is_no_mlflow_is_named(mlflow: Mlflow, body: bytes) -> None:
    mlflow.instead = (200, body)
    with pytest.raises(RegistryError, match=r"no MLflow answers at http://127\.0\.0\.1:[0-9]+ \(HTTP 200"):
        Client(mlflow.url).get("runs/get", run_id="r")


def test_an_error_of_the_server_is_no_mistake_of_the_asker(mlflow: Mlflow) -> None:
    mlflow.instead = (500, b'{"error_code": "INTERNAL_ERROR", "message": "the database is gone"}')
    with pytest.raises(RegistryError, match=r"failed \(HTTP 500\): the database is gone"):
        Client(mlflow.url).get("runs/get", run_id="r")


def test_where_nobody_listens(mlflow: Mlflow) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    with pytest.raises(RegistryError, match=rf"the registry at http://127\.0\.0\.1:{port} does not answer"):
        Client(f"http://127.0.0.1:{port}").get("runs/get", run_id="r")
