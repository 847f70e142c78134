"""Where the files of a team's models are: in the team's own store, and in no other."""

from __future__ import annotations

from typing import Final

from tenantry import names
from tenantry.pipelines.stores import ObjectStore, own_store

OWN: Final = "artifacts"
"""Word that stands for the team's own bucket, so that one file is right in every environment."""
SCHEME: Final = "s3://"


def store(tenant: str) -> ObjectStore:
    """The store that a team's runs write to and its models are read from."""
    return own_store(names.namespace(tenant))


def bucket(uri: str) -> str:
    """The bucket that an address names; `artifacts` stands for the team's own."""
    return uri.removeprefix(SCHEME).partition("/")[0]


def is_own(uri: str, tenant: str) -> bool:
    """Whether an address lies in the team's own store."""
    return bucket(uri) in {OWN, store(tenant).bucket}


def resolved(uri: str, tenant: str) -> str:
    """The address with the bucket's real name, as the storage initializer needs it."""
    return f"{SCHEME}{store(tenant).bucket}/{uri.removeprefix(SCHEME).partition('/')[2]}"
