"""What a change to the files would change on the clusters, found by rendering both sides."""

from tenantry.diff.as_json import to_json
from tenantry.diff.compare import diff
from tenantry.diff.markdown import to_markdown
from tenantry.diff.model import Diff, FieldChange, Money, ResourceChange, StackDiff
from tenantry.diff.revision import Code, diff_revision
from tenantry.diff.text import print_text, to_text

__all__ = [
    "Code",
    "Diff",
    "FieldChange",
    "Money",
    "ResourceChange",
    "StackDiff",
    "diff",
    "diff_revision",
    "print_text",
    "to_json",
    "to_markdown",
    "to_text",
]
