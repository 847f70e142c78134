"""Where a team's registry keeps what it knows, and the files of models: in the namespace, or outside of the cluster."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tenantry.pipelines.stores import ObjectStore
from tenantry.registry import words


@dataclass(frozen=True, kw_only=True)
class Database:
    """A PostgreSQL server with a database of the registry's own, and the Secret with `username` and `password`."""

    host: str
    port: int = words.DATABASE_PORT
    name: str = words.DATABASE_NAME
    secret: str = words.DATABASE
    in_namespace: bool
    """Whether Tenantry runs it. Whoever runs one elsewhere makes the Secret and the backups."""

    @property
    def uri(self) -> str:
        """As SQLAlchemy reads it, with the user and the password as Kubernetes fills them in.

        Generated passwords are letters and digits; in one of somebody else's, percent-encode what addresses reserve.
        """
        return f"postgresql://$({USER}):$({PASSWORD})@{self.host}:{self.port}/{self.name}"


USER: Final = "DATABASE_USER"
PASSWORD: Final = "DATABASE_PASSWORD"  # noqa: S105 - the name of a variable
OWN_DATABASE: Final = Database(host=words.DATABASE, in_namespace=True)
"""The team's own PostgreSQL on a volume of its own."""


def external_database(host: str, secret: str, port: int = words.DATABASE_PORT) -> Database:
    """A server outside of the cluster, such as RDS."""
    return Database(host=host, port=port, secret=secret, in_namespace=False)


FILES: Final = "/mlflow"
"""Where the volume of the artifacts is, in the server's container."""


@dataclass(frozen=True, kw_only=True)
class Artifacts:
    """Where the server puts what clients send it. No client holds a key: all of it goes through the server."""

    destination: str
    """As `mlflow server --artifacts-destination` takes it."""
    store: ObjectStore | None
    """None for a volume of the registry's own."""

    @property
    def on_volume(self) -> bool:
        """Whether the registry has a volume for them."""
        return self.store is None


ON_VOLUME: Final = Artifacts(destination=f"file://{FILES}/artifacts", store=None)
"""For a team without an object store. Only the registry's server reads it."""


def in_store(store: ObjectStore) -> Artifacts:
    """A folder of the team's object store, which model servers read without the registry."""
    return Artifacts(destination=f"s3://{store.bucket}/{words.FOLDER}", store=store)
