"""Two pairs of eyes: where a tier asks for it, a version serves once somebody other than its author has said so."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from tenantry import git
from tenantry.model_spec import ModelSpec, VersionSpec
from tenantry.models.effective import EffectiveModel
from tenantry.models.gates import GateFinding

Author = Callable[[VersionSpec], str | None]
"""Whose change brought a version into the file; None where nobody can know."""


def approvals(spec: ModelSpec, author: Author) -> Iterator[GateFinding]:
    """What is missing of the approvals that a tier with `model_approval` asks for."""
    for key, version in spec.versions.items():
        for keys, what, fix in _of_version(version, author):
            yield GateFinding(key, (key, *keys), f"version {version.version} {what}", fix)


def _of_version(version: VersionSpec, author: Author) -> Iterator[tuple[tuple[str, ...], str, str]]:
    if version.approved_by is None:
        yield ("approved_by",), "is approved by nobody", "Write approved_by with who looked at it, not its author"
        return
    who = author(version)
    if who is None:
        fix = "Check where all of git's history is (git fetch --unshallow), or set user.email before you commit"
        yield ("approved_by",), "has no author that git knows, so nobody can say that another approved it", fix
        return
    signed: list[tuple[tuple[str, ...], str]] = [(("approved_by",), version.approved_by)]
    if version.override:
        signed.append((("override", "approved_by"), version.override.approved_by))
    for keys, name in signed:
        if name.lower() == who.lower():
            yield keys, f"is approved by {who}, who wrote it", "Let somebody else look at it and sign"


def git_author(model: EffectiveModel) -> Author:
    """The author by git: of the oldest commit that brought what the version serves into the file.

    Moving it from `candidate` to `stable` brings nothing, so whoever promotes does not become its author.
    """
    return lambda version: git.first_author(model.root, model.source, _pattern(version))


def _pattern(version: VersionSpec) -> str:
    """What the version serves as a whole word, so that `…/1` is not found in `…/12`."""
    served = re.sub(r"[.+]", r"[\g<0>]", version.image or version.uri or version.version)
    return f"{served}([^A-Za-z0-9_.=+-]|$)"
