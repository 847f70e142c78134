"""Reading every file of a project before complaining, so that one run shows all problems of all files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from tenantry import rules
from tenantry.effective import EffectiveTenant, effective
from tenantry.environment import EnvironmentSpec
from tenantry.errors import InputError, Problem, raise_all
from tenantry.explain import check
from tenantry.formats import require_label
from tenantry.models.effective import EffectiveModel, read_model
from tenantry.names import environment_file, tenant_file
from tenantry.near import near
from tenantry.partial import file_model
from tenantry.rules import identity
from tenantry.tree import models_of, scan
from tenantry.yaml_source import Document, Keys, dotted, read


def read_tenant(root: Path, tenant: str) -> Document:
    """A tenant's file that its model and the rules on the file alone accept.

    Raises:
        InputError: with every problem of the file.
    """
    document = read(root / tenant_file(require_label(tenant)), root=root)
    check(file_model(), document)
    raise_all(list(identity.folder(document)))
    return document


def read_models(root: Path, tenant: str) -> tuple[EffectiveModel, ...]:
    """Every model of one tenant, by id, that its model and the rules on its file alone accept.

    Raises:
        InputError: with every problem of every file.
    """
    tree = models_of(root, require_label(tenant))
    problems, found = list(tree.problems), []
    for path in tree.models:
        with _Collecting(problems):
            found.append(read_model(root, path))
    raise_all(problems)
    return tuple(found)


def read_environment(root: Path, environment: str) -> tuple[EnvironmentSpec, Document]:
    """An environment, and the file that says where each of its values is written.

    Raises:
        InputError: with every problem of the file.
    """
    document = read(root / environment_file(require_label(environment)), root=root)
    spec = check(EnvironmentSpec, document)
    raise_all(list(rules.of_environment(spec, document)))
    return spec, document


def lives_in(tenant: Document, environments: Iterable[EnvironmentSpec]) -> tuple[str, ...]:
    """Which of these environments a tenant lives in, sorted."""
    written = tenant.data.get("environments")
    return tuple(sorted(e.id for e in environments if (e.by_default if written is None else e.id in written)))


class Gathering:
    """What could be read, and the problems with the rest."""

    def __init__(self, root: Path) -> None:
        tree = scan(root)
        self.problems: list[Problem] = list(tree.problems)
        self.known = tree.environments
        """Ids of all environments, of those with problems too."""
        self.environments: dict[str, tuple[EnvironmentSpec, Document]] = {}
        self.tenants: dict[str, Document] = {}
        self.models: dict[str, list[EffectiveModel]] = defaultdict(list)
        """Models by their tenant."""
        self.effective: dict[tuple[str, str], EffectiveTenant] = {}
        for name in tree.environments:
            with _Collecting(self.problems):
                self.environments[name] = read_environment(root, name)
        for name in tree.tenants:
            with _Collecting(self.problems):
                self.tenants[name] = read_tenant(root, name)
        for path in tree.models:
            with _Collecting(self.problems):
                self.models[path.parents[1].name].append(read_model(root, path))

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Every tenant with every environment that it lives in. Notes the environments that are not there."""
        specs = [spec for spec, _ in self.environments.values()]
        for name, document in self.tenants.items():
            self.problems.extend(self._unknown(document))
            there = lives_in(document, specs)
            self.problems.extend(self._not_there(name, there))
            for environment in there:
                yield name, environment

    def model_ids(self, tenant: str) -> tuple[str, ...]:
        """Ids of a tenant's models, sorted."""
        return tuple(sorted(model.spec.id for model in self.models.get(tenant, ())))

    def combine(self, tenant: str, environment: str) -> None:
        """Make a tenant complete in an environment, and check it alone."""
        with _Collecting(self.problems):
            combined = effective(self.tenants[tenant], *self.environments[environment], self.models.get(tenant, ()))
            self.problems.extend(rules.of_tenant(combined))
            self.effective[tenant, environment] = combined

    def _not_there(self, tenant: str, there: Collection[str]) -> Iterator[Problem]:
        """Environments that models name and their tenant does not live in."""
        for model in self.models.get(tenant, ()):
            for index, name in enumerate(model.spec.environments or ()):
                # An environment's file with problems of its own says nothing about who lives there.
                if name not in self.known or (name in self.environments and name not in there):
                    what = f"{tenant} does not live in {name}" if name in self.known else f'no environment "{name}"'
                    yield model.problem(what, near(name, there), "environments", index)

    def _unknown(self, document: Document) -> Iterator[Problem]:
        written = document.data.get("environments")
        for index, name in enumerate(written or ()):
            if name not in self.known:
                yield _problem(document, ("environments", index), f'no environment "{name}"', near(name, self.known))
        default = [spec.id for spec, _ in self.environments.values() if spec.by_default]
        complete = len(self.environments) == len(self.known)
        if written is None and not default and complete and self.known:
            what, fix = "is missing, and no environment is for every tenant", near("", self.known)
            yield _problem(document, ("environments",), what, fix)
        for name in document.data.get("overrides", ()):
            if name not in (default if written is None else written) and (written is not None or complete):
                what = f'the tenant does not live in "{name}"'
                fix = f"Add it to environments, or correct it: {', '.join(written or default)}"
                yield _problem(document, ("overrides", name), what, fix)


class _Collecting:
    """Keeps the problems of an InputError instead of raising it."""

    def __init__(self, problems: list[Problem]) -> None:
        self._problems = problems

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        if isinstance(error, InputError):
            self._problems.extend(error.problems)
            return True
        return False


def _problem(document: Document, keys: Keys, what: str, fix: str) -> Problem:
    return Problem(*document.key(keys), dotted(keys), what, fix)
