"""A model's file in each of its states, and what is declared of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from components.metadata import Marks
from components.model import Model, ModelArgs
from tenantry import names
from tenantry.environment import NodePoolSpec
from tenantry.model_edit import edits
from tenantry.models.effective import EffectiveModel, read_model
from tests.components.conftest import Declare

Json = dict[str, Any]
PATH = names.model_file("vision", "defect-detector")
DATA = f"sha256:{'a' * 64}"

STABLE = f"""\
id: defect-detector
runtime: mlflow
resources: {{cpu: 2, memory: 4Gi, gpu: {{flavor: a10g, count: 1}}}}
replicas: {{min: 2, max: 4}}
stable:
  version: "12"
  uri: s3://artifacts/models/defect-detector/12
  evidence: {{auc: 0.91, dataset: {DATA}, report: s3://artifacts/reports/12.html}}
gate: {{auc: {{min: 0.9, max_regression: 0.01}}}}
"""
CANDIDATE = f"""\
candidate:
  version: "13"
  uri: s3://artifacts/models/defect-detector/13
  evidence: {{auc: 0.93, dataset: {DATA}, report: s3://artifacts/reports/13.html}}
  rollout: ROLLOUT
"""
CANARY = edits.with_candidate(STABLE, PATH, CANDIDATE.replace("ROLLOUT", "{strategy: canary, traffic: 10}"))
SHADOW = edits.with_candidate(STABLE, PATH, CANDIDATE.replace("ROLLOUT", "{strategy: shadow, mirror: 50}"))
WIDER = edits.with_traffic(CANARY, PATH, 50)
PROMOTED = edits.promoted(CANARY, PATH)
ABORTED = edits.without_candidate(CANARY, PATH)
ROLLED_BACK = edits.with_stable(PROMOTED, PATH, edits.stable_lines(STABLE, PATH))

CHANGES = {
    "add-canary": (STABLE, CANARY),
    "add-shadow": (STABLE, SHADOW),
    "more-traffic": (CANARY, WIDER),
    "promote": (CANARY, PROMOTED),
    "promote-shadow": (SHADOW, edits.promoted(SHADOW, PATH)),
    "abort": (CANARY, ABORTED),
    "rollback": (PROMOTED, ROLLED_BACK),
    "delete": (STABLE, None),
}
"""What people do to the file: its text before and after. `None`: there is no file."""

POOLS = {
    "general": NodePoolSpec(nodes=3, cpu=64, memory="256Gi", gpu=None, gpus_per_node=0),
    "a10g": NodePoolSpec(nodes=2, cpu=48, memory="192Gi", gpu="a10g", gpus_per_node=4),
    "a10g-old": NodePoolSpec(nodes=0, cpu=48, memory="192Gi", gpu="a10g", gpus_per_node=4),
}


def model(folder: Path, text: str, path: str = PATH) -> EffectiveModel:
    """The model that a text makes, in a folder of its own."""
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
    return read_model(folder, file)


def declared(declare: Declare, marks: Marks, one: EffectiveModel, **changes: Any) -> dict[str, Json]:
    """The objects of a model, by kind."""
    known: Json = {"marks": marks, "tenant": "vision", "namespace": "vision", "model": one, "node_pools": POOLS}
    args = ModelArgs(**{**known, **changes})
    _, *made = declare(lambda: Model("vision-model-defect-detector", args))
    return {str(resource.inputs["kind"]): dict(resource.inputs) for resource in made}
