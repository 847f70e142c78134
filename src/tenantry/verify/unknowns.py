"""What nobody can render, because only the cluster knows it: taken from the live object, so that the rest compares."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from tenantry.kube import Json
from tenantry.names import CREDENTIALS_ANNOTATION
from tenantry.render.values import HIDDEN

LATER: Final = {"PersistentVolumeClaim": ("volumeName", "storageClassName")}
"""Fields of a spec that are filled in once and for all when an object finds its place, by kind."""


def completed(wanted: Json, live: Json) -> Json:
    """The rendered object, with what only the cluster knows as it is there.

    Those are: secret values, which are rendered as a word that hides them; uids of Secrets in the annotations by which
    pods start anew; and the fields in `LATER`, where nothing is rendered for them. A key more or less of a Secret is
    still a difference, and so is a field of `LATER` that was rendered.
    """
    told: Json = _told(wanted, live)
    for field in LATER.get(wanted["kind"], ()):
        if field in live.get("spec", {}):
            told["spec"].setdefault(field, live["spec"][field])
    return told


def _told(wanted: Any, live: Any, key: str = "") -> Any:  # noqa: ANN401 - JSON
    if isinstance(wanted, Mapping):
        fields = live if isinstance(live, Mapping) else {}
        return {name: _told(value, fields.get(name), name) for name, value in wanted.items()}
    if isinstance(wanted, list):
        items = live if isinstance(live, list) and len(live) == len(wanted) else [None] * len(wanted)
        return [_told(one, other) for one, other in zip(wanted, items, strict=True)]
    unknown = wanted == HIDDEN or (wanted == "" and key.startswith(CREDENTIALS_ANNOTATION))
    return live if unknown and isinstance(live, str) else wanted
