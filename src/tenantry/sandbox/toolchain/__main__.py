"""`python -m tenantry.sandbox.toolchain [PROGRAM…]`: make programs available, all of them by default."""

from __future__ import annotations

import signal
import sys

from rich.console import Console

from tenantry.errors import PlatformError
from tenantry.sandbox.toolchain.ensuring import ensure
from tenantry.sandbox.toolchain.programs import PROGRAMS
from tenantry.sandbox.toolchain.rendering import shown


def main(arguments: list[str]) -> int:
    """Make the named programs available, and print where each is."""
    console = Console(stderr=True)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that Go is stopped, whoever asks
    try:
        with shown(console) as progress:
            paths = ensure(arguments or PROGRAMS, progress)
    except PlatformError as error:
        console.print(str(error), markup=False, highlight=False, soft_wrap=True)
        return error.exit_code
    except KeyboardInterrupt:
        console.print("Stopped. Run it again to go on where it was.")
        return 130
    for name, path in paths.items():
        sys.stdout.write(f"{name}\t{path}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
