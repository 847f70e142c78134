"""The map in docs/architecture.md is true, and the code has the shape that it promises."""

from __future__ import annotations

import ast
import re
import statistics
import subprocess
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

CODE = ("src", "components", "infra", "bench")
"""Folders whose sizes are limited. Tests are long where their cases are many."""

FILE_MAX, FILE_MEDIAN = 250, 90
FUNCTION_MAX, FUNCTION_MEDIAN = 40, 10
COMPONENT_INIT_MAX = 45
"""The `__init__` of a component is the list of what it makes, and reads best in one piece."""

LAYERED = {
    "access": "AccessSpec",
    "network": "NetworkSpec",
    "pipelines": "PipelinesSpec",
    "quota": "QuotaSpec",
    "serving": "ServingSpec",
    "registry": "RegistrySpec",
}
"""Keys of a tenant's file that have a component: one word in every layer."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def files(*folders: str) -> tuple[Path, ...]:
    # What git knows or would add: generated and ignored files are nobody's concern.
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *folders]
    out = subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout
    names = sorted(name.decode() for name in out.split(b"\0") if name.endswith(b".py"))
    return tuple(ROOT / name for name in names if (ROOT / name).is_file())


@cache
def source(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def lines_of(path: Path) -> int:
    return len(source(path).splitlines())


def functions() -> Iterator[tuple[Path, Function, bool]]:
    """Every function of the code, with whether it is the `__init__` of a component."""
    for path in files(*CODE):
        for node in ast.walk(ast.parse(source(path))):
            if isinstance(node, ast.ClassDef):
                component = any("ComponentResource" in ast.unparse(base) for base in node.bases)
                for child in node.body:
                    if isinstance(child, Function):
                        yield path, child, component and child.name == "__init__"
            elif isinstance(node, ast.Module | Function | ast.If | ast.With | ast.Try):
                yield from ((path, child, False) for child in node.body if isinstance(child, Function))


def body_lines(function: Function) -> int:
    """Lines of what it does, without signature and docstring: a command's options and its help cost nothing."""
    statements = function.body[1:] if ast.get_docstring(function, clean=False) is not None else function.body
    return (statements[-1].end_lineno or 0) - statements[0].lineno + 1 if statements else 0


def where(path: Path, line: int = 1) -> str:
    return f"{path.relative_to(ROOT)}:{line}"


def test_there_is_code_to_look_at() -> None:
    assert len(files(*CODE)) > 20
    assert len(list(functions())) > 100


def test_no_file_is_too_long() -> None:
    assert {where(path): lines_of(path) for path in files(*CODE) if lines_of(path) > FILE_MAX} == {}


def test_most_files_are_short() -> None:
    assert statistics.median(lines_of(path) for path in files(*CODE)) <= FILE_MEDIAN


def test_no_function_is_too_long() -> None:
    long = {
        f"{where(path, function.lineno)} {function.name}": body_lines(function)
        for path, function, component in functions()
        if body_lines(function) > (COMPONENT_INIT_MAX if component else FUNCTION_MAX)
    }
    assert long == {}


def test_most_functions_are_short() -> None:
    assert statistics.median(body_lines(function) for _, function, _ in functions()) <= FUNCTION_MEDIAN


def comments(path: Path) -> Iterator[tuple[int, str]]:
    with tokenize.open(path) as file:
        for token in tokenize.generate_tokens(file.readline):
            if token.type == tokenize.COMMENT:
                yield token.start[0], token.string


WAIVER = re.compile(r"#\s*(noqa|type:\s*ignore|pragma|nosec|pylint|ruff|mypy|fmt|isort)\b")
REASONED = re.compile(r"#\s*(noqa:\s*[A-Z]+\d+(,\s*[A-Z]+\d+)*|type:\s*ignore\[[a-z, -]+\])\s*(#|-|–|:)\s*\S.+")
TABLE = re.compile(r"#\s*fmt:\s*skip\Z")
"""Keeps the columns of one table; needs no reason."""


