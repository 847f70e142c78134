"""The text of a new tenant's file: what was answered, and the tier's defaults as comments to start from."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tenantry.environment import EnvironmentSpec

SCHEMA_LINE = "# yaml-language-server: $schema=../tenant.schema.json"
"""What makes an editor check and complete the file."""

_BARE = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._@/+-]*")


@dataclass(frozen=True, kw_only=True)
class Answers:
    """What somebody must say about a new tenant."""

    id: str
    team: str
    email: str
    on_call: str
    cost_center: str
    environments: Sequence[str]
    tier: str
    admins: Sequence[str]
    developers: Sequence[str] = ()
    viewers: Sequence[str] = ()


def draft(answers: Answers, environment: EnvironmentSpec) -> str:
    """The whole file. Defaults and ceilings in its comments are those of one environment.

    Lines that start with `# ` are YAML to uncomment, lines that start with `## ` are prose.
    """
    return "\n".join((*_answered(answers), *_commented(answers, environment), ""))


def _answered(answers: Answers) -> Iterator[str]:
    yield SCHEMA_LINE
    yield f"## What is not said here comes from the tier; `tenantry show {answers.id}` shows all of it."
    yield f"id: {scalar(answers.id)}  # the folder, the namespace and the stack: it never changes"
    yield "owner:"
    for key in ("team", "email", "on_call", "cost_center"):
        yield f"  {key}: {scalar(getattr(answers, key))}"
    yield f"environments: {_list(answers.environments)}"
    yield f"tier: {scalar(answers.tier)}"
    yield "access:  # groups of your identity provider"
    yield f"  admins: {_list(answers.admins)}"
    yield f"  developers: {_list(answers.developers)}"
    yield f"  viewers: {_list(answers.viewers)}"


def _commented(answers: Answers, environment: EnvironmentSpec) -> Iterator[str]:
    from tenantry.tenant_spec import TenantSpec  # noqa: PLC0415 - 0.4 s

    tier = environment.tiers[answers.tier]
    yield ""
    yield f'## Below are the defaults of the tier "{answers.tier}" in {environment.id}. To change one, remove its "# ".'
    for block, values in tier.defaults.model_dump(mode="json").items():
        yield f"## {TenantSpec.model_fields[block].description}"
        if block == "quota":
            yield f"## At most: {_most(tier.ceilings.model_dump())}. GPU flavors: {_flavors(environment)}."
        yield from (f"# {line}" for line in _yaml(block, values))


def _most(ceilings: dict[str, Any]) -> str:
    return ", ".join(f"{key} {value}" for key, value in ceilings.items() if key != "monthly_usd")


def _flavors(environment: EnvironmentSpec) -> str:
    return ", ".join(sorted({pool.gpu for pool in environment.node_pools.values() if pool.gpu})) or "none"


def _yaml(block: str, values: Any) -> Iterator[str]:  # noqa: ANN401 - whatever a tier may hold
    if not isinstance(values, dict) or not values:
        yield f"{block}: {_flow(values)}"
        return
    yield f"{block}:"
    yield from (f"  {key}: {_flow(value)}" for key, value in values.items())


def _flow(value: Any) -> str:  # noqa: ANN401 - whatever a tier may hold
    return scalar(value) if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _list(items: Sequence[str]) -> str:
    return f"[{', '.join(map(scalar, items))}]"


def scalar(text: str) -> str:
    """A text as YAML, bare where every reader takes it for text."""
    from tenantry.scalars import AmbiguousError, resolve  # noqa: PLC0415 - only for this verb

    try:
        bare = _BARE.fullmatch(text) and not text.endswith(" ") and isinstance(resolve(text), str)
    except AmbiguousError:
        bare = False
    return text if bare else json.dumps(text, ensure_ascii=False)
