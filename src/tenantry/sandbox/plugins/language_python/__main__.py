"""The program `pulumi-language-python`; its argument is the address of the engine."""

from __future__ import annotations

import sys

from tenantry.sandbox.plugins import protocol


def main() -> None:
    """Serve the language host until the engine ends it."""
    protocol.without_sdk()
    from tenantry.sandbox.plugins.language_python.host import SERVICE, Host  # noqa: PLC0415 - after that

    addresses = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
    host = Host(addresses[-1] if addresses else "")
    protocol.serve(protocol.service(SERVICE, host.calls()), host.stop)


if __name__ == "__main__":
    main()
