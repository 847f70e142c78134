"""Write the reference pages anew: `python -m tenantry.reference [FOLDER]`, at the repository's root."""

from __future__ import annotations

import sys
from pathlib import Path

from tenantry.reference.pages import PAGES

if __name__ == "__main__":
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "docs")
    for name, page in PAGES.items():
        (folder / name).write_text(page(), encoding="utf-8", newline="\n")
