"""What one file of `tenants/<id>/models/` says: a model, the version that serves it and the one that may be next.

Complete by itself: no tier and no environment fills a gap, so what the file says is what is served. Cross-checks are
in `models/file_rules.py` and `rules/models.py`, the gate is judged in `models/gates.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from tenantry.fields import Block, FlavorName, Once, Rising
from tenantry.formats import DnsLabel, Email
from tenantry.models.formats import (
    DataDigest,
    Feature,
    ImageByDigest,
    Limit,
    Metric,
    MetricName,
    RegistryReference,
    RunId,
    StoreUri,
    Task,
    Version,
    Why,
)
from tenantry.models.runtimes import Protocol, RuntimeName
from tenantry.quantity import BinaryQuantity

Percent = Annotated[int, Field(ge=1, le=99)]
Replicas = Annotated[int, Field(ge=1, le=1000)]


class GpuSpec(Block):
    """GPUs of one replica."""

    flavor: FlavorName = Field(description="Flavor of the GPUs; the environment has a pool of it.")
    count: Annotated[int, Field(ge=1, le=16)] = Field(1, description="GPUs of one replica, up to 16. Left out: 1.")


class ResourcesSpec(Block):
    """What one replica holds: requested, and for memory the limit as well."""

    cpu: Annotated[float, Field(ge=0.1, le=1024)] = Field(
        description="Cores of one replica, 0.5 for half of one; thousandths count."
    )
    memory: BinaryQuantity = Field(description="Memory of one replica, in Mi, Gi or Ti.")
    gpu: GpuSpec | None = Field(None, description="GPUs of one replica. Left out: none.")

    @property
    def millicores(self) -> int:
        """Cores in thousandths, as Kubernetes counts them."""
        return round(self.cpu * 1000)


class ReplicasSpec(Block):
    """How many replicas each version has; stable and candidate have as many, so that promoting drops nothing."""

    min: Replicas = Field(1, description="Replicas that always run, up to 1000. Left out: 1.")
    max: Replicas | None = Field(
        None,
        description="Replicas that load may bring, at least min and at most serving.max_replicas of the tenant. Left "
        "out: min, so the number stays.",
    )

    @property
    def highest(self) -> int:
        """Replicas at most."""
        return self.min if self.max is None else self.max


class EvidenceSpec(Block):
    """What training and evaluation found. Every key but these three is a metric, with its number."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[MetricName, Metric]

    dataset: DataDigest | None = Field(
        None, description="Digest of the data set that the metrics were measured on. Left out: the gate does not pass."
    )
    report: StoreUri | None = Field(
        None, description="Evaluation report in the team's store. Left out: the gate does not pass."
    )
    run: RunId | None = Field(None, description="Training run that made the version. Left out: none is known.")

    @property
    def metrics(self) -> Mapping[str, float]:
        """The numbers by their names."""
        return self.__pydantic_extra__


class OverrideSpec(Block):
    """Why a version serves though its gate does not pass, and who said so. It stays in the file for good."""

    reason: Why = Field(description="Why, for whoever reads it in a year: 20 to 400 characters.")
    approved_by: Email = Field(description="Who decided it; where the tier asks for approval, not the author.")


class VersionSpec(Block):
    """One version of the model."""

    version: Version = Field(description="Its name, unlike the other's; a number goes in quotes.")
    uri: StoreUri | None = Field(
        None,
        description="Where its files are: s3://artifacts/path, artifacts being the team's own store in each "
        "environment. Left out: only with runtime custom, whose container may hold them.",
    )
    image: ImageByDigest | None = Field(
        None,
        description="Container of a custom runtime, by digest, from one of the environment's image_registries. It "
        "listens where PREDICTIVE_UNIT_HTTP_SERVICE_PORT and PREDICTIVE_UNIT_GRPC_SERVICE_PORT say. Left out: every "
        "other runtime.",
    )
    registry: RegistryReference | None = Field(
        None,
        description="Version in the model registry that this was written from. It is a note: nothing is looked up "
        "when the file is read. Left out: it was written by hand.",
    )
    evidence: EvidenceSpec | None = Field(
        None, description="What training and evaluation found. Left out: the gate does not pass."
    )
    approved_by: Email | None = Field(
        None,
        description="Who let it serve. Left out: nobody by name, which the tier may refuse (model_approval).",
    )
    override: OverrideSpec | None = Field(
        None, description="Why it serves though its gate does not pass. Left out: its gate must pass."
    )


