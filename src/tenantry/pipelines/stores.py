"""Where a team's runs, definitions and artifacts are kept: in its namespace, or outside of the cluster."""

from __future__ import annotations

from dataclasses import dataclass

from tenantry.pipelines import words


@dataclass(frozen=True, kw_only=True)
class Database:
    """A MySQL server, and the Secret with `username` and `password` for it in the team's namespace."""

    host: str
    port: int = words.DATABASE_PORT
    secret: str = words.DATABASE_SECRET
    in_namespace: bool
    """Whether Tenantry runs it. Whoever runs one elsewhere makes the Secret and the backups."""


IN_NAMESPACE = Database(host=words.DATABASE, in_namespace=True)
"""The team's own MySQL on a volume of its own."""


def external_database(host: str, secret: str, port: int = words.DATABASE_PORT) -> Database:
    """A server outside of the cluster, such as RDS."""
    return Database(host=host, port=port, secret=secret, in_namespace=False)


@dataclass(frozen=True, kw_only=True)
class ObjectStore:
    """An S3 endpoint and the team's bucket in it."""

    host: str
    port: int | None
    """None for the scheme's own."""
    bucket: str
    region: str
    secure: bool
    scheme: str
    """How addresses of artifacts begin: `minio` for an endpoint of our own, `s3` for Amazon's."""
    secret: str | None
    """Secret with `accesskey` and `secretkey`; None where pods prove who they are (workload identity)."""

    @property
    def in_namespace(self) -> bool:
        """Whether Tenantry runs it."""
        return self.scheme == "minio"

    @property
    def endpoint(self) -> str:
        """Host and port, as S3 clients want them."""
        return self.host if self.port is None else f"{self.host}:{self.port}"

    @property
    def root(self) -> str:
        """Where artifacts go of pipelines that name no place."""
        return f"{self.scheme}://{self.bucket}/{ARTIFACTS}"


ARTIFACTS = "v2/artifacts"
"""Folder of the steps' artifacts."""
LOGS = "private-artifacts"
"""Folder of the steps' logs, which Argo writes."""
DEFINITIONS = "pipelines"
"""Folder of the uploaded pipelines. Never emptied by retention."""


def own_store(namespace: str) -> ObjectStore:
    """SeaweedFS in the team's namespace. The bucket's name is upstream's: only this team's server knows it."""
    return ObjectStore(
        host=f"{words.STORE}.{namespace}.svc.{words.CLUSTER_DOMAIN}",
        port=words.STORE_PORT,
        bucket="mlpipeline",
        region="us-east-1",
        secure=False,
        scheme="minio",
        secret=words.STORE_SECRET,
    )


def s3(bucket: str, region: str) -> ObjectStore:
    """A bucket of the team's own in Amazon S3. No keys: pods prove who they are, and the bucket's policy knows them."""
    return ObjectStore(
        host=f"s3.{region}.amazonaws.com",
        port=None,
        bucket=bucket,
        region=region,
        secure=True,
        scheme="s3",
        secret=None,
    )
