"""Every rule holds for what the program makes, and each breach is told by the rule that it breaks, and no other."""

from __future__ import annotations

from typing import Any

import pytest

from tenantry import gpu
from tenantry.policies import RULES, sign_on
from tenantry.policies.report import Report, problem
from tests.unit.models.examples import OVERRIDE, put
from tests.unit.policies.scene import NLP, PLATFORM, VISION, Edit, Scene, pod, sentences, without
from tests.unit.policies.served import approval, served

RBAC = "rbac.authorization.k8s.io"
NETWORKING = "networking.k8s.io/v1"


def hard(scene: Scene) -> dict[str, str]:
    found: dict[str, str] = scene.get("ResourceQuota", "tenant")["spec"]["hard"]
    return found


def rules(scene: Scene, role: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = scene.get("Role", role)["rules"]
    return found


def grant(role: str, verbs: list[str], *resources: str, group: str = "") -> Edit:
    return lambda s: rules(s, role).append({"apiGroups": [group], "resources": list(resources), "verbs": verbs})


def label(kind: str, key: str, value: str | None, name: str = "") -> Edit:
    def edit(scene: Scene) -> None:
        labels = scene.get(kind, name)["metadata"]["labels"]
        labels.pop(key)
        if value is not None:
            labels[key] = value

    return edit


def policy(name: str, **spec: Any) -> Edit:
    return lambda s: s.add("NetworkPolicy", name, NETWORKING, spec={"podSelector": {}, **spec})


def out(*peers: dict[str, Any], **rule: Any) -> Edit:
    return policy("more", policyTypes=["Egress"], egress=[{"to": list(peers), **rule}])


def subject(**changes: str) -> Edit:
    return lambda s: s.get("RoleBinding", "viewer")["subjects"].append({"kind": "Group", "apiGroup": RBAC, **changes})


def role_of_admins(**changes: str) -> Edit:
    return lambda s: s.get("RoleBinding", "admin")["roleRef"].update(changes)


def account(role: str) -> Edit:
    def edit(scene: Scene) -> None:
        reference = {"apiGroup": RBAC, "kind": "Role", "name": role}
        who = [{"kind": "ServiceAccount", "name": "runner", "namespace": "vision"}]
        scene.add("RoleBinding", "runner", f"{RBAC}/v1", roleRef=reference, subjects=who)

    return edit


def deployment(**changes: Any) -> Edit:
    return lambda s: s.add("Deployment", "tool", "apps/v1", spec={"template": {"spec": pod(**changes)}})


def of_policy(kind: str, **spec: Any) -> Edit:
    return lambda s: s.all(f"ValidatingAdmissionPolicy{kind}")[0]["spec"].update(spec)


def of_parametrised(**changes: Any) -> Edit:
    def edit(scene: Scene) -> None:
        for one in scene.all("ValidatingAdmissionPolicyBinding"):
            if one["spec"].get("paramRef", {}).get("parameterNotFoundAction") == "Deny":
                one["spec"]["paramRef"].update(changes)
                return

    return edit


def level(**spec: Any) -> Edit:
    return lambda s: s.get("PriorityLevelConfiguration")["spec"].update(spec)


def flow(**spec: Any) -> Edit:
    return lambda s: s.get("FlowSchema")["spec"].update(spec)


def annotated(key: str) -> Edit:
    return lambda s: s.get("ResourceQuota")["metadata"]["annotations"].update({key: "true"})


def real_cluster(scene: Scene) -> None:
    assert scene.tenant
    scene.environment(cluster=scene.tenant.environment.cluster.model_copy(update={"kind": "existing"}))


def unapproved(scene: Scene) -> None:
    served()(scene)
    approval(scene)


def offboarding(scene: Scene) -> None:
    scene.configure(lifecycle="offboarding")


def chart(scene: Scene) -> None:
    scene.replace("LimitRange", type="kubernetes:helm.sh/v3:Release")


def in_another_namespace(scene: Scene) -> None:
    scene.add("ConfigMap", "spy", namespace="nlp", data={})


def stranger_subjects(scene: Scene) -> None:
    scene.get("FlowSchema")["spec"]["rules"][0]["subjects"].append({"kind": "Group", "group": {"name": "ml-nlp"}})


def shared_subjects(scene: Scene) -> None:
    scene.get("FlowSchema")["spec"]["rules"][0]["subjects"].append({"kind": "Group", "group": {"name": "ml-all"}})


def quota(scene: Scene) -> dict[str, Any]:
    found: dict[str, Any] = scene.get("ResourceQuota", "tenant")["spec"]
    return found


def no_deny(scene: Scene) -> None:
    scene.remove("NetworkPolicy", "default-deny")
    scene.remove("NetworkPolicy", "same-namespace")


def cluster_admins(scene: Scene) -> None:
    everybody = [{"kind": "Group", "name": "system:serviceaccounts"}]
    role = {"kind": "ClusterRole", "name": "cluster-admin"}
    scene.add("ClusterRoleBinding", "vision", f"{RBAC}/v1", None, roleRef=role, subjects=everybody)


def ingress(**spec: Any) -> Edit:
    return lambda s: s.add("Ingress", "x", NETWORKING, spec=spec)


EVERYTHING = {"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}
HARDENED = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}
PSA = "pod-security.kubernetes.io/"
LABELLED = {"matchLabels": {"app": "spy"}}
DNS = {"matchLabels": {"k8s-app": "kube-dns"}}
DNS_PORT = {"protocol": "UDP", "port": 53}
NAME = "kubernetes.io/metadata.name"
ONE_OF_TWO = {"matchExpressions": [{"key": NAME, "operator": "In", "values": ["kube-system", "nlp"]}]}
OTHER = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "nlp"}}}
BREACHES: list[tuple[str, str, str, Edit]] = [
    ("TEN-NS-001", "none", VISION, lambda s: s.remove("Namespace")),
    ("TEN-NS-002", "baseline", VISION, label("Namespace", f"{PSA}enforce", "baseline")),
    ("TEN-NS-002", "no-label", VISION, label("Namespace", f"{PSA}enforce", None)),
    ("TEN-NS-002", "old-version", VISION, label("Namespace", f"{PSA}enforce-version", "v1.20")),
    ("TEN-NS-002", "of-the-platform", PLATFORM, label("Namespace", f"{PSA}enforce", "privileged")),
    ("TEN-NS-003", "unprotected", VISION, real_cluster),
    ("TEN-QUO-001", "no-gpus", VISION, lambda s: hard(s).pop(f"requests.{gpu.RESOURCE}")),
    ("TEN-QUO-001", "node-ports", VISION, lambda s: hard(s).update({"services.nodeports": "1"})),
    ("TEN-QUO-002", "uncounted", VISION, lambda s: hard(s).pop("count/secrets")),
    ("TEN-QUO-002", "granted", VISION, grant("developer", ["create"], "notebooks", group="kubeflow.org")),
    ("TEN-QUO-003", "gpus", VISION, lambda s: hard(s).update({f"requests.{gpu.RESOURCE}": "13"})),
    ("TEN-QUO-003", "memory", VISION, lambda s: hard(s).update({"limits.memory": "524Gi"})),
    ("TEN-QUO-003", "pods-in-thousands", VISION, lambda s: hard(s).update({"pods": "1k"})),
    ("TEN-QUO-004", "shared-gpus", VISION, lambda s: hard(s).update({"requests.nvidia.com/gpu.shared": "8"})),
    ("TEN-QUO-004", "slices", VISION, lambda s: hard(s).update({"requests.nvidia.com/mig-1g.5gb": "1"})),
    ("TEN-QUO-005", "no-limits", VISION, lambda s: s.remove("LimitRange")),
    ("TEN-QUO-005", "no-memory", VISION, lambda s: s.get("LimitRange")["spec"]["limits"][0].pop("default")),
    ("TEN-QUO-006", "no-quota", VISION, lambda s: s.remove("ResourceQuota", "no-system-priority")),
    (
        "TEN-QUO-006",
        "one-pod",
        VISION,
        lambda s: s.get("ResourceQuota", "no-system-priority")["spec"]["hard"].update(pods="1"),
    ),
    ("TEN-NET-002", "by-label", VISION, policy("more", podSelector=LABELLED, policyTypes=["Egress"])),
    ("TEN-NET-003", "no-dns", VISION, lambda s: s.remove("NetworkPolicy", "dns")),
    ("TEN-NET-003", "no-destination", VISION, lambda s: s.remove("NetworkPolicy", "egress-feature-store")),
    ("TEN-NET-003", "one-port-more", VISION, out({"ipBlock": {"cidr": "10.20.0.0/24"}}, ports=[{"port": 6380}])),
    ("TEN-NET-003", "one-address-more", VISION, out({"ipBlock": {"cidr": "10.20.1.0/32"}})),
    ("TEN-NET-003", "a-tenant-by-name", VISION, out(OTHER | {"podSelector": LABELLED})),
    ("TEN-NET-003", "dns-of-another-name", VISION, out(OTHER | {"podSelector": DNS})),
    ("TEN-NET-003", "whoever-has-a-label", VISION, out({"namespaceSelector": LABELLED, "podSelector": LABELLED})),
    ("TEN-NET-003", "one-of-two", VISION, out({"namespaceSelector": ONE_OF_TWO, "podSelector": DNS}, ports=[DNS_PORT])),
    ("TEN-NET-003", "the-internet", VISION, out({"ipBlock": {"cidr": "1.1.1.0/24"}})),
    ("TEN-NET-003", "udp", VISION, out({"ipBlock": {"cidr": "10.20.0.0/24"}}, ports=[{"protocol": "UDP"}])),
    (
        "TEN-NET-003",
        "let-in",
        VISION,
        policy("more", ingress=[{"from": [{"namespaceSelector": {"matchExpressions": [
            {"key": "kubernetes.io/metadata.name", "operator": "In", "values": ["kube-system"]}]},
            "podSelector": {"matchLabels": {"k8s-app": "kube-dns"}}}]}]),
    ),
    ("TEN-ACC-001", "resources", VISION, grant("viewer", ["get"], "*")),
    ("TEN-ACC-001", "groups", VISION, grant("viewer", ["get"], "things", group="*")),
    ("TEN-ACC-001", "subresources", VISION, grant("viewer", ["get"], "*/scale")),
    (
        "TEN-ACC-001",
        "paths",
        PLATFORM,
        lambda s: s.add("ClusterRole", "x", f"{RBAC}/v1", None, rules=[{"verbs": ["get"], "nonResourceURLs": ["/"]}]),
    ),
    (
        "TEN-ACC-001",
        "aggregated",
        PLATFORM,
        lambda s: s.add("ClusterRole", "x", f"{RBAC}/v1", None, aggregationRule={"clusterRoleSelectors": [{}]}),
    ),
    ("TEN-ACC-002", "tokens", VISION, grant("admin", ["create"], "serviceaccounts/token")),
    ("TEN-ACC-002", "resize", VISION, grant("developer", ["patch"], "pods/resize")),
    ("TEN-ACC-002", "quotas", VISION, grant("admin", ["update"], "resourcequotas")),
    ("TEN-ACC-002", "namespace-status", VISION, grant("admin", ["patch"], "namespaces/status")),
    ("TEN-ACC-002", "impersonation", VISION, grant("admin", ["impersonate"], "users")),
    ("TEN-ACC-003", "cluster-role", VISION, role_of_admins(kind="ClusterRole")),
    ("TEN-ACC-003", "not-made", VISION, role_of_admins(name="edit")),
    ("TEN-ACC-005", "everybody", VISION, subject(name="system:authenticated")),
    ("TEN-ACC-005", "another-team", VISION, subject(name="ml-nlp")),
    ("TEN-ACC-005", "user", VISION, subject(kind="User", name="eve")),
    ("TEN-ACC-005", "foreign-account", VISION, subject(kind="ServiceAccount", name="default", namespace="nlp")),
    ("TEN-ACC-006", "secrets", VISION, grant("viewer", ["get"], "secrets")),
    ("TEN-ACC-006", "writes", VISION, grant("viewer", ["create"], "configmaps")),
    ("TEN-ACC-006", "exec", VISION, grant("viewer", ["create"], "pods/exec")),
    (
        "TEN-ACC-006",
        "wrong-role",
        VISION,
        lambda s: s.get("RoleBinding", "developer")["subjects"].append({"kind": "Group", "name": "ml-all"}),
    ),
    ("TEN-ACC-006", "leaving", VISION, offboarding),
    ("TEN-ADM-002", "ignored", PLATFORM, of_policy("", failurePolicy="Ignore")),
    ("TEN-ADM-003", "warned", PLATFORM, of_policy("Binding", validationActions=["Warn", "Audit"])),
    ("TEN-ADM-003", "unbound", PLATFORM, of_policy("Binding", policyName="nothing")),
    ("TEN-ADM-004", "allowed-without", PLATFORM, of_parametrised(parameterNotFoundAction="Allow")),
    ("TEN-ADM-004", "shared", PLATFORM, of_parametrised(namespace="tenantry-system")),
    ("TEN-ADM-004", "others", PLATFORM, of_parametrised(name="mine")),
    (
        "TEN-ADM-005",
        "one-tenant",
        PLATFORM,
        of_policy("", matchConstraints={"namespaceSelector": {"matchLabels": {"tenantry.dev/tenant": "vision"}}}),
    ),
    ("TEN-ADM-005", "excluded", PLATFORM, of_policy("", matchConstraints={"excludeResourceRules": [{}]})),
    ("TEN-ADM-006", "none", VISION, lambda s: s.remove("ConfigMap")),
    ("TEN-ADM-006", "another-host", VISION, lambda s: s.get("ConfigMap")["data"].update(hosts="nlp.ml.sandbox.test")),
    ("TEN-FAIR-001", "no-level", VISION, lambda s: s.remove("PriorityLevelConfiguration")),
    ("TEN-FAIR-001", "no-flow", VISION, lambda s: s.remove("FlowSchema")),
    ("TEN-FAIR-001", "exempt", VISION, level(type="Exempt")),
    ("TEN-FAIR-002", "first", VISION, flow(matchingPrecedence=1)),
    ("TEN-FAIR-002", "others", VISION, stranger_subjects),
    ("TEN-FAIR-002", "shared", VISION, shared_subjects),
    ("TEN-FAIR-003", "evicts", PLATFORM, lambda s: s.get("PriorityClass").pop("preemptionPolicy")),
    ("TEN-FAIR-003", "default", PLATFORM, lambda s: s.get("PriorityClass").update(globalDefault=True)),
    ("TEN-FAIR-003", "high", PLATFORM, lambda s: s.get("PriorityClass").update(value=2_000_000_000)),
    ("TEN-ORD-001", "too-early", VISION, lambda s: s.replace("RoleBinding", "admin", parent="", dependencies=())),
    ("TEN-OWN-001", "tenant", VISION, label("NetworkPolicy", "tenantry.dev/tenant", None, "dns")),
    ("TEN-OWN-001", "component", VISION, label("NetworkPolicy", "tenantry.dev/component", None, "dns")),
    ("TEN-OWN-001", "managed-by", VISION, label("NetworkPolicy", "app.kubernetes.io/managed-by", "helm", "dns")),
    ("TEN-OWN-001", "source", VISION, lambda s: s.get("Role", "admin")["metadata"].update(annotations={})),
    ("TEN-OWN-001", "platform", PLATFORM, lambda s: s.get("PriorityClass")["metadata"].update(annotations={})),
    ("TEN-OWN-002", "elsewhere", VISION, in_another_namespace),
    ("TEN-OWN-002", "nowhere", VISION, lambda s: s.add("PriorityClass", "vision", namespace=None)),
    ("TEN-OWN-002", "another-name", VISION, lambda s: s.get("ClusterQueue")["metadata"].update(name="nlp")),
    ("TEN-OWN-004", "force", VISION, annotated("pulumi.com/patchForce")),
    ("TEN-OWN-004", "no-wait", VISION, annotated("pulumi.com/skipAwait")),
    ("TEN-SVC-001", "node-port", VISION, lambda s: s.add("Service", "x", spec={"type": "NodePort"})),
    ("TEN-SVC-001", "external-name", VISION, lambda s: s.add("Service", "x", spec={"type": "ExternalName"})),
    ("TEN-SVC-001", "external-ip", VISION, lambda s: s.add("Service", "x", spec={"externalIPs": ["10.96.0.1"]})),
    ("TEN-SVC-002", "another-host", VISION, ingress(rules=[{"host": "nlp.ml.sandbox.test"}])),
    ("TEN-SVC-002", "wildcard", VISION, ingress(rules=[{"host": "*.vision.ml.sandbox.test"}])),
    ("TEN-SVC-002", "suffix", VISION, ingress(rules=[{"host": "evilvision.ml.sandbox.test"}])),
    ("TEN-SVC-002", "every-host", VISION, ingress(rules=[{}])),
    ("TEN-SVC-002", "no-rules", VISION, ingress(defaultBackend={})),
    ("TEN-POD-001", "privileged", VISION, deployment(securityContext={"privileged": True, **HARDENED})),
    ("TEN-POD-001", "root", VISION, deployment(pod_securityContext={"seccompProfile": {"type": "RuntimeDefault"}})),
    ("TEN-POD-001", "seccomp", VISION, deployment(pod_securityContext={"runAsNonRoot": True})),
    ("TEN-POD-001", "capabilities", VISION, deployment(securityContext={"allowPrivilegeEscalation": False})),
    ("TEN-POD-001", "escalation", VISION, deployment(securityContext={"capabilities": {"drop": ["ALL"]}})),
    ("TEN-POD-001", "host-network", VISION, deployment(pod_hostNetwork=True)),
    ("TEN-POD-001", "host-path", VISION, deployment(pod_volumes=[{"name": "disk", "hostPath": {"path": "/"}}])),
    ("TEN-POD-001", "init", VISION, deployment(pod_initContainers=[{**pod()["containers"][0], "securityContext": {}}])),
    ("TEN-POD-001", "of-the-platform", PLATFORM, deployment(pod_hostPID=True)),
    ("TEN-POD-002", "latest", VISION, deployment(image="registry.example.com/tool:latest")),
    ("TEN-POD-002", "short-digest", VISION, deployment(image="registry.example.com/tool@sha256:00")),
    ("TEN-POD-003", "no-limit", VISION, deployment(resources={"requests": {"cpu": "1", "memory": "1Gi"}})),
    ("TEN-POD-003", "no-requests", VISION, deployment(resources={"limits": {"memory": "1Gi"}})),
    ("TEN-POD-004", "node-name", VISION, deployment(pod_nodeName="gpu-0")),
    ("TEN-POD-004", "tolerates-all", VISION, deployment(pod_tolerations=[{"operator": "Exists"}])),
    ("TEN-POD-004", "system", VISION, deployment(pod_priorityClassName="system-node-critical")),
    ("TEN-POD-004", "another-tier", VISION, deployment(pod_priorityClassName="tenantry-small")),
    ("TEN-MOD-001", "no-evidence", VISION, served(put(None, "stable", "evidence"), put(None, "candidate"))),
    ("TEN-MOD-001", "below-the-gate", VISION, served(put(0.8, "candidate", "evidence", "auc"))),
    ("TEN-MOD-002", "nobody", VISION, unapproved),
]  # fmt: skip
"""A rule, a word, the stack and the one change that breaks that rule alone."""

