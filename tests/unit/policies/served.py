"""Models for the scene's tenant, which has none of its own there."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from tenantry.guards.parameters import NAME, parameters
from tenantry.models.effective import EffectiveModel
from tenantry.yaml_source import parse
from tests.unit.models import examples
from tests.unit.policies.scene import ROOT, Edit, Scene

FILE = "tenants/vision/models/defect-detector.yaml"
TEXT = """\
id: defect-detector
stable:
  version: "12"
candidate:
  version: "13"
  evidence:
    auc: 0.9
"""
"""Where the keys are that findings name."""


def served(*edits: examples.Edit, root: Path = ROOT) -> Edit:
    """The example model, with changes to what its file says."""
    model = EffectiveModel(examples.model(*edits), parse(TEXT, FILE), root)

    def edit(scene: Scene) -> None:
        assert scene.tenant
        scene.tenant = dataclasses.replace(scene.tenant, models=(model,))

    return edit


def approval(scene: Scene) -> None:
    """Ask for approval in the scene's tier."""
    assert scene.tenant
    tiers = scene.tenant.environment.tiers
    tier = scene.tenant.spec.tier
    asking = tiers[tier].model_copy(update={"model_approval": True})
    scene.environment(tiers={**tiers, tier: asking})
    # The cluster's own rules are told, too.
    scene.get("ConfigMap", NAME)["data"] = parameters(scene.tenant)
