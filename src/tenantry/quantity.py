"""Amounts of memory and storage, in one spelling: a whole number and Mi, Gi or Ti."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from tenantry.formats import Text, wrong

UNITS = {"Mi": 2**20, "Gi": 2**30, "Ti": 2**40}
"""Bytes of one unit (IEC 80000-13)."""


def to_bytes(quantity: str) -> int:
    """Bytes of a quantity such as `64Gi`. A BinaryQuantity always has them."""
    return int(quantity[:-2]) * UNITS[quantity[-2:]]


def _between(lowest: str, highest: str) -> Callable[[str], None]:
    def check(quantity: str) -> None:
        if not to_bytes(lowest) <= to_bytes(quantity) <= to_bytes(highest):
            size = "little" if to_bytes(quantity) < to_bytes(lowest) else "much"
            wrong(f"{quantity} is too {size}", f"Write a quantity from {lowest} to {highest}")

    return check


def _quantity(lowest: str, highest: str) -> Text:
    rule = "Write a whole number followed by Mi, Gi or Ti"
    return Text("a quantity", rule, "[1-9][0-9]{0,6}(Mi|Gi|Ti)", 9, "64Gi", _between(lowest, highest))


BinaryQuantity = Annotated[str, _quantity("256Mi", "8000Ti")]
"""At least 256Mi: less is a slip of the unit (`10m` is a hundredth of a byte). `10G`, `10GiB`, `10` and `1e3` are
refused: they mean something else than their writer thinks. At most 8000Ti: 63 bits hold a thousand times that."""
