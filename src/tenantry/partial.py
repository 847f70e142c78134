"""Models of what a person writes, derived from the complete ones, so that each key is declared once.

A tenant's file leaves out what its tier gives. `partial(QuotaSpec)` is `QuotaSpec` with every key optional,
down through the blocks in it. Items of lists stay complete: a list is replaced as a whole.
"""

from __future__ import annotations

from functools import cache
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import Field, create_model
from pydantic.fields import FieldInfo

from tenantry.environment import TierDefaults
from tenantry.fields import Once
from tenantry.tenant_spec import Block, DnsLabel, TenantSpec

FIXED = frozenset({"id", "owner"})
"""Keys that are the same in every environment, so no override holds them."""


@cache
def partial(model: type[Block]) -> type[Block]:
    """The same block with every key optional."""
    fields: dict[str, Any] = {name: _optional(info) for name, info in model.model_fields.items()}
    return create_model(f"Partial{model.__name__}", __base__=Block, __doc__=model.__doc__, **fields)


@cache
def override_model() -> type[Block]:
    """What may stand below `overrides.<environment>`: everything that may differ between environments."""
    fields: dict[str, Any] = {
        name: _optional(info) for name, info in TenantSpec.model_fields.items() if name not in FIXED
    }
    return create_model("Override", __base__=Block, __doc__="What differs in one environment.", **fields)


@cache
def file_model() -> type[Block]:
    """What `tenants/<id>/tenant.yaml` holds. Required is what no tier can give and no default says."""
    fields: dict[str, Any] = {}
    for name, info in TenantSpec.model_fields.items():
        given = name in TierDefaults.model_fields or name == "tier"
        fields[name] = _optional(info) if given else (info.annotation, info)
    fields["environments"] = (
        Annotated[
            tuple[DnsLabel, ...],
            Field(min_length=1, max_length=20, description=ENVIRONMENTS),
            Once,
        ],
        None,
    )
    fields["overrides"] = (Annotated[dict[DnsLabel, override_model()], Field(description=OVERRIDES)], None)  # type: ignore[misc]  # made at run time
    return create_model("TenantFile", __base__=Block, __doc__=TenantSpec.__doc__, **fields)


ENVIRONMENTS = (
    "Environments that the tenant lives in, by the names of the files in infra/environments. Left out: those whose "
    "file says by_default: true."
)
OVERRIDES = (
    "What differs in one environment, by its name. A block merges key by key with the rest of this file; a list, "
    "a number, a word or false replaces what stands there. Left out: nothing differs."
)


def _optional(info: FieldInfo) -> tuple[Any, None]:
    parts = info.asdict()
    attributes = {key: value for key, value in parts["attributes"].items() if key not in {"default", "default_factory"}}
    return Annotated[(_loosened(parts["annotation"]), *parts["metadata"], Field(**attributes))], None


def _loosened(annotation: Any) -> Any:  # noqa: ANN401  # annotations have no type of their own
    """The annotation with each block in it made partial; lists and maps stay as they are."""
    if isinstance(annotation, type) and issubclass(annotation, Block):
        return partial(annotation)
    if get_origin(annotation) is Annotated:
        inner, *metadata = get_args(annotation)
        return Annotated[(_loosened(inner), *metadata)]
    if get_origin(annotation) in {Union, UnionType}:
        return Union[tuple(_loosened(part) for part in get_args(annotation))]  # noqa: UP007  # from a tuple
    return annotation
