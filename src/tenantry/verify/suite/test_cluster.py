"""One test a check."""

from __future__ import annotations

from collections.abc import Callable

from tenantry.verify.check import Check


def test_holds(check: Check, record_xml_attribute: Callable[[str, object], None]) -> None:
    """What must hold on the cluster holds."""
    owner, _, what = check.name.partition("/")
    record_xml_attribute("classname", owner)
    record_xml_attribute("name", what)
    check.run()
