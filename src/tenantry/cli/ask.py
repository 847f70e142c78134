"""Questions to a person, and what happens where nobody is there to answer."""

from __future__ import annotations

import sys
from collections.abc import Callable

import typer

from tenantry.cli.failure import UsageError
from tenantry.cli.output import say

DECLINED = 1
"""Exit code after a no: what was asked for was not done, and nothing failed."""


def somebody_is_there() -> bool:
    """Whether a question can be asked: input and messages both are a terminal."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def agreed(question: str, *, yes: bool) -> bool:
    """Whether the person agrees. `--yes` agrees beforehand; no answer is a no.

    Raises:
        UsageError: nobody is there to ask, and nobody agreed beforehand.
        KeyboardInterrupt: Ctrl-C.
    """
    if yes:
        return True
    if not somebody_is_there():
        raise UsageError(f'"{question}" needs an answer, and this is no terminal. Agree beforehand with --yes.')
    try:
        return typer.confirm(question, default=False, err=True)
    except typer.Abort:
        raise KeyboardInterrupt from None


def answer(question: str, wrong: Callable[[str], str], default: str | None = None) -> str:
    """A person's answer, asked for again until nothing is wrong with it.

    Args:
        question: without its colon.
        wrong: what is wrong with an answer, and what would be right; empty where it is good.
        default: what Enter means; None demands an answer.

    Raises:
        KeyboardInterrupt: Ctrl-C, or the end of the input.
    """
    while True:
        try:
            text = str(typer.prompt(question, default=default, err=True)).strip()
        except typer.Abort:
            raise KeyboardInterrupt from None
        if not (complaint := wrong(text)):
            return text
        say(f"  {complaint}", "red")
