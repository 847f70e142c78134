"""How a model's files are fetched: rclone, told by variables alone where the team's store is and who asks."""

from __future__ import annotations

from tenantry.pipelines.stores import ObjectStore

REMOTE = "RCLONE_CONFIG_S3"
"""rclone's remote `s3`, which addresses that begin with `s3://` mean."""


def variables(store: ObjectStore) -> dict[str, str]:
    """What is no secret: kind, endpoint and region of the store, and whether the pod itself proves who it is.

    In a cloud the service account `serving` is who asks (workload identity), and there are no keys.
    """
    known = {
        f"{REMOTE}_TYPE": "s3",
        f"{REMOTE}_PROVIDER": "Other" if store.in_namespace else "AWS",
        f"{REMOTE}_ENV_AUTH": str(store.secret is None).lower(),
        f"{REMOTE}_REGION": store.region,
    }
    return {**known, f"{REMOTE}_ENDPOINT": f"http://{store.endpoint}"} if store.in_namespace else known


KEYS = {f"{REMOTE}_ACCESS_KEY_ID": "accesskey", f"{REMOTE}_SECRET_ACCESS_KEY": "secretkey"}
"""Variables and the keys of the store's own Secret that they are copied from: the initializer takes a whole Secret as
its environment, so the names must be rclone's."""
