"""The five parts of the sandbox: which program, with which arguments, in which order."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tenantry.environment import EnvironmentSpec
from tenantry.sandbox.credentials import FRONT_USER, Credentials
from tenantry.sandbox.ports import HOST

ETCD: Final = "etcd"
API_SERVER: Final = "kube-apiserver"
CONTROLLERS: Final = "kube-controller-manager"
SCHEDULER: Final = "kube-scheduler"
KWOK: Final = "kwok"
PARTS: Final = (ETCD, API_SERVER, CONTROLLERS, SCHEDULER, KWOK)
"""Every part, in the order of a start. A stop goes the other way round."""
PORTS: Final = {
    "etcd": ETCD,
    "etcd-peer": ETCD,
    "kube-apiserver": API_SERVER,
    "kube-controller-manager": CONTROLLERS,
    "kube-scheduler": SCHEDULER,
}
"""Every port, and the part that listens on it. KWOK serves nothing: its server knows no clients' credentials."""
FAKE_NODE: Final = {"kwok.x-k8s.io/node": "fake"}
"""Annotation of the nodes that KWOK plays."""
STAGES: Final = Path(__file__).with_name("stages.yaml")


@dataclass(frozen=True)
class Part:
    """One process of the sandbox, as it should run."""

    name: str
    program: Path
    arguments: tuple[str, ...]
    reads: tuple[Path, ...]
    """Files that the process reads when it starts: with another content it has to start anew."""

    @property
    def command(self) -> tuple[str, ...]:
        """The whole command."""
        return (str(self.program), *self.arguments)

    @property
    def digest(self) -> str:
        """Changes with everything that a running process cannot take up: program, arguments, files."""
        digest = hashlib.sha256("\0".join(self.command).encode())
        for path in self.reads:
            digest.update(path.read_bytes())
        return digest.hexdigest()[:16]


def parts(
    data: Path,
    credentials: Credentials,
    ports: Mapping[str, int],
    programs: Mapping[str, Path],
    environment: EnvironmentSpec,
) -> tuple[Part, ...]:
    """Every part, in the order of a start."""
    arguments = {
        ETCD: _etcd(data, credentials, ports),
        API_SERVER: _api_server(credentials, ports, environment),
        CONTROLLERS: _controllers(credentials, ports, environment),
        SCHEDULER: _component(SCHEDULER, credentials, ports),
        KWOK: _kwok(credentials, environment),
    }
    return tuple(
        Part(name, programs[name], _flags(arguments[name]), _files(arguments[name], credentials)) for name in PARTS
    )


def _flags(options: Mapping[str, object]) -> tuple[str, ...]:
    return tuple(f"--{name}={value}" for name, value in options.items())


def _files(options: Mapping[str, object], credentials: Credentials) -> tuple[Path, ...]:
    files = {value for value in options.values() if isinstance(value, Path)}
    return tuple(sorted(path for path in files if path == STAGES or path.is_relative_to(credentials.folder)))


def _etcd(data: Path, credentials: Credentials, ports: Mapping[str, int]) -> dict[str, object]:
    client, peer = f"https://{HOST}:{ports['etcd']}", f"https://{HOST}:{ports['etcd-peer']}"
    pair, authority = credentials.etcd, credentials.etcd_authority.pair.certificate
    return {
        "name": "sandbox",
        "data-dir": data,
        "listen-client-urls": client,
        "advertise-client-urls": client,
        "listen-peer-urls": peer,
        "initial-advertise-peer-urls": peer,
        "initial-cluster": f"sandbox={peer}",
        "client-cert-auth": "true",
        "trusted-ca-file": authority,
        "cert-file": pair.certificate,
        "key-file": pair.key,
        "peer-client-cert-auth": "true",
        "peer-trusted-ca-file": authority,
        "peer-cert-file": pair.certificate,
        "peer-key-file": pair.key,
        "enable-grpc-gateway": "false",
        # A killed process loses nothing; only a machine that loses power may, and a sandbox may lose its data.
        "unsafe-no-fsync": "true",
        "log-level": "warn",
    }


