"""Twenty generated tenants: every rule holds, and no two of them reach each other."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import permutations
from pathlib import Path

import pytest

from bench.generate import ENVIRONMENT, write
from tenantry.catalog import load_catalog
from tenantry.network_reach import Pod, Port, reaches
from tenantry.policies import RULES
from tenantry.policies.exceptions import Exceptions
from tenantry.policies.report import check_stacks
from tenantry.render import RenderedStack, render_stacks

COUNT = 20
PORTS = (Port(53, "UDP"), Port(80), Port(443), Port(5432), Port(5433), Port(5434))


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("many")
    write(folder, COUNT, seed=4)
    return folder


@pytest.fixture(scope="module")
def stacks(root: Path) -> Mapping[str, RenderedStack]:
    names = [f"platform.{ENVIRONMENT}", *load_catalog(root).stacks()]
    return {stack.stack: stack for stack in render_stacks(root, names)}


def test_every_rule_holds(root: Path, stacks: Mapping[str, RenderedStack]) -> None:
    report = check_stacks(root, list(stacks), Exceptions(), list(stacks))
    assert len(report.stacks) == COUNT + 1
    assert list(map(str, report.violations)) == []
    assert report.passed
    assert {rule.of for rule in RULES} == {"tenant", "platform", "both"}


def test_no_tenant_reaches_another(stacks: Mapping[str, RenderedStack]) -> None:
    """The whole table of pairs: that each is shut against the worst neighbour must give the same answer."""
    objects = [item for stack in stacks.values() for item in stack.objects()]
    policies = [item for item in objects if item["kind"] == "NetworkPolicy"]
    pods = [
        Pod(item["metadata"]["name"], {"k8s-app": "kube-dns"}, item["metadata"]["labels"])
        for item in objects
        if item["kind"] == "Namespace" and item["metadata"]["labels"]["tenantry.dev/component"] == "namespace"
    ]
    assert len(pods) == COUNT
    reached = [
        (source.namespace, target.namespace, str(port))
        for source, target in permutations(pods, 2)
        for port in PORTS
        if reaches(policies, source, target, port)
    ]
    assert reached == []
    assert all(reaches(policies, pod, pod, PORTS[1]) for pod in pods)
