"""Names, ports and addresses of a team's model registry, spelled in one place."""

from __future__ import annotations

from typing import Final

from tenantry.pipelines.words import CLUSTER_DOMAIN

SERVER: Final = "mlflow"
"""Deployment, Service, service account, and the pods' label `app` of the tracking server and registry."""
PORT: Final = 5000
"""Port of the server and of its Service."""
DATABASE: Final = "mlflow-database"
"""Deployment, Service, service account, Secret and volume of the PostgreSQL behind it."""
DATABASE_PORT: Final = 5432
DATABASE_NAME: Final = "mlflow"
DATABASE_USER: Final = "mlflow"
"""Owner of the database and no administrator of the server."""
ARTIFACTS: Final = "mlflow-artifacts"
"""Volume of the artifacts of a team without an object store."""
FOLDER: Final = "registry"
"""Folder of the registry in the team's object store. No retention of Pipelines empties it."""


def hosts(namespace: str) -> tuple[str, ...]:
    """Every name that pods of the cluster may call the Service by, the whole one last."""
    return (SERVER, f"{SERVER}.{namespace}", f"{SERVER}.{namespace}.svc", f"{SERVER}.{namespace}.svc.{CLUSTER_DOMAIN}")


def url(namespace: str) -> str:
    """Address of the registry within the cluster. The whole name: no other team's can be meant."""
    return f"http://{hosts(namespace)[-1]}:{PORT}"