TOGETHER: list[tuple[str, str, Edit]] = [
    ("TEN-NS-001 TEN-OWN-002", VISION, lambda s: s.get("Namespace")["metadata"].update(name="nlp")),
    ("TEN-QUO-001 TEN-QUO-002", VISION, lambda s: s.remove("ResourceQuota", "tenant")),
    ("TEN-QUO-001 TEN-QUO-002", VISION, lambda s: quota(s).update(scopes=["BestEffort"])),
    (
        "TEN-OWN-002 TEN-QUO-001 TEN-QUO-002",
        VISION,
        lambda s: s.get("ResourceQuota", "tenant")["metadata"].update(namespace="nlp"),
    ),
    ("TEN-NET-001 TEN-NET-003", VISION, no_deny),
    ("TEN-NET-003 TEN-NET-004", VISION, out(OTHER)),
    ("TEN-NET-003 TEN-NET-004", VISION, out({"namespaceSelector": {}, "podSelector": {}})),
    ("TEN-NET-003 TEN-NET-005", VISION, out({"ipBlock": {"cidr": "169.254.0.0/16"}})),
    ("TEN-NET-003 TEN-NET-005", VISION, out({"ipBlock": {"cidr": "10.244.0.0/24"}})),
    ("TEN-NET-003 TEN-NET-005", VISION, out({"ipBlock": {"cidr": "fd00:ec2::/32"}})),
    ("TEN-ACC-001 TEN-ACC-006", VISION, grant("viewer", ["*"], "configmaps")),
    (
        "TEN-ACC-001 TEN-ACC-004 TEN-OWN-002",
        VISION,
        lambda s: s.add("ClusterRole", "vision", f"{RBAC}/v1", None, rules=[EVERYTHING]),
    ),
    ("TEN-ACC-004 TEN-ACC-005 TEN-OWN-002", VISION, cluster_admins),
    (
        "TEN-ADM-001 TEN-ADM-003",
        PLATFORM,
        lambda s: s.all("ValidatingAdmissionPolicy")[0]["metadata"].update(name="tenantry-other"),
    ),
    ("TEN-OWN-003 TEN-QUO-005", VISION, chart),
]
"""What breaks several rules at once."""


