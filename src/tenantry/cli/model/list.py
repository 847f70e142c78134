"""`tenantry model list`: every model, what serves, what may be next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from tenantry.cli.options import FormatOption, RootOption, complete_tenant
from tenantry.cli.output import out, print_table, table, write_json
from tenantry.cli.project import choose_tenants, find_root

if TYPE_CHECKING:
    from rich.text import Text

    from tenantry.model_spec import ModelSpec
    from tenantry.models.effective import EffectiveModel

OneTenantArgument = Annotated[
    str | None, typer.Argument(metavar="[TENANT]", help="Default: every one.", autocompletion=complete_tenant)
]
HEADINGS = ("TENANT", "MODEL", "RUNTIME", "STABLE", "CANDIDATE", "ROLLOUT", "GATE")
COLOURS = {"passed": "green", "overridden": "yellow", "failed": "red"}


def list_models(tenant: OneTenantArgument = None, *, output: FormatOption = "text", root: RootOption = None) -> int:
    """List models: what serves, what may be next, and their gates.

    From the files alone; tenantry model status says what a cluster has.

    Examples:
        tenantry model list
        tenantry model list vision --output json
    """
    from tenantry.errors import InputError, Problem, raise_all  # noqa: PLC0415 - belongs to the model
    from tenantry.gathering import read_models  # noqa: PLC0415 - 0.4 s

    base = find_root(root)
    tenants = choose_tenants(base, [tenant] if tenant else [])
    found: list[tuple[str, EffectiveModel]] = []
    problems: list[Problem] = []
    for name in tenants:
        try:
            found += [(name, one) for one in read_models(base, name)]
        except InputError as error:
            problems += error.problems
    raise_all(problems)
    if output == "json":
        write_json([_document(name, model.spec, model.source) for name, model in found])
    else:
        print_table(table(HEADINGS, [_row(name, model.spec) for name, model in found]), out())
    return 0


def _row(tenant: str, spec: ModelSpec) -> tuple[str | Text, ...]:
    from tenantry.model_edit.summary import rollout_words  # noqa: PLC0415 - loaded already

    candidate = spec.candidate
    rollout = rollout_words(candidate) if candidate else "-"
    version = candidate.version if candidate else "-"
    return tenant, spec.id, spec.runtime, spec.stable.version, version, rollout, gate_word(spec)


def gate_word(spec: ModelSpec) -> Text:
    """The gate's outcome in its colour."""
    from rich.text import Text  # noqa: PLC0415 - 0.1 s

    from tenantry.models.gates import outcome  # noqa: PLC0415 - loaded already

    word = outcome(spec)
    return Text(word, style=COLOURS[word])


def _document(tenant: str, spec: ModelSpec, source: str) -> dict[str, Any]:
    from tenantry.model_edit.summary import gate_document, state  # noqa: PLC0415 - 0.1 s

    about = {"tenant": tenant, "model": spec.id, "file": source, "runtime": spec.runtime}
    return {**about, **state(spec), "gate": gate_document(spec)}
