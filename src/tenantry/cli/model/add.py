"""`tenantry model add`: a new model, or a candidate for one that is there."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tenantry.cli.failure import UsageError
from tenantry.cli.model import add_options as given
from tenantry.cli.model.addition import new_candidate, new_model, rollout_of
from tenantry.cli.model.change import Answered, DryRunOption, carry_out
from tenantry.cli.model.given import GivenModel, GivenVersion, percents
from tenantry.cli.model.override import OverrideOption, ReasonOption, override_value
from tenantry.cli.model.place import ModelArgument, Place
from tenantry.cli.options import FormatOption, RootOption, TenantArgument, YesOption
from tenantry.cli.project import find_root, known_word, tenant_ids


def add(
    tenant: TenantArgument,
    model: ModelArgument,
    *,
    registry: given.RegistryOption = None,
    registry_url: given.RegistryUrlOption = None,
    version: given.VersionOption = None,
    uri: given.UriOption = None,
    image: given.ImageOption = None,
    metric: given.MetricOption = None,
    dataset: given.DatasetOption = None,
    report: given.ReportOption = None,
    run: given.RunOption = None,
    approved_by: given.ApprovedByOption = None,
    canary: given.CanaryOption = None,
    steps: given.StepsOption = None,
    shadow: given.ShadowOption = None,
    runtime: given.RuntimeOption = None,
    task: given.TaskOption = None,
    cpu: given.CpuOption = None,
    memory: given.MemoryOption = None,
    gpus: given.GpuOption = None,
    replicas: given.ReplicasOption = None,
    max_replicas: given.MaxReplicasOption = None,
    gate_min: given.GateMinOption = None,
    gate_max: given.GateMaxOption = None,
    max_regression: given.RegressionOption = None,
    override: OverrideOption = False,
    reason: ReasonOption = None,
    dry_run: DryRunOption = False,
    yes: YesOption = False,
    output: FormatOption = "text",
    root: RootOption = None,
) -> int:
    """Write a new model's file, or add a candidate to one.

    The first version of a model is its stable one. For a model that has a file, the new version becomes the candidate;
    a candidate that is there is never replaced. The registry is asked now and never again: what it says is written
    into the file.

    Examples:
        tenantry model add vision defect-detector --runtime mlflow --version 12 --gate-min auc=0.9
            --uri s3://artifacts/models/defect-detector/12 --metric auc=0.91
        tenantry model add vision defect-detector --registry models:/defect-detector/13
            --registry-url http://localhost:5000 --canary 10 --steps 10,25,50
    """
    place = _place(root, tenant, model)
    described = GivenModel(
        runtime=runtime,
        task=task,
        cpu=cpu,
        memory=memory,
        gpus=gpus,
        replicas=replicas,
        max_replicas=max_replicas,
        gate_min=tuple(gate_min or ()),
        gate_max=tuple(gate_max or ()),
        max_regression=tuple(max_regression or ()),
    )
    named = GivenVersion(
        version=version,
        uri=uri,
        image=image,
        registry=registry,
        registry_url=registry_url,
        metrics=metric or (),
        dataset=dataset,
        report=report,
        run=run,
        approved_by=approved_by,
    )
    value = override_value(reason, approved_by, override=override)
    if (place.root / place.path).exists():
        _refuse(described.flags, f"{place.path} is there, and says that itself", "Edit the file")
        change = new_candidate(place, named, rollout_of(canary, percents(steps), shadow), value)
    else:
        split = {"--canary": canary, "--steps": steps, "--shadow": shadow}
        wrong = [flag for flag, given_ in split.items() if given_ is not None]
        _refuse(wrong, "the first version of a model gets all traffic", "Leave it out")
        change = new_model(place, described, named, value)
    return carry_out(place, change, Answered(yes, dry_run, output))


def _place(root: Path | None, tenant: str, model: str) -> Place:
    from tenantry.formats import label_problem  # noqa: PLC0415 - 0.2 s

    base = find_root(root)
    known_word(tenant, tenant_ids(base), "tenant")
    # The id becomes a path, so nothing is looked up or written before it is known to be a plain name.
    if wrong := label_problem(model):
        raise UsageError(f"MODEL {wrong[0]}. {wrong[1]}.")
    return Place(base, tenant, model)


def _refuse(flags: Sequence[str], why: str, fix: str) -> None:
    if flags:
        raise UsageError(f"{', '.join(flags)}: {why}. {fix}.")
