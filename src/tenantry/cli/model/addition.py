"""The two things that `tenantry model add` can do: a file for a new model, or a candidate in a file that is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenantry.cli.failure import UsageError
from tenantry.cli.model.change import changed, read, text_of
from tenantry.cli.model.given import GivenModel, GivenVersion, complete
from tenantry.cli.model.override import refuse_needless, standing_of
from tenantry.cli.model.place import Place

if TYPE_CHECKING:
    from tenantry.model_edit.draft import NewModel, NewVersion, Rollout
    from tenantry.model_edit.summary import Change

CPU, MEMORY = 1.0, "2Gi"
"""Of one replica, where nobody says more. Tenantry's own choice: a small scikit-learn model."""


def new_model(place: Place, model: GivenModel, version: GivenVersion, override: str | None) -> Change:
    """A file with its first version.

    Raises:
        UsageError: something that must be named is missing.
        InputError: the file would not be accepted.
    """
    from tenantry.model_edit.draft import new_file  # noqa: PLC0415 - only for edits
    from tenantry.model_edit.summary import Change  # noqa: PLC0415 - 0.4 s

    new = complete(version, model.missing())
    text = _with_override(place, new_file(_drafted(place, model, new)), override, "stable")
    spec = read(place, text).spec
    return Change(
        tenant=place.tenant,
        model=place.model,
        path=place.path,
        title=f"Serve {new.version} as the first version",
        before=None,
        after=text,
        old=None,
        new=spec,
        judged=spec,
        notes=_notes(place, text, "stable"),
    )


def _drafted(place: Place, model: GivenModel, version: NewVersion) -> NewModel:
    from tenantry.model_edit.draft import NewModel  # noqa: PLC0415 - only for edits

    return NewModel(
        id=place.model,
        runtime=model.runtime or "",
        task=model.task,
        cpu=CPU if model.cpu is None else model.cpu,
        memory=MEMORY if model.memory is None else model.memory,
        gpu=model.gpu,
        replicas=(1 if model.replicas is None else model.replicas, model.max_replicas),
        gate=model.gate,
        stable=version,
    )


def new_candidate(place: Place, version: GivenVersion, rollout: Rollout, override: str | None) -> Change:
    """A candidate below the version that serves.

    Raises:
        UsageError: the version is not named.
        InputError: there is a candidate already, or the file would not be accepted.
    """
    from tenantry.model_edit.draft import candidate  # noqa: PLC0415 - only for edits
    from tenantry.model_edit.edits import with_candidate  # noqa: PLC0415 - only for edits

    before = text_of(place)
    # Before the registry is asked: whatever it says, a candidate that is there stays.
    with_candidate(before, place.path, "candidate: {version: none}\n")
    new = complete(version)
    text = with_candidate(before, place.path, candidate(new, rollout))
    after = _with_override(place, text, override, "candidate")
    share = f"canary {rollout.canary} %" if rollout.shadow is None else f"shadow {rollout.shadow} %"
    title = f"Add candidate {new.version}, {share}"
    return changed(place, title, before, after, notes=_notes(place, after, "candidate"))


def _with_override(place: Place, text: str, override: str | None, key: str) -> str:
    from tenantry.model_edit.edits import with_override  # noqa: PLC0415 - only for edits

    if override is None:
        return text
    refuse_needless(standing_of(read(place, text), key))
    return with_override(text, place.path, override, key)


def _notes(place: Place, text: str, key: str) -> list[str]:
    if standing_of(read(place, text), key):
        return ["The gate does not pass, so tenantry check refuses the file: complete the evidence, or see --override."]
    return []


def rollout_of(canary: int | None, steps: tuple[int, ...], shadow: int | None) -> Rollout:
    """How much a candidate gets.

    Raises:
        UsageError: neither or both ways are named, or steps without a canary.
    """
    from tenantry.model_edit.draft import Rollout  # noqa: PLC0415 - only for edits

    if (canary is None) == (shadow is None):
        raise UsageError("how much does the candidate get? Write one of --canary PERCENT and --shadow PERCENT.")
    if steps and canary is None:
        raise UsageError("--steps belong to --canary: a shadow answers nobody. Leave them out.")
    return Rollout(canary=canary, steps=steps, shadow=shadow)
