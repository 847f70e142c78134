"""The command line: one verb a file. Parse, call, print, exit code.

Exit codes: 0 done, 1 what a person wrote or answered, 2 how the command was used, 3 ours or the cluster's,
130 interrupted. Data goes to stdout, everything said on the way to stderr.

A command is a plain function that takes plain values and returns its exit code. Whatever costs more than a few
milliseconds to import is imported inside the function that uses it: `tenantry --help` pays for none of it.
"""

from __future__ import annotations

from collections.abc import Sequence

from tenantry.cli.failure import owned


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and leave with its exit code.

    Args:
        arguments: without the program's name; those of the process by default.

    Raises:
        SystemExit: always, with the command's exit code. That a value is returned is for `sys.exit(main())`.
    """
    with owned():
        from tenantry.cli.app import app  # noqa: PLC0415 - an import that fails is reported like every failure

        app(args=arguments, prog_name="tenantry")
    return 0
