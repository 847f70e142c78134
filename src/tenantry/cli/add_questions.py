"""What `tenantry add` still has to ask."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from tenantry.catalog import load_environment
from tenantry.cli.ask import answer, somebody_is_there
from tenantry.cli.failure import UsageError
from tenantry.cli.project import environment_ids, known_word
from tenantry.cli.tenant_draft import Answers
from tenantry.environment import EnvironmentSpec
from tenantry.formats import CostCenter, DnsLabel, Email, Group, OnCall, TeamName
from tenantry.names import tenant_file


@dataclass(frozen=True, kw_only=True)
class Given:
    """What the command line said. None is what it did not say."""

    id: str | None = None
    team: str | None = None
    email: str | None = None
    on_call: str | None = None
    cost_center: str | None = None
    tier: str | None = None
    environments: Sequence[str] | None = None
    admins: Sequence[str] | None = None
    developers: Sequence[str] | None = None
    viewers: Sequence[str] | None = None


@dataclass(frozen=True)
class Question:
    """One thing that must be known."""

    flag: str
    """How the command line says it."""
    words: str
    """How a person is asked for it."""
    kind: Any
    """Type of the answer, as the model has it."""


QUESTIONS: Final = {
    "id": Question("TENANT", "Id: the folder, namespace and stack, for good", DnsLabel),
    "team": Question("--team", "Team's name", TeamName),
    "email": Question("--email", "Address of the whole team", Email),
    "on_call": Question("--on-call", "Rota that is called at night", OnCall),
    "cost_center": Question("--cost-center", "Cost centre", CostCenter),
}
GROUPS: Final = {
    "admins": Question("--admin", "Groups of its admins, with commas between", Group),
    "developers": Question("--developer", "Groups of its developers (none: Enter)", Group),
    "viewers": Question("--viewer", "Groups that may look (none: Enter)", Group),
}
REQUIRED: Final = (*QUESTIONS, "admins")


def complete(root: Path, given: Given) -> tuple[Answers, EnvironmentSpec]:
    """Everything about the new tenant, and the first environment that it lives in.

    Raises:
        UsageError: something is missing and nobody is there to ask, or the tenant is there already.
    """
    _refuse_gaps(given)
    asking = somebody_is_there()
    tenant = given.id or _ask(QUESTIONS["id"])
    # The id becomes a path, so nothing is looked up or written before it is known to be a plain name.
    if wrong := complaint(DnsLabel)(tenant):
        raise UsageError(f"{wrong} It names the folder, the namespace and the stack.")
    _refuse_existing(root, tenant)
    texts = {name: getattr(given, name) or _ask(question) for name, question in QUESTIONS.items() if name != "id"}
    homes = [load_environment(root, name) for name in _environments(root, given.environments)]
    tier = _tier(given.tier, homes[0], asking=asking)
    groups = {name: _groups(getattr(given, name), question, asking=asking) for name, question in GROUPS.items()}
    found: dict[str, Any] = {"id": tenant, **texts, **groups, "environments": [home.id for home in homes], "tier": tier}
    return Answers(**found), homes[0]


def _refuse_gaps(given: Given) -> None:
    questions = {**QUESTIONS, **GROUPS}
    missing = [questions[name].flag for name in REQUIRED if not getattr(given, name)]
    if missing and not somebody_is_there():
        raise UsageError(f"missing: {', '.join(missing)}. Name them, or call this in a terminal, where it asks.")


def _refuse_existing(root: Path, tenant: str) -> None:
    if (root / tenant_file(tenant)).exists():
        raise UsageError(f"{tenant_file(tenant)} is there already and stays as it is. Edit it, or choose another id.")


def _environments(root: Path, given: Sequence[str] | None) -> list[str]:
    known = environment_ids(root)
    if given:
        return [known_word(name, known, "environment") for name in dict.fromkeys(given)]
    chosen = known if len(known) == 1 else [name for name in known if load_environment(root, name).by_default]
    if not chosen:
        raise UsageError(f"which environments? There are {', '.join(known)}. Name them: --env NAME.")
    return chosen


def _tier(given: str | None, home: EnvironmentSpec, *, asking: bool) -> str:
    tiers = sorted(home.tiers)
    if given:
        return known_word(given, tiers, "tier")
    if not asking and home.default_tier:
        return home.default_tier
    if not asking:
        raise UsageError(f"which tier? {home.id} has {', '.join(tiers)}, and no default. Name one: --tier NAME.")
    return answer(f"Tier ({', '.join(tiers)})", _one_of(tiers), home.default_tier)


def _groups(given: Sequence[str] | None, question: Question, *, asking: bool) -> Sequence[str]:
    if given or not asking:
        return list(given or ())
    least = 1 if question.flag == "--admin" else 0
    text = answer(question.words, _each(complaint(question.kind), least), None if least else "")
    return _split(text)


def _ask(question: Question) -> str:
    return answer(question.words, complaint(question.kind))


def _split(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _each(wrong: Callable[[str], str], least: int) -> Callable[[str], str]:
    def complain(text: str) -> str:
        parts = _split(text)
        if len(parts) < least:
            return "At least one is needed."
        return next(filter(None, map(wrong, parts)), "")

    return complain


def _one_of(words: Sequence[str]) -> Callable[[str], str]:
    return lambda text: "" if text in words else f"Write one of: {', '.join(words)}."


def complaint(kind: Any) -> Callable[[str], str]:  # noqa: ANN401 - any type that pydantic knows
    """What the model would find wrong with an answer of this kind; empty where it is good."""
    adapter: TypeAdapter[Any] = TypeAdapter(kind)

    def complain(text: str) -> str:
        try:
            adapter.validate_python(text)
        except ValidationError as error:
            said = error.errors()[0]["ctx"]
            return f"{said['what']}. {said['fix']}."
        return ""

    return complain
