"""Rules become policies: everything that makes them hold is spelled out, and each stands alone."""

from __future__ import annotations

from components.admission import TENANTS, Admission, AdmissionArgs, binding_specs, mutation_spec, policy_spec
from components.guard import Guard, GuardArgs
from components.metadata import Marks
from tenantry.catalog import EffectiveTenant
from tenantry.guards import MUTATIONS, RULES, Check, Mutation, Rule, Target
from tenantry.guards.cel import BY_PLATFORM
from tenantry.guards.parameters import parameters
from tests.components.conftest import Declare

RULE = Rule(
    name="pod-hats",
    family="pods",
    targets=(
        Target(plurals=("pods",)),
        Target(group="argoproj.io", versions=("v1alpha1",), plurals=("workflows",), operations=("CREATE",)),
    ),
    checks=(
        Check(expression="variables.hat == ''", field="spec.hat", what="is too tall", fix="Take it off", value="'x'"),
        Check(expression="variables.byPlatform", field="spec.hat", what="isn't yours", fix="Give it back"),
    ),
    variables=(BY_PLATFORM, ("hat", "params.data['hat']")),
    conditions=(("changes", "true"),),
    parametrised=True,
    attacks=("A00",),
)
PODS = {"api_groups": [""], "api_versions": ["*"], "resources": ["pods"], "scope": "*"}
WORKFLOWS = {"api_groups": ["argoproj.io"], "api_versions": ["v1alpha1"], "resources": ["workflows"], "scope": "*"}


def test_the_whole_policy_of_a_rule() -> None:
    end = "See docs/runbooks/admission.md#pod-hats"
    assert policy_spec(RULE, ("ml-platform",)) == {
        "failure_policy": "Fail",
        "param_kind": {"api_version": "v1", "kind": "ConfigMap"},
        "match_constraints": {
            "match_policy": "Equivalent",
            "namespace_selector": {
                "match_expressions": [
                    {"key": "tenantry.dev/tenant", "operator": "Exists"},
                    {"key": "tenantry.dev/tenant", "operator": "NotIn", "values": ["platform"]},
                ]
            },
            "resource_rules": [
                {**PODS, "operations": ["CREATE", "UPDATE"]},
                {**WORKFLOWS, "operations": ["CREATE"]},
            ],
        },
        "match_conditions": [{"name": "changes", "expression": "true"}],
        "variables": [
            {
                "name": "byPlatform",
                "expression": (
                    "(request.userInfo.groups.exists(g, g in ['system:masters', 'system:nodes',"
                    " 'system:serviceaccounts:kube-system', 'system:serviceaccounts:kueue-system',"
                    " 'system:serviceaccounts:tenantry-system', 'ml-platform']) || request.userInfo.username in"
                    " ['system:apiserver', 'system:kube-controller-manager', 'system:kube-scheduler'])"
                ),
            },
            {"name": "hat", "expression": "params.data['hat']"},
        ],
        "validations": [
            {
                "expression": "variables.hat == ''",
                "message": f"pod-hats: spec.hat is too tall. Take it off. {end}",
                "message_expression": f"'pod-hats: spec.hat ' + 'x' + ' is too tall. Take it off. {end}'",
                "reason": "Forbidden",
            },
            {
                "expression": "variables.byPlatform",
                "message": f"pod-hats: spec.hat isn't yours. Give it back. {end}",
                "reason": "Forbidden",
            },
        ],
    }


def test_without_parameters_nothing_is_created_and_what_is_there_can_still_go() -> None:
    common = {"policy_name": "tenantry-pod-hats", "validation_actions": ["Deny"]}
    assert binding_specs(RULE) == {
        "tenantry-pod-hats": {
            **common,
            "param_ref": {"name": "tenantry-guard", "parameter_not_found_action": "Deny"},
            "match_resources": {
                "resource_rules": [{**PODS, "operations": ["CREATE"]}, {**WORKFLOWS, "operations": ["CREATE"]}]
            },
        },
        "tenantry-pod-hats-update": {
            **common,
            "param_ref": {"name": "tenantry-guard", "parameter_not_found_action": "Allow"},
            "match_resources": {"resource_rules": [{**PODS, "operations": ["UPDATE"]}]},
        },
    }


