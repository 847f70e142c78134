"""What serves a model: the servers that Seldon Core brings, and a container of the team's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

RuntimeName = Literal["mlflow", "sklearn", "xgboost", "triton", "huggingface", "custom"]
Protocol = Literal["seldon", "v2"]


@dataclass(frozen=True)
class Runtime:
    """One way to serve."""

    implementation: str | None
    """Word for the server in the graph of a SeldonDeployment; None for a container of the team's own."""
    protocols: tuple[Protocol, ...]
    """What it may be asked in."""


CUSTOM: Final = "custom"
RUNTIMES: Final[Mapping[str, Runtime]] = MappingProxyType(
    {
        "mlflow": Runtime("MLFLOW_SERVER", ("v2",)),
        "sklearn": Runtime("SKLEARN_SERVER", ("v2",)),
        "xgboost": Runtime("XGBOOST_SERVER", ("v2",)),
        "triton": Runtime("TRITON_SERVER", ("v2",)),
        "huggingface": Runtime("HUGGINGFACE_SERVER", ("v2",)),
        CUSTOM: Runtime(None, ("seldon", "v2")),
    }
)
"""Every runtime by the word of a model's file. Source: `predictor_servers` in Seldon Core 1.17's ConfigMap
`seldon-config`. Its servers for the Seldon protocol are left out: one protocol a server, and V2 is the one that all of
them speak and that outlives Seldon."""
