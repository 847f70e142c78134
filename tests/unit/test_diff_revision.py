from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bench import generate
from tenantry.diff import Diff, diff_revision
from tenantry.diff.revision import Change, Code, notes, plan
from tenantry.diff.snapshot import Selection
from tenantry.errors import InputError, PlatformError

ROOT = Path(__file__).resolve().parents[2]
FIRST, SECOND, THIRD = (generate.tenant_id(number) for number in range(3))


def git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", str(folder), *identity, *arguments], check=True, capture_output=True)


def commit(folder: Path) -> None:
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "A step", "--allow-empty")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Three generated tenants, committed."""
    folder = tmp_path / "project"
    folder.mkdir()
    generate.write(folder, 3)
    git(folder, "init", "-q", "-b", "main")
    commit(folder)
    return folder


def file(root: Path, tenant: str = FIRST) -> Path:
    return root / "tenants" / tenant / "tenant.yaml"


def environment(root: Path) -> Path:
    return root / "infra/environments/bench.yaml"


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def words(diff: Diff) -> dict[str, tuple[str, int]]:
    """What happens to each stack, and to how many of its resources."""
    return {stack.stack: (stack.change, len(stack.resources)) for stack in diff.stacks}


def quota(diff: Diff, tenant: str = FIRST) -> dict[str, tuple[Any, Any]]:
    [stack] = [stack for stack in diff.stacks if stack.stack == f"{tenant}.bench"]
    return {change.path: (change.before, change.after) for change in stack.quota}


def test_nothing_changed(root: Path) -> None:
    (root / "README.md").write_text("no business of any stack")
    assert diff_revision(root, "HEAD") == Diff(())


def test_one_edited_tenant_is_the_only_one_rendered(root: Path) -> None:
    before = int(file(root).read_text().split("cpu: ")[1].split("\n")[0])
    edit(file(root), f"cpu: {before}\n", "cpu: 3\n")
    found = diff_revision(root, "HEAD")
    assert (list(words(found)), found.compared, found.notes) == ([f"{FIRST}.bench"], 1, ())
    assert quota(found) == {"cpu": (before, 3)}
    fields = {change.path for resource in found.stacks[0].resources for change in resource.fields}
    assert 'spec.hard["requests.cpu"]' in fields
    money = found.stacks[0].money
    assert money
    assert money.before
    assert money.after
    assert money.before.guaranteed_usd > money.after.guaranteed_usd > 0


def test_other_tenants_are_not_even_read(root: Path) -> None:
    file(root, THIRD).write_text("this: [is no tenant")
    commit(root)
    edit(file(root), "cost_center: CC-", "cost_center: CD-")
    assert list(words(diff_revision(root, "HEAD"))) == [f"{FIRST}.bench"]


def test_a_new_untracked_tenant_arrives(root: Path) -> None:
    file(root, "new").parent.mkdir()
    file(root, "new").write_text(file(root).read_text().replace(FIRST, "new"))
    found = diff_revision(root, "HEAD")
    assert {resource.change for resource in found.stacks[0].resources} == {"added"}
    assert [(stack.stack, stack.change) for stack in found.stacks] == [("new.bench", "added")]
    assert found.stacks[0].money
    assert found.stacks[0].money.before is None


def test_a_tenant_that_git_ignores_counts_as_long_as_it_is_there(root: Path) -> None:
    (root / ".gitignore").write_text("tenants/new\n")
    commit(root)
    test_a_new_untracked_tenant_arrives(root)


def test_a_deleted_tenant_leaves(root: Path) -> None:
    shutil.rmtree(file(root).parent)
    found = diff_revision(root, "HEAD")
    assert [(stack.stack, stack.change) for stack in found.stacks] == [(f"{FIRST}.bench", "removed")]
    assert {resource.change for resource in found.stacks[0].resources} == {"removed"}
    assert found.stacks[0].money
    assert found.stacks[0].money.after is None


def test_a_renamed_tenant_leaves_and_arrives(root: Path) -> None:
    file(root).parent.rename(root / "tenants/new")
    edit(file(root, "new"), FIRST, "new")
    changes = {stack.stack: stack.change for stack in diff_revision(root, "HEAD").stacks}
    assert changes == {"new.bench": "added", f"{FIRST}.bench": "removed"}


def test_only_names_and_not_contents_of_a_committed_change_matter(root: Path) -> None:
    edit(file(root), "cost_center: CC-", "cost_center: CD-")
    commit(root)
    edit(file(root), "cost_center: CD-", "cost_center: CC-")
    assert words(diff_revision(root, "HEAD~1")) == {}
    assert list(words(diff_revision(root, "HEAD"))) == [f"{FIRST}.bench"]


def test_a_new_price_touches_every_tenant_and_no_resource(root: Path) -> None:
    edit(environment(root), "cpu_hour: 0.033", "cpu_hour: 0.066")
    found = diff_revision(root, "HEAD")
    assert words(found) == {f"{tenant}.bench": ("changed", 0) for tenant in (FIRST, SECOND, THIRD)}
    assert found.compared == 4


def test_a_changed_environment_touches_its_platform(root: Path) -> None:
    edit(environment(root), "context: tenantry-sandbox", "context: elsewhere")
    found = words(diff_revision(root, "HEAD"))
    assert set(found) == {"platform.bench", *(f"{tenant}.bench" for tenant in (FIRST, SECOND, THIRD))}


def test_a_bad_tenant_of_the_work_tree(root: Path) -> None:
    edit(file(root), "quota:", "quotas:")
    with pytest.raises(InputError) as caught:
        diff_revision(root, "HEAD")
    assert {problem.path for problem in caught.value.problems} == {f"tenants/{FIRST}/tenant.yaml"}
    assert all(problem.line > 1 for problem in caught.value.problems)


def test_a_bad_tenant_of_the_revision(root: Path) -> None:
    edit(file(root), "quota:", "quotas:")
    commit(root)
    edit(file(root), "quotas:", "quota:")
    with pytest.raises(InputError) as caught:
        diff_revision(root, "main")
    assert {problem.path for problem in caught.value.problems} == {f"main:tenants/{FIRST}/tenant.yaml"}


def test_problems_of_all_tenants_at_once(root: Path) -> None:
    for tenant in (FIRST, SECOND):
        edit(file(root, tenant), "  cpu: ", "  cpu: 9999999")
    with pytest.raises(InputError) as caught:
        diff_revision(root, "HEAD")
    assert {problem.path for problem in caught.value.problems} == {
        f"tenants/{tenant}/tenant.yaml" for tenant in (FIRST, SECOND)
    }


def test_a_tenant_behind_a_link_is_not_read(root: Path, tmp_path: Path) -> None:
    file(root).rename(tmp_path / "outside.yaml")
    file(root).symlink_to(tmp_path / "outside.yaml")
    with pytest.raises(InputError):
        diff_revision(root, "HEAD")


def test_a_pipe_among_the_files_blocks_nobody(root: Path) -> None:
    edit(file(root), "cost_center: CC-", "cost_center: CD-")
    os.mkfifo(file(root).parent / "pipe")
    assert list(words(diff_revision(root, "HEAD"))) == [f"{FIRST}.bench"]


def test_nothing_that_lies_in_a_data_folder_is_run(root: Path) -> None:
    (root / "infra/__main__.py").write_text("raise SystemExit('run!')\n")
    (root / "conftest.py").write_text("raise SystemExit('run!')\n")
    edit(file(root), "cost_center: CC-", "cost_center: CD-")
    found = diff_revision(root, "HEAD")
    assert list(words(found)) == [f"{FIRST}.bench"]
    assert "the running code rendered both sides" in found.notes[0]


PLANS: dict[str, tuple[list[str], Code, bool, Change]] = {
    "nothing": ([], "each", True, Change(Selection(), code=False, packages=False, own_before=False, own_after=False)),
    "data": (
        ["tenants/b/tenant.yaml", "tenants/a/models/m.yaml", "tenants/a/tenant.yaml", "infra/environments/e.yaml"],
        "each",
        True,
        Change(Selection(("a", "b"), ("e",)), code=False, packages=False, own_before=False, own_after=False),
    ),
    "code, each side its own": (
        ["components/quota.py", "tenants/a/tenant.yaml"],
        "each",
        True,
        Change(Selection(("a",), everything=True), code=True, packages=False, own_before=True, own_after=False),
    ),
    "code, the revision's for both": (
        ["infra/__main__.py", "tenants/a/tenant.yaml"],
        "revision",
        True,
        Change(Selection(("a",)), code=True, packages=False, own_before=True, own_after=True),
    ),
    "code, the running one for both": (
        ["src/tenantry/gpu.py", "tenants/a/tenant.yaml"],
        "worktree",
        True,
        Change(Selection(("a",)), code=True, packages=False, own_before=False, own_after=False),
    ),
    "code that does not run here": (
        ["src/tenantry/gpu.py", "tenants/a/tenant.yaml"],
        "each",
        False,
        Change(Selection(("a",)), code=True, packages=False, own_before=False, own_after=False),
    ),
    "the revision's code instead of an installed one": (
        ["tenants/a/tenant.yaml"],
        "revision",
        False,
        Change(Selection(("a",)), code=False, packages=False, own_before=True, own_after=True),
    ),
    "the revision's code is the running one": (
        ["tenants/a/tenant.yaml"],
        "revision",
        True,
        Change(Selection(("a",)), code=False, packages=False, own_before=False, own_after=False),
    ),
    "packages": (["uv.lock"], "each", True, Change(Selection(), False, True, False, False)),
    "neighbours": (
        ["components-old/x.py", "tenants", "infra/environments/README.md", "src/other.py"],
        "each",
        True,
        Change(Selection(), code=False, packages=False, own_before=False, own_after=False),
    ),
}


@pytest.mark.parametrize(("paths", "code", "here", "expected"), PLANS.values(), ids=PLANS.keys())
def test_plan(paths: list[str], code: Code, *, here: bool, expected: Change) -> None:
    assert plan(paths, code, code_is_here=here) == expected


@pytest.mark.parametrize(
    ("case", "says"),
    [
        ("nothing", []),
        ("code, each side its own", ["each side was rendered by its own, main's"]),
        ("code, the revision's for both", ["main's code rendered both sides"]),
        ("code, the running one for both", ["the running code rendered both sides"]),
        ("packages", ["The pinned packages differ too"]),
    ],
)
def test_notes_say_who_rendered_what(case: str, says: list[str]) -> None:
    found = notes("main", PLANS[case][3])
    assert len(found) == len(says)
    assert all(part in note for part, note in zip(says, found, strict=True))


@pytest.fixture
def fork(root: Path) -> Path:
    """A project that brings its own code, committed."""
    for name in ("src", "components", "infra", "Pulumi.yaml"):
        source, target = ROOT / name, root / name
        if source.is_dir():
            skip = shutil.ignore_patterns("__pycache__", "environments")
            shutil.copytree(source, target, ignore=skip, dirs_exist_ok=True)
        else:
            shutil.copy(source, target)
    (root / ".gitignore").write_text("__pycache__\n")
    commit(root)
    return root


def forked(root: Path, code: Code, revision: str = "HEAD") -> dict[str, Any]:
    """The difference as the project's own code finds it."""
    program = (
        "import json, pathlib, tenantry.diff as d\n"
        f"print(json.dumps(d.to_json(d.diff_revision(pathlib.Path('.'), {revision!r}, code={code!r}))))"
    )
    path = f"{root / 'src'}{os.pathsep}{root}"
    command = [sys.executable, "-P", "-c", program]
    done = subprocess.run(
        command, cwd=root, env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise PlatformError(done.stderr.strip().splitlines()[-1])
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def test_changed_code_shows_in_every_stack_when_each_side_runs_its_own(fork: Path) -> None:
    edit(fork / "components/quota.py", '"services.nodeports": "0"', '"services.nodeports": "7"')
    found = forked(fork, "each")
    assert {stack["stack"] for stack in found["stacks"]} == {f"{tenant}.bench" for tenant in (FIRST, SECOND, THIRD)}
    for stack in found["stacks"]:
        [resource] = stack["resources"]
        assert resource["fields"] == [
            {"path": 'spec.hard["services.nodeports"]', "change": "changed", "before": "0", "after": "7"}
        ]
    assert found["compared"] == 4
    assert "each side was rendered by its own" in found["notes"][0]


def test_the_revisions_code_runs_nothing_of_the_work_tree(fork: Path) -> None:
    (fork / "components/quota.py").write_text("raise SystemExit('run!')\n")
    (fork / "infra/__main__.py").write_text("raise SystemExit('run!')\n")
    edit(file(fork), "cost_center: CC-", "cost_center: CD-")
    found = forked(fork, "revision")
    assert [stack["stack"] for stack in found["stacks"]] == [f"{FIRST}.bench"]
    assert "HEAD's code rendered both sides" in found["notes"][0]


def test_a_change_is_read_from_outside_with_the_bases_code(fork: Path) -> None:
    edit(fork / "components/quota.py", '"services.nodeports": "0"', '"services.nodeports": str(quota.cpu)')
    commit(fork)
    (fork / "components/quota.py").write_text("raise SystemExit('run!')\n")
    cpu = file(fork).read_text().split("cpu: ")[1].split("\n")[0]
    edit(file(fork), f"cpu: {cpu}\n", "cpu: 3\n")
    # The running code lies elsewhere and gives every tenant the same number of node ports.
    found = diff_revision(fork, "HEAD", code="revision")
    fields = {change.path: change for resource in found.stacks[0].resources for change in resource.fields}
    assert [stack.stack for stack in found.stacks] == [f"{FIRST}.bench"]
    assert fields['spec.hard["services.nodeports"]'].after == "3"


def test_the_running_code_can_render_both_sides(fork: Path) -> None:
    edit(fork / "components/quota.py", '"services.nodeports": "0"', '"services.nodeports": "7"')
    edit(file(fork), "cost_center: CC-", "cost_center: CD-")
    found = forked(fork, "worktree")
    assert [stack["stack"] for stack in found["stacks"]] == [f"{FIRST}.bench"]
    assert "services.nodeports" not in json.dumps(found)


def test_a_bad_tenant_that_the_revisions_code_finds(fork: Path) -> None:
    edit(file(fork), "quota:", "quotas:")
    commit(fork)
    edit(file(fork), "quotas:", "quota:")
    edit(fork / "components/quota.py", '"services.nodeports": "0"', '"services.nodeports": "7"')
    with pytest.raises(PlatformError, match=f"HEAD:tenants/{FIRST}/tenant.yaml:"):
        forked(fork, "each")


def test_a_revision_from_before_there_was_code(fork: Path) -> None:
    with pytest.raises(PlatformError, match=r"HEAD~1 has no Pulumi\.yaml, so"):
        forked(fork, "each", "HEAD~1")