def _api_server(credentials: Credentials, ports: Mapping[str, int], environment: EnvironmentSpec) -> dict[str, object]:
    return {
        "bind-address": HOST,
        "secure-port": ports[API_SERVER],
        "etcd-servers": f"https://{HOST}:{ports['etcd']}",
        "etcd-cafile": credentials.etcd_authority.pair.certificate,
        "etcd-certfile": credentials.etcd_client.certificate,
        "etcd-keyfile": credentials.etcd_client.key,
        "tls-cert-file": credentials.serving[API_SERVER].certificate,
        "tls-private-key-file": credentials.serving[API_SERVER].key,
        "client-ca-file": credentials.authority.pair.certificate,
        # Lets API extensions be added. Also, the other parts' logs complain of an API server that has no front.
        "requestheader-client-ca-file": credentials.front_authority.pair.certificate,
        "requestheader-allowed-names": FRONT_USER,
        "requestheader-username-headers": "X-Remote-User",
        "requestheader-group-headers": "X-Remote-Group",
        "requestheader-extra-headers-prefix": "X-Remote-Extra-",
        "proxy-client-cert-file": credentials.front.certificate,
        "proxy-client-key-file": credentials.front.key,
        "anonymous-auth": "false",
        "authorization-mode": "Node,RBAC",
        "service-account-issuer": "https://kubernetes.default.svc.cluster.local",
        "service-account-key-file": credentials.service_account_key,
        "service-account-signing-key-file": credentials.service_account_key,
        "service-cluster-ip-range": environment.network.services,
        # As managed clusters have it: what may be privileged is the business of admission, not of a flag.
        "allow-privileged": "true",
        # The service `kubernetes` can have no loopback address, and nothing inside the sandbox could reach one.
        "endpoint-reconciler-type": "none",
        "profiling": "false",
    }


def _controllers(credentials: Credentials, ports: Mapping[str, int], environment: EnvironmentSpec) -> dict[str, object]:
    return _component(CONTROLLERS, credentials, ports) | {
        "cluster-cidr": environment.network.pods,
        "service-cluster-ip-range": environment.network.services,
        "root-ca-file": credentials.authority.pair.certificate,
        "cluster-signing-cert-file": credentials.authority.pair.certificate,
        "cluster-signing-key-file": credentials.authority.pair.key,
        "service-account-private-key-file": credentials.service_account_key,
        "use-service-account-credentials": "true",
        # There are no disks. A claim gets an empty folder below /tmp/hostpath_pv, which goes with the claim.
        "enable-hostpath-provisioner": "true",
        # The defaults (20 and 30) guard a shared API server; this one has us alone, and a person who waits.
        "kube-api-qps": 200,
        "kube-api-burst": 400,
        # A create that is cut off may be charged to a quota and never happen; the default would leave it so for 5m.
        "resource-quota-sync-period": "5s",
    }


def _component(name: str, credentials: Credentials, ports: Mapping[str, int]) -> dict[str, object]:
    """What the controller manager and the scheduler have in common."""
    kubeconfig = credentials.kubeconfigs[name]
    return {
        "bind-address": HOST,
        "secure-port": ports[name],
        "kubeconfig": kubeconfig,
        "authentication-kubeconfig": kubeconfig,
        "authorization-kubeconfig": kubeconfig,
        "tls-cert-file": credentials.serving[name].certificate,
        "tls-private-key-file": credentials.serving[name].key,
        "leader-elect": "false",
        "profiling": "false",
    }


def _kwok(credentials: Credentials, environment: EnvironmentSpec) -> dict[str, object]:
    [(annotation, value)] = FAKE_NODE.items()
    return {
        "kubeconfig": credentials.kubeconfigs[KWOK],
        "config": STAGES,
        "manage-all-nodes": "false",
        "manage-nodes-with-annotation-selector": f"{annotation}={value}",
        # As kubelets renew theirs: the node controller then sees a dead KWOK as it would see dead machines.
        "node-lease-duration-seconds": 40,
        "cidr": environment.network.pods,
    }
