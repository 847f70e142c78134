"""The rules about what tenants may ask for, in the API server itself: policies in CEL, no webhook that can be down."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi
import pulumi_kubernetes as k8s

from components.metadata import Marks
from tenantry import names
from tenantry.guards import MUTATIONS, RULES, Mutation, Rule, Target
from tenantry.guards.cel import for_platform
from tenantry.guards.parameters import NAME

if TYPE_CHECKING:
    from pulumi_kubernetes.admissionregistration.v1 import (
        MatchResourcesArgsDict,
        MutatingAdmissionPolicyBindingSpecArgsDict,
        MutatingAdmissionPolicySpecArgsDict,
        MutationArgsDict,
        NamedRuleWithOperationsArgsDict,
        ParamKindArgsDict,
        ParamRefArgsDict,
        ValidatingAdmissionPolicyBindingSpecArgsDict,
        ValidatingAdmissionPolicySpecArgsDict,
        ValidationArgsDict,
    )
    from pulumi_kubernetes.meta.v1 import LabelSelectorArgsDict

PARAMETERS: ParamKindArgsDict = {"api_version": "v1", "kind": "ConfigMap"}
TENANTS: LabelSelectorArgsDict = {
    "match_expressions": [
        {"key": names.TENANT_LABEL, "operator": "Exists"},
        # The platform's own namespace carries the label, too.
        {"key": names.TENANT_LABEL, "operator": "NotIn", "values": [names.PLATFORM]},
    ],
}
"""Namespaces of tenants, as their stacks label them. Nobody else may set or remove that label."""


def policy_spec(rule: Rule, platform_groups: Iterable[str]) -> ValidatingAdmissionPolicySpecArgsDict:
    """The whole `spec` of a rule's policy. What cannot be evaluated is denied."""
    groups = tuple(platform_groups)
    spec: ValidatingAdmissionPolicySpecArgsDict = {
        "failure_policy": "Fail",
        "match_constraints": _match(rule.targets, everywhere=rule.namespaces == "all"),
        "validations": _validations(rule, groups),
    }
    if rule.conditions:
        spec["match_conditions"] = [
            {"name": name, "expression": for_platform(expression, groups)} for name, expression in rule.conditions
        ]
    if rule.variables:
        spec["variables"] = [
            {"name": name, "expression": for_platform(expression, groups)} for name, expression in rule.variables
        ]
    return spec | {"param_kind": PARAMETERS} if rule.parametrised else spec


def _validations(rule: Rule, groups: Iterable[str]) -> list[ValidationArgsDict]:
    made: list[ValidationArgsDict] = []
    for check in rule.checks:
        one: ValidationArgsDict = {
            "expression": for_platform(check.expression, groups),
            "message": rule.message(check),
            "reason": "Forbidden",
        }
        if words := rule.message_expression(check):
            one["message_expression"] = words
        made.append(one)
    return made


def binding_specs(rule: Rule) -> dict[str, ValidatingAdmissionPolicyBindingSpecArgsDict]:
    """The `spec` of every binding of a rule, by the binding's name.

    Without the tenant's parameters nothing can be created. What is there can still be updated: when a namespace
    goes, its parameters may go before its pods, and finalizers that could not be removed would keep it for ever.
    """
    if not rule.parametrised:
        return {rule.policy: {"policy_name": rule.policy, "validation_actions": ["Deny"]}}
    made: dict[str, ValidatingAdmissionPolicyBindingSpecArgsDict] = {}
    for operation, suffix, missing in (("CREATE", "", "Deny"), ("UPDATE", "-update", "Allow")):
        rules = [_rule(one, (operation,)) for one in rule.targets if operation in one.operations]
        if rules:
            made[rule.policy + suffix] = {
                "policy_name": rule.policy,
                "validation_actions": ["Deny"],
                "param_ref": parameters_ref(missing),
                "match_resources": {"resource_rules": rules},
            }
    return made


