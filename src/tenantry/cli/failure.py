"""The one owner of failure: every error becomes a message with a way out, and an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tenantry.errors import InputError, TenantryError

INTERRUPTED = 130
"""What a shell reports for a program that Ctrl-C ended: 128 + SIGINT."""
BROKEN_PIPE = 141
"""What a shell reports for a program whose reader went away: 128 + SIGPIPE."""


class UsageError(TenantryError):
    """The command was called in a way that cannot work: exit 2. The message holds the way out."""

    exit_code = 2


@contextmanager
def owned() -> Iterator[None]:
    """Turn whatever goes wrong inside into a message on stderr and the exit code that belongs to it.

    Raises:
        SystemExit: for every failure.
    """
    try:
        yield
    except InputError as error:
        _leave(f"{error}\n{count(error)}", error.exit_code)
    except TenantryError as error:
        _leave(f"Error: {error}", error.exit_code)
    except KeyboardInterrupt:
        _leave("Interrupted.", INTERRUPTED)
    except BrokenPipeError:
        # Python flushes stdout once more when it ends; that must not fail as well.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(BROKEN_PIPE) from None
    except Exception as error:
        _leave(_unexpected(error), TenantryError.exit_code)


def count(error: InputError) -> str:
    """How many problems there are in how many files, as a sentence."""
    files = len({problem.path for problem in error.problems})
    return f"{plural(len(error.problems), 'problem')} in {plural(files, 'file')}."


def plural(number: int, noun: str) -> str:
    """A number and its noun, as in `1 file` and `2 files`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _unexpected(error: Exception) -> str:
    from tenantry.cli.log import write_log  # noqa: PLC0415 - 0.06 s for what rarely happens

    first = str(error).strip().partition("\n")[0]
    brief = f"{type(error).__name__}: {first}" if first else type(error).__name__
    return f"Error: something unexpected went wrong in Tenantry: {brief}\nThe details are in {write_log(error)}"


def _leave(text: str, code: int) -> None:
    sys.stdout.flush()
    print(text, file=sys.stderr)
    raise SystemExit(code) from None
