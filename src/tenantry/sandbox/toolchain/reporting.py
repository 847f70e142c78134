"""Says of every program where it is, or how to get it: for `tenantry doctor` and the sandbox."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tenantry.sandbox.toolchain import modules
from tenantry.sandbox.toolchain.download import MIRROR
from tenantry.sandbox.toolchain.found import Origin, look, passed_over
from tenantry.sandbox.toolchain.programs import ENGINE, PROGRAMS, Program


@dataclass(frozen=True)
class ProgramReport:
    """What is known of one program."""

    name: str
    origin: Origin
    path: Path | None
    """None: missing."""
    version: str
    """Version of the one found. Empty where it is missing or does not tell."""
    wanted: str
    """The accepted range, as in `>=3.6, <4.0`."""
    note: str
    """Why the one on PATH is passed over, or how to get a missing one. Empty: nothing to say."""


def report() -> list[ProgramReport]:
    """One row for each program of the table. Downloads nothing and builds nothing."""
    return [_row(program) for program in PROGRAMS.values()]


def official_engine() -> bool:
    """Whether the engine and both plugins that the sandbox needs are the vendor's own.

    False: the engine is one built from modules, or a plugin is replaced by Tenantry's stand-in.
    """
    found = [look(name) for name in ENGINE]
    return all(one is not None and one.origin is not Origin.BUILT for one in found)


def engine_line() -> str:
    """One line that says which engine runs."""
    engine = look("pulumi")
    if engine is None:
        return "engine: none yet"
    kind = "built from Go modules" if engine.origin is Origin.BUILT else "official"
    replaced = [name for name in ENGINE[1:] if look(name) is None]
    plugins = f"stand-ins for {' and '.join(replaced)}" if replaced else "official plugins"
    return f"engine: pulumi {engine.version}, {kind}, with {plugins}"


def _row(program: Program) -> ProgramReport:
    found = look(program.name)
    over = passed_over(program.name)
    if found:
        return ProgramReport(program.name, found.origin, found.path, found.version, program.wanted, over)
    note = "; ".join(words for words in (over, _way(program)) if words)
    return ProgramReport(program.name, Origin.MISSING, None, "", program.wanted, note)


def _way(program: Program) -> str:
    release = f"downloaded when needed (or from {MIRROR}, if set)"
    if program.source is None:
        return f"{release}; else Tenantry's stand-in takes its place"
    go = modules.go_found()
    have = f"Go {go} is here" if go else "no Go is here"
    return f"{release}; else built with Go {modules.go_needed()} or later ({have})"