def mutation_spec(mutation: Mutation) -> MutatingAdmissionPolicySpecArgsDict:
    """The whole `spec` of a mutation's policy."""
    spec: MutatingAdmissionPolicySpecArgsDict = {
        "failure_policy": "Fail",
        # Again where another mutation has changed the object since.
        "reinvocation_policy": "IfNeeded",
        "match_constraints": _match(mutation.targets),
        "mutations": [_patch(kind, expression) for kind, expression in mutation.patches],
    }
    if mutation.conditions:
        spec["match_conditions"] = [{"name": name, "expression": text} for name, text in mutation.conditions]
    if mutation.variables:
        spec["variables"] = [{"name": name, "expression": text} for name, text in mutation.variables]
    return spec | {"param_kind": PARAMETERS} if mutation.parametrised else spec


def mutation_binding_spec(mutation: Mutation) -> MutatingAdmissionPolicyBindingSpecArgsDict:
    """The whole `spec` of a mutation's binding."""
    spec: MutatingAdmissionPolicyBindingSpecArgsDict = {"policy_name": mutation.policy}
    return spec | {"param_ref": parameters_ref("Deny")} if mutation.parametrised else spec


def parameters_ref(missing: str) -> ParamRefArgsDict:
    """The parameters in the request's own namespace, and what to do where there are none: `Deny` or `Allow`."""
    return {"name": NAME, "parameter_not_found_action": missing}


def _patch(kind: str, expression: str) -> MutationArgsDict:
    if kind == "JSONPatch":
        return {"patch_type": kind, "json_patch": {"expression": expression}}
    return {"patch_type": kind, "apply_configuration": {"expression": expression}}


def _match(targets: Iterable[Target], *, everywhere: bool = False) -> MatchResourcesArgsDict:
    rules = [_rule(target, target.operations) for target in targets]
    match: MatchResourcesArgsDict = {"match_policy": "Equivalent", "resource_rules": rules}
    return match if everywhere else match | {"namespace_selector": TENANTS}


def _rule(target: Target, operations: Iterable[str]) -> NamedRuleWithOperationsArgsDict:
    return {
        "api_groups": [target.group],
        "api_versions": list(target.versions),
        "resources": list(target.plurals),
        "operations": list(operations),
        "scope": "*",
    }


@dataclass(frozen=True, kw_only=True)
class AdmissionArgs:
    """What the policies are made from."""

    marks: Marks
    platform_groups: tuple[str, ...]
    """Groups of those who run the platform: rules about ownership do not hold them."""


class Admission(pulumi.ComponentResource):
    """A policy and its binding for every rule, shared by all tenants. What a tenant's own are is `Guard`'s to say."""

    policies: pulumi.Output[list[str]]
    """Names of the policies that refuse."""

    def __init__(self, name: str, args: AdmissionArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("tenantry:platform:Admission", name, None, opts)
        for mutation in MUTATIONS:
            self._mutate(name, args, mutation)
        made = [self._refuse(name, args, rule) for rule in RULES]
        self.policies = pulumi.Output.all(*(policy.metadata.name for policy in made))
        self.register_outputs({"policies": self.policies})

    def _refuse(
        self, name: str, args: AdmissionArgs, rule: Rule
    ) -> k8s.admissionregistration.v1.ValidatingAdmissionPolicy:
        policy = k8s.admissionregistration.v1.ValidatingAdmissionPolicy(
            f"{name}-{rule.name}",
            metadata=args.marks.meta("admission", rule.policy),
            spec=policy_spec(rule, args.platform_groups),
            opts=pulumi.ResourceOptions(parent=self),
        )
        for binding, spec in binding_specs(rule).items():
            k8s.admissionregistration.v1.ValidatingAdmissionPolicyBinding(
                f"{name}-{rule.name}{binding.removeprefix(rule.policy)}",
                metadata=args.marks.meta("admission", binding),
                spec=spec,
                opts=pulumi.ResourceOptions(parent=self, depends_on=[policy]),
            )
        return policy

    def _mutate(self, name: str, args: AdmissionArgs, mutation: Mutation) -> None:
        policy = k8s.admissionregistration.v1.MutatingAdmissionPolicy(
            f"{name}-{mutation.name}",
            metadata=args.marks.meta("admission", mutation.policy),
            spec=mutation_spec(mutation),
            opts=pulumi.ResourceOptions(parent=self),
        )
        k8s.admissionregistration.v1.MutatingAdmissionPolicyBinding(
            f"{name}-{mutation.name}",
            metadata=args.marks.meta("admission", mutation.policy),
            spec=mutation_binding_spec(mutation),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[policy]),
        )
