"""docs/tenant-reference.md: every key of a tenant's file, from the schema that editors use."""

from __future__ import annotations

from typing import Final

from tenantry.environment import TierDefaults
from tenantry.reference.keys import Reference
from tenantry.schema import tenant_schema

EXAMPLE: Final = """\
# yaml-language-server: $schema=../tenant.schema.json
id: vision
owner: {team: Computer Vision, email: ml-vision@example.com, on_call: vision-primary, cost_center: CC-1042}
environments: [sandbox, prod]
tier: standard
access: {admins: [ml-vision-leads], developers: [ml-vision], viewers: [ml-all]}
quota: {cpu: 64, memory: 256Gi, storage: 1Ti, pods: 200, gpus: {a10g: 4, h100: 2}, borrow: true}
budget: {monthly_usd: 18000, alert_at: [0.5, 0.8, 1.0]}
pipelines: {artifact_retention_days: 90, max_parallel_runs: 10}
registry: {}
serving: {max_replicas: 8}
monitoring:
  retention_days: 15
  receivers: [{name: vision-oncall, slack_channel: "#ml-vision", min_severity: warning}]
network:
  egress: [{name: feature-store, cidr: 10.20.0.0/24, ports: [6379]}]
lifecycle: active
overrides: {prod: {quota: {gpus: {h100: 4}}}}
"""
"""A file with every key."""
HEAD: Final = f"""\
# The tenant's file

<!-- Made by `python -m tenantry.reference` from the models. Do not edit. -->

`tenants/<id>/tenant.yaml` is all that a team writes. Required are `id`, `owner` and `access`; everything else has a
default, mostly from the team's tier in `infra/environments/<environment>.yaml`. `tenantry show ID` prints every value
with the line that it comes from, and `tenantry validate` checks what a table cannot say: ceilings, sums, names taken.

Every key at once:
```yaml
{EXAMPLE}```
"""


def reference() -> Reference:
    """The file and its example."""
    return Reference(schema=tenant_schema(), example=EXAMPLE, from_tier=TierDefaults.model_fields)


def tenant_file() -> str:
    """The whole page."""
    return "\n".join((HEAD, *reference().sections()))