@pytest.mark.parametrize("stack", [VISION, NLP, PLATFORM])
def test_what_the_program_makes_breaks_no_rule(stack: str) -> None:
    assert list(map(str, Scene(stack).check())) == []


@pytest.mark.parametrize(
    ("rule", "stack", "edit"),
    [pytest.param(rule, stack, edit, id=f"{rule}-{word}") for rule, word, stack, edit in BREACHES],
)
def test_a_breach_is_told_by_its_rule_and_no_other(rule: str, stack: str, edit: Edit) -> None:
    scene = Scene(stack)
    edit(scene)
    assert scene.broken() == [rule]


@pytest.mark.parametrize(("broken", "stack", "edit"), TOGETHER)
def test_a_breach_of_several_rules_is_told_by_each(broken: str, stack: str, edit: Edit) -> None:
    scene = Scene(stack)
    edit(scene)
    assert scene.broken() == broken.split()


def test_a_service_account_holds_what_some_people_hold() -> None:
    fair = Scene()
    account("developer")(fair)
    assert fair.broken() == []
    unfair = Scene()
    reference = {"apiGroup": RBAC, "kind": "Role", "name": "runner"}
    unfair.add(
        "Role",
        "runner",
        f"{RBAC}/v1",
        rules=[{"apiGroups": ["apps"], "resources": ["daemonsets"], "verbs": ["delete"]}],
    )
    account("runner")(unfair)
    unfair.get("RoleBinding", "runner")["roleRef"] = reference
    [found] = sentences(unfair.check(), "TEN-ACC-007")
    assert found == "RoleBinding vision/runner: lets a service account delete daemonsets.apps"


