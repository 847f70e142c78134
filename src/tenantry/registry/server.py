"""The very command and environment of a team's MLflow server. The component renders them, and a test starts them."""

from __future__ import annotations

from collections.abc import Sequence

from tenantry.pipelines.stores import ObjectStore
from tenantry.registry import words
from tenantry.registry.stores import Artifacts

POD = "0.0.0.0"  # noqa: S104 - in a pod, behind the namespace's policies
WORKERS = 2
"""Processes that answer, as upstream's tests of Pipelines with MLflow have it. Each holds about 200 MiB."""
LOCAL = ("localhost", "localhost:*", "127.0.0.1", "127.0.0.1:*")
"""Host headers of whoever forwards a port."""


def allowed_hosts(namespace: str, public: str | None) -> tuple[str, ...]:
    """Every Host header that is answered: the Service's names with its port, the public one, and forwarded ports.

    A page of somebody else's that makes a browser call the server by another name (DNS rebinding) gets nothing.
    """
    names = words.hosts(namespace)
    return (*names, *(f"{name}:{words.PORT}" for name in names), *LOCAL, *([public] if public else []))


def command(
    artifacts: str, hosts: Sequence[str], origins: Sequence[str] = (), *, address: str = POD, port: int = words.PORT
) -> list[str]:
    """What the container runs.

    Args:
        artifacts: Where the server puts the files that clients send.
        hosts: Host headers that are answered, as `allowed_hosts` gives them.
        origins: Addresses whose pages may write: the public one. Browsers name it even on the server's own pages.
        address: To listen on.
        port: To listen on.
    """
    return [
        "mlflow",
        "server",
        f"--host={address}",
        f"--port={port}",
        f"--workers={WORKERS}",
        f"--artifacts-destination={artifacts}",
        f"--allowed-hosts={','.join(hosts)}",
        *([f"--cors-allowed-origins={','.join(origins)}"] if origins else []),
    ]


def variables(database: str) -> dict[str, str]:
    """Environment that is the same wherever the files are.

    Args:
        database: Address of the database, as SQLAlchemy reads it. Not an argument: whoever lists processes reads those.
    """
    return {
        "MLFLOW_BACKEND_STORE_URI": database,
        "MLFLOW_DISABLE_TELEMETRY": "true",
        # Jobs are for evaluating language models by others; their processes hold as much memory again.
        "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
        # The user has no home in the image.
        "HOME": "/tmp",  # noqa: S108 - in the container
    }


def store_variables(artifacts: Artifacts) -> dict[str, str]:
    """Environment by which the server finds the object store, if it is one. Keys are none of it."""
    if artifacts.store is None:
        return {}
    region = {"AWS_DEFAULT_REGION": artifacts.store.region}
    return {**region, **(_own(artifacts.store) if artifacts.store.in_namespace else {})}


def _own(store: ObjectStore) -> dict[str, str]:
    return {"MLFLOW_S3_ENDPOINT_URL": f"http://{store.endpoint}", "MLFLOW_BOTO_CLIENT_ADDRESSING_STYLE": "path"}