class RolloutSpec(Block):
    """How much the candidate gets."""

    strategy: Literal["canary", "shadow"] = Field(
        description="canary: it answers a share of the requests; shadow: it sees copies, and its answers are thrown "
        "away."
    )
    traffic: Percent | None = Field(
        None,
        description="With canary: percent of the requests that it answers, 1 to 99. Left out: only with shadow.",
    )
    steps: Annotated[tuple[Percent, ...], Field(max_length=10), Rising] = Field(
        (),
        description="With canary: the percents that it is to go through, rising; traffic is one of them. Left out or "
        "empty: no plan. At most 10.",
    )
    mirror: Annotated[int, Field(ge=1, le=100)] | None = Field(
        None,
        description="With shadow: percent of the requests that it sees, 1 to 100. Left out: only with canary.",
    )


class CandidateSpec(VersionSpec):
    """The version that may be next. It differs from stable in its version and in what it serves."""

    rollout: RolloutSpec = Field(description="How much it gets.")


class GateSpec(Block):
    """What one metric must show. At least one of min, max and max_regression."""

    min: Limit | None = Field(None, description="Least value that passes. Left out: none.")
    max: Limit | None = Field(None, description="Largest value that passes. Left out: none.")
    max_regression: Annotated[float, Field(ge=0, le=1_000_000_000_000, allow_inf_nan=False)] | None = Field(
        None,
        description="How much worse than stable's the candidate's value may be, in the metric's own unit, on the same "
        "data set. 0: no worse. Left out: they are not compared.",
    )
    better: Literal["higher", "lower"] | None = Field(
        None,
        description="Which way is better. Left out: higher where only min is written, lower where only max is; "
        "max_regression needs it in all other cases.",
    )

    @property
    def direction(self) -> Literal["higher", "lower"] | None:
        """Which way is better; None where nothing says so."""
        if self.better is None and (self.min is None) != (self.max is None):
            return "lower" if self.min is None else "higher"
        return self.better


class ObjectivesSpec(Block):
    """What the model's callers may count on."""

    latency_p95_ms: Annotated[int, Field(ge=1, le=600_000)] = Field(
        description="Milliseconds within which 95 of 100 requests are answered, up to 600000."
    )
    availability: Annotated[float, Field(gt=0, le=0.99999)] = Field(
        description="Share of requests that are answered without an error, above 0 and up to 0.99999."
    )


class DriftSpec(Block):
    """When what comes in no longer looks like the training data."""

    method: Literal["ks"] = Field(description="ks: Kolmogorov and Smirnov's test, a feature at a time.")
    features: Annotated[tuple[Feature, ...], Field(min_length=1, max_length=100), Once] = Field(
        description="Features that are watched. At least 1, at most 100."
    )
    alert_at: Annotated[float, Field(gt=0, le=0.5)] = Field(
        description="p-value below which somebody is told, above 0 and up to 0.5."
    )


class ModelSpec(Block):
    """One model of a team, as Seldon serves it."""

    id: DnsLabel = Field(
        description="Name of the model for good: its file and its SeldonDeployment. A DNS label, 45 characters at most."
    )
    runtime: RuntimeName = Field(
        description="What serves it: one of Seldon's servers, or custom for a container of the team's own."
    )
    protocol: Protocol = Field(
        "v2",
        description="What it is asked in: v2 (Open Inference) or seldon, which only custom may choose. Left out: v2.",
    )
    task: Task | None = Field(
        None, description="With huggingface: what the pipeline does. Left out: the model's own settings say it."
    )
    environments: Annotated[tuple[DnsLabel, ...], Field(min_length=1, max_length=20), Once] | None = Field(
        None, description="Environments that it is served in, of those of its tenant. Left out: all of them."
    )
    resources: ResourcesSpec = Field(description="What one replica holds.")
    replicas: ReplicasSpec = Field(
        default_factory=lambda: ReplicasSpec.model_validate({}),
        description="How many replicas each version has. Left out: one.",
    )
    stable: VersionSpec = Field(description="The version that serves.")
    candidate: CandidateSpec | None = Field(None, description="The version that may be next. Left out: none.")
    gate: Annotated[dict[MetricName, GateSpec], Field(min_length=1, max_length=50)] = Field(
        description="What a version's metrics must show before it gets traffic, by metric. At least 1, at most 50."
    )
    objectives: ObjectivesSpec | None = Field(None, description="What callers may count on. Left out: nothing.")
    drift: DriftSpec | None = Field(None, description="When inputs look unlike the training's. Left out: never.")

    @property
    def versions(self) -> Mapping[str, VersionSpec]:
        """What gets traffic, by its key in the file: `stable`, and `candidate` where there is one."""
        return {"stable": self.stable, **({"candidate": self.candidate} if self.candidate else {})}
