"""The programs that the sandbox and the engine run: versions, where each is published, what it builds from.

Addresses are those of the vendors' own release sites. A checksum is taken from what the vendor publishes beside the
file: a list of sums, a file with one sum, or the digest that GitHub's API gives for an asset of a release.
"""

from __future__ import annotations

import platform
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

Version = tuple[int, int, int]


@dataclass(frozen=True, kw_only=True)
class Release:
    """One published file of a vendor: an archive, or the program itself."""

    package: str
    """Names the file's folder in the cache; programs of one archive share it."""
    version: str
    url: str
    """Address, with {version}, {os}, {arch} (amd64) and {cpu} (x64) to fill in."""
    checksum_url: str
    """Address of the published checksum, with the same fields."""
    member: str
    """Path of the program inside the archive. The program's own name where no archive is around it."""


@dataclass(frozen=True, kw_only=True)
class Source:
    """How a program builds from Go modules."""

    folder: str
    """Folder under `tools/` whose `go.mod` pins the program and all that it needs."""
    package: str
    """Import path of the main package."""
    binary: str
    """Name that `go build` gives the program: the last part of its import path, a version left out."""
    stamps: tuple[str, ...] = ()
    """Variables to set at link time, with {version}, {major} and {minor} of the pinned module to fill in."""


@dataclass(frozen=True, kw_only=True)
class Program:
    """One program: how to know a found one, where to download it, how to build it."""

    name: str
    release: Release
    source: Source | None = None
    """None where no Go module holds the program: then Tenantry has a stand-in, and absence is no error."""
    version_command: tuple[str, ...] = ()
    """Arguments that make it print its version. Empty where it prints none; then any is accepted."""
    at_least: Version = (0, 0, 0)
    """Oldest version accepted from PATH."""
    below: Version = (999, 0, 0)
    """First version no longer accepted from PATH."""

    def accepts(self, version: Version | None) -> bool:
        """Whether one of this version, found on PATH, may be used. None: it did not tell."""
        if version is None:
            return not self.version_command
        return self.at_least <= version < self.below

    @property
    def wanted(self) -> str:
        """The accepted range in words, for messages."""
        if not self.version_command:
            return "any version"
        low, high = (".".join(map(str, version[:2])) for version in (self.at_least, self.below))
        return f">={low}, <{high}"


def parse_version(text: str) -> Version | None:
    """The first version that a program's output names, as in `etcd Version: 3.6.16`."""
    match = re.search(r"\bv?(\d+)\.(\d+)\.(\d+)", text)
    return (int(match[1]), int(match[2]), int(match[3])) if match else None


def operating_system() -> str:
    """This machine's system as release sites spell it: linux or darwin."""
    return "darwin" if sys.platform == "darwin" else "linux"


def architecture() -> str:
    """This machine's processor as Go spells it: amd64 or arm64."""
    machine = platform.machine().lower()
    return {"x86_64": "amd64", "aarch64": "arm64"}.get(machine, machine)


def fill(template: str, version: str) -> str:
    """Fill an address or a path for a version and this machine."""
    arch = architecture()
    cpu = {"amd64": "x64"}.get(arch, arch)
    return template.format(version=version, os=operating_system(), arch=arch, cpu=cpu)


KUBERNETES_VERSION: Final = "1.36.3"
_KUBERNETES_STAMPS: Final = (
    # Without these the server says it is v0.0.0-master+$Format, which no client can parse.
    "k8s.io/component-base/version.gitVersion=v{version}",
    "k8s.io/component-base/version.gitMajor={major}",
    "k8s.io/component-base/version.gitMinor={minor}",
)
_PULUMI_STAMPS: Final = (
    # Without it the engine says it is 3.0.0-dev, and the Automation API refuses it.
    "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v{version}",
)
_PULUMI_VERSION: Final = "3.272.0"
"""The Python SDK's version (uv.lock). The one built from modules is older: 3.259.0 is the last that can be had so."""