def test_a_rule_without_parameters_has_one_binding_for_everything() -> None:
    plain = Rule(name="plain", family="pods", targets=RULE.targets, checks=RULE.checks, attacks=("A00",))
    assert binding_specs(plain) == {
        "tenantry-plain": {"policy_name": "tenantry-plain", "validation_actions": ["Deny"]},
    }
    assert {"param_kind", "variables", "match_conditions"}.isdisjoint(policy_spec(plain, ()))


def test_a_rule_for_all_namespaces_selects_none() -> None:
    everywhere = Rule(
        name="all", family="pods", targets=RULE.targets, checks=RULE.checks, namespaces="all", attacks=("A00",)
    )
    assert "namespace_selector" in str(policy_spec(RULE, ()))
    assert "namespace_selector" not in str(policy_spec(everywhere, ()))


def test_the_whole_policy_of_a_mutation() -> None:
    mutation = Mutation(
        name="hat",
        targets=(Target(plurals=("pods",), operations=("CREATE",)),),
        patches=(("JSONPatch", "[]"), ("ApplyConfiguration", "Object{}")),
        variables=(("hat", "1"),),
        conditions=(("bare", "true"),),
    )
    assert mutation_spec(mutation) == {
        "match_constraints": {
            "match_policy": "Equivalent",
            "namespace_selector": TENANTS,
            "resource_rules": [{**PODS, "operations": ["CREATE"]}],
        },
        "failure_policy": "Fail",
        "reinvocation_policy": "IfNeeded",
        "match_conditions": [{"name": "bare", "expression": "true"}],
        "variables": [{"name": "hat", "expression": "1"}],
        "mutations": [
            {"patch_type": "JSONPatch", "json_patch": {"expression": "[]"}},
            {"patch_type": "ApplyConfiguration", "apply_configuration": {"expression": "Object{}"}},
        ],
    }


def test_every_rule_has_its_policy_and_bindings_of_its_name(declare: Declare, marks: Marks) -> None:
    resources = declare(lambda: Admission("admission", AdmissionArgs(marks=marks, platform_groups=())))
    by_kind: dict[str, set[str]] = {}
    for resource in resources:
        if resource.type.startswith("kubernetes:"):
            kind = resource.inputs["kind"]
            by_kind.setdefault(kind, set()).add(resource.inputs["metadata"]["name"])
    assert by_kind == {
        "ValidatingAdmissionPolicy": {f"tenantry-{rule.name}" for rule in RULES},
        "ValidatingAdmissionPolicyBinding": {name for rule in RULES for name in binding_specs(rule)},
        "MutatingAdmissionPolicy": {f"tenantry-{mutation.name}" for mutation in MUTATIONS},
        "MutatingAdmissionPolicyBinding": {f"tenantry-{mutation.name}" for mutation in MUTATIONS},
    }


def test_every_policy_refuses_what_it_cannot_judge(declare: Declare, marks: Marks) -> None:
    resources = declare(lambda: Admission("admission", AdmissionArgs(marks=marks, platform_groups=())))
    policies = [r.inputs["spec"] for r in resources if r.type.endswith(("ngAdmissionPolicy",))]
    assert len(policies) == len(RULES) + len(MUTATIONS)
    assert {spec["failurePolicy"] for spec in policies} == {"Fail"}
    bindings = [r.inputs["spec"] for r in resources if r.type.endswith(":ValidatingAdmissionPolicyBinding")]
    assert {tuple(spec["validationActions"]) for spec in bindings} == {("Deny",)}


def test_the_parameters_of_a_tenant_lie_in_its_namespace(
    declare: Declare, marks: Marks, vision: EffectiveTenant
) -> None:
    wanted = parameters(vision)
    resources = declare(lambda: Guard("guard", GuardArgs(marks=marks, namespace="vision", parameters=wanted)))
    [made] = [r.inputs for r in resources if r.type.endswith(":ConfigMap")]
    assert (made["metadata"]["name"], made["metadata"]["namespace"]) == ("tenantry-guard", "vision")
    assert made["metadata"]["labels"]["app.kubernetes.io/managed-by"] == "tenantry"
    assert made["data"] == wanted
