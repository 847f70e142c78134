"""One request to the API server, as an attack or as its positive control."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

Json = dict[str, Any]

JSON = "application/json"
MERGE = "application/merge-patch+json"
JSON_PATCH = "application/json-patch+json"
APPLY = "application/apply-patch+yaml"

CONNECTIONS = ("/exec", "/attach", "/portforward")
"""Subresources that open a connection: there is no rehearsal of one."""


@dataclass(frozen=True, kw_only=True)
class Call:
    """A request. `$own`, `$other` and `$name` stand for the tenant's namespace, the victim's, and a fresh name."""

    method: str
    path: str
    body: Any = None
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = JSON

    def filled(self, words: Mapping[str, str]) -> Call:
        """The same with every `$word` replaced."""
        return replace(
            self,
            path=_fill(self.path, words),
            body=_fill(self.body, words),
            query=_fill(dict(self.query), words),
            headers=_fill(dict(self.headers), words),
        )

    @property
    def writes(self) -> bool:
        """Whether it changes anything, and so can be rehearsed."""
        return self.method != "GET" and not self.path.endswith(CONNECTIONS)

    def rehearsed(self) -> Call:
        """The same, judged by everything and stored by nothing."""
        return replace(self, query={**self.query, "dryRun": "All"}) if self.writes else self


def _fill(value: Any, words: Mapping[str, str]) -> Any:
    text = json.dumps(value)
    # `$other` before `$o`: no word is the start of another.
    for word, meant in words.items():
        text = text.replace(f"${word}", meant)
    return json.loads(text)


def root(api_version: str) -> str:
    """Where a group and version are served."""
    return f"/apis/{api_version}" if "/" in api_version else f"/api/{api_version}"


def collection(api_version: str, plural: str, namespace: str | None = "$own") -> str:
    """Address of a kind's objects; of the whole cluster where the namespace is None."""
    return f"{root(api_version)}{f'/namespaces/{namespace}' if namespace else ''}/{plural}"


def create(plural: str, obj: Json, namespace: str | None = "$own") -> Call:
    """Create an object, under a fresh name where it names none."""
    whole = obj | {"metadata": {"name": "$name"} | obj.get("metadata", {})}
    path = collection(obj["apiVersion"], plural, namespace)
    return Call(method="POST", path=path, body=whole, query={"fieldValidation": "Strict"})


def read(path: str, **query: str) -> Call:
    """Read an address."""
    return Call(method="GET", path=path, query=query)


def delete(path: str) -> Call:
    """Delete an address: an object, or with a collection's address all of them."""
    return Call(method="DELETE", path=path)


def merge(path: str, change: Any) -> Call:
    """Change an object by a merge patch."""
    return Call(method="PATCH", path=path, body=change, content_type=MERGE)


def patch(path: str, *steps: Json) -> Call:
    """Change an object by a JSON patch."""
    return Call(method="PATCH", path=path, body=list(steps), content_type=JSON_PATCH)


def apply(path: str, obj: Json) -> Call:
    """Change an object by server-side apply, whoever owns the fields."""
    query = {"fieldManager": "attack", "force": "true"}
    return Call(method="PATCH", path=path, body=obj, query=query, content_type=APPLY)
