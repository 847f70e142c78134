"""What tenants may ask the API server for: every rule, as data. No pulumi."""

from tenantry.guards import (
    accounts,
    binding,
    configuration,
    images,
    monitoring,
    mutations,
    ownership,
    placement,
    pods,
    routes,
    secrets,
    services,
    serving,
    storage,
    workflows,
)
from tenantry.guards.rule import Check, Mutation, Rule, Target

__all__ = ["MUTATIONS", "RULES", "Check", "Mutation", "Rule", "Target"]

RULES: tuple[Rule, ...] = (
    *placement.RULES,
    *pods.RULES,
    *images.RULES,
    *accounts.RULES,
    *binding.RULES,
    *configuration.RULES,
    *ownership.RULES,
    *secrets.RULES,
    *services.RULES,
    *routes.RULES,
    *storage.RULES,
    *workflows.RULES,
    *serving.RULES,
    *monitoring.RULES,
)
"""Every rule, one policy each. One line a family."""

MUTATIONS: tuple[Mutation, ...] = (*mutations.MUTATIONS, *accounts.MUTATIONS)
"""What is filled in for ordinary workloads."""
