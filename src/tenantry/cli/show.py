"""`tenantry show`: everything that one tenant gets, and which file says so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tenantry.cli.installed import install_documents, install_table
from tenantry.cli.money import cost_document, cost_table
from tenantry.cli.options import EnvironmentOption, FormatOption, RootOption, TenantArgument
from tenantry.cli.output import out, print_table, table, write_json
from tenantry.cli.project import environment_ids, find_root, known_word, tenant_ids
from tenantry.cli.provisioned import waiting_blocks

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from tenantry.catalog import EffectiveTenant, Origin
    from tenantry.model_spec import RolloutSpec
    from tenantry.models.effective import EffectiveModel

MODEL_HEADINGS = ("MODEL", "RUNTIME", "STABLE", "CANDIDATE", "GATE", "FROM")
NOT_YET = "not provisioned yet"
"""What is said of a block that is checked, and that no component makes true."""


def show(
    tenant: TenantArgument,
    environment: EnvironmentOption = None,
    output: FormatOption = "text",
    root: RootOption = None,
) -> int:
    """Show all that one tenant gets, and where each value is from.

    A value comes from the tenant's file, from its override for the environment, from the tier in the environment's
    file, or it is a default. Models are shown with their gates. Without --env, every environment that the tenant lives
    in is shown.

    Examples:
        tenantry show vision
        tenantry show vision --env sandbox --output json
    """
    base = find_root(root)
    known_word(tenant, tenant_ids(base), "tenant")
    found = _everywhere(base, tenant, environment)
    if output == "json":
        write_json([_document(one) for one in found])
        return 0
    console = out()
    for number, one in enumerate(found):
        if number:
            console.print()
        _print(one, console)
    return 0


def _everywhere(root: Path, tenant: str, environment: str | None) -> list[EffectiveTenant]:
    from tenantry.catalog import load_catalog, load_tenant  # noqa: PLC0415 - 0.4 s

    known = environment_ids(root)
    if environment or len(known) == 1:
        # Two files are read, so a mistake in another tenant's file is in nobody's way here.
        return [load_tenant(root, tenant, known_word(environment or known[0], known, "environment"))]
    catalog = load_catalog(root)
    return [catalog.effective(tenant, place) for place in catalog.tenants[tenant].environments]


def _print(tenant: EffectiveTenant, console: Console) -> None:
    from tenantry.cost import monthly_cost  # noqa: PLC0415 - belongs to the model

    spec, owner = tenant.spec, tenant.spec.owner
    console.print(f"{spec.id} in {tenant.environment.id}", style="bold")
    console.print(f"{owner.team} <{owner.email}>, {owner.cost_center}, tier {spec.tier}, {spec.lifecycle}\n")
    print_table(table(("KEY", "VALUE", "FROM"), _rows(tenant)), console)
    console.print()
    if tenant.models:
        print_table(table(MODEL_HEADINGS, map(_model, tenant.models)), console)
        console.print()
    cost = monthly_cost(tenant)
    if cost.installs:
        print_table(install_table(tenant, cost), console)
        console.print()
    print_table(cost_table(cost), console)


def _rows(tenant: EffectiveTenant) -> Iterator[tuple[Text | str, ...]]:
    from rich.text import Text  # noqa: PLC0415 - loaded already, by the console

    data = tenant.spec.model_dump(mode="json")
    waiting = waiting_blocks(data)
    for block, content in data.items():
        note = Text(NOT_YET if block in waiting and content is not False else "", style="yellow")
        if block in tenant.origins:
            yield (
                Text(block, style="bold"),
                Text.assemble(in_words(content) if content != {} else "{}", "  " * bool(note), note),
                _origin(tenant, block),
            )
            continue
        yield Text(block, style="bold"), note, ""
        yield from ((f"  {key}", value, _origin(tenant, f"{block}.{key}")) for key, value in leaves(content))


def _model(model: EffectiveModel) -> tuple[str, ...]:
    from tenantry.models.gates import outcome  # noqa: PLC0415 - belongs to the model

    spec = model.spec
    new = f"{spec.candidate.version} ({share(spec.candidate.rollout)})" if spec.candidate else "none"
    return spec.id, spec.runtime, spec.stable.version, new, outcome(spec), model.source


def share(rollout: RolloutSpec) -> str:
    """How much a candidate gets, in a few words, as in `canary 10%`."""
    canary = rollout.strategy == "canary"
    return f"{rollout.strategy} {rollout.traffic if canary else rollout.mirror}%"


def _origin(tenant: EffectiveTenant, key: str) -> Text:
    from rich.text import Text  # noqa: PLC0415 - loaded already, by the console

    # Inside a block that a layer gives as a whole, the block's origin is the value's.
    while key not in tenant.origins:
        key = key.rpartition(".")[0]
    return Text(str(tenant.origins[key]), style="dim")


def leaves(content: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    """Every value of a block by its dotted key, in the order of the model, as a person reads it."""
    for name, value in content.items():
        if isinstance(value, dict) and value:
            yield from leaves(value, f"{above}{name}.")
        else:
            yield f"{above}{name}", in_words(value)


def in_words(value: object) -> str:
    """A value as a person reads it: a list on one line, a list of blocks on a line each."""
    if isinstance(value, list):
        blocks = any(isinstance(item, dict) for item in value)
        return ("\n" if blocks else ", ").join(map(in_words, value)) or "none"
    if isinstance(value, dict):
        return ", ".join(f"{key} {in_words(inner)}" for key, inner in value.items()) or "none"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _document(tenant: EffectiveTenant) -> dict[str, Any]:
    from tenantry.cost import monthly_cost  # noqa: PLC0415 - belongs to the model

    spec, cost = tenant.spec.model_dump(mode="json"), monthly_cost(tenant)
    return {
        "id": tenant.spec.id,
        "environment": tenant.environment.id,
        "stack": tenant.stack,
        "source": tenant.source,
        "spec": spec,
        "origins": {key: _place(origin) for key, origin in sorted(tenant.origins.items())},
        "models": [_model_document(model) for model in tenant.models],
        "not_provisioned": waiting_blocks(spec),
        "installs": install_documents(tenant, cost),
        "cost": cost_document(cost),
    }


def _model_document(model: EffectiveModel) -> dict[str, Any]:
    from tenantry.models.gates import outcome  # noqa: PLC0415 - belongs to the model

    spec = model.spec.model_dump(mode="json", exclude_none=True)
    return {"id": model.spec.id, "source": model.source, "gate": outcome(model.spec), "spec": spec}


def _place(origin: Origin) -> dict[str, Any]:
    if origin.layer == "default":
        return {"layer": "default"}
    return {"layer": origin.layer, "path": origin.path, "line": origin.line, "column": origin.column}
