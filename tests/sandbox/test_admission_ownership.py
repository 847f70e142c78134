"""What Tenantry made stays so on a real API server, by every verb and through every subresource."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tenantry.guards.parameters import NAME
from tenantry.kube import Json, Kube
from tests.sandbox.guarded import MANAGER, OWNED, Guarded, denial, guarded, refusal
from tests.sandbox.waiting import until

__all__ = ["guarded"]

NAMESPACE = "/api/v1/namespaces/{0}"
GUARD = f"{NAMESPACE}/configmaps/{NAME}"
CONFIG = f"{NAMESPACE}/configmaps/owned"
OURS = "is the platform's: it holds the pod security level, the tier and the tenant's label"
MADE = "make it the platform's: it can be neither made, changed, relabelled nor deleted by hand"
MERGE = "application/merge-patch+json"
JSON_PATCH = "application/json-patch+json"
APPLY = "application/apply-patch+yaml"
UNLABELLED = {"metadata": {"labels": dict.fromkeys(OWNED)}}
RELAXED = {"metadata": {"labels": {"pod-security.kubernetes.io/enforce": "privileged"}}}
DRY = {"dryRun": "All"}


def patch(path: str, body: Json | list[Json], content_type: str = MERGE) -> Callable[[Kube, str], object]:
    def write(kube: Kube, namespace: str) -> object:
        query = DRY | ({"fieldManager": MANAGER, "force": "true"} if content_type == APPLY else {})
        # The client sends whatever is JSON.
        return kube.raw("PATCH", path.format(namespace), body=body, query=query, content_type=content_type)  # type: ignore[arg-type]  # a JSON patch is a list

    return write


def send(method: str, path: str, body: Json | None = None) -> Callable[[Kube, str], object]:
    return lambda kube, namespace: kube.raw(method, path.format(namespace), body=body, query=DRY)


def apply_labels(kube: Kube, namespace: str) -> object:
    body = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace, **RELAXED["metadata"]}}
    return patch(NAMESPACE, body, APPLY)(kube, namespace)


def finalize(kube: Kube, namespace: str) -> object:
    found = kube.raw("GET", NAMESPACE.format(namespace))
    body = found | {"spec": {"finalizers": []}}
    return send("PUT", f"{NAMESPACE}/finalize", body)(kube, namespace)


REPLACED = [
    {"op": "replace", "path": "/metadata/labels", "value": {"pod-security.kubernetes.io/enforce": "privileged"}}
]

WRITES: dict[str, tuple[str, Callable[[Kube, str], object]]] = {
    "namespace-labels": ("owned-namespaces", patch(NAMESPACE, RELAXED)),
    "namespace-out-of-sight": ("owned-namespaces", patch(NAMESPACE, UNLABELLED)),
    "namespace-json-patch": ("owned-namespaces", patch(NAMESPACE, REPLACED, JSON_PATCH)),
    "namespace-apply": ("owned-namespaces", apply_labels),
    "namespace-annotations": ("owned-namespaces", patch(NAMESPACE, {"metadata": {"annotations": {"a": "b"}}})),
    "namespace-status": ("owned-namespaces", patch(f"{NAMESPACE}/status", RELAXED)),
    "namespace-finalize": ("owned-namespaces", finalize),
    "namespace-delete": ("owned-namespaces", send("DELETE", NAMESPACE)),
    "change": ("owned-objects", patch(CONFIG, {"data": {"a": "b"}})),
    "relabel": ("owned-objects", patch(CONFIG, UNLABELLED)),
    "delete": ("owned-objects", send("DELETE", CONFIG)),
}


def says(rule: str, namespace: str) -> str:
    if rule == "owned-namespaces":
        return f'metadata of namespace "{namespace}" {OURS}'
    return f'metadata.labels of ConfigMap "owned" {MADE}'


@pytest.fixture(scope="module", autouse=True)
def owned(guarded: Guarded) -> None:
    """An object of the platform's in the namespace."""
    meta = {"name": "owned", "namespace": guarded.namespace, "labels": {**OWNED, "test": "owned"}}
    guarded.admin.apply({"apiVersion": "v1", "kind": "ConfigMap", "metadata": meta}, MANAGER)


@pytest.mark.parametrize("name", WRITES)
def test_who_writes_makes_the_difference(guarded: Guarded, name: str) -> None:
    rule, write = WRITES[name]

    def answer() -> str:
        return refusal(lambda: write(guarded.tenant, guarded.namespace))

    assert until(lambda: denial(rule, says(rule, guarded.namespace), answer())), answer()
    assert refusal(lambda: write(guarded.admin, guarded.namespace)) == ""


