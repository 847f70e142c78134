"""What the storage initializer is told about the team's store."""

from __future__ import annotations

from collections.abc import Mapping
from operator import itemgetter

import pulumi
import pulumi_kubernetes as k8s

from components.pipelines.credentials import encoded
from components.serving.place import Place
from tenantry.pipelines.stores import ObjectStore
from tenantry.serving import words
from tenantry.serving.store import KEYS, variables


def store_secret(place: Place, store: ObjectStore, keys: pulumi.Input[Mapping[str, str]] | None) -> k8s.core.v1.Secret:
    """The Secret whose keys are rclone's variables.

    Args:
        place: The install.
        store: The team's object store.
        keys: What the store's own Secret holds, encoded; None where pods prove who they are. When the keys change, so
            does this Secret, and pods that start later read it.
    """
    data: dict[str, pulumi.Input[str]] = {name: encoded(value) for name, value in variables(store).items()}
    if keys is not None:
        held: pulumi.Output[Mapping[str, str]] = pulumi.Output.from_input(keys)
        data |= {name: held.apply(itemgetter(key)) for name, key in KEYS.items()}
    return k8s.core.v1.Secret(
        f"{place.name}-{words.STORE_SECRET}",
        metadata=place.meta(words.STORE_SECRET),
        type="Opaque",
        data=data,
        opts=place.here,
    )
