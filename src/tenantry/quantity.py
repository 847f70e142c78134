"""Amounts: those of memory and storage as a person writes them, and any as the API server does."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Annotated, Final

from tenantry.formats import Text, wrong

UNITS = {"Mi": 2**20, "Gi": 2**30, "Ti": 2**40}
"""Bytes of one unit (IEC 80000-13)."""


# Smaller than a thousandth, Kubernetes keeps no amount of a resource.
_DECIMAL: Final = ("m", "", "k", "M", "G", "T", "P", "E")
_BINARY: Final = ("Ki", "Mi", "Gi", "Ti", "Pi", "Ei")
_MULTIPLIERS: Final = {
    **{unit: Decimal(1000) ** power for power, unit in enumerate(_DECIMAL, start=-1)},
    **{unit: Decimal(1024) ** power for power, unit in enumerate(_BINARY, start=1)},
}
_WHOLE: Final = re.compile(r"(0|[1-9][0-9]*)([EGKMPTikm]*)")


def canonical(quantity: str) -> str:
    """The same amount as the API server writes it: with the largest suffix that leaves a whole number.

    What it is given in another spelling it gives back in its own, and a comparison of the two shows a change that is
    none: `1000` becomes `1k`, `1024Gi` becomes `1Ti`. (`CanonicalizeBytes` in k8s.io/apimachinery/pkg/api/resource.)

    Args:
        quantity: A whole number of at most 2**63 - 1 in all, and a suffix or none. Fractions and exponents have no use
            in Tenantry.

    Raises:
        ValueError: it is none.
    """
    found = _WHOLE.fullmatch(quantity)
    if found is None or found[2] not in _MULTIPLIERS or number(quantity) >= 2**63:
        raise ValueError(f"{quantity} is no whole number with a suffix of Kubernetes")
    amount, suffix = int(found[1]), found[2]
    units, step = (_BINARY, 1024) if suffix in _BINARY else (_DECIMAL, 1000)
    place = units.index(suffix)
    while amount and amount % step == 0 and place + 1 < len(units):
        amount, place = amount // step, place + 1
    return f"{amount}{units[place]}" if amount else "0"


def number(quantity: str) -> Decimal:
    """A quantity as Kubernetes writes it: `500m`, `64`, `256Gi`, `1e3`."""
    suffix = next((unit for unit in (*_BINARY, *_DECIMAL) if unit and quantity.endswith(unit)), "")
    return Decimal(quantity.removesuffix(suffix)) * _MULTIPLIERS[suffix]


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
