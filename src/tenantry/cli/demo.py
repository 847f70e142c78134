"""`tenantry demo`: everything once, in the order in which a newcomer meets it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tenantry.cli.failure import plural
from tenantry.cli.options import RootOption
from tenantry.cli.output import err, say
from tenantry.cli.project import environment_ids, find_root
from tenantry.errors import PlatformError

SCRATCH: Final = ".tenantry/demo"
"""Folder of the copy that is edited, relative to the root."""
EDIT: Final = ("tenants/vision/tenant.yaml", "h100: 2", "h100: 4")
"""The edit whose effect is shown: file, text before, text after."""
NEXT: Final = (
    ("tenantry show nlp", "all that a team gets, and which line of which file says so"),
    ("tenantry add", "a fourth team: it asks for what it needs"),
    ("tenantry diff", "what your edits would change; then tenantry up"),
    ('eval "$(tenantry sandbox env)" && kubectl get resourcequotas -A', "the cluster itself; pulumi works too"),
    ("tenantry sandbox down --purge", "leave nothing running and nothing behind"),
)
"""Five commands to try next, and what each shows."""


class StoppedError(PlatformError):
    """A step of the demonstration failed; it has said why."""

    def __init__(self, command: str, code: int) -> None:
        self.exit_code = code
        super().__init__(f"{command} left with {code}, so the demonstration stops here. Run it again to go on.")


def demo(*, root: RootOption = None) -> int:
    """Let three teams arrive on a real Kubernetes API server.

    Prints each command before it runs it. Everything happens in this folder and on loopback; run again, it goes on
    where it was interrupted, and changes nothing where nothing is left to do.

    Examples:
        tenantry demo
    """
    from tenantry.cli.sandbox.place import sandbox_of  # noqa: PLC0415 - only for the sandbox
    from tenantry.cli.sandbox.up import programs  # noqa: PLC0415 - only for the sandbox
    from tenantry.sandbox.toolchain.background import Background  # noqa: PLC0415 - only for the sandbox
    from tenantry.sandbox.toolchain.rendering import shown  # noqa: PLC0415 - only for the sandbox

    base = find_root(root)
    sandbox, environment = sandbox_of(base, None)
    here = _options(base, environment.id)
    with Background(programs(sandbox)) as toolchain:
        _about(base, here)
        say(f"\nThe sandbox's programs: {', '.join(programs(sandbox))}.", "dim")
        with shown(err()) as progress:
            toolchain.wait(progress)
    _run("sandbox", "up", *here)
    _run("up", "--yes", *here)
    _run("status", *here)
    _farewell()
    return 0


def _options(root: Path, environment: str) -> list[str]:
    """What must be said on each command line so that it means this repository and its sandbox."""
    elsewhere = [] if Path.cwd() == root else ["--root", str(root)]
    return [*elsewhere, *(["--env", environment] if len(environment_ids(root)) > 1 else [])]


def _about(root: Path, here: Sequence[str]) -> None:
    """What is about to happen. Needs no program, so it is shown while they are on their way."""
    rooted = here[: here.index("--env")] if "--env" in here else here
    _run("validate", *rooted)
    _run("list", *here)
    _run("render", "--platform", "--into", os.path.relpath(root / SCRATCH / "rendered"), *here)
    copy = root / SCRATCH / "edited"
    _edited_copy(root, copy)
    say(f"\n# In a copy, {EDIT[0]} says {EDIT[2]} where it said {EDIT[1]}.", "dim")
    _run("diff", "--root", os.path.relpath(copy))


def _run(*words: str) -> None:
    """Print one command, and run it as it is printed.

    Raises:
        StoppedError: it did not leave with 0.
    """
    from tenantry.cli.app import app  # noqa: PLC0415 - app imports this module

    command = " ".join(("tenantry", *words))
    say(f"\n$ {command}", "bold cyan")
    code = app(list(words), prog_name="tenantry", standalone_mode=False)
    sys.stdout.flush()
    if code:
        raise StoppedError(command, code)


def _edited_copy(root: Path, copy: Path) -> None:
    """A repository of its own with one commit of the data, and one edit on top."""
    shutil.rmtree(copy, ignore_errors=True)
    copy.mkdir(parents=True)
    shutil.copy2(root / "Pulumi.yaml", copy)
    for folder in ("tenants", "infra"):
        shutil.copytree(root / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__"))
    _git(copy, "init", "--quiet")
    _git(copy, "add", ".")
    _git(copy, "commit", "--quiet", "--message", "As it was")
    file = copy / EDIT[0]
    file.write_text(file.read_text(encoding="utf-8").replace(EDIT[1], EDIT[2]), encoding="utf-8")


def _git(folder: Path, *arguments: str) -> None:
    # A fresh machine has no name and address of its owner, and a person's own hooks have nothing to do here.
    settings = ("user.name=demo", "user.email=demo@example.com", "core.hooksPath=/dev/null", "commit.gpgsign=false")
    options = [word for setting in settings for word in ("-c", setting)]
    try:
        subprocess.run(["git", "-C", folder, *options, *arguments], check=True, capture_output=True, text=True)
    except FileNotFoundError as error:
        raise PlatformError("git is not installed. A diff reads revisions with it.") from error
    except subprocess.CalledProcessError as error:
        raise PlatformError(f"git {arguments[0]} failed in {folder}: {error.stderr.strip()}") from error


def _farewell() -> None:
    say(f"\nDone. {plural(len(NEXT), 'command')} to try next:", "bold green")
    if not shutil.which("tenantry"):
        say("  source .venv/bin/activate", "bold")
    width = max(len(command) for command, _ in NEXT)
    for command, what in NEXT:
        say(f"  {command:<{width}}  {what}")
