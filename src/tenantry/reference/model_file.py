"""docs/model-reference.md: every key of a model's file, from the schema that editors use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tenantry.reference.keys import Reference
from tenantry.schema import served_model_schema
from tenantry.yaml_source import Keys

EXAMPLE: Final = f"""\
# yaml-language-server: $schema=../../model.schema.json
id: defect-detector
runtime: mlflow
protocol: v2
environments: [sandbox]
resources: {{cpu: 2, memory: 4Gi, gpu: {{flavor: a10g, count: 1}}}}
replicas: {{min: 1, max: 4}}
stable:
  version: "12"
  uri: s3://artifacts/models/defect-detector/12
  registry: models:/defect-detector/12
  evidence:
    auc: 0.91
    dataset: sha256:{"a" * 64}
    report: s3://artifacts/reports/defect-detector/12
    run: 4be9d2a1c0f34c6f9f0c5d1c7f6f2b11
  approved_by: cv-lead@example.com
candidate:
  version: "13"
  uri: s3://artifacts/models/defect-detector/13
  registry: models:/defect-detector/13
  evidence:
    auc: 0.895
    dataset: sha256:{"a" * 64}
    report: s3://artifacts/reports/defect-detector/13
    run: 8f3b6f0a5f6e4d0c9a52c6e1e0b7d3aa
  approved_by: cv-lead@example.com
  override: {{reason: "Halves the latency; the lines agreed to 0.895, see CV-341.", approved_by: cv-head@example.com}}
  rollout: {{strategy: canary, traffic: 10, steps: [10, 25, 50]}}
gate: {{auc: {{min: 0.9, max_regression: 0.01, better: higher}}}}
objectives: {{latency_p95_ms: 200, availability: 0.995}}
drift: {{method: ks, features: [width, height], alert_at: 0.05}}
"""
"""A file with every key that can stand in one together."""
OTHERWISE: Final[Mapping[Keys, object]] = {
    ("task",): "text-classification",
    ("stable", "image"): f"registry.example.com/vision/detector@sha256:{'0' * 64}",
    ("candidate", "image"): f"registry.example.com/vision/detector@sha256:{'1' * 64}",
    ("stable", "override"): {},
    ("stable", "override", "reason"): "Halves the latency; the lines agreed to 0.895, see CV-341.",
    ("stable", "override", "approved_by"): "cv-head@example.com",
    ("candidate", "rollout", "mirror"): 100,
    ("gate", "auc", "max"): 1,
}
"""Examples of keys that stand in no file with the others."""
HEAD: Final = f"""\
# The model's file

<!-- Made by `python -m tenantry.reference` from the models. Do not edit. -->

`tenants/<tenant>/models/<model>.yaml` says which version of a model serves, which one may be next, and what a version
must have shown before it gets traffic ([gates](model-gates.md)). The file is complete: no tier fills a gap.
`tenantry validate` checks what a table cannot say: the runtime's needs, room in the quota, whose store it is.

A canary that a gate would refuse, and somebody let pass:
```yaml
{EXAMPLE}```
"""


def reference() -> Reference:
    """The file and its example."""
    return Reference(schema=served_model_schema(), example=EXAMPLE, otherwise=OTHERWISE, maps=(("gate", "auc"),))


def model_file() -> str:
    """The whole page."""
    return "\n".join((HEAD, *reference().sections()))
