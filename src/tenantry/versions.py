"""Versions of what a team's platform is made of, and the images that belong to each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from tenantry.errors import InputError, Problem


@dataclass(frozen=True, kw_only=True)
class PipelinesRelease:
    """One release of Kubeflow Pipelines, with everything that upstream tested it with."""

    version: str
    images: Mapping[str, str]
    """Image of every part. Whole names: a short one is another image on a node with another default registry."""
    metadata: bool
    """Whether runs are recorded in ML Metadata. Upstream removes it (kubeflow/pipelines#14029)."""


@dataclass(frozen=True, kw_only=True)
class SeldonRelease:
    """One release of Seldon Core v1, with the servers that its chart names."""

    version: str
    licence: Literal["Apache-2.0", "BSL-1.1"]
    """By the file LICENSE at the release's tag. Under BSL-1.1 production use needs a licence of Seldon's."""
    images: Mapping[str, str]
    """Image of every part, and of every runtime by its word in a model's file."""


@dataclass(frozen=True, kw_only=True)
class RegistryRelease:
    """One release of MLflow, with the database that keeps what it knows."""

    version: str
    images: Mapping[str, str]


def _kubeflow(version: str) -> dict[str, str]:
    parts = (
        "api-server",
        "driver",
        "frontend",
        "launcher",
        "metadata-envoy",
        "persistence-agent",
        "scheduled-workflow-controller",
    )
    return {part: f"ghcr.io/kubeflow/kfp-{part}:{version}" for part in parts}


PIPELINES: Mapping[str, PipelinesRelease] = MappingProxyType(
    {
        "2.17.0": PipelinesRelease(
            version="2.17.0",
            images={
                **_kubeflow("2.17.0"),
                "argoexec": "quay.io/argoproj/argoexec:v4.0.5",
                "metadata-store": "gcr.io/tfx-oss-public/ml_metadata_store_server:1.14.0",
                "mysql": "docker.io/library/mysql:8.4",
                "seaweedfs": "ghcr.io/chrislusf/seaweedfs:4.34",
                "wait": "docker.io/library/alpine:3.23",
                "workflow-controller": "quay.io/argoproj/workflow-controller:v4.0.5",
            },
            metadata=True,
        ),
    }
)
"""Releases that the components know how to install. Source: the manifests of kubeflow/pipelines at each tag."""

SIGN_ON_IMAGE = "quay.io/oauth2-proxy/oauth2-proxy:v7.15.3"
"""The proxy before every team's hosts. Releases before 7.15.2 can be passed by with a forged header."""

PIPELINES_VERSION = "2.17.0"
"""What every team gets that is no canary."""

PIPELINES_CANARIES: Mapping[str, str] = MappingProxyType({})
"""Releases of single teams, by stack (`vision.prod`): one goes first, the rest follow by `PIPELINES_VERSION`."""


def pipelines_release(stack: str, canaries: Mapping[str, str] = PIPELINES_CANARIES) -> PipelinesRelease:
    """The release that the team of a stack gets.

    Raises:
        InputError: a canary's release is not in `PIPELINES`.
    """
    version = canaries.get(stack, PIPELINES_VERSION)
    if version not in PIPELINES:
        raise _unknown("Kubeflow Pipelines", version, stack, "PIPELINES", PIPELINES)
    return PIPELINES[version]


REGISTRY: Mapping[str, RegistryRelease] = MappingProxyType(
    {
        "3.13.0": RegistryRelease(
            version="3.13.0",
            images={
                # With the drivers of databases and object stores; the plain image has none (upstream's docker/README).
                "mlflow": "ghcr.io/mlflow/mlflow:v3.13.0-full",
                # Another major release does not read the volume: it needs a dump and a restore.
                "postgres": "docker.io/library/postgres:17",
            },
        ),
    }
)
"""Releases of MLflow that the components know how to install. 3.13.0 is the one that upstream tests Pipelines 2.17 with
(kubeflow/pipelines, .github/resources/mlflow-direct)."""

REGISTRY_VERSION = "3.13.0"
"""What every team gets that is no canary."""

REGISTRY_CANARIES: Mapping[str, str] = MappingProxyType({})
"""Releases of single teams, by stack, as with Pipelines."""


def registry_release(stack: str, canaries: Mapping[str, str] = REGISTRY_CANARIES) -> RegistryRelease:
    """The release that the team of a stack gets.

    Raises:
        InputError: a canary's release is not in `REGISTRY`.
    """
    version = canaries.get(stack, REGISTRY_VERSION)
    if version not in REGISTRY:
        raise _unknown("MLflow", version, stack, "REGISTRY", REGISTRY)
    return REGISTRY[version]


def _seldon(version: str) -> dict[str, str]:
    own = {"operator": "core-operator", "executor": "core-executor"}
    servers = ("huggingface", "mlflow", "sklearn", "xgboost")
    return {
        **{part: f"docker.io/seldonio/seldon-{name}:{version}" for part, name in own.items()},
        "storage-initializer": f"docker.io/seldonio/rclone-storage-initializer:{version}",
        **{runtime: f"docker.io/seldonio/mlserver:1.3.5-{runtime}" for runtime in servers},
        "triton": "nvcr.io/nvidia/tritonserver:21.08-py3",
    }


SELDON: Mapping[str, SeldonRelease] = MappingProxyType(
    {
        "1.17.1": SeldonRelease(version="1.17.1", licence="Apache-2.0", images=_seldon("1.17.1")),
        "1.18.2": SeldonRelease(version="1.18.2", licence="BSL-1.1", images=_seldon("1.18.2")),
    }
)
"""Releases of Seldon Core v1 that the components know how to install. 1.17.1 is the last one under Apache-2.0. Source:
LICENSE and the operator's chart of SeldonIO/seldon-core at each tag."""

SELDON_VERSION = "1.17.1"
"""What every team gets that is no canary. Under Apache-2.0: nobody is given another licence by default."""

SELDON_CANARIES: Mapping[str, str] = MappingProxyType({})
"""Releases of single teams, by stack, as with Pipelines."""


def seldon_release(stack: str, *, accept_bsl: bool, canaries: Mapping[str, str] = SELDON_CANARIES) -> SeldonRelease:
    """The release that the team of a stack gets.

    Args:
        stack: The team's stack.
        accept_bsl: Whether the stack's environment accepts releases under BSL-1.1.
        canaries: Releases of single teams.

    Raises:
        InputError: a canary's release is not in `SELDON`, or its licence is not accepted.
    """
    version = canaries.get(stack, SELDON_VERSION)
    if version not in SELDON:
        raise _unknown("Seldon Core", version, stack, "SELDON", SELDON, needed="its licence and images")
    release = SELDON[version]
    if release.licence != "Apache-2.0" and not accept_bsl:
        what = f"Seldon Core {version}, which {stack} is to get, is under {release.licence}"
        fix = "Read that licence, then write accept_bsl: true below serving in the environment's file; or name 1.17.1"
        raise _of_canary(stack, "SELDON", what, fix)
    return release


def _unknown(
    product: str, version: str, stack: str, table: str, known: Iterable[str], *, needed: str = "its images"
) -> InputError:
    what = f'no release "{version}" of {product}, which {stack} is to get'
    return _of_canary(stack, table, what, f"Known: {', '.join(sorted(known))}. Add it to {table}, with {needed}")


def _of_canary(stack: str, table: str, what: str, fix: str) -> InputError:
    return InputError([Problem("src/tenantry/versions.py", 1, 1, f"{table}_CANARIES.{stack}", what, fix)])


def released_images() -> frozenset[str]:
    """Every image of the platform's own parts, word for word: reviewed here, and each by the tag of a release."""
    releases: list[PipelinesRelease | RegistryRelease | SeldonRelease] = []
    releases += [*PIPELINES.values(), *REGISTRY.values(), *SELDON.values()]
    return frozenset(image for release in releases for image in release.images.values()) | {SIGN_ON_IMAGE}
