"""`python -m tenantry` is `tenantry`."""

from __future__ import annotations

import sys

from tenantry.cli import main

if __name__ == "__main__":
    sys.exit(main())
