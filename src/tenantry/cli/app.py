"""Every verb, in the order in which a newcomer needs them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import typer

from tenantry.cli import (
    access,
    add,
    check,
    demo,
    diff,
    doctor,
    lineage,
    preview,
    render,
    schema,
    show,
    status,
    up,
    validate,
    verify,
)
from tenantry.cli import list as list_
from tenantry.cli import open as open_
from tenantry.cli.model import abort as model_abort
from tenantry.cli.model import add as model_add
from tenantry.cli.model import diff as model_diff
from tenantry.cli.model import history as model_history
from tenantry.cli.model import list as model_list
from tenantry.cli.model import promote as model_promote
from tenantry.cli.model import rollback as model_rollback
from tenantry.cli.model import status as model_status
from tenantry.cli.sandbox import down as sandbox_down
from tenantry.cli.sandbox import env as sandbox_env
from tenantry.cli.sandbox import logs as sandbox_logs
from tenantry.cli.sandbox import status as sandbox_status
from tenantry.cli.sandbox import up as sandbox_up
from tenantry.cli.verb import Function, group_of

VERBS: Mapping[str, Function] = {
    "demo": demo.demo,
    "add": add.add,
    "validate": validate.validate,
    "check": check.check,
    "list": list_.list_tenants,
    "show": show.show,
    "schema": schema.schema,
    "render": render.render,
    "diff": diff.diff,
    "preview": preview.preview,
    "up": up.up,
    "status": status.status,
    "open": open_.open_service,
    "lineage": lineage.lineage,
    "verify": verify.verify,
    "access": access.access,
    "doctor": doctor.doctor,
}
"""Name and function of each verb."""

MODEL_VERBS: Mapping[str, Function] = {
    "add": model_add.add,
    "list": model_list.list_models,
    "diff": model_diff.diff,
    "promote": model_promote.promote,
    "rollback": model_rollback.rollback,
    "abort": model_abort.abort,
    "history": model_history.history,
    "status": model_status.status,
}
"""The same below `tenantry model`."""

SANDBOX_VERBS: Mapping[str, Function] = {
    "up": sandbox_up.up,
    "down": sandbox_down.down,
    "status": sandbox_status.status,
    "env": sandbox_env.env,
    "logs": sandbox_logs.logs,
}
"""The same below `tenantry sandbox`."""


def _leave(code: int, **_: object) -> None:
    raise typer.Exit(code)


app = typer.Typer(
    name="tenantry",
    cls=group_of(VERBS),
    no_args_is_help=True,
    # Rich's help costs 0.2 s, and its boxes say nothing more.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    result_callback=_leave,
    context_settings={"help_option_names": ["-h", "--help"]},
)

model = typer.Typer(
    name="model",
    cls=group_of(MODEL_VERBS),
    help="Models: what serves, what may be next, and the way back.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

sandbox = typer.Typer(
    name="sandbox",
    cls=group_of(SANDBOX_VERBS),
    help="A real Kubernetes control plane with fake nodes, in a folder.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


def _print_version(wanted: bool) -> None:  # noqa: FBT001 - Typer's signature of a callback
    if wanted:
        from importlib.metadata import version  # noqa: PLC0415 - 0.05 s

        typer.echo(f"tenantry {version('tenantry')}")
        raise typer.Exit


VersionOption = Annotated[
    bool, typer.Option("--version", help="Print the version.", is_eager=True, callback=_print_version)
]


@app.callback()
def tenantry(*, version: VersionOption = False) -> None:
    """Machine-learning platforms for many teams on one Kubernetes cluster: one YAML file a team."""
    del version


app.add_typer(model)
app.add_typer(sandbox)
