"""A small client for a Kubernetes API server: what status, the sandbox, its stand-in provider and the tests share.

KubeError              the server answered with an error: status, reason, message, details
└── UnreachableError   no answer at all (status 0)
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlencode

from tenantry import kubeconfig
from tenantry.kube_errors import KubeError, UnreachableError

if TYPE_CHECKING:
    import urllib3

    from tenantry.kube_patience import Patience

__all__ = ["Json", "Kube", "KubeError", "Objects", "Resource", "UnreachableError"]

Json = dict[str, Any]
Objects = list[Json]
PAGE: Final = 500
"""Objects a request of `list`, as kubectl asks for."""
_NOT_FOUND: Final = 404


@dataclass(frozen=True)
class Resource:
    """How one kind is served: the discovery entry, cut to what addresses need."""

    api_version: str
    kind: str
    plural: str
    namespaced: bool
    verbs: tuple[str, ...]


class Kube:
    """One API server as one user. Safe to use from many threads."""

    def __init__(self, access: kubeconfig.Access, patience: Patience | None = None) -> None:
        from tenantry.kube_connection import Connection  # noqa: PLC0415 - TLS and HTTP cost 0.1 s, help needs neither

        self.access = access
        self._connection = Connection(access, patience)
        self._resources: dict[str, dict[str, Resource]] = {}
        self._lock = threading.Lock()

    @classmethod
    def from_kubeconfig(cls, source: str | Path | None = None, context: str | None = None) -> Kube:
        """A client of one context; `kubeconfig.load` says what `source` may be. Connects to nothing yet."""
        return cls(kubeconfig.load(source, context))

    def acting_as(self, user: str, groups: tuple[str, ...] = ()) -> Kube:
        """A client of the same server that acts as somebody else, where the server lets us (`impersonate`)."""
        return Kube(replace(self.access, as_user=user, as_groups=groups))

    def get(self, api_version: str, kind: str, name: str, namespace: str | None = None) -> Json | None:
        """The object, or None where the server says that there is none.

        Raises:
            KubeError: any other answer, so also a kind that is not served (reason `NoKind`).
        """
        path = self.path(api_version, kind, name, namespace)
        try:
            return self.raw("GET", path)
        except KubeError as error:
            if error.status == _NOT_FOUND:
                return None
            raise

    def list(self, api_version: str, kind: str, namespace: str | None = None, *, labels: str = "") -> Objects:
        """Every object of a kind, in one namespace or (None) in all, that matches the label selector."""
        path = self._collection(self.resource(api_version, kind), namespace)
        query = {"limit": str(PAGE)} | ({"labelSelector": labels} if labels else {})
        found: Objects = []
        while True:
            page = self.raw("GET", path, query=query)
            # Items of a list come without their type.
            found += [{"apiVersion": api_version, "kind": kind} | item for item in page.get("items") or ()]
            if not (more := page["metadata"].get("continue")):
                return found
            query["continue"] = more

    def create(self, obj: Json, field_manager: str, *, dry_run: bool = False) -> Json:
        """Create the object; refuses fields that the schema does not know. `AlreadyExists` where it is there."""
        path = self._collection(self.resource(obj["apiVersion"], obj["kind"]), self._namespace_of(obj))
        return self.raw("POST", path, body=obj, query=_write_query(field_manager, dry_run=dry_run))

    def apply(self, obj: Json, field_manager: str, *, force: bool = False, dry_run: bool = False) -> Json:
        """Server-side apply; refuses fields that the schema does not know.

        Fields that this manager applied before and that `obj` lacks are removed. Fields of another manager are a
        `Conflict`, with the managers in `details`, unless `force` takes them over.
        """
        path = self.path(obj["apiVersion"], obj["kind"], obj["metadata"]["name"], self._namespace_of(obj))
        query = _write_query(field_manager, dry_run=dry_run) | {"force": "true" if force else "false"}
        return self.raw("PATCH", path, body=obj, query=query, content_type="application/apply-patch+yaml")

    def delete(
        self,
        api_version: str,
        kind: str,
        name: str,
        namespace: str | None = None,
        *,
        propagation: str = "Foreground",
        uid: str | None = None,
    ) -> bool:
        """Ask for the object's deletion, without waiting. False where it was not there.

        Args:
            api_version: As in `apps/v1`.
            kind: As in `Deployment`.
            name: The object's name.
            namespace: Its namespace. None means the context's; ignored for kinds that have none.
            propagation: What happens to the objects it owns: `Foreground`, `Background` or `Orphan`.
            uid: Delete this very object only, and never a newer one of the same name (`Conflict`).
        """
        body: Json = {"apiVersion": "v1", "kind": "DeleteOptions", "propagationPolicy": propagation}
        if uid:
            body["preconditions"] = {"uid": uid}
        try:
            self.raw("DELETE", self.path(api_version, kind, name, namespace), body=body)
        except KubeError as error:
            if error.status == _NOT_FOUND:
                return False
            raise
        return True

    def resource(self, api_version: str, kind: str) -> Resource:
        """How a kind is served. Remembered once known; a kind that is missing is asked for anew each time.

        Raises:
            KubeError: `NoKind` where the server does not serve it.
        """
        known = self._resources.get(api_version, {})
        if kind not in known:
            known = self._discover(api_version)
        if kind not in known:
            served = f"it serves {', '.join(sorted(known))}" if known else "it serves nothing of that group and version"
            raise KubeError(_NOT_FOUND, "NoKind", f"{self.access.server} serves no {kind} of {api_version}: {served}.")
        return known[kind]

    def path(self, api_version: str, kind: str, name: str, namespace: str | None = None) -> str:
        """Address of one object. A namespace is left out for kinds that have none."""
        return f"{self._collection(self.resource(api_version, kind), namespace or self.access.namespace)}/{quote(name)}"

    def raw(
        self,
        method: str,
        path: str,
        *,
        body: Json | None = None,
        query: Mapping[str, str] | None = None,
        content_type: str = "application/json",
    ) -> Json:
        """One request as it is; the parsed answer. `path` is absolute, as in `/version`.

        Raises:
            KubeError: the server answered with an error.
            UnreachableError: it did not answer.
        """
        address = f"{path}?{urlencode(query)}" if query else path
        data = None if body is None else json.dumps(body).encode()
        return _parsed(self._connection.request(method, address, data, content_type))

    def _discover(self, api_version: str) -> dict[str, Resource]:
        try:
            answer = self.raw("GET", _root(api_version))
        except KubeError as error:
            if error.status == _NOT_FOUND:
                return {}
            raise
        found = {
            entry["kind"]: Resource(
                api_version, entry["kind"], entry["name"], entry["namespaced"], tuple(entry.get("verbs") or ())
            )
            for entry in answer.get("resources") or ()
            if "/" not in entry["name"]
        }
        with self._lock:
            self._resources[api_version] = found
        return found

    def _namespace_of(self, obj: Json) -> str:
        return obj["metadata"].get("namespace") or self.access.namespace

    @staticmethod
    def _collection(resource: Resource, namespace: str | None) -> str:
        within = f"/namespaces/{quote(namespace)}" if resource.namespaced and namespace else ""
        return f"{_root(resource.api_version)}{within}/{resource.plural}"


def _root(api_version: str) -> str:
    return f"/apis/{api_version}" if "/" in api_version else f"/api/{api_version}"


def _write_query(field_manager: str, *, dry_run: bool) -> dict[str, str]:
    query = {"fieldManager": field_manager, "fieldValidation": "Strict"}
    return query | {"dryRun": "All"} if dry_run else query


def _parsed(response: urllib3.BaseHTTPResponse) -> Json:
    try:
        body = json.loads(response.data)
    except ValueError:
        body = {"message": response.data.decode(errors="replace").strip() or response.reason}
    if not isinstance(body, dict):
        body = {"message": str(body)}
    if response.status >= 400:  # noqa: PLR2004 - HTTP's own border
        reason = body.get("reason") or response.reason or ""
        raise KubeError(response.status, reason, body.get("message") or reason, body.get("details"))
    return body
