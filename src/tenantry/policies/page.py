"""The tables of docs/policies.md, from the rules themselves. `python -m tenantry.policies.page` writes them anew."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from tenantry.policies import RULES
from tenantry.policies.model import Rule

BEGIN, END = "<!-- rules: python -m tenantry.policies.page -->", "<!-- end of the rules -->"


def section(rule: Rule) -> str:
    """One rule, with the heading that its findings link to."""
    about = {"tenant": "Tenants' stacks", "platform": "The platform's stack", "both": "Every stack"}[rule.of]
    return f"### {rule.id}\n{rule.title}. *{about}, {rule.severity}.*\n{rule.rationale} {rule.fix}.\n"


def generated() -> str:
    """Everything between the marks."""
    rows = "".join(f"| [{rule.id}](#{rule.id.lower()}) | {rule.severity} | {rule.title} |\n" for rule in RULES)
    table = f"| rule | severity | what must hold |\n|---|---|---|\n{rows}"
    return "\n".join([BEGIN, "", table, *map(section, RULES), END])


def fresh(page: str) -> str:
    """A page with what is between its marks made anew.

    Raises:
        ValueError: it has no marks.
    """
    made, count = re.subn(f"{re.escape(BEGIN)}.*{re.escape(END)}", lambda _: generated(), page, flags=re.DOTALL)
    if count != 1:
        raise ValueError(f"the page must have {BEGIN} and {END} once")
    return made


if __name__ == "__main__":
    path = Path(sys.argv[1] if len(sys.argv) > 1 else "docs/policies.md")
    path.write_text(fresh(path.read_text("utf-8")), "utf-8")
