"""Stand-ins are written where they are needed, and never in front of an official plugin."""

from __future__ import annotations

import importlib.metadata
import os
import subprocess
from pathlib import Path

import pytest

from tenantry.sandbox import plugins

HOST, PROVIDER = "pulumi-language-python", "pulumi-resource-kubernetes"


def program(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


def test_all_are_needed_where_there_is_nothing(tmp_path: Path) -> None:
    assert set(plugins.needed(str(tmp_path), tmp_path)) == {HOST, PROVIDER}


def test_our_own_executables_do_not_count(tmp_path: Path) -> None:
    folder = plugins.install(tmp_path / "bin")

    assert set(plugins.needed(str(folder), tmp_path)) == {HOST, PROVIDER}


def test_an_official_plugin_behind_ours_wins(tmp_path: Path) -> None:
    ours = plugins.install(tmp_path / "ours")
    program(tmp_path / "official" / PROVIDER)
    path = os.pathsep.join([str(ours), str(tmp_path / "official")])

    assert plugins.needed(path, tmp_path) == (HOST,)
    plugins.install(ours, plugins.needed(path, tmp_path))
    assert [file.name for file in ours.iterdir()] == [HOST]


def test_a_host_beside_the_engine_wins(tmp_path: Path) -> None:
    program(tmp_path / "pulumi-3" / HOST)
    engine = program(tmp_path / "pulumi-3" / "pulumi")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "pulumi").symlink_to(engine)

    assert plugins.needed(str(tmp_path / "bin"), tmp_path) == (PROVIDER,)


@pytest.mark.parametrize(
    ("version", "official"),
    [(importlib.metadata.version("pulumi-kubernetes"), True), ("4.0.0", False), ("4.999.0", True), ("5.0.0", False)],
)
def test_a_plugin_in_the_engines_cache_wins_if_it_is_new_enough(
    tmp_path: Path, version: str, *, official: bool
) -> None:
    program(tmp_path / "plugins" / f"resource-kubernetes-v{version}" / PROVIDER)

    assert (PROVIDER not in plugins.needed(str(tmp_path / "bin"), tmp_path)) is official


@pytest.mark.parametrize("name", [HOST, PROVIDER])
def test_an_executable_serves_from_any_folder_and_ends_with_the_engine(tmp_path: Path, name: str) -> None:
    """The engine reads a port from standard output and holds standard input open for as long as it lives."""
    executable = plugins.install(tmp_path / "a folder with spaces") / name
    (tmp_path / "tenantry.py").write_text("raise SystemExit('the program's folder is searched for modules')")

    with subprocess.Popen(
        [executable, "127.0.0.1:1"], cwd=tmp_path, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as plugin:
        assert plugin.stdin
        assert plugin.stdout
        assert 0 < int(plugin.stdout.readline()) < 65536
        plugin.stdin.close()
        try:
            assert plugin.wait(timeout=30) == 0
        finally:
            plugin.kill()


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ((), "Plugins: the official ones."),
        ((PROVIDER,), f"stand-ins for {PROVIDER}, which are not on this machine; official: {HOST}."),
        ((HOST, PROVIDER), f"stand-ins for {PROVIDER} and {HOST}, which are not on this machine."),
    ],
)
def test_one_line_says_which_are_used(names: tuple[str, ...], expected: str) -> None:
    assert plugins.sentence(names).endswith(expected)
