"""What an environment's file may say about single sign-on."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest

from tenantry.catalog import load_environment
from tenantry.errors import InputError
from tenantry.sign_on.spec import SignOnSpec
from tests.unit.projects import project
from tests.unit.sign_on.settings import PLAIN, SIGN_ON

BLOCK = """\
sign_on:
  issuer: https://idp.example.com/realms/ml
  client_id: tenantry
  issuer_addresses: [203.0.113.7/32]
  ingress:
    class_name: nginx
    namespace: ingress-nginx
    pods: {app.kubernetes.io/name: ingress-nginx}
"""


def environment(folder: Path, block: str = BLOCK) -> Path:
    root = project(folder / "project")
    file = root / "infra/environments/lab.yaml"
    file.write_text(f"{file.read_text()}{block}")
    return root


def problem(folder: Path, old: str, new: str) -> str:
    """What is said of the block with one text in place of another."""
    assert old in BLOCK
    with pytest.raises(InputError) as caught:
        load_environment(environment(folder, BLOCK.replace(old, new)), "lab")
    [only] = caught.value.problems
    return f"{only.key}: {only.sentences}"


def test_what_is_left_out_has_its_usual_value(tmp_path: Path) -> None:
    assert load_environment(environment(tmp_path), "lab").sign_on == SIGN_ON
    assert (SIGN_ON.groups_claim, SIGN_ON.scopes, SIGN_ON.session_hours) == ("groups", ("openid", "email", "groups"), 8)
    assert (SIGN_ON.ingress.cluster_issuer, SIGN_ON.ingress.annotations) == (None, {})


@pytest.mark.parametrize("block", ["", "sign_on: false\n"])
def test_without_it_there_is_none(tmp_path: Path, block: str) -> None:
    assert load_environment(environment(tmp_path, block), "lab").sign_on is False


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("https://idp", "http://idp", "is not an issuer's address. Write it as the issuer itself spells it: https"),
        ("client_id: tenantry", "client_id: a b", '"a b" is not a client\'s id.'),
        ("[203.0.113.7/32]", "[203.0.113.7]", "is not a range of addresses."),
        ("[203.0.113.7/32]", "[]", "sign_on.issuer_addresses: "),
        ("{app.kubernetes.io/name: ingress-nginx}", "{}", "sign_on.ingress.pods: "),
        ("  client_id: tenantry\n", "", "sign_on.client_id: is missing"),
        ("  client_id: tenantry\n", "  client_id: tenantry\n  client_secret: hunter2\n", "sign_on.client_secret: "),
        ("  client_id: tenantry\n", "  client_id: tenantry\n  session_hours: 48\n", "sign_on.session_hours: "),
        ("  client_id: tenantry\n", "  client_id: tenantry\n  scopes: [email]\n", "does not hold openid. Add openid"),
        ("class_name: nginx", "class_name: nginx\n    annotations: {size: '{{x}}'}", "is not an annotation's value."),
    ],
)
def test_what_is_refused(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert says in problem(tmp_path, old, new)


@pytest.mark.parametrize(
    "issuer",
    [
        "https://example.eu.auth0.com/",
        "https://login.microsoftonline.com/7b1f4d0c-0000-4000-8000-000000000000/v2.0",
        "https://accounts.google.com",
        "https://keycloak:8443/realms/ml",
        "https://gitlab.example.com/-/oidc",
    ],
)
def test_issuers_are_taken_as_they_spell_themselves(issuer: str) -> None:
    assert SignOnSpec.model_validate({**PLAIN, "issuer": issuer}).issuer == issuer


def test_nothing_that_reaches_a_program_can_be_read_as_something_else() -> None:
    """The proxy takes commas in a list for the ends of its items."""
    for key in ("issuer", "client_id", "groups_claim"):
        for evil in ("a,b", "a b", "a\nb", "--flag", "", "$(x)", "`x`"):
            changed: dict[str, Any] = copy.deepcopy(PLAIN) | {key: evil}
            with pytest.raises(ValueError, match=key):
                SignOnSpec.model_validate(changed)
