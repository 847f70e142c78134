"""What tenants may ask the API server for: every rule, as data. No pulumi."""

from tenantry.guards import images, mutations, placement, pods
from tenantry.guards.rule import Check, Mutation, Rule, Target

__all__ = ["MUTATIONS", "RULES", "Check", "Mutation", "Rule", "Target"]

RULES: tuple[Rule, ...] = (
    *placement.RULES,
    *pods.RULES,
    *images.RULES,
)
"""Every rule, one policy each. One line a family."""

MUTATIONS: tuple[Mutation, ...] = mutations.MUTATIONS
"""What is filled in for ordinary workloads."""