def test_delete_collection_stops_at_what_is_owned(guarded: Guarded) -> None:
    path = f"{NAMESPACE.format(guarded.namespace)}/configmaps"
    answer = refusal(lambda: guarded.tenant.raw("DELETE", path, query=DRY | {"labelSelector": "test=owned"}))
    assert denial("owned-objects", says("", ""), answer), answer


def test_a_collection_stops_at_a_reserved_name(guarded: Guarded) -> None:
    path = f"{NAMESPACE.format(guarded.namespace)}/configmaps"
    selected = DRY | {"fieldSelector": f"metadata.name={NAME}"}
    answer = refusal(lambda: guarded.tenant.raw("DELETE", path, query=selected))
    assert "denied request: " in answer, answer
    assert refusal(lambda: guarded.admin.raw("DELETE", path, query=selected)) == ""


def test_nobody_else_makes_a_namespace_that_looks_like_a_tenants(guarded: Guarded) -> None:
    forged = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "forged", "labels": OWNED}}
    answer = refusal(lambda: guarded.tenant.create(forged, MANAGER, dry_run=True))
    assert denial("owned-namespaces", f'metadata of namespace "forged" {OURS}', answer), answer
    plain = forged | {"metadata": {"name": "forged"}}
    assert refusal(lambda: guarded.tenant.create(plain, MANAGER, dry_run=True)) == ""


def test_owned_objects_of_the_whole_cluster_are_guarded_too(guarded: Guarded) -> None:
    path = "/apis/scheduling.k8s.io/v1/priorityclasses/tenantry-standard"
    write = patch(path, {"metadata": {"annotations": {"a": "b"}}})
    answer = refusal(lambda: write(guarded.tenant, ""))
    assert denial("owned-objects", f'metadata.labels of PriorityClass "tenantry-standard" {MADE}', answer), answer
    assert refusal(lambda: write(guarded.admin, "")) == ""


def test_tokens_bindings_and_status_are_not_forgotten(guarded: Guarded) -> None:
    tokens = f"{NAMESPACE}/serviceaccounts/default/token".format(guarded.namespace)
    request = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {}}
    answer = refusal(lambda: guarded.tenant.raw("POST", tokens, body=request, query=DRY))
    alone = "is written by the platform alone: "
    assert denial("rights-and-limits", f"kind TokenRequest {alone}it says what the team may do and hold", answer), (
        answer
    )
    assert refusal(lambda: guarded.admin.raw("POST", tokens, body=request, query=DRY)) == ""
    target = {"apiVersion": "v1", "kind": "Node", "name": "h100-0"}
    binding = {"apiVersion": "v1", "kind": "Binding", "metadata": {"name": "x"}, "target": target}
    bindings = f"{NAMESPACE}/bindings".format(guarded.namespace)
    answer = refusal(lambda: guarded.tenant.raw("POST", bindings, body=binding, query=DRY))
    why = "it would put a pod on a node past its taints and the queue"
    assert denial("pod-binding", f"kind Binding {alone}{why}", answer), answer
    # The administrator's comes as far as to the pod, which is not there.
    assert '"x" not found' in refusal(lambda: guarded.admin.raw("POST", bindings, body=binding, query=DRY))


def test_the_default_account_gets_no_token(guarded: Guarded) -> None:
    account = guarded.admin.get("v1", "ServiceAccount", "default", guarded.namespace)
    assert account
    assert account["automountServiceAccountToken"] is False


def test_what_is_older_than_a_rule_can_lose_its_finalizer(guarded: Guarded) -> None:
    """Otherwise a namespace with such an object in it would never go."""
    claim = guarded.here(
        {
            "apiVersion": "v1",
            "kind": "PersistentVolumeClaim",
            "metadata": {"name": "old"},
            "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}},
        }
    )
    guarded.tenant.create(claim, MANAGER)
    path = f"{NAMESPACE.format(guarded.namespace)}/persistentvolumeclaims/old"
    hosts = patch(GUARD, {"data": {"storage-classes": ""}})
    assert refusal(lambda: hosts(guarded.admin, guarded.namespace)) == ""
    assert refusal(lambda: patch(path, {"metadata": {"finalizers": None}})(guarded.tenant, "")) == ""
