"""Where nobody of a team may do anything."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from tenantry.catalog import load_catalog
from tenantry.kube import Kube
from tenantry.sign_on.spec import SignOnSpec
from tenantry.verify.place import SYSTEM, Cluster
from tests.unit.sign_on.settings import SIGN_ON

ROOT = Path(__file__).parents[3]
KUBECONFIG = """\
current-context: it
clusters: [{name: it, cluster: {server: "https://127.0.0.1:1"}}]
users: [{name: me, user: {token: x}}]
contexts: [{name: it, context: {cluster: it, user: me}}]
"""


def foreign(*, sign_on: SignOnSpec | Literal[False]) -> tuple[str, ...]:
    catalog = load_catalog(ROOT)
    environment = catalog.environments["sandbox"].model_copy(update={"sign_on": sign_on})
    tenants = {name: catalog.effective(name, "sandbox") for name in ("vision", "nlp", "forecasting")}
    vision = tenants["vision"].spec.access.groups
    return Cluster(Kube.from_kubeconfig(KUBECONFIG), environment, tenants, {}).foreign("vision", tuple(vision))


def test_namespaces_of_the_platform_are_nobodys() -> None:
    assert set(foreign(sign_on=False)) >= {*SYSTEM}
    assert "vision" not in foreign(sign_on=False)


def test_so_is_the_one_of_the_proxies_where_there_is_one() -> None:
    assert {*foreign(sign_on=SIGN_ON)} - {*foreign(sign_on=False)} == {"tenantry-sign-on"}
