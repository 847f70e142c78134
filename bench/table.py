"""Rows for a person and for a program."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict

from rich.console import Console
from rich.table import Table

from bench.measure import Row


def show(rows: Iterable[Row], console: Console) -> None:
    """A table, a line a row."""
    table = Table("bench", "what", "seconds", "of", "runs", "ratio", "aim", box=None, pad_edge=False)
    for row in rows:
        ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
        table.add_row(row.bench, row.what, f"{row.seconds:.4f}", row.unit, str(row.runs), ratio, row.aim)
    console.print(table)


def to_json(rows: Iterable[Row]) -> str:
    """The same as one JSON document: a list of rows, keys as in `Row`."""
    return json.dumps([asdict(row) for row in rows], indent=2)
