"""Who gets into a sandbox, and who does not."""

from __future__ import annotations

import http.client
import json
import ssl
import stat
from collections.abc import Mapping
from pathlib import Path

import pytest

from tenantry.kube import Kube, KubeError
from tenantry.sandbox.certificates import Authority, Identity, Pair
from tenantry.sandbox.control_plane import Sandbox
from tenantry.sandbox.layout import Layout
from tests.sandbox.waiting import PATIENCE


@pytest.fixture
def credentials(sandbox: Sandbox) -> Path:
    return Layout(sandbox.folder).credentials


def port(sandbox: Sandbox, part: str) -> int:
    [found] = [one.port for one in sandbox.status().parts if one.name == part]
    assert found
    return found


def ask(
    port: int, path: str, authority: Path, client: Pair | None = None, headers: Mapping[str, str] | None = None
) -> tuple[int, str]:
    """Status and body of a request with that client certificate, or with none."""
    context = ssl.create_default_context(cafile=str(authority))
    if client:
        context.load_cert_chain(client.certificate, client.key)
    connection = http.client.HTTPSConnection("127.0.0.1", port, context=context, timeout=PATIENCE)
    try:
        connection.request("GET", path, headers=dict(headers or {}))
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


@pytest.mark.parametrize("path", ["/api/v1/namespaces", "/healthz", "/version", "/openapi/v3"])
def test_nobody_gets_in_without_a_credential(path: str, sandbox: Sandbox, credentials: Path) -> None:
    status, _ = ask(port(sandbox, "kube-apiserver"), path, credentials / "cluster-ca.crt")
    assert status == 401


def test_the_same_request_with_the_admin_s_certificate_gets_in(sandbox: Sandbox, credentials: Path) -> None:
    admin = Pair.at(credentials / "admin")
    assert ask(port(sandbox, "kube-apiserver"), "/version", credentials / "cluster-ca.crt", admin)[0] == 200


def test_a_made_up_token_does_not_get_in(sandbox: Sandbox, credentials: Path) -> None:
    headers = {"Authorization": "Bearer abcdef.0123456789abcdef"}
    status, _ = ask(port(sandbox, "kube-apiserver"), "/version", credentials / "cluster-ca.crt", headers=headers)
    assert status == 401


def test_a_stranger_s_authority_vouches_for_nobody(sandbox: Sandbox, credentials: Path, tmp_path: Path) -> None:
    forged = Authority(tmp_path / "ca").sign(Identity("root", ("system:masters",)), tmp_path / "root")
    assert ask(port(sandbox, "kube-apiserver"), "/version", credentials / "cluster-ca.crt", forged)[0] == 401


def test_a_user_cannot_speak_for_the_front(sandbox: Sandbox, credentials: Path, tmp_path: Path) -> None:
    """Headers that name another user count only with a certificate of the front's own authority."""
    impostor = Authority(credentials / "cluster-ca").sign(Identity("front-proxy-client"), tmp_path / "impostor")
    headers = {"X-Remote-User": "root", "X-Remote-Group": "system:masters"}
    address = port(sandbox, "kube-apiserver"), "/api/v1/secrets", credentials / "cluster-ca.crt"
    status, body = ask(*address, impostor, headers)
    assert status == 403
    assert 'User \\"front-proxy-client\\" cannot list' in body


def refused_by_etcd(sandbox: Sandbox, credentials: Path, client: Pair | None) -> bool:
    try:
        ask(port(sandbox, "etcd"), "/health", credentials / "etcd-ca.crt", client)
    except (ssl.SSLError, ConnectionError):
        return True
    return False


def test_etcd_refuses_who_shows_no_certificate(sandbox: Sandbox, credentials: Path) -> None:
    assert refused_by_etcd(sandbox, credentials, None)


def test_etcd_refuses_even_the_cluster_s_administrator(sandbox: Sandbox, credentials: Path) -> None:
    assert refused_by_etcd(sandbox, credentials, Pair.at(credentials / "admin"))


def test_etcd_answers_the_api_server_s_certificate(sandbox: Sandbox, credentials: Path) -> None:
    client = Pair.at(credentials / "etcd-client")
    assert ask(port(sandbox, "etcd"), "/health", credentials / "etcd-ca.crt", client)[0] == 200


@pytest.mark.parametrize("part", ["kube-controller-manager", "kube-scheduler"])
def test_other_parts_tell_strangers_only_that_they_are_well(part: str, sandbox: Sandbox, credentials: Path) -> None:
    authority = credentials / "cluster-ca.crt"
    assert ask(port(sandbox, part), "/healthz", authority) == (200, "ok")
    assert ask(port(sandbox, part), "/metrics", authority)[0] == 403


def test_an_issued_user_is_that_user_and_no_more(sandbox: Sandbox) -> None:
    kubeconfig = sandbox.issue("ada@example.com", ("ml-vision", "ml-all"))
    ada = Kube.from_kubeconfig(kubeconfig)
    review = {"apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview", "metadata": {}}
    who = ada.raw("POST", "/apis/authentication.k8s.io/v1/selfsubjectreviews", body=review)["status"]["userInfo"]
    assert who["username"] == "ada@example.com"
    assert set(who["groups"]) == {"ml-vision", "ml-all", "system:authenticated"}
    with pytest.raises(KubeError) as raised:
        ada.list("v1", "Secret")
    assert (raised.value.status, raised.value.reason) == (403, "Forbidden")


def test_an_issued_user_of_a_privileged_group_gets_in(sandbox: Sandbox) -> None:
    """The counterpart: one field differs, and the same request succeeds."""
    root = Kube.from_kubeconfig(sandbox.issue("ada@example.com", ("system:masters",)))
    assert isinstance(root.list("v1", "Secret"), list)


def test_users_whose_names_are_no_file_names_are_issued_inside_the_folder(sandbox: Sandbox) -> None:
    path = sandbox.issue("../../eve/x")
    assert path.parent == sandbox.folder / "users"
    assert Kube.from_kubeconfig(path).access.context == "tenantry-sandbox"


def test_a_service_account_s_token_is_that_account(kube: Kube, sandbox: Sandbox, credentials: Path) -> None:
    path = "/api/v1/namespaces/default/serviceaccounts/default/token"
    token = kube.raw("POST", path, body={"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {}})
    headers = {"Authorization": f"Bearer {token['status']['token']}"}
    address = port(sandbox, "kube-apiserver"), "/api/v1/secrets", credentials / "cluster-ca.crt"
    status, body = ask(*address, headers=headers)
    assert status == 403
    assert json.loads(body)["message"].startswith('secrets is forbidden: User "system:serviceaccount:default:default"')


def test_nothing_in_the_folder_is_open_to_others(sandbox: Sandbox) -> None:
    sandbox.issue("somebody")
    paths = [sandbox.folder, *sandbox.folder.rglob("*")]
    # The engine writes its state with modes of its own, behind a door that is shut.
    state = sandbox.folder / "engine/state"
    modes = {path: path.lstat().st_mode for path in paths if not path.is_symlink() and state not in path.parents}
    assert len(modes) > 30
    assert {path for path, mode in modes.items() if stat.S_IMODE(mode) & 0o077} == set()
