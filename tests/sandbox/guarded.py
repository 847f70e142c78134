"""A tenant's namespace under the platform's rules, and somebody in it whose rights are as wide as can be.

The rules must hold where a role became wider than it should be; what the roles themselves refuse is tested elsewhere.
"""

from __future__ import annotations

import copy
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tenantry.catalog import load_tenant
from tenantry.guards.parameters import NAME, parameters
from tenantry.kube import Json, Kube, KubeError
from tenantry.render import render_stack
from tenantry.sandbox.control_plane import Sandbox
from tests.sandbox.waiting import until

ROOT = Path(__file__).parents[2]
MANAGER = "tests"
RBAC = "rbac.authorization.k8s.io"
HOST = "vision.ml.sandbox.test"
"""Host of the tenant whose parameters the namespace has."""
OWNED = {"tenantry.dev/tenant": "vision", "app.kubernetes.io/managed-by": "tenantry"}
POLICIES = ("ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding")
MUTATIONS = ("MutatingAdmissionPolicy", "MutatingAdmissionPolicyBinding", "PriorityClass")
"""With the tier's priority class, which one of them gives to pods."""


@dataclass(frozen=True)
class Guarded:
    """One namespace under guard."""

    namespace: str
    admin: Kube
    """Of the group system:masters."""
    tenant: Kube
    """May write everything in this namespace, and namespaces themselves, and is none of the platform's groups."""

    def attempt(self, obj: Json) -> str:
        """What the API server answers the tenant who would create the object: nothing, or its refusal."""
        return refusal(lambda: self.tenant.create(self.here(obj), MANAGER, dry_run=True))

    def here(self, obj: Json) -> Json:
        """The object in this namespace; `NAMESPACE` in any text of it becomes the namespace's name."""
        made: Json = replaced(copy.deepcopy(obj), self.namespace)
        made["metadata"]["namespace"] = self.namespace
        return made


def replaced(value: Any, namespace: str) -> Any:
    """The value with `NAMESPACE` in its texts replaced."""
    if isinstance(value, dict):
        return {key: replaced(inner, namespace) for key, inner in value.items()}
    if isinstance(value, list):
        return [replaced(inner, namespace) for inner in value]
    return value.replace("NAMESPACE", namespace) if isinstance(value, str) else value


def refusal(write: Any) -> str:
    """The message of the server's refusal; empty where it agrees."""
    try:
        write()
    except KubeError as error:
        return error.message
    return ""


def denial(rule: str, says: str, answer: str) -> bool:
    """Whether the answer is this rule's, says this, names the way out and links the runbook."""
    policy, _, words = answer.partition(" denied request: ")
    says_it = words.startswith(f"{rule}: {says}. ") and words.endswith(f". See docs/runbooks/admission.md#{rule}")
    return f"ValidatingAdmissionPolicy 'tenantry-{rule}' with binding 'tenantry-{rule}" in policy and says_it


def namespace_object(name: str) -> Json:
    """A tenant's namespace, as its stack labels it."""
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": OWNED}}


def rights(name: str) -> list[Json]:
    """Every right in the namespace, and on namespaces, for the group `wide-<namespace>`."""
    subject = {"kind": "Group", "name": f"wide-{name}", "apiGroup": RBAC}
    rules = [
        {"apiGroups": [""], "resources": ["namespaces", "namespaces/status", "namespaces/finalize"], "verbs": ["*"]},
        {"apiGroups": ["scheduling.k8s.io"], "resources": ["priorityclasses"], "verbs": ["*"]},
    ]
    return [
        {"apiVersion": f"{RBAC}/v1", "kind": "ClusterRole", "metadata": {"name": name}, "rules": rules},
        {
            "apiVersion": f"{RBAC}/v1",
            "kind": "ClusterRoleBinding",
            "metadata": {"name": name},
            "roleRef": {"apiGroup": RBAC, "kind": "ClusterRole", "name": name},
            "subjects": [subject],
        },
        {
            "apiVersion": f"{RBAC}/v1",
            "kind": "RoleBinding",
            "metadata": {"name": "wide", "namespace": name},
            "roleRef": {"apiGroup": RBAC, "kind": "ClusterRole", "name": "cluster-admin"},
            "subjects": [subject],
        },
    ]


def keep_parameters(admin: Kube) -> None:
    """See that the API server never stops watching parameters, for as long as the sandbox runs.

    It stops when the last policy that has any goes, and cannot begin again (1.36): later policies would see what
    there was before, and in new namespaces nothing. No cluster loses all policies but to tests.
    """
    targets = [{"apiGroups": ["tests"], "apiVersions": ["v1"], "resources": ["nothing"], "operations": ["CREATE"]}]
    spec = {
        "paramKind": {"apiVersion": "v1", "kind": "ConfigMap"},
        "matchConstraints": {"resourceRules": targets},
        "validations": [{"expression": "true"}],
    }
    binding = {
        "policyName": "keeps-parameters",
        "validationActions": ["Deny"],
        "paramRef": {"name": NAME, "parameterNotFoundAction": "Allow"},
    }
    for kind, what in zip(POLICIES, (spec, binding), strict=True):
        meta = {"name": "keeps-parameters"}
        admin.apply(
            {"apiVersion": "admissionregistration.k8s.io/v1", "kind": kind, "metadata": meta, "spec": what}, MANAGER
        )


def make(sandbox: Sandbox) -> Iterator[Guarded]:
    """The platform's rules, where they are not in force yet, and a namespace under them; gone afterwards."""
    admin = Kube.from_kubeconfig(sandbox.kubeconfig)
    name = f"guarded-{uuid.uuid4().hex[:8]}"
    # Other tests bring the platform up on the same sandbox: what they made is theirs.
    policies = [
        obj
        for obj in render_stack(ROOT, "platform.sandbox").objects()
        if obj["kind"] in (*MUTATIONS, *POLICIES)
        and not admin.get(obj["apiVersion"], obj["kind"], obj["metadata"]["name"])
    ]
    config = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": NAME, "namespace": name, "labels": OWNED},
        "data": parameters(load_tenant(ROOT, "vision", "sandbox")),
    }
    cluster = [*policies, *rights(name)[:2]]
    keep_parameters(admin)
    try:
        # The rules first: Kubernetes makes the namespace's account at once, and one of them is about it.
        for obj in (*policies, namespace_object(name), config, *rights(name)):
            admin.apply(obj, MANAGER, force=True)
        assert until(lambda: admin.get("v1", "ServiceAccount", "default", name)), "no controller made the account"
        admin.create(
            {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "argo", "namespace": name}}, MANAGER
        )
        tenant = Kube.from_kubeconfig(sandbox.issue(f"mallory-{name}", (f"wide-{name}",)))
        yield Guarded(name, admin, tenant)
    finally:
        for obj in reversed(cluster):
            admin.delete(obj["apiVersion"], obj["kind"], obj["metadata"]["name"], propagation="Background")
        admin.delete("v1", "Namespace", name, propagation="Background")


@pytest.fixture(scope="module")
def guarded(sandbox: Sandbox) -> Iterator[Guarded]:
    """One namespace under guard for the tests of a module."""
    yield from make(sandbox)
