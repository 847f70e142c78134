"""The table agrees with the modules that are pinned, and with the SDKs that are locked."""

from __future__ import annotations

import re
from importlib import metadata

import pytest

from tenantry.sandbox.toolchain import modules
from tenantry.sandbox.toolchain.programs import CLUSTER, ENGINE, PROGRAMS, fill, parse_version

BUILT = {name: program.source for name, program in PROGRAMS.items() if program.source}


@pytest.mark.parametrize("name", [name for name in BUILT if name != "pulumi"])
def test_what_is_built_is_the_version_that_is_downloaded(name: str) -> None:
    assert modules.pinned_version(BUILT[name]) == PROGRAMS[name].release.version


@pytest.mark.parametrize("name", PROGRAMS)
def test_what_is_downloaded_or_built_would_be_accepted_on_path(name: str) -> None:
    program = PROGRAMS[name]
    assert not program.version_command or program.accepts(parse_version(program.release.version))
    if program.source:
        assert program.accepts(parse_version(modules.pinned_version(program.source)))


def test_the_plugin_and_the_engine_are_those_of_the_locked_sdks() -> None:
    assert PROGRAMS["pulumi"].release.version == metadata.version("pulumi")
    assert PROGRAMS["pulumi-resource-kubernetes"].release.version == metadata.version("pulumi-kubernetes")


@pytest.mark.parametrize("folder", sorted({source.folder for source in BUILT.values()}))
def test_every_program_of_a_module_folder_is_in_the_table(folder: str) -> None:
    text = (modules.tools_folder() / folder / "go.mod").read_text()
    tools = set(re.findall(r"^(?:tool|\t)\s*((?:\w[\w.-]*/)+[\w.-]+)$", text, re.MULTILINE))
    assert tools == {source.package for source in BUILT.values() if source.folder == folder}
    assert (modules.tools_folder() / folder / "go.sum").stat().st_size > 0


def test_every_module_folder_builds_something() -> None:
    folders = {path.parent.name for path in modules.tools_folder().glob("*/go.mod")}
    assert folders == {source.folder for source in BUILT.values()}


@pytest.mark.parametrize("name", PROGRAMS)
def test_addresses_are_filled_and_encrypted(name: str) -> None:
    release = PROGRAMS[name].release
    for template in (release.url, release.checksum_url):
        address = fill(template, release.version)
        assert address.startswith("https://")
        assert "{" not in address
        assert release.version in address


def test_the_two_parts_of_the_table() -> None:
    assert {*CLUSTER, *ENGINE} == set(PROGRAMS)
    assert not set(CLUSTER) & set(ENGINE)
    assert [name for name in CLUSTER if PROGRAMS[name].source is None] == []


@pytest.mark.parametrize(
    ("said", "version"),
    [
        ("etcd Version: 3.6.16\nGit SHA: x\nGo Version: go1.26.8\n", (3, 6, 16)),
        ("Kubernetes v1.36.3\n", (1, 36, 3)),
        ("Client Version: v1.36.3\nKustomize Version: v5.8.1\n", (1, 36, 3)),
        ("kwok version v0.8.0 go1.26.8 (linux/amd64)\n", (0, 8, 0)),
        ("v3.272.0-alpha.1\n", (3, 272, 0)),
        ("unknown\n", None),
    ],
)
def test_what_programs_say_of_their_version(said: str, version: tuple[int, int, int] | None) -> None:
    assert parse_version(said) == version


def test_the_linker_stamps_what_is_pinned() -> None:
    flags = modules.link_flags("cluster")
    assert flags.startswith("-s -w ")
    pinned = modules.pinned_version(BUILT["kube-apiserver"])
    assert f"-X k8s.io/component-base/version.gitVersion=v{pinned}" in flags
    assert f"-X k8s.io/component-base/version.gitMinor={pinned.split('.')[1]}" in flags
    assert modules.link_flags("pulumi").endswith(f"version.Version=v{modules.pinned_version(BUILT['pulumi'])}")


def test_the_go_that_is_needed() -> None:
    assert re.fullmatch(r"1\.\d+\.\d+", modules.go_needed())
