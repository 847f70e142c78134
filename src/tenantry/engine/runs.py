"""`preview`, `up` and `destroy` of many stacks: the platform first, tenants side by side, each for itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from tenantry import names
from tenantry.engine.basis import basis
from tenantry.engine.locks import drop_cut_sidecars, hold
from tenantry.engine.recovery import settle
from tenantry.engine.rendered import everything_new
from tenantry.engine.results import OnProgress, Progress, StackResult
from tenantry.engine.session import Session
from tenantry.engine.state import StackState, read_state
from tenantry.engine.workspace import Workspace
from tenantry.errors import PlatformError

Plan = Mapping[str, StackResult]


_NO_GROUND: Final = (
    "{stack} stands on the platform's stack, which was never up. Run it first, or repair what stopped it."
)


def _silent(_progress: Progress) -> None:
    """Watch nothing."""


def preview(
    workspace: Workspace,
    stacks: Sequence[str],
    on_progress: OnProgress = _silent,
    *,
    refresh: bool = False,
    parallel: int | None = None,
) -> list[StackResult]:
    """What `up` would do to each stack. Writes nothing, neither to a cluster nor to state.

    A stack that was never up is not asked of the engine: all of it would be created, and the program alone says what.

    Args:
        workspace: Which engine, state and cluster.
        stacks: Names, as in `vision.sandbox`.
        on_progress: Hears how each stack goes.
        refresh: Ask the cluster what is there before comparing, so that drift shows too.
        parallel: Stacks at a time. None means one a CPU.

    Returns:
        One result a stack, in the order of `stacks`. `counts` and `changes` are what would happen.
    """
    with _session(workspace, on_progress, parallel).open(stacks) as session:
        return list(session.each(stacks, partial(_preview, session, refresh=refresh)).values())


def up(
    workspace: Workspace,
    stacks: Sequence[str],
    on_progress: OnProgress = _silent,
    *,
    plan: Sequence[StackResult] | None = None,
    refresh: bool = False,
    parallel: int | None = None,
) -> list[StackResult]:
    """Make each stack what its files say.

    Nothing runs without a plan: `plan`, or a preview that each stack makes here by itself. Where the code, the data or
    the state changed since the plan was made, the stack is previewed again; if it would now delete or replace anything
    that the plan did not show, it is left alone (`changed`). A stack whose plan failed is left alone too.

    The platform's stack goes first. If it fails and was never up, the tenants are `skipped`.

    Args:
        workspace: Which engine, state and cluster.
        stacks: Names, as in `vision.sandbox`.
        on_progress: Hears how each stack goes.
        plan: What `preview` returned and a person agreed to. None means that whatever the preview says is agreed to.
        refresh: Ask the cluster what is there first, so that drift is repaired.
        parallel: Stacks at a time. None means one a CPU.

    Returns:
        One result a stack, in the order of `stacks`. Ctrl-C gives `interrupted` for the stacks that were not done.
    """
    agreed = {result.stack: result for result in plan or ()}
    platform, tenants = _split(workspace, stacks)
    with _session(workspace, on_progress, parallel).open(stacks) as session:
        results = session.each(platform, partial(_up, session, agreed, refresh=refresh))
        results |= session.each(tenants, partial(_up, session, agreed, refresh=refresh))
    return [results[stack] for stack in dict.fromkeys(stacks)]


def destroy(
    workspace: Workspace, stacks: Sequence[str], on_progress: OnProgress = _silent, *, parallel: int | None = None
) -> list[StackResult]:
    """Delete everything that each stack holds, tenants before the platform. The stacks themselves stay, empty."""
    platform, tenants = _split(workspace, stacks)
    with _session(workspace, on_progress, parallel).open(stacks) as session:
        results = session.each(tenants, partial(_destroy, session))
        results |= session.each(platform, partial(_destroy, session))
    return [results[stack] for stack in dict.fromkeys(stacks)]


def _session(workspace: Workspace, on_progress: OnProgress, parallel: int | None) -> Session:
    return Session(workspace, on_progress, parallel) if parallel else Session(workspace, on_progress)


def _split(workspace: Workspace, stacks: Sequence[str]) -> tuple[list[str], list[str]]:
    platform = names.platform_stack(workspace.environment.id)
    return [stack for stack in stacks if stack == platform], [stack for stack in stacks if stack != platform]


def _preview(session: Session, stack: str, *, refresh: bool) -> StackResult:
    drop_cut_sidecars(session.workspace, stack)
    state = read_state(session.workspace, stack)
    ground = basis(session.workspace, stack, state)
    if state is None or not state.deployed:
        return replace(everything_new(session.workspace, stack), basis=ground)
    options = ("--refresh",) if refresh else ()
    return replace(session.engine(stack, "preview", total=len(state.resources), options=options), basis=ground)


def _up(session: Session, agreed: Plan, stack: str, *, refresh: bool) -> StackResult:
    workspace = session.workspace
    with hold(workspace, stack):
        state = _settled(workspace, stack)
        if not _ground(workspace, stack):
            return StackResult(stack=stack, outcome="skipped", error=_NO_GROUND.format(stack=stack))
        plan = agreed.get(stack) or _preview(session, stack, refresh=refresh)
        if plan.outcome != "done":
            return plan
        if stop := _outgrown(session, plan, state, refresh=refresh):
            return stop
        if state is None:
            _create(workspace, stack)
        options = ("--refresh",) if refresh else ()
        return session.engine(stack, "up", total=sum(plan.counts.values()), options=options)


def _destroy(session: Session, stack: str) -> StackResult:
    with hold(session.workspace, stack):
        state = _settled(session.workspace, stack)
        if state is None:
            return StackResult(stack=stack, outcome="done")
        return session.engine(stack, "destroy", total=len(state.resources))


def _settled(workspace: Workspace, stack: str) -> StackState | None:
    """The stack's state, with nothing pending in it any more."""
    state = read_state(workspace, stack)
    if state is None or not state.pending:
        return state
    settle(workspace, state)
    return read_state(workspace, stack)


def _ground(workspace: Workspace, stack: str) -> bool:
    """Whether the platform that a tenant's stack reads from was ever up."""
    platform = names.platform_stack(workspace.environment.id)
    if stack == platform:
        return True
    state = read_state(workspace, platform)
    return state is not None and state.deployed


def _outgrown(session: Session, plan: StackResult, state: StackState | None, *, refresh: bool) -> StackResult | None:
    """A result that stops the run, where it would remove what the plan did not show. None where it may go on."""
    stack = plan.stack
    # Where nothing is, nothing can be removed.
    if state is None or not state.deployed or plan.basis == basis(session.workspace, stack, state):
        return None
    now = _preview(session, stack, refresh=refresh)
    if now.outcome != "done":
        return now
    if more := now.removals - plan.removals:
        what = ", ".join(change.title for change in now.changes if change.urn in more)
        error = (
            f"Since the plan was made, something changed: {stack} would now also lose {what}. Look at the plan again."
        )
        return replace(now, outcome="changed", error=error)
    return None


def _create(workspace: Workspace, stack: str) -> None:
    # Not selected: which stack is current is the user's own business.
    done = workspace.pulumi("stack", "init", "--no-select", stack)
    if done.returncode:
        raise PlatformError(f"{stack}: the engine cannot create the stack: {done.stderr.strip()}")
