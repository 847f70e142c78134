"""Kubeconfigs as kubectl reads them, and what is said where one is wrong."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from tenantry import kubeconfig
from tenantry.errors import PlatformError

CLUSTER = """
current-context: a
clusters: [{{name: b, cluster: {{{more}}}}}]
contexts: [{{name: a, context: {{cluster: b}}}}]
"""


def write(
    path: Path, *, name: str, server: str = "https://127.0.0.1:6443", user: str = "{}", cluster: str = ""
) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        f"""
current-context: {name}
clusters: [{{name: {name}, cluster: {{server: "{server}"{cluster}}}}}]
users: [{{name: {name}, user: {user}}}]
contexts: [{{name: {name}, context: {{cluster: {name}, user: {name}, namespace: {name}-ns}}}}]
"""
    )
    return path


def test_the_current_context_is_read_with_its_namespace(tmp_path: Path) -> None:
    access = kubeconfig.load(
        write(tmp_path / "config", name="one", server="https://127.0.0.1:6443/", user="{token: t}")
    )

    assert (access.context, access.server, access.namespace) == ("one", "https://127.0.0.1:6443", "one-ns")
    assert (access.token, access.certificate, access.ca) == ("t", None, None)


def test_several_files_are_one_and_the_first_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = write(tmp_path / "a", name="one", server="https://first")
    second = write(tmp_path / "b", name="one", server="https://second")
    third = write(tmp_path / "c", name="two", server="https://third")
    monkeypatch.setenv("KUBECONFIG", f"{first}:{second}:{tmp_path / 'absent'}:{third}")

    assert kubeconfig.load().server == "https://first"
    assert kubeconfig.load(context="two").server == "https://third"


def test_paths_in_a_file_start_from_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "deep" / "config", name="one", cluster=', certificate-authority: "ca.pem"')
    (tmp_path / "deep" / "ca.pem").write_bytes(b"PEM")
    monkeypatch.chdir(tmp_path)

    assert kubeconfig.load(Path("deep/config")).ca == b"PEM"
    assert kubeconfig.load(path).ca == b"PEM"


def test_embedded_certificates_are_decoded(tmp_path: Path) -> None:
    data = base64.b64encode(b"PEM").decode()
    user = f"{{client-certificate-data: {data}, client-key-data: {data}}}"
    access = kubeconfig.load(write(tmp_path / "config", name="one", user=user))

    assert (access.certificate, access.key) == (b"PEM", b"PEM")
    assert "PEM" not in repr(access)


def test_a_kubeconfig_can_be_given_as_text(tmp_path: Path) -> None:
    text = write(tmp_path / "config", name="one").read_text()

    assert kubeconfig.load(text).context == "one"


def test_an_unknown_context_names_the_known_ones(tmp_path: Path) -> None:
    path = write(tmp_path / "config", name="one")

    with pytest.raises(PlatformError, match=r'config: it has no context "prod"\. Its contexts: one\.'):
        kubeconfig.load(path, "prod")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[]", "no mapping"),
        ("a: [", "not YAML"),
        ("contexts: [{name: a, context: {cluster: b}}]", "no current-context"),
        ("current-context: a\ncontexts: [{name: a, context: {cluster: b}}]", 'the cluster "b", which is not there'),
        (CLUSTER.format(more=""), "names no server"),
        (CLUSTER.format(more="server: s, certificate-authority-data: '*'"), "certificate-authority-data is not base64"),
        (CLUSTER.format(more="server: s, certificate-authority: gone.pem"), "certificate-authority cannot be read"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "config"
    path.write_text(text)

    with pytest.raises(PlatformError, match=says):
        kubeconfig.load(path)


def test_a_missing_file_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(PlatformError, match="tenantry sandbox up"):
        kubeconfig.load(tmp_path / "absent")
