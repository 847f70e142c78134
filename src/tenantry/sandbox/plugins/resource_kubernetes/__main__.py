"""The program `pulumi-resource-kubernetes`; its argument is the address of the engine."""

from __future__ import annotations

import sys

from tenantry.sandbox.plugins import protocol


def main() -> None:
    """Serve the provider until the engine ends it."""
    protocol.without_sdk()
    from tenantry.sandbox.plugins.resource_kubernetes.provider import SERVICE, Provider  # noqa: PLC0415 - after that

    addresses = [argument for argument in sys.argv[1:] if not argument.startswith("-")]
    provider = Provider(addresses[-1] if addresses else "")
    protocol.serve(protocol.service(SERVICE, provider.calls()), provider.stop)


if __name__ == "__main__":
    main()
