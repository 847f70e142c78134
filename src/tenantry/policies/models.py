"""Rules on models: none gets traffic that has not shown what it must, and none on its author's word alone.

They read a tenant's files and what git says of them, not the rendered objects: what is wrong with a version is said
before anything is made of it.
"""

from __future__ import annotations

from collections.abc import Iterator

from tenantry.models.approval import approvals, git_author
from tenantry.models.effective import EffectiveModel
from tenantry.models.gates import GateFinding, standing
from tenantry.policies.model import Finding, Rule, View


def gates(view: View) -> Iterator[Finding]:
    """What the versions of the tenant's models have not shown, and nobody has overridden."""
    for model in view.tenant.models if view.tenant else ():
        for found in standing(model.spec):
            yield _finding(model, found)


def approved(view: View) -> Iterator[Finding]:
    """What is missing of the approvals that the tier asks for."""
    if view.tenant is None or not view.tenant.environment.tiers[view.tenant.spec.tier].model_approval:
        return
    for model in view.tenant.models:
        for found in approvals(model.spec, git_author(model)):
            yield _finding(model, found)


def _finding(model: EffectiveModel, found: GateFinding) -> Finding:
    what = f"model {model.spec.id}, {found.version}: {found.what}. {found.fix}"
    return Finding(None, what, model.document.value(found.keys))


RULES = (
    Rule(
        id="TEN-MOD-001",
        severity="high",
        title="Every version of a model that gets traffic passes the model's gate, or says why not and who decided",
        rationale="A version that was never measured, or measured worse than the one before, is found out by its "
        "callers.",
        fix="Do what the finding says, or take the version away",
        find=gates,
    ),
    Rule(
        id="TEN-MOD-002",
        severity="high",
        title="Where the tier has model_approval, somebody other than its author let each version serve",
        rationale="Whoever trained a model is the last to see what is wrong with it. The author is git's: of the "
        "oldest commit that brought the version into the file.",
        fix="Do what the finding says",
        find=approved,
    ),
)
