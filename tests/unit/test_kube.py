"""The client's requests and answers, against a server that says what the test wants."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from tenantry.errors import PlatformError
from tenantry.kube import KubeError, Resource, UnreachableError
from tests.unit.api_server_double import Server, server

__all__ = ["server"]

STATUS = {
    "kind": "Status",
    "reason": "Conflict",
    "message": "Apply failed with 1 conflict",
    "details": {"causes": [{"field": ".data.a"}]},
}


def config_map(**metadata: str) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"} | metadata, "data": {"k": "v"}}


def test_get_is_none_only_where_the_server_says_so(server: Server) -> None:
    server.answer("GET /api/v1/namespaces/x/configmaps/a", (404, {"reason": "NotFound"}), (200, config_map()))

    kube = server.kube()

    assert kube.get("v1", "ConfigMap", "a", "x") is None
    assert kube.get("v1", "ConfigMap", "a", "x") == config_map()


def test_a_kind_that_is_not_served_is_an_error_and_never_none(server: Server) -> None:
    kube = server.kube()

    with pytest.raises(KubeError, match=r"serves no Secret of v1: it serves ConfigMap, Namespace\.") as refused:
        kube.get("v1", "Secret", "a", "x")
    assert refused.value.reason == "NoKind"
    with pytest.raises(KubeError, match=r"serves no Job of batch/v1: it serves nothing"):
        kube.get("batch/v1", "Job", "a", "x")


def test_a_kind_that_comes_later_is_found(server: Server) -> None:
    job = {"name": "jobs", "kind": "Job", "namespaced": True}
    server.answer("GET /apis/batch/v1", (200, {"resources": []}), (200, {"resources": [job]}))
    kube = server.kube()
    with pytest.raises(KubeError):
        kube.resource("batch/v1", "Job")

    assert kube.resource("batch/v1", "Job") == Resource("batch/v1", "Job", "jobs", True, ())


def test_discovery_is_asked_for_once(server: Server) -> None:
    kube = server.kube()
    for _ in range(3):
        kube.get("v1", "ConfigMap", "a", "x")

    assert [request for request, *_ in server.requests].count("GET /api/v1") == 1


def test_apply_is_strict_and_names_its_manager(server: Server) -> None:
    path = "PATCH /api/v1/namespaces/here/configmaps/a"
    server.answer(path, (200, config_map()))

    server.kube().apply(config_map(), "me", force=True, dry_run=True)

    request, query, body, headers = server.requests[-1]
    assert (request, body) == (path, config_map())
    assert query == {"fieldManager": ["me"], "fieldValidation": ["Strict"], "dryRun": ["All"], "force": ["true"]}
    assert headers["Content-Type"] == "application/apply-patch+yaml"


def test_a_refusal_carries_the_servers_own_words(server: Server) -> None:
    server.answer("PATCH /api/v1/namespaces/here/configmaps/a", (409, STATUS))

    with pytest.raises(KubeError, match="Apply failed with 1 conflict") as refused:
        server.kube().apply(config_map(), "me")

    error = refused.value
    assert (error.status, error.reason, error.details) == (409, "Conflict", {"causes": [{"field": ".data.a"}]})
    assert isinstance(error, PlatformError)


def test_an_answer_that_is_no_status_is_shown_as_it_is(server: Server) -> None:
    server.answer("GET /version", (500, "out of order"))

    with pytest.raises(KubeError, match="out of order"):
        server.kube().raw("GET", "/version")


def test_list_follows_the_pages_and_gives_every_item_its_type(server: Server) -> None:
    first = {"metadata": {"continue": "next"}, "items": [{"metadata": {"name": "a"}}]}
    second = {"metadata": {}, "items": [{"metadata": {"name": "b"}}]}
    server.answer("GET /api/v1/configmaps", (200, first), (200, second))

    found = server.kube().list("v1", "ConfigMap", labels="a=b")

    assert found == [
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}},
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "b"}},
    ]
    assert server.requests[-1][1] == {"limit": ["500"], "labelSelector": ["a=b"], "continue": ["next"]}


def test_delete_names_the_object_it_means(server: Server) -> None:
    path = "DELETE /api/v1/namespaces/a"
    server.answer(path, (200, {}), (404, {"reason": "NotFound"}))
    kube = server.kube()

    assert kube.delete("v1", "Namespace", "a", "ignored", propagation="Background", uid="1") is True
    assert server.requests[-1][2] == {
        "apiVersion": "v1",
        "kind": "DeleteOptions",
        "propagationPolicy": "Background",
        "preconditions": {"uid": "1"},
    }
    assert kube.delete("v1", "Namespace", "a") is False


def test_a_busy_server_is_asked_again_but_a_create_never_twice(server: Server) -> None:
    busy = (503, {"message": "busy"})
    server.answer("PATCH /api/v1/namespaces/here/configmaps/a", busy, busy, (200, config_map()))
    server.answer("POST /api/v1/namespaces/here/configmaps", busy, (201, config_map()))
    kube = server.kube()

    assert kube.apply(config_map(), "me") == config_map()
    with pytest.raises(KubeError, match="busy"):
        kube.create(config_map(), "me")


def test_no_answer_is_unreachable(server: Server) -> None:
    server.address = "http://127.0.0.1:1"

    with pytest.raises(UnreachableError, match=r"http://127\.0\.0\.1:1 does not answer: .*refused") as unreachable:
        server.kube().get("v1", "ConfigMap", "a", "x")
    assert unreachable.value.status == 0


def test_loopback_is_never_asked_for_through_a_proxy(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    server.answer("GET /version", (200, {"gitVersion": "v1"}))

    assert server.kube().raw("GET", "/version") == {"gitVersion": "v1"}


def test_another_host_is_asked_for_through_the_proxy(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", server.address)
    server.answer("GET /version", (200, {"gitVersion": "v1"}))
    proxy, server.address = server.address, "http://cluster.example"

    assert server.kube().raw("GET", "/version") == {"gitVersion": "v1"}
    assert server.requests[-1][3]["Host"] == "cluster.example"
    assert proxy != server.address


def credential(**status: str) -> dict[str, Any]:
    script = f"import os, json; assert os.environ['A'] == 'b'; print(json.dumps({{'status': {status!r}}}))"
    return {
        "apiVersion": "client.authentication.k8s.io/v1",
        "command": sys.executable,
        "args": ["-c", script],
        "env": [{"name": "A", "value": "b"}],
    }


def test_a_token_comes_from_the_users_program(server: Server) -> None:
    server.answer("GET /version", (200, {}))

    server.kube(command=credential(token="secret")).raw("GET", "/version")

    assert server.requests[-1][3]["Authorization"] == "Bearer secret"


def test_a_program_that_is_missing_or_fails_is_named(server: Server) -> None:
    missing = credential() | {"command": "no-such-program", "installHint": "Install it so."}
    with pytest.raises(PlatformError, match=r"`no-such-program`, which is not there\. Install it so\."):
        server.kube(command=missing).raw("GET", "/version")
    with pytest.raises(PlatformError, match=r"(?s)gave no credentials: .*KeyError"):
        server.kube(command=credential() | {"env": []}).raw("GET", "/version")
    with pytest.raises(PlatformError, match="without a status"):
        server.kube(command=credential()).raw("GET", "/version")
