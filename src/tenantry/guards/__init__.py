"""What tenants may ask the API server for: every rule, as data. No pulumi."""

from tenantry.guards import pods
from tenantry.guards.rule import Check, Mutation, Rule, Target

__all__ = ["MUTATIONS", "RULES", "Check", "Mutation", "Rule", "Target"]

RULES: tuple[Rule, ...] = (*pods.RULES,)
"""Every rule, one policy each. One line a family."""

MUTATIONS: tuple[Mutation, ...] = ()
"""What is filled in for ordinary workloads."""
