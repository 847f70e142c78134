"""An API server in memory, for checks that only read and ask."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tenantry.kube import KubeError

Json = dict[str, Any]


def missing() -> KubeError:
    return KubeError(404, "NotFound", "not found")


@dataclass
class Server:
    """Has objects; what a write makes of one, and whom it allows what, is the test's to say."""

    objects: list[Json] = field(default_factory=list)
    put: Callable[[Json], Json] = lambda body: body
    create_answer: Callable[[Json], Json] = lambda body: body
    allow: Callable[[Json], bool] = lambda _: False
    asked: list[Json] = field(default_factory=list)
    created: list[tuple[Json, bool]] = field(default_factory=list)

    def acting_as(self, *_: object) -> Server:
        return self

    def get(self, api_version: str, kind: str, name: str, namespace: str | None = None) -> Json | None:
        wanted = (api_version, kind, name, namespace)
        return next((one for one in self.objects if _address(one) == wanted), None)

    def list(self, api_version: str, kind: str, namespace: str | None = None, *, labels: str = "") -> list[Json]:
        del labels
        found = [one for one in self.objects if (one["apiVersion"], one["kind"]) == (api_version, kind)]
        return [one for one in found if namespace in (None, one["metadata"].get("namespace"))]

    def create(self, obj: Json, field_manager: str, *, dry_run: bool = False) -> Json:
        self.created.append((obj, dry_run))
        return self.create_answer(obj)

    def path(self, *address: object) -> str:
        return "/".join(map(str, address))

    def raw(self, method: str, path: str, *, body: Json, query: Json | None = None) -> Json:
        if method == "PUT":
            assert query is not None
            assert query["dryRun"] == "All"
            return self.put(body)
        assert path.endswith("/subjectaccessreviews")
        self.asked.append(body["spec"])
        return {"status": {"allowed": self.allow(body["spec"])}}


def _address(item: Json) -> tuple[Any, ...]:
    metadata = item["metadata"]
    return item["apiVersion"], item["kind"], metadata["name"], metadata.get("namespace")
