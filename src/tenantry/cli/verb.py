"""Verbs whose options are looked at only once they are asked for.

Typer reads every signature at every start: for twenty verbs a tenth of what `tenantry --help` costs. Help's list and
the completion of verbs need nothing but names and docstrings, and a run needs the options of one verb.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import typer
import typer.main
from typer.core import TyperCommand, TyperGroup

if TYPE_CHECKING:
    from typer._click import Context, Parameter

Function = Callable[..., int]


class Verb(TyperCommand):
    """A command made of a function. Its signature is read when its options are needed for the first time."""

    def __init__(self, name: str, function: Function) -> None:
        super().__init__(name, help=help_text(function), rich_markup_mode=None)
        self._function = function

    def get_params(self, ctx: Context) -> list[Parameter]:
        """Its arguments and options. Whoever runs, completes or explains it asks for them first."""
        if self.callback is None:
            alone = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
            alone.command(self.name)(self._function)
            whole = typer.main.get_command(alone)
            self.params, self.callback = whole.params, whole.callback
        return super().get_params(ctx)


def group_of(verbs: Mapping[str, Function]) -> type[TyperGroup]:
    """What `typer.Typer(cls=…)` takes: a group with these verbs first, and whatever Typer adds behind them."""

    class Verbs(TyperGroup):
        def __init__(self, **settings: Any) -> None:  # noqa: ANN401 - handed on as they are
            super().__init__(**settings)
            self.commands = {**{name: Verb(name, function) for name, function in verbs.items()}, **self.commands}

    return Verbs


def help_text(function: Function) -> str:
    """The docstring of a function as its help, with the lines of its examples kept as they are."""
    # Paragraphs after a backspace character are not filled.
    return re.sub(r"(?m)^Examples:$", "\b\nExamples:", inspect.cleandoc(function.__doc__ or ""))