def test_a_protected_namespace_on_a_real_cluster_is_right() -> None:
    scene = Scene()
    real_cluster(scene)
    scene.replace("Namespace", protect=True)
    assert scene.broken() == []
    scene.replace("Namespace", protect=False)
    scene.configure(lifecycle="offboarding")
    assert "TEN-NS-003" not in scene.broken()


def test_pods_that_every_rule_accepts() -> None:
    scene = Scene()
    deployment(
        pod_priorityClassName="tenantry-standard", pod_tolerations=[{"key": gpu.RESOURCE, "operator": "Exists"}]
    )(scene)
    scene.add("CronJob", "job", "batch/v1", spec={"jobTemplate": {"spec": {"template": {"spec": pod()}}}})
    assert scene.broken() == []
    scene.add("Pod", "bare", spec=without(pod(), "securityContext"))
    assert scene.broken() == ["TEN-POD-001"]


def test_models_that_every_rule_accepts() -> None:
    scene = Scene()
    served()(scene)
    assert scene.broken() == []
    served(put(0.8, "candidate", "evidence", "auc"), put(OVERRIDE, "candidate", "override"))(scene)
    assert scene.broken() == []


def test_a_finding_on_a_model_has_its_place() -> None:
    scene = Scene()
    served(put(0.895, "candidate", "evidence", "auc"), put(0.9, "stable", "evidence", "auc"))(scene)
    [found] = scene.check()
    assert str(found).startswith(
        "TEN-MOD-001 high: vision.sandbox: model defect-detector, candidate: auc is 0.895, below 0.9. Train a better "
        "version, or write override with a reason and who decided (tenants/vision/models/defect-detector.yaml:7). "
    )
    shown = problem(found)
    assert (shown.path, shown.line, shown.column) == ("tenants/vision/models/defect-detector.yaml", 7, 10)
    [rest] = Report(("vision.sandbox",), (found,), (), ()).to_json()["violations"]
    assert (rest["file"], rest["line"]) == ("tenants/vision/models/defect-detector.yaml", 7)


