"""Many tenants, as a company would have them: most small, some with GPUs, a few large. Also for tests.

Tenant number 7 is the same one among 10 and among 1,000, so that measurements of both compare.
"""

from __future__ import annotations

from functools import reduce
from pathlib import Path
from random import Random

ENVIRONMENT = "bench"

FIELDS = (
    "vision", "speech", "language", "forecasting", "fraud", "search", "ranking", "pricing", "churn", "routing",
    "claims", "credit", "catalogue", "support", "safety", "energy", "demand", "quality", "robotics", "genomics",
)  # fmt: skip
"""What the teams work on."""

SMALL, STANDARD = range(5), range(5, 8)
"""Of ten teams five are small, three stand on CPUs, and two on GPUs."""

_ENVIRONMENT = """\
# A cluster large enough for every generated tenant.
id: bench
cluster: {kind: sandbox, context: tenantry-sandbox}
domain: ml.bench.test
network: {pods: 10.244.0.0/16, services: 10.96.0.0/16, nodes: 10.0.0.0/16}
node_pools:
  general: {nodes: GENERAL_NODES, cpu: 64, memory: 256Gi}
  a10g: {nodes: A10G_NODES, cpu: 48, memory: 192Gi, gpu: a10g, gpus_per_node: 4}
  h100: {nodes: H100_NODES, cpu: 192, memory: 2048Gi, gpu: h100, gpus_per_node: 8}
shared_groups: [ml-all]
platform_groups: [ml-platform]
image_registries: [docker.io/library]
storage_classes: [standard]
reserved_ids: []
tiers:
  small:
    ceilings: {cpu: 32, memory: 128Gi, storage: 500Gi, pods: 100, gpus: 4, monthly_usd: 4000}
    defaults:
      quota: {cpu: 16, memory: 64Gi, storage: 200Gi, pods: 50, gpus: {}, borrow: true}
      budget: {monthly_usd: 1000, alert_at: [0.8, 1.0]}
      pipelines: {artifact_retention_days: 30, max_parallel_runs: 4}
      registry: {}
      serving: false
      monitoring: {retention_days: 7, receivers: []}
      network: {egress: []}
  standard:
    ceilings: {cpu: 128, memory: 512Gi, storage: 4Ti, pods: 400, gpus: 12, monthly_usd: 40000}
    defaults:
      quota: {cpu: 32, memory: 128Gi, storage: 1Ti, pods: 100, gpus: {}, borrow: false}
      budget: {monthly_usd: 5000, alert_at: [0.5, 0.8, 1.0]}
      pipelines: {artifact_retention_days: 90, max_parallel_runs: 10}
      registry: {}
      serving: {max_replicas: 4}
      monitoring: {retention_days: 15, receivers: []}
      network: {egress: []}
prices: {cpu_hour: 0.033, memory_gib_hour: 0.004, storage_gib_month: 0.08, gpu_hour: {a10g: 0.81, h100: 5.9}}
"""


def tenant_id(number: int) -> str:
    """Id of one generated tenant, numbered from 0."""
    return f"{FIELDS[number % len(FIELDS)]}-{number:04}"


def tenant_yaml(number: int, seed: int = 0) -> str:
    """File of one generated tenant. The same number and seed give the same file."""
    rnd = Random(f"{seed}/{number}")  # noqa: S311 - no secret; it must repeat
    tenant = tenant_id(number)
    return _head(tenant, rnd) + _blocks(tenant, rnd, number % 10)


def environment_yaml(tenants: int) -> str:
    """File of the environment, its pools as large as what that many tenants are guaranteed and have installed."""
    # Two of ten tenants hold up to 4 A10G, a node's worth, and up to 2 H100, a quarter of a node.
    a10g, h100 = tenants // 5 + 1, tenants // 20 + 1
    # A team's Pipelines takes 0.8 cores and 3 GiB of a node's 64 and 256.
    general = 3 + tenants // 50
    sizes = {"GENERAL_NODES": general, "A10G_NODES": a10g, "H100_NODES": h100}
    return reduce(lambda text, key: text.replace(key, str(sizes[key])), sizes, _ENVIRONMENT)


def write(root: Path, tenants: int, seed: int = 0, room_for: int = 0) -> list[str]:
    """Write that many tenants and their environment below a folder, data only; returns the tenants' ids.

    Args:
        root: an existing folder.
        tenants: how many.
        seed: another one gives other tenants of the same kinds.
        room_for: how many tenants the environment's pools must be large enough for, if for more.
    """
    environment = root / "infra" / "environments" / f"{ENVIRONMENT}.yaml"
    environment.parent.mkdir(parents=True, exist_ok=True)
    environment.write_text(environment_yaml(max(tenants, room_for)), encoding="utf-8")
    for number in range(tenants):
        file = root / "tenants" / tenant_id(number) / "tenant.yaml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(tenant_yaml(number, seed), encoding="utf-8")
    return [tenant_id(number) for number in range(tenants)]


def _head(tenant: str, rnd: Random) -> str:
    return f"""\
# yaml-language-server: $schema=../tenant.schema.json
id: {tenant}
owner:
  team: {tenant.replace("-", " ").title()}
  email: {tenant}@example.com
  on_call: {tenant}-primary
  cost_center: CC-{rnd.randrange(1000, 10000)}
environments: [{ENVIRONMENT}]
access:
  admins: [ml-{tenant}-leads]
  developers: [ml-{tenant}]
  viewers: [ml-all]
"""


def _blocks(tenant: str, rnd: Random, kind: int) -> str:
    if kind in SMALL:
        return _small(rnd)
    return _standard(tenant, rnd) if kind in STANDARD else _gpus(tenant, rnd)


def _small(rnd: Random) -> str:
    return f"tier: small\nquota:\n  cpu: {rnd.randrange(4, 33)}\n  memory: {rnd.randrange(16, 129)}Gi\n"


def _standard(tenant: str, rnd: Random, gpus: str = "") -> str:
    rules = "".join(
        f"    - {{name: source-{index}, cidr: 10.{rnd.randrange(128, 200)}.{index}.0/24, ports: [{5432 + index}]}}\n"
        for index in range(rnd.randrange(1, 4))
    )
    return f"""\
tier: standard
quota:
  cpu: {rnd.randrange(32, 129)}
  memory: {rnd.randrange(128, 513)}Gi
  pods: {rnd.randrange(100, 401)}
{gpus}network:
  egress:
{rules}monitoring:
  retention_days: 15
  receivers:
    - {{name: {tenant}, slack_channel: "#{tenant}", min_severity: warning}}
"""


def _gpus(tenant: str, rnd: Random) -> str:
    gpus = f"  gpus: {{a10g: {rnd.randrange(1, 5)}, h100: {rnd.randrange(0, 3)}}}\n  borrow: true\n"
    return f"""\
{_standard(tenant, rnd, gpus)}budget: {{monthly_usd: 39000, alert_at: [0.5, 0.8, 1.0]}}
serving: {{max_replicas: {rnd.randrange(1, 9)}}}
"""
