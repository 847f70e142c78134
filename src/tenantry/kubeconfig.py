"""Where the API server is and who we are to it, read from kubeconfig files as kubectl reads them."""

from __future__ import annotations

import base64
import binascii
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tenantry.errors import PlatformError

Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Access:
    """One context of a kubeconfig, its files read: everything that a connection needs."""

    context: str
    """Name of the context, for messages."""
    server: str
    """Base address, as in `https://127.0.0.1:6443`, without a slash at its end."""
    namespace: str
    """The context's namespace. `default` where it names none."""
    ca: bytes | None
    """Certificate authority in PEM. None means the machine's own."""
    insecure: bool
    """The kubeconfig says `insecure-skip-tls-verify`."""
    server_name: str | None
    """Name to expect in the server's certificate, where it is not the address's."""
    proxy: str | None
    """The cluster's `proxy-url`."""
    certificate: bytes | None = field(repr=False)
    key: bytes | None = field(repr=False)
    token: str | None = field(repr=False)
    token_file: Path | None
    """File with a token that may change while we run."""
    command: Json | None = field(repr=False)
    """The user's `exec` block: a program that prints credentials, as `aws eks get-token` does."""
    as_user: str | None = None
    """Who to act as: the API server asks whether we may. The kubeconfig's `as`."""
    as_groups: tuple[str, ...] = ()
    """Groups to act in. The kubeconfig's `as-groups`."""


def load(source: str | Path | None = None, context: str | None = None) -> Access:
    """Read one context.

    Args:
        source: Path of a kubeconfig; several are joined with `:` as in `KUBECONFIG`, the first to name a thing wins.
            A text that is itself a kubeconfig is read as one. None means `$KUBECONFIG`, else `~/.kube/config`.
        context: Name of the context. None means the `current-context`.

    Raises:
        PlatformError: no file is there, it cannot be read, or the context is not in it (the known ones are named).
    """
    files = _texts(str(source) if source else os.environ.get("KUBECONFIG") or "~/.kube/config")
    config = _merge(_parse(text, folder, name) for text, folder, name in files)
    where = ", ".join(name for _, _, name in files)
    name = context or config["current-context"]
    known = ", ".join(sorted(config["contexts"])) or "none"
    if not name:
        raise PlatformError(f"{where}: it sets no current-context. Name one of its contexts: {known}.")
    if name not in config["contexts"]:
        raise PlatformError(f'{where}: it has no context "{name}". Its contexts: {known}.')
    return _access(name, config, where)


def _texts(source: str) -> list[tuple[str, Path, str]]:
    """Every readable kubeconfig of a source: its text, the folder its paths start from, its name in messages."""
    if "\n" in source or source.lstrip().startswith("{"):
        return [(source, Path.cwd(), "the kubeconfig given as text")]
    paths = [Path(part).expanduser() for part in source.split(os.pathsep) if part]
    try:
        found = [(path.read_text(), path.resolve().parent, str(path)) for path in paths if path.exists()]
    except OSError as error:
        raise PlatformError(f"{error.filename}: the kubeconfig cannot be read: {error.strerror}.") from error
    if not found:
        raise PlatformError(
            f"{source}: there is no kubeconfig. Start the sandbox with `tenantry sandbox up`, or set KUBECONFIG."
        )
    return found


def _parse(text: str, folder: Path, name: str) -> Json:
    from ruamel.yaml import YAML  # noqa: PLC0415 - costs 0.1 s, and most commands need no cluster
    from ruamel.yaml.error import YAMLError  # noqa: PLC0415 - as above

    try:
        document = YAML(typ="safe", pure=True).load(text)
    except YAMLError as error:
        raise PlatformError(f"{name}: the kubeconfig is not YAML: {error}") from error
    if not isinstance(document, dict):
        raise PlatformError(f"{name}: this is no kubeconfig: it holds no mapping.")
    for section in ("clusters", "users"):
        for entry in document.get(section) or ():
            entry["folder"] = folder
    return document


def _merge(documents: Iterable[Json]) -> Json:
    merged: Json = {"current-context": "", "clusters": {}, "users": {}, "contexts": {}}
    for document in documents:
        merged["current-context"] = merged["current-context"] or document.get("current-context") or ""
        for section in ("clusters", "users", "contexts"):
            for entry in document.get(section) or ():
                merged[section].setdefault(entry["name"], entry)
    return merged


def _access(name: str, config: Json, where: str) -> Access:
    context = config["contexts"][name]["context"]
    cluster, cluster_folder = _entry(config, "cluster", context, where)
    user, user_folder = _entry(config, "user", context, where)
    if not cluster.get("server"):
        raise PlatformError(f'{where}: the cluster of context "{name}" names no server.')
    return Access(
        context=name,
        server=str(cluster["server"]).rstrip("/"),
        namespace=context.get("namespace") or "default",
        ca=_material(cluster, "certificate-authority", cluster_folder),
        insecure=bool(cluster.get("insecure-skip-tls-verify")),
        server_name=cluster.get("tls-server-name"),
        proxy=cluster.get("proxy-url"),
        certificate=_material(user, "client-certificate", user_folder),
        key=_material(user, "client-key", user_folder),
        token=user.get("token"),
        token_file=user_folder / user["tokenFile"] if user.get("tokenFile") else None,
        command=user.get("exec"),
        as_user=user.get("as"),
        as_groups=tuple(user.get("as-groups") or ()),
    )


def _entry(config: Json, kind: str, context: Mapping[str, Any], where: str) -> tuple[Json, Path]:
    """The cluster or user that a context names, and the folder that its paths start from."""
    name = context.get(kind)
    entry = config[f"{kind}s"].get(name)
    if entry is None and kind == "user" and not name:
        return {}, Path()
    if entry is None:
        raise PlatformError(f'{where}: a context names the {kind} "{name}", which is not there.')
    return entry.get(kind) or {}, entry["folder"]


def _material(block: Mapping[str, Any], key: str, folder: Path) -> bytes | None:
    """PEM from `<key>-data` (base64) or from the file that `<key>` names, relative to its kubeconfig."""
    try:
        if data := block.get(f"{key}-data"):
            return base64.b64decode(data, validate=True)
        return (folder / block[key]).read_bytes() if block.get(key) else None
    except binascii.Error as error:
        raise PlatformError(f"The kubeconfig's {key}-data is not base64: {error}.") from error
    except OSError as error:
        raise PlatformError(f"{error.filename}: the kubeconfig's {key} cannot be read: {error.strerror}.") from error