def test_hosts_of_the_tenant_itself_are_right() -> None:
    scene = Scene()
    hosts = [{"host": "vision.ml.sandbox.test"}, {"host": "kfp.vision.ml.sandbox.test"}]
    scene.add("Ingress", "x", NETWORKING, spec={"rules": hosts})
    assert scene.broken() == []


def test_a_binding_says_each_guard_that_it_does_not_wait_for() -> None:
    scene = Scene()
    scene.replace("RoleBinding", "viewer", parent="", dependencies=())
    found = sentences(scene.check(), "TEN-ORD-001")
    assert "RoleBinding vision/viewer: does not wait for the NetworkPolicy vision/default-deny" in found
    assert "RoleBinding vision/viewer: does not wait for the ConfigMap vision/tenantry-guard" in found
    assert "RoleBinding vision/viewer: does not wait for the FlowSchema tenantry-vision" in found


def test_the_network_says_who_reaches_whom() -> None:
    scene = Scene()
    out({"ipBlock": {"cidr": "1.1.1.0/24"}}, ports=[{"port": 443}])(scene)
    assert "its pods can reach the internet 1.1.1.1 on 443/TCP" in sentences(scene.check(), "TEN-NET-003")


def test_every_rule_is_broken_by_something_here() -> None:
    tried = (
        {rule for rule, *_ in BREACHES} | {rule for broken, *_ in TOGETHER for rule in broken.split()} | {"TEN-ACC-007"}
    )
    # The example environment has no single sign-on: its rules are tried in a file of their own.
    assert {rule.id for rule in RULES} - {rule.id for rule in sign_on.RULES} == tried


def test_ids_are_unique() -> None:
    ids = [rule.id for rule in RULES]
    assert sorted(ids) == sorted(set(ids))
