"""Who may speak with whom inside the sandbox: its authorities, certificates and kubeconfigs.

Three authorities, as kubeadm has it. What the cluster's own signs is a user of the API server, also the
certificates of `issue`. etcd trusts another one only, so no user of the cluster can read past the API server. The
third signs the API server's front: who shows its certificate may name any user.
"""

from __future__ import annotations

import base64
import ipaddress
from datetime import timedelta
from pathlib import Path
from typing import Final
from urllib.parse import quote

import yaml

from tenantry.environment import EnvironmentSpec
from tenantry.sandbox.certificates import Authority, Identity, Pair, private_key
from tenantry.sandbox.files import private_folder, write_private
from tenantry.sandbox.ports import HOST

AUTHORITY: Final = "cluster-ca"
ETCD_AUTHORITY: Final = "etcd-ca"
ETCD_CLIENT: Final = "etcd-client"
ADMIN: Final = "admin"
"""Names of files, without their suffix, for those who only read them."""
ADMIN_IDENTITY: Final = Identity("tenantry-sandbox-admin", ("system:masters",))
KWOK_USER: Final = "tenantry-sandbox-kwok"
FRONT_USER: Final = "front-proxy-client"
CLIENTS: Final = {
    "kube-controller-manager": Identity("system:kube-controller-manager"),
    "kube-scheduler": Identity("system:kube-scheduler"),
    # It does what nodes do: rules about whose an object is let nodes write its status.
    "kwok": Identity(KWOK_USER, ("system:nodes",)),
}
"""Parts that are clients of the API server. The first two names are bound to their roles by Kubernetes itself."""
ISSUED_VALID: Final = timedelta(days=7)


class Credentials:
    """The certificates in a folder: those that are there and good are kept, the others made."""

    def __init__(self, folder: Path, environment: EnvironmentSpec, server_port: int) -> None:
        self.folder = private_folder(folder)
        self._context = environment.cluster.context
        self._server = f"https://{HOST}:{server_port}"
        self.authority = Authority(folder / AUTHORITY)
        self.etcd_authority = Authority(folder / ETCD_AUTHORITY)
        self.etcd = self.etcd_authority.sign(Identity("etcd", hosts=(HOST, "localhost")), folder / "etcd")
        self.etcd_client = self.etcd_authority.sign(Identity("kube-apiserver"), folder / ETCD_CLIENT)
        self.front_authority = Authority(folder / "front-ca")
        self.front = self.front_authority.sign(Identity(FRONT_USER), folder / "front")
        self.serving = {
            name: self.authority.sign(Identity(name, hosts=hosts, client=False), folder / f"{name}-serving")
            for name, hosts in _serving(environment).items()
        }
        self.admin = self.authority.sign(ADMIN_IDENTITY, folder / ADMIN)
        self.service_account_key = folder / "service-account.key"
        private_key(self.service_account_key)
        self.kubeconfigs = {name: self._component(name, identity) for name, identity in CLIENTS.items()}

    def write_admin(self, path: Path) -> None:
        """Write the administrator's kubeconfig."""
        self._write_kubeconfig(path, ADMIN_IDENTITY.name, self.admin)

    def issue(self, user: str, groups: tuple[str, ...], folder: Path) -> Path:
        """A new kubeconfig of any user in any groups, as an identity provider would vouch for them.

        Returns:
            Path of the kubeconfig. It holds the certificate and its key, valid for a week.
        """
        stem = private_folder(folder) / quote(user, safe="")
        pair = self.authority.sign(Identity(user, groups), stem, ISSUED_VALID)
        path = stem.with_name(f"{stem.name}.kubeconfig")
        self._write_kubeconfig(path, user, pair)
        pair.certificate.unlink()
        pair.key.unlink()
        return path

    def _component(self, name: str, identity: Identity) -> Path:
        path = self.folder / f"{name}.kubeconfig"
        self._write_kubeconfig(path, name, self.authority.sign(identity, self.folder / name))
        return path

    def _write_kubeconfig(self, path: Path, user: str, pair: Pair) -> None:
        context = {"cluster": self._context, "user": user}
        content = {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": self._context,
            "clusters": [{"name": self._context, "cluster": self._cluster()}],
            "users": [{"name": user, "user": _user(pair)}],
            "contexts": [{"name": self._context, "context": context}],
        }
        write_private(path, yaml.safe_dump(content, sort_keys=False).encode())

    def _cluster(self) -> dict[str, object]:
        return {"server": self._server, "certificate-authority-data": _base64(self.authority.pair.certificate)}


def _user(pair: Pair) -> dict[str, object]:
    return {"client-certificate-data": _base64(pair.certificate), "client-key-data": _base64(pair.key)}


def _base64(path: Path) -> str:
    return base64.b64encode(path.read_bytes()).decode()


def _serving(environment: EnvironmentSpec) -> dict[str, tuple[str, ...]]:
    """Host names of every part that serves over the cluster's authority."""
    first_address = next(ipaddress.ip_network(environment.network.services).hosts())
    inside = ("kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local")
    return {
        "kube-apiserver": (HOST, "localhost", *inside, str(first_address)),
        "kube-controller-manager": (HOST, "localhost"),
        "kube-scheduler": (HOST, "localhost"),
    }
