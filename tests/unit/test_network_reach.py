"""NetworkPolicies mean here what the published cases say that they mean."""

from __future__ import annotations

import itertools
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
import yaml

from tenantry.network_reach import Address, Pod, Port, reaches

CASES: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("network_cases.yaml").read_text("utf-8"))

NAMED = {
    f"serve-{number}-{protocol.lower()}": (protocol, number)
    for number in (80, 81)
    for protocol in ("TCP", "UDP", "SCTP")
}
PODS = {
    f"{space}/{name}": Pod(space, {"pod": name}, {"ns": space}, f"10.{net}.0.{host}", NAMED)
    for net, space in enumerate("xyz", 1)
    for host, name in enumerate("abc", 1)
}


def policies(case: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"metadata": {"namespace": one["namespace"]}, "spec": one["spec"]} for one in case["policies"]]


def expected(case: dict[str, Any], source: str, target: str) -> bool:
    is_open = True
    for source_pattern, target_pattern, says in case["rows"]:
        if fnmatch(source, source_pattern) and fnmatch(target, target_pattern):
            is_open = says
    return is_open


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"].replace(" ", "-"))
def test_published_case(case: dict[str, Any]) -> None:
    known, port = policies(case), Port(case.get("port", 80), case.get("protocol", "TCP"))
    wrong = [
        (source, target)
        for source, target in itertools.permutations(PODS, 2)
        if reaches(known, PODS[source], PODS[target], port) != expected(case, source, target)
    ]
    assert wrong == []


def test_every_case_has_its_own_name_and_a_source() -> None:
    names = [case["name"] for case in CASES]
    assert sorted(names) == sorted(set(names))
    assert all(case["source"].startswith(("e2e: ", "doc", "api")) for case in CASES)
    assert len(CASES) > 50


def egress(*peers: dict[str, Any]) -> list[dict[str, Any]]:
    spec = {"podSelector": {}, "policyTypes": ["Egress"], "egress": [{"to": list(peers)}]}
    return [{"metadata": {"namespace": "x"}, "spec": spec}]


@pytest.mark.parametrize(
    ("peer", "address", "is_open"),
    [
        ({"ipBlock": {"cidr": "203.0.113.0/24"}}, "203.0.113.0", True),
        ({"ipBlock": {"cidr": "203.0.113.0/24"}}, "203.0.113.255", True),
        ({"ipBlock": {"cidr": "203.0.113.0/24"}}, "203.0.114.0", False),
        ({"ipBlock": {"cidr": "203.0.113.7/24"}}, "203.0.113.200", True),
        ({"ipBlock": {"cidr": "0.0.0.0/0", "except": ["169.254.0.0/16"]}}, "169.254.169.254", False),
        ({"ipBlock": {"cidr": "0.0.0.0/0", "except": ["169.254.0.0/16"]}}, "169.253.255.255", True),
        ({"ipBlock": {"cidr": "0.0.0.0/0"}}, "2606:4700::1", False),
        ({"ipBlock": {"cidr": "::/0", "except": ["fd00:ec2::254/128"]}}, "fd00:ec2::254", False),
        ({"ipBlock": {"cidr": "::/0", "except": ["fd00:ec2::254/128"]}}, "fd00:ec2::255", True),
        ({"namespaceSelector": {}}, "203.0.113.9", False),
        ({"namespaceSelector": {}, "podSelector": {}}, "203.0.113.9", False),
    ],
)
def test_addresses_outside_of_the_cluster(peer: dict[str, Any], address: str, *, is_open: bool) -> None:
    assert reaches(egress(peer), PODS["x/a"], Address(address), Port(443)) is is_open


def test_a_pod_whose_address_nobody_knows_is_in_no_range() -> None:
    assert not reaches(egress({"ipBlock": {"cidr": "0.0.0.0/0"}}), PODS["x/a"], Pod("y"), Port(443))


def test_no_policy_holds_what_is_no_pod() -> None:
    closed = [{"metadata": {"namespace": "x"}, "spec": {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}}]
    assert reaches(closed, Address("203.0.113.1"), Address("203.0.113.2"), Port(1))
    assert not reaches(closed, Address("203.0.113.1"), PODS["x/a"], Port(1))
    assert not reaches(closed, PODS["x/a"], Address("203.0.113.1"), Port(1))


def test_a_policy_without_a_namespace_is_of_the_default_one() -> None:
    closed = [{"metadata": {}, "spec": {"podSelector": {}, "policyTypes": ["Ingress"]}}]
    assert not reaches(closed, PODS["x/a"], Pod("default"), Port(80))
    assert reaches(closed, PODS["x/a"], PODS["x/b"], Port(80))


def test_a_namespace_cannot_call_itself_by_another_name() -> None:
    rule = {"podSelector": {}, "ingress": [{"from": [{"namespaceSelector": {"matchLabels": {NAME: "y"}}}]}]}
    only_y = [{"metadata": {"namespace": "x"}, "spec": rule}]
    liar = Pod("z", {}, {NAME: "y"})
    assert reaches(only_y, PODS["y/a"], PODS["x/a"], Port(80))
    assert not reaches(only_y, liar, PODS["x/a"], Port(80))


NAME = "kubernetes.io/metadata.name"
