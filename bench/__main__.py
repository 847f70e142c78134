"""`python -m bench [NAME…]`: ratios of things run side by side."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from bench import diff, render, startup, up, validate
from bench.measure import Row, say
from bench.table import show, to_json

BENCHES: dict[str, Callable[[int, Path], list[Row]]] = {
    "startup": lambda runs, _: startup.measure(runs),
    "validate": validate.measure,
    "render": render.measure,
    "diff": diff.measure,
    "up": up.measure,
}


def main() -> None:
    """Measure what is named, or everything, and print it."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="Ratios of things run side by side.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"any of {', '.join(BENCHES)}; all if none is named")
    parser.add_argument(
        "--runs", type=int, default=3, help="repetitions; the cheap measurements make more (default: 3)"
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    wanted = parser.parse_args()
    unknown = set(wanted.names) - set(BENCHES)
    if unknown:
        parser.error(f"no bench {', '.join(sorted(unknown))}; there are {', '.join(BENCHES)}")
    rows: list[Row] = []
    for name in wanted.names or BENCHES:
        say(f"{name} …")
        with TemporaryDirectory(prefix=f"tenantry-bench-{name}-") as folder:
            rows += BENCHES[name](wanted.runs, Path(folder))
    if wanted.json:
        print(to_json(rows))
    else:
        show(rows, Console(width=120))


if __name__ == "__main__":
    main()
