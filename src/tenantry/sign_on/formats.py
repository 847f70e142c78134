"""Kinds of text of the `sign_on:` block. Each is safe as an argument of a program: no blanks, quotes or commas."""

from __future__ import annotations

from typing import Annotated

from tenantry.formats import Text

_HOST = r"([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\.)*[a-z]([-a-z0-9]{0,61}[a-z0-9])?"

IssuerUrl = Annotated[
    str,
    Text(
        "an issuer's address",
        "Write it as the issuer itself spells it: https, a host, and a port and a path if it has them",
        rf"https://{_HOST}(:[1-9][0-9]{{0,4}})?(/[A-Za-z0-9._~-]+)*/?",
        255,
        "https://idp.example.com/realms/ml",
    ),
]
"""OpenID Connect wants the very same text in every token, so a slash at its end is the issuer's to choose."""

ClientId = Annotated[
    str,
    Text(
        "a client's id",
        "Write the id that the identity provider gave: letters, digits and - _ . : / @",
        "[A-Za-z0-9][A-Za-z0-9._:/@-]*",
        255,
        "tenantry",
    ),
]

ClaimName = Annotated[
    str,
    Text(
        "a claim's name",
        "Write a claim of the id token: letters, digits and - _ . : /",
        "[A-Za-z0-9][A-Za-z0-9._:/-]*",
        255,
        "groups",
    ),
]

Scope = Annotated[
    str,
    Text(
        "a scope",
        "Write one scope that the identity provider knows: letters, digits and - _ . : /",
        "[A-Za-z0-9][A-Za-z0-9._:/-]*",
        255,
        "openid",
    ),
]

_NAME = "[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?"
_KEY = rf"({_HOST}/)?{_NAME}"

LabelKey = Annotated[
    str, Text("a label's key", "Write a label of the controller's pods", _KEY, 317, "app.kubernetes.io/name")
]
LabelValue = Annotated[str, Text("a label's value", "Write the label's value", _NAME, 63, "ingress-nginx")]
AnnotationKey = Annotated[
    str,
    Text(
        "an annotation's key",
        "Write an annotation that the ingress controller reads",
        _KEY,
        317,
        "nginx.ingress.kubernetes.io/proxy-body-size",
    ),
]
AnnotationValue = Annotated[
    str,
    Text(
        "an annotation's value",
        "Write letters, digits, blanks and - _ . : / @ = ,",
        "[A-Za-z0-9][A-Za-z0-9 ._:/@=,-]*",
        255,
        "256m",
    ),
]

ObjectName = Annotated[
    str,
    Text(
        "an object's name",
        "Write lower-case letters, digits, dashes and dots",
        r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*",
        253,
        "nginx",
    ),
]
"""A name of a kind of the whole cluster (RFC 1123 subdomain)."""
