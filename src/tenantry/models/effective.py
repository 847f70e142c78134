"""One model of a team, and the file that says where each of its values is written."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from tenantry.errors import Problem, raise_all
from tenantry.explain import check
from tenantry.model_spec import ModelSpec
from tenantry.models import file_rules
from tenantry.yaml_source import Document, dotted, read


@dataclass(frozen=True)
class EffectiveModel:
    """One model. Its file is complete, so it is the same in every environment that it is served in."""

    spec: ModelSpec
    """Every value, checked."""
    document: Document = field(repr=False, compare=False)
    """The file, with the place of each value."""
    root: Path = field(repr=False, compare=False)
    """The project that it was read from."""

    @property
    def source(self) -> str:
        """Its file, relative to the root."""
        return self.document.path

    def served_in(self, environment: str) -> bool:
        """Whether it is served in an environment that its tenant lives in."""
        return self.spec.environments is None or environment in self.spec.environments

    def problem(self, what: str, fix: str, *keys: str | int) -> Problem:
        """A problem with the value at these keys, or with the closest block around it."""
        return Problem(*self.document.value(keys), dotted(keys), what, fix)


def read_model(root: Path, path: Path) -> EffectiveModel:
    """A model's file that its model and the rules on the file alone accept.

    Raises:
        InputError: with every problem of the file.
    """
    document = read(path, root=root)
    spec = check(ModelSpec, document)
    raise_all(list(file_rules.problems(spec, document)))
    return EffectiveModel(spec, document, root)
