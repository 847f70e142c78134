"""Kinds of text that a file may hold: an allow-list of characters each, and in words what is right.

What these let through is safe to stand in a label, an annotation, a table, a log line and a chat message: no
braces, quotes, dollar signs, backticks, angle brackets or line ends anywhere.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, NoReturn

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, TypeAdapter, ValidationError
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from tenantry.errors import InputError, Problem

WRONG = "tenantry"
"""Type of the errors that say themselves what is wrong and what would be right."""


def wrong(what: str, fix: str) -> NoReturn:
    """Refuse a value, from inside a validator."""
    raise PydanticCustomError(WRONG, "{what}", {"what": what, "fix": fix})


def shown(value: object) -> str:
    """A value as problems quote it: short, on one line."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, str):
        text = value.encode("unicode_escape").decode() if not value.isprintable() else value
        return f'"{text[:40]}…"' if len(text) > 40 else f'"{text}"'  # noqa: PLR2004  # about half a line
    return "a list" if isinstance(value, tuple | list) else "a block of keys"


@dataclass(frozen=True)
class Text:
    """A kind of text, as the annotation of a field."""

    kind: str
    """What it is, with its article: `an email address`."""
    rule: str
    """What would be right, as an order: `Write lower-case letters`."""
    pattern: str
    """Regular expression of the whole text, in the common part of Python's and ECMAScript's syntax."""
    max_length: int
    example: str
    also: Callable[[str], object] | None = None
    """A further check; it calls `wrong`."""
    portable: bool = True
    """Whether editors may use the pattern: ECMAScript knows no letters but ASCII's."""

    def check(self, value: object) -> str:
        """The value, if it is of this kind."""
        if not isinstance(value, str):
            wrong(f"{shown(value)} is not {self.kind}", f"{self.rule}, as in {self._example()}")
        if len(value) > self.max_length:
            wrong(f"has {len(value)} characters", f"{self.rule}: at most {self.max_length} characters")
        if not re.fullmatch(self.pattern, value):
            wrong(f"{shown(value)} is not {self.kind}", f"{self.rule}, as in {self._example()}")
        if self.also:
            self.also(value)
        return value

    def _example(self) -> str:
        # Without quotes, what starts with # is a comment.
        return f'"{self.example}"' if self.example.startswith("#") else self.example

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:  # noqa: ANN401  # pydantic's signature
        return core_schema.no_info_plain_validator_function(self.check)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        pattern = {"pattern": f"^{self.pattern}$"} if self.portable else {}
        return {"type": "string", "maxLength": self.max_length, **pattern, "examples": [self.example]}


def _composed(text: str) -> None:
    """Refuse characters that look like others: full-width letters, ligatures, letters split from their accents."""
    if unicodedata.normalize("NFKC", text) != text:
        wrong(f"{shown(text)} is not in its composed form", f'Write "{unicodedata.normalize("NFKC", text)}"')


def _no_system(group: str) -> None:
    if group.lower().startswith("system:"):
        wrong(f"{shown(group)} is one of the cluster's own groups", "Name a group of your identity provider")


_LABEL = "[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?"

DnsLabel = Annotated[
    str,
    Text(
        "a DNS label",
        "Write lower-case letters, digits and single dashes, starting with a letter",
        "[a-z](-?[a-z0-9])*",
        63,
        "vision",
    ),
]
"""RFC 1123 label that starts with a letter. Two dashes in a row are refused: `xn--…` is another name's encoding, and
derived names could not be told apart."""

_LABELS: TypeAdapter[str] = TypeAdapter(DnsLabel)


def label_problem(name: str) -> tuple[str, str] | None:
    """What is wrong with a name as a DNS label, and what would be right; nothing where it is one."""
    try:
        _LABELS.validate_python(name)
    except ValidationError as error:
        context = error.errors()[0]["ctx"]
        return context["what"], context["fix"]
    return None


def require_label(name: str) -> str:
    """A name that a path may be made of.

    Raises:
        InputError: it is no DNS label.
    """
    if problem := label_problem(name):
        raise InputError([Problem(shown(name), 1, 1, "", *problem)])
    return name


TeamName = Annotated[
    str,
    Text(
        "a team's name",
        "Write letters, digits, spaces and . , & ( ) ' / + -",
        r"[^\W_]( ?([^\W_]|[.,&()'/+-]))*",
        63,
        "Computer Vision",
        _composed,
        portable=False,
    ),
]

Email = Annotated[
    str,
    Text(
        "an email address",
        "Write a plain address",
        rf"[A-Za-z0-9]([._+-]?[A-Za-z0-9]){{0,63}}@({_LABEL}\.)+[a-z]{{2,24}}",
        254,
        "ml-vision@example.com",
    ),
]

OnCall = Annotated[
    str,
    Text(
        "a rota's name",
        "Write lower-case letters and digits, with single dashes, dots or underscores between",
        "[a-z0-9]([-._]?[a-z0-9])*",
        63,
        "vision-primary",
    ),
]

CostCenter = Annotated[
    str,
    Text(
        "a cost centre",
        "Write capital letters, digits and single dashes",
        "[A-Z0-9](-?[A-Z0-9])*",
        32,
        "CC-1042",
    ),
]

Group = Annotated[
    str,
    Text(
        "a group's name",
        "Write one group of your identity provider: letters, digits and - _ . : / @",
        "[A-Za-z0-9]([-_.:/@]?[A-Za-z0-9])*",
        128,
        "ml-vision",
        _no_system,
    ),
]
"""A group of the identity provider. No wildcard can be spelled, and nothing that starts with `system:`."""

SlackChannel = Annotated[
    str,
    Text(
        "a Slack channel",
        "Write # and lower-case letters, digits, - and _, all in quotes",
        "#[a-z0-9][a-z0-9_-]*",
        80,
        "#ml-vision",
    ),
]

Domain = Annotated[
    str,
    Text(
        "a DNS domain",
        "Write lower-case labels with dots between",
        rf"({_LABEL}\.)+[a-z]([-a-z0-9]{{0,61}}[a-z0-9])?",
        # The longest host below it still fits 253 characters: two labels of 63 and their dots.
        125,
        "ml.example.com",
    ),
]

ContextName = Annotated[
    str,
    Text(
        "a kubeconfig context",
        "Write a context's name: letters, digits and - _ . : / @",
        "[A-Za-z0-9]([-_.:/@]?[A-Za-z0-9])*",
        253,
        "prod-admin",
    ),
]

ImageRegistry = Annotated[
    str,
    Text(
        "a registry of images",
        "Write a registry's host with a port if it has one, and the folders below it; no scheme and no / at the end",
        rf"({_LABEL}\.)+[a-z]([-a-z0-9]{{0,61}}[a-z0-9])?(:[0-9]{{1,5}})?(/[a-z0-9]([-._]?[a-z0-9])*)*",
        255,
        "ghcr.io/kubeflow",
    ),
]
"""Docker's short names are not among them: `docker.io/library/python`, never `python`."""

StorageClassName = Annotated[
    str,
    Text(
        "a storage class",
        "Write lower-case letters, digits, dashes and dots",
        rf"{_LABEL}(\.{_LABEL})*",
        253,
        "gp3",
    ),
]
