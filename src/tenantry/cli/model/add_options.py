"""The options of `tenantry model add`: what describes a version, and what describes a new model."""

from __future__ import annotations

from typing import Annotated

import typer

RegistryOption = Annotated[
    str | None,
    typer.Option(
        metavar="REFERENCE", help="Look it up, as in models:/defect-detector/13: version, address and evidence."
    ),
]
RegistryUrlOption = Annotated[
    str | None,
    typer.Option(
        "--registry-url", "--url", metavar="URL", help="The registry's address. Default: MLFLOW_TRACKING_URI."
    ),
]
VersionOption = Annotated[str | None, typer.Option(metavar="NAME", help="The version's name, where not looked up.")]
UriOption = Annotated[str | None, typer.Option(metavar="ADDRESS", help="Its files, as in s3://artifacts/models/a/13.")]
ImageOption = Annotated[str | None, typer.Option(metavar="IMAGE", help="With runtime custom: container by digest.")]
MetricOption = Annotated[
    list[str] | None, typer.Option("--metric", metavar="NAME=NUMBER", help="Evidence: a metric; any number of times.")
]
DatasetOption = Annotated[str | None, typer.Option(metavar="DIGEST", help="Evidence: sha256:… of the data set.")]
ReportOption = Annotated[str | None, typer.Option(metavar="ADDRESS", help="Evidence: evaluation report in the store.")]
RunOption = Annotated[str | None, typer.Option(metavar="ID", help="Evidence: the training run.")]
ApprovedByOption = Annotated[
    str | None,
    typer.Option("--approved-by", metavar="ADDRESS", help="Who let it serve; with --override, who decided that, too."),
]
CanaryOption = Annotated[
    int | None, typer.Option(metavar="PERCENT", help="Candidate: percent of the requests that it answers, 1 to 99.")
]
StepsOption = Annotated[
    str | None, typer.Option(metavar="PERCENTS", help="With --canary: percents to go through, as in 10,25,50.")
]
ShadowOption = Annotated[
    int | None, typer.Option(metavar="PERCENT", help="Candidate: percent of the requests that it sees copies of.")
]

RuntimeOption = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="New model: mlflow, sklearn, xgboost, triton, huggingface or custom."),
]
TaskOption = Annotated[str | None, typer.Option(metavar="NAME", help="New model: with huggingface, the task.")]
CpuOption = Annotated[float | None, typer.Option(metavar="CORES", help="New model: of one replica. Default: 1.")]
MemoryOption = Annotated[str | None, typer.Option(metavar="SIZE", help="New model: of one replica. Default: 2Gi.")]
GpuOption = Annotated[
    str | None, typer.Option(metavar="FLAVOR=COUNT", help="New model: GPUs of one replica. Default: none.")
]
ReplicasOption = Annotated[
    int | None, typer.Option(metavar="NUMBER", help="New model: replicas of each version. Default: 1.")
]
MaxReplicasOption = Annotated[
    int | None, typer.Option(metavar="NUMBER", help="New model: replicas that load may bring. Default: no more.")
]
GateMinOption = Annotated[
    list[str] | None,
    typer.Option("--gate-min", metavar="METRIC=NUMBER", help="New model: least value that passes; once or more."),
]
GateMaxOption = Annotated[
    list[str] | None,
    typer.Option("--gate-max", metavar="METRIC=NUMBER", help="New model: largest value that passes; once or more."),
]
RegressionOption = Annotated[
    list[str] | None,
    typer.Option("--max-regression", metavar="METRIC=NUMBER", help="New model: how much worse than stable it may be."),
]