@pytest.mark.parametrize(
    ("comment", "allowed"),
    [
        ("# noqa", False),
        ("# noqa: S311", False),
        ("# noqa: S311 - no secret", True),
        ("# noqa: S311, E501  # no secret", True),
        ("# type: ignore", False),
        ("# type: ignore[arg-type]", False),
        ("# type: ignore[arg-type]  # the stub is wrong", True),
        ("# ruff: noqa", False),
        ("# pragma: no cover", False),
        ("# fmt: skip", True),
        ("# an ordinary comment", True),
    ],
)
def test_what_a_waiver_needs(comment: str, *, allowed: bool) -> None:
    assert waived_rightly(comment) is allowed


def waived_rightly(comment: str) -> bool:
    return not WAIVER.match(comment) or bool(REASONED.match(comment) or TABLE.match(comment))


def test_every_waiver_names_its_rule_and_its_reason() -> None:
    bare = [
        f"{where(path, line)} {comment}"
        for path in files(*CODE, "tests")
        for line, comment in comments(path)
        if not waived_rightly(comment)
    ]
    assert bare == []


TEST = re.compile(r"^\s*(async )?def test_|^class Test", re.MULTILINE)


def test_every_test_is_collected() -> None:
    hidden = [where(path) for path in files("tests") if not path.name.startswith("test_") and TEST.search(source(path))]
    assert hidden == []


def test_every_folder_of_tests_is_a_package() -> None:
    assert {where(path.parent) for path in files("tests") if not (path.parent / "__init__.py").is_file()} == set()


def test_names_of_test_files_are_unique() -> None:
    names = [path.name for path in files("tests") if path.name.startswith("test_")]
    assert sorted(names) == sorted(set(names))


def test_one_word_in_every_layer() -> None:
    spec = source(ROOT / "src/tenantry/tenant_spec.py")
    for word, block in LAYERED.items():
        file, package = ROOT / f"components/{word}.py", ROOT / f"components/{word}/__init__.py"
        component = source(file if file.is_file() else package)
        assert f"class {block}(" in spec
        assert f'"tenantry:tenant:{word.title()}"' in component
        assert (ROOT / f"tests/components/test_{word}.py").is_file()


PATH = re.compile(r"`([\w.-]+(?:/[\w.*<>-]+)*/?)`")
"""Something in backticks that could be a path."""

FOLDERS = ("src/tenantry", "components", "infra", "tests", "tenants", "docs", "tools", ".ci", "bench")

BASES = ("", "src/tenantry", "tests")
"""Folders from which the pages name files."""

MADE = (".tenantry/",)
"""Paths that only a run makes."""


def named_paths(page: Path) -> Iterator[str]:
    """Paths that a page names: what has a slash, or ends like a file, and starts where the project has something."""
    for match in PATH.finditer(source(page)):
        name = match[1]
        looks = "/" in name or name.endswith((".py", ".yaml", ".toml", ".md", ".mod"))
        if looks and not name.startswith(MADE):
            yield name


def exists(name: str) -> bool:
    pattern = re.sub(r"<[^>]+>", "*", name).rstrip("/")
    return any(next((ROOT / base).glob(pattern), None) for base in BASES)


def test_the_map_names_only_what_is_there() -> None:
    page = ROOT / "docs/architecture.md"
    named = sorted(set(named_paths(page)))
    assert len(named) > 20
    assert [name for name in named if not exists(name)] == []


def test_the_map_names_every_folder() -> None:
    page = source(ROOT / "docs/architecture.md")
    assert [folder for folder in FOLDERS if f"{folder}/" not in page] == []


def test_every_module_of_the_core_is_on_the_map() -> None:
    page = source(ROOT / "docs/architecture.md")
    missing = [
        path.name
        for path in files("src/tenantry")
        if path.parent == ROOT / "src/tenantry" and not path.name.startswith("__") and path.name not in page
    ]
    assert missing == []


def test_links_between_pages_lead_somewhere() -> None:
    broken = [
        f"{where(page)} {target}"
        for page in sorted((ROOT / "docs").rglob("*.md"))
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", source(page))
        if not (page.parent / target).exists()
    ]
    assert broken == []
