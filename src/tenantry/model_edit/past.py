"""A model's file through time: which version was stable, which was the candidate, and who changed it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tenantry import git
from tenantry.errors import InputError
from tenantry.yaml_source import parse


@dataclass(frozen=True)
class Moment:
    """The file from one commit on, or as it lies in the work tree."""

    commit: str | None
    """Full hash. None for what is not committed."""
    date: str
    """ISO 8601; empty for what is not committed."""
    author: str
    path: str
    """Where the file was then, relative to the top of the repository."""
    text: str | None
    """None where the file was deleted, or was no text."""
    data: Mapping[str, Any] = field(default_factory=dict)
    """What it said; empty where today's reader refuses it."""

    @property
    def stable(self) -> str | None:
        """The version that was stable."""
        return version_of(self.data, "stable")

    @property
    def candidate(self) -> str | None:
        """The version that was the candidate."""
        return version_of(self.data, "candidate")


def moments(root: Path, path: str) -> list[Moment]:
    """The file's past, newest first. What the work tree has on top of the last commit comes before all.

    Raises:
        PlatformError: there is no git, or no repository.
    """
    found = [_moment(version) for version in git.versions_of(root, path)]
    file = root / path
    now = _text(file.read_bytes()) if file.is_file() else None
    if now is not None and (not found or found[0].text != now):
        found.insert(0, Moment(None, "", "", found[0].path if found else path, now, _data(now, path)))
    return found


def _moment(version: git.FileVersion) -> Moment:
    text = None if version.content is None else _text(version.content)
    data = {} if text is None else _data(text, version.path)
    return Moment(version.commit, version.date, version.author, version.path, text, data)


def _text(content: bytes) -> str | None:
    try:
        # A checkout may have other line ends than what is committed.
        return content.decode().replace("\r\n", "\n")
    except UnicodeDecodeError:
        return None


def _data(text: str, path: str) -> Mapping[str, Any]:
    try:
        return parse(text, path).data
    except InputError:
        return {}


def version_of(data: Mapping[str, Any], key: str) -> str | None:
    """Name of the version under a key; None where there is none that can be read."""
    block = data.get(key)
    version = block.get("version") if isinstance(block, Mapping) else None
    return version if isinstance(version, str) else None


def share(data: Mapping[str, Any]) -> str:
    """How much the candidate got, as in `canary 10 %`; empty where that cannot be read."""
    candidate = data.get("candidate")
    rollout = candidate.get("rollout") if isinstance(candidate, Mapping) else None
    if not isinstance(rollout, Mapping):
        return ""
    percent = rollout.get("traffic", rollout.get("mirror", "?"))
    return f"{rollout.get('strategy', '?')} {percent} %"


def changes(new: Moment, old: Moment | None) -> list[str]:
    """What one moment changed of the one before, in words."""
    if new.text is None:
        return ["deleted"]
    if not new.data:
        return ["cannot be read"]
    if old is None or old.text is None:
        return ["made", *_versions(new.data, {})]
    moved = [f"renamed from {old.path}"] if old.path != new.path else []
    others = sorted(
        key for key in {*new.data, *old.data} - {"stable", "candidate"} if new.data.get(key) != old.data.get(key)
    )
    found = [*moved, *_versions(new.data, old.data), *([f"changed {', '.join(others)}"] if others else [])]
    return found or ["comments alone"]


def _versions(new: Mapping[str, Any], old: Mapping[str, Any]) -> Iterator[str]:
    for key in ("stable", "candidate"):
        before, after = version_of(old, key), version_of(new, key)
        if before != after:
            yield f"{key} {' → '.join(filter(None, (before, after or 'none')))}"
        elif new.get(key) != old.get(key) and share(new) == share(old):
            yield f"{key} {after} described anew"
    if share(new) and share(new) != share(old):
        yield " → ".join(filter(None, (share(old), share(new))))


def earlier_stable(past: Sequence[Moment], current: str, wanted: str | None = None) -> Moment | None:
    """The newest moment with another stable version than the current one, or with the wanted one."""
    for moment in past:
        if moment.stable and (moment.stable == wanted if wanted else moment.stable != current):
            return moment
    return None