def _kubernetes(name: str, *, command: tuple[str, ...], at_least: Version, below: Version) -> Program:
    url = "https://dl.k8s.io/release/v{version}/bin/{os}/{arch}/" + name
    return Program(
        name=name,
        release=Release(package=name, version=KUBERNETES_VERSION, url=url, checksum_url=f"{url}.sha256", member=name),
        source=Source(
            folder="cluster", package=f"k8s.io/kubernetes/cmd/{name}", binary=name, stamps=_KUBERNETES_STAMPS
        ),
        version_command=command,
        at_least=at_least,
        below=below,
    )


def _control_plane(name: str) -> Program:
    # The tests compare against this minor's schemas and admission, so another minor is no substitute.
    return _kubernetes(name, command=("--version",), at_least=(1, 36, 0), below=(1, 37, 0))


def _pulumi(name: str, source: Source | None, version_command: tuple[str, ...]) -> Program:
    return Program(
        name=name,
        release=Release(
            package="pulumi",
            version=_PULUMI_VERSION,
            url="https://get.pulumi.com/releases/sdk/pulumi-v{version}-{os}-{cpu}.tar.gz",
            checksum_url="https://get.pulumi.com/releases/sdk/pulumi-{version}-checksums.txt",
            member=f"pulumi/{name}",
        ),
        source=source,
        version_command=version_command,
        at_least=(3, 259, 0),
        below=(4, 0, 0),
    )


_ALL: Final = (
    Program(
        name="etcd",
        release=Release(
            package="etcd",
            version="3.6.16",
            url="https://github.com/etcd-io/etcd/releases/download/v{version}/etcd-v{version}-{os}-{arch}"
            + (".zip" if operating_system() == "darwin" else ".tar.gz"),
            checksum_url="https://github.com/etcd-io/etcd/releases/download/v{version}/SHA256SUMS",
            member="etcd-v{version}-{os}-{arch}/etcd",
        ),
        source=Source(folder="cluster", package="go.etcd.io/etcd/server/v3", binary="server"),
        version_command=("--version",),
        at_least=(3, 6, 0),  # 3.5 and older lack what watch-list clients ask for
        below=(4, 0, 0),
    ),
    _control_plane("kube-apiserver"),
    _control_plane("kube-controller-manager"),
    _control_plane("kube-scheduler"),
    # kubectl may differ from the server by one minor: the vendor's skew policy.
    _kubernetes("kubectl", command=("version", "--client"), at_least=(1, 35, 0), below=(1, 38, 0)),
    Program(
        name="kwok",
        release=Release(
            package="kwok",
            version="0.8.0",
            url="https://github.com/kubernetes-sigs/kwok/releases/download/v{version}/kwok-{os}-{arch}",
            checksum_url="https://api.github.com/repos/kubernetes-sigs/kwok/releases/tags/v{version}",
            member="kwok",
        ),
        source=Source(folder="cluster", package="sigs.k8s.io/kwok/cmd/kwok", binary="kwok"),
        version_command=("--version",),
        at_least=(0, 8, 0),  # the Stage files are written for this minor
        below=(0, 9, 0),
    ),
    _pulumi(
        "pulumi",
        Source(
            folder="pulumi",
            package="github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
            binary="pulumi",
            stamps=_PULUMI_STAMPS,
        ),
        ("version",),
    ),
    _pulumi("pulumi-language-python", None, ()),
    Program(
        name="pulumi-resource-kubernetes",
        release=Release(
            package="pulumi-resource-kubernetes",
            version="4.34.2",
            url="https://github.com/pulumi/pulumi-kubernetes/releases/download/v{version}/"
            "pulumi-resource-kubernetes-v{version}-{os}-{arch}.tar.gz",
            checksum_url="https://api.github.com/repos/pulumi/pulumi-kubernetes/releases/tags/v{version}",
            member="pulumi-resource-kubernetes",
        ),
    ),
)
PROGRAMS: Final[Mapping[str, Program]] = {program.name: program for program in _ALL}
"""Every program, by name, in the order in which they are shown."""
ENGINE: Final = ("pulumi", "pulumi-language-python", "pulumi-resource-kubernetes")
"""What a stack needs to run on official parts only."""
CLUSTER: Final = tuple(name for name in PROGRAMS if name not in ENGINE)
"""What the sandbox's control plane is made of."""
