"""Secrets that are made once and then stay: nobody chooses them, and no file, preview or diff shows them.

The program makes up a value in every run, and the engine keeps the one that is in the stack's state, encrypted. To
make a new one, delete the Secret and bring the stack up with a refresh: docs/pipelines.md.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence

import pulumi
import pulumi_kubernetes as k8s

from components.install import Install
from tenantry import names
from tenantry.pipelines.passwords import new_password

ROTATION = names.CREDENTIALS_ANNOTATION
"""Annotation of pods with the uid of the Secret that they were started with."""
STORE_ROTATION = f"{ROTATION}-store"
"""The same for the object store's keys."""


def generated(place: Install, name: str, known: Mapping[str, str], secret: Sequence[str]) -> k8s.core.v1.Secret:
    """A Secret with values that are known and values that nobody knows.

    Args:
        place: The install.
        name: Of the Secret.
        known: Values by key that are no secrets, such as a user's name.
        secret: Keys whose values are made up.
    """
    made_up = {key: encoded(new_password()) for key in secret}
    return k8s.core.v1.Secret(
        f"{place.name}-{name}",
        metadata=place.meta(name),
        type="Opaque",
        # The SDK makes all of it a secret of Pulumi's. Not `stringData`, which the API server never gives back:
        # after a refresh there would be nothing to keep.
        data={**{key: encoded(value) for key, value in known.items()}, **made_up},
        # The API server itself refuses another value, should a state ever be lost.
        immutable=True,
        opts=pulumi.ResourceOptions(parent=place.parent, ignore_changes=["data"]),
    )


def encoded(value: str) -> str:
    """A value as a Secret's `data` holds it."""
    return b64encode(value.encode()).decode()


def version(secret: k8s.core.v1.Secret) -> pulumi.Output[str]:
    """Changes when the Secret was made anew, and says nothing of what is in it."""
    return secret.metadata.uid.apply(lambda uid: uid or "")
