"""Host names of a team's services: one place each, and never too long."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from string import ascii_lowercase, digits

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from tenantry import hosts, names
from tenantry.catalog import EffectiveTenant, load_tenant
from tenantry.formats import DnsLabel, Domain
from tenantry.guards.parameters import parameters
from tenantry.installs import installs
from tests.unit.sign_on.settings import SIGN_ON

ROOT = Path(__file__).parents[2]
LABEL = TypeAdapter[str](DnsLabel)
DOMAIN = TypeAdapter[str](Domain)


@pytest.fixture(scope="module")
def vision() -> EffectiveTenant:
    tenant = load_tenant(ROOT, "vision", "sandbox")
    return replace(tenant, environment=tenant.environment.model_copy(update={"sign_on": SIGN_ON}))


LABELS = st.text(ascii_lowercase + digits, max_size=62).map(lambda rest: f"x{rest}")
DOMAINS = st.lists(LABELS, min_size=2, max_size=6).map(".".join).filter(lambda text: len(text) <= 125)


@given(tenant=LABELS, domain=DOMAINS, service=st.sampled_from(hosts.SERVICES))
def test_no_host_is_longer_than_dns_allows(tenant: str, domain: str, service: names.Service) -> None:
    """RFC 1035: 63 characters a label, 253 in all."""
    host = hosts.of_service(service, LABEL.validate_python(tenant), DOMAIN.validate_python(domain))
    assert len(host) <= 253
    assert all(0 < len(label) <= 63 for label in host.split("."))


def test_the_longest_of_all() -> None:
    domain = DOMAIN.validate_python(f"{'d' * 61}.{'d' * 63}")
    assert len(domain) == 125
    host = hosts.of_service("pipelines", LABEL.validate_python("t" * 63), domain)
    assert len(host) == 199
    with pytest.raises(ValueError, match="126 characters"):
        DOMAIN.validate_python(f"{'d' * 62}.{'d' * 63}")


@given(tenants=st.lists(LABELS, min_size=2, max_size=2, unique=True), domain=DOMAINS)
def test_no_two_teams_share_a_host(tenants: list[str], domain: str) -> None:
    ours, theirs = ({hosts.of_service(s, tenant, domain) for s in hosts.SERVICES} for tenant in tenants)
    assert not ours & theirs
    assert not any(host.endswith(f".{hosts.of_team(tenants[1], domain)}") for host in ours)


def test_hosts_lie_where_the_guards_let_the_team_have_them(vision: EffectiveTenant) -> None:
    own = parameters(vision)["hosts"]
    assert own == hosts.of_team("vision", "ml.sandbox.test")
    assert all(host.endswith(f".{own}") for host in hosts.hosts(vision).values())


def test_every_service_that_the_team_has_gets_one(vision: EffectiveTenant) -> None:
    assert hosts.hosts(vision) == {
        "pipelines": "pipelines.vision.ml.sandbox.test",
        "registry": "registry.vision.ml.sandbox.test",
    }
    without = replace(vision, spec=vision.spec.model_copy(update={"registry": False}))
    assert hosts.hosts(without) == {"pipelines": "pipelines.vision.ml.sandbox.test"}


def test_every_service_is_something_that_is_installed(vision: EffectiveTenant) -> None:
    assert {*hosts.SERVICES} <= {install.key for install in installs(vision)}


def test_without_sign_on_there_is_none(vision: EffectiveTenant) -> None:
    environment = vision.environment.model_copy(update={"sign_on": False})
    assert hosts.hosts(replace(vision, environment=environment)) == {}


def test_nor_where_nobody_is_let_in(vision: EffectiveTenant) -> None:
    spec = vision.spec.model_copy(update={"lifecycle": "offboarding"})
    assert hosts.hosts(replace(vision, spec=spec)) == {}


def test_a_browser_opens_it_by_https() -> None:
    assert hosts.address("pipelines.vision.ml.sandbox.test") == "https://pipelines.vision.ml.sandbox.test/"
