"""Kinds of text that only a model's file holds. What they let through is harmless wherever it is shown."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from tenantry.formats import Text, shown, wrong

RESERVED: Final = ("dataset", "report", "run")
"""Keys of evidence that are no metrics."""

Version = Annotated[
    str,
    Text(
        "a version",
        "Write letters, digits and single - . _ between them, in quotes if it is a number",
        "[A-Za-z0-9]([-._]?[A-Za-z0-9])*",
        63,
        "v12",
    ),
]
"""Fits a label's value, so that the version can be read off every pod."""

StoreUri = Annotated[
    str,
    Text(
        "an address in the team's store",
        "Write s3://, the bucket and the path, without .. and without a / at the end",
        # One way to match each text: a dot is never taken by two parts, so that no input takes long.
        r"s3://[a-z0-9]([.-]?[a-z0-9]){2,62}(/[A-Za-z0-9_](\.?[A-Za-z0-9_=+-])*)+",
        512,
        "s3://artifacts/models/defect-detector/12",
    ),
]
"""What Seldon's storage initializer (rclone) takes, of one scheme. A `:` or `..` names another remote or folder."""

ImageByDigest = Annotated[
    str,
    Text(
        "an image by its digest",
        "Write registry/path@sha256: and 64 hexadecimal digits; a tag can be moved",
        r"([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\.)+[a-z]([-a-z0-9]{0,61}[a-z0-9])?(:[0-9]{1,5})?"
        r"(/[a-z0-9]((\.|_|__|-{1,8})?[a-z0-9])*)+@sha256:[0-9a-f]{64}",
        384,
        f"registry.example.com/vision/detector@sha256:{'0' * 64}",
    ),
]

DataDigest = Annotated[
    str,
    Text(
        "a digest of data",
        "Write sha256: and 64 hexadecimal digits",
        "sha256:[0-9a-f]{64}",
        71,
        f"sha256:{'0' * 64}",
    ),
]

RegistryReference = Annotated[
    str,
    Text(
        "a version in the model registry",
        "Write models:/, the model's name, / and its version",
        r"models:/[A-Za-z0-9]([-._ ]?[A-Za-z0-9])*/[0-9]{1,9}",
        255,
        "models:/defect-detector/13",
    ),
]
"""A version's number and no stage or alias: what stands in the file stays what it was."""

RunId = Annotated[
    str,
    Text(
        "a training run",
        "Write the run's id: letters, digits and - _",
        "[A-Za-z0-9][A-Za-z0-9_-]*",
        128,
        "4be9d2a1c0f34c6f9f0c5d1c7f6f2b11",
    ),
]

Task = Annotated[
    str,
    Text(
        "a task",
        "Write lower-case words and digits with single dashes",
        "[a-z0-9](-?[a-z0-9])*",
        63,
        "text-classification",
    ),
]

Feature = Annotated[
    str,
    Text(
        "a feature's name",
        "Write letters, digits and - _ .",
        "[A-Za-z_][A-Za-z0-9_.-]*",
        128,
        "width",
    ),
]

Why = Annotated[
    str,
    Text(
        "a reason",
        "Write a sentence of 20 characters or more, without quotes and brackets",
        r"[^\W_][^\n\"'`$<>{}\[\]|\\]{18,398}[^\s\"'`$<>{}\[\]|\\]",
        400,
        "The new camera has no labels yet, see OPS-112.",
        portable=False,
    ),
]


def _no_reserved(name: str) -> None:
    if name in RESERVED:
        wrong(f"{shown(name)} is a key of evidence and no metric", "Name a number that training wrote, as in auc")


MetricName = Annotated[
    str,
    Text(
        "a metric's name",
        "Write letters, digits and single - _ . / @ between them",
        "[A-Za-z]([-_./@]?[A-Za-z0-9])*",
        63,
        "auc",
        _no_reserved,
    ),
]


class _Number:
    """A metric's value. Says of a text what it is, where pydantic would only say that it is no number."""

    def check(self, value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            wrong(f"{shown(value)} is not a number", "Write the metric's number. No metrics are: dataset, report, run")
        # The comparison is false for NaN, too.
        if not -METRIC_MAX <= value <= METRIC_MAX:
            wrong(f"{shown(value)} cannot be compared", f"Write a number from {-METRIC_MAX} to {METRIC_MAX}")
        return float(value)

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.check)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, object]:
        return {"type": "number", "minimum": -METRIC_MAX, "maximum": METRIC_MAX}


METRIC_MAX: Final = 1_000_000_000_000
"""Largest value of a metric, up and down. Tenantry's own choice: sums of squares stay below it."""
Metric = Annotated[float, _Number()]
"""A number, and never NaN or infinite: every comparison with NaN is false, and the gate would be open."""
Limit = Annotated[float, Field(ge=-METRIC_MAX, le=METRIC_MAX, allow_inf_nan=False)]
"""A bound of a gate."""
