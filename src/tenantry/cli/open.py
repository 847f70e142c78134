"""`tenantry open`: a team's service in the browser."""

from __future__ import annotations

import sys
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from tenantry.cli.failure import UsageError
from tenantry.cli.options import EnvironmentOption, Format, FormatOption, RootOption, TenantArgument
from tenantry.cli.output import say, write, write_json
from tenantry.cli.project import choose_environment, find_root, known_word, tenant_ids
from tenantry.names import Service, namespace

if TYPE_CHECKING:
    from tenantry.catalog import EffectiveTenant
    from tenantry.port_forward import Way
    from tenantry.sign_on.upstreams import Upstream

LOCAL: Final[dict[Service, int]] = {"pipelines": 8080, "registry": 5000}
"""Ports of this machine where nobody says otherwise."""

ServiceArgument = Annotated[Service, typer.Argument(metavar="SERVICE", help="pipelines or registry.")]
PrintOption = Annotated[bool, typer.Option("--print", help="Print the address, and open no browser.")]
ForwardOption = Annotated[
    bool,
    typer.Option("--forward", help="Lead a port of this machine there, for programs, even where the team has a host."),
]
PortOption = Annotated[
    int | None,
    typer.Option(
        "--port",
        min=1,
        max=65535,
        metavar="N",
        help="Port of this machine. Default: 8080 for pipelines, 5000 for registry.",
        show_default=False,
    ),
]


def open_service(
    service: ServiceArgument,
    tenant: TenantArgument,
    *,
    environment: EnvironmentOption = None,
    only_print: PrintOption = False,
    forward: ForwardOption = False,
    port: PortOption = None,
    output: FormatOption = "text",
    root: RootOption = None,
) -> int:
    """Open a team's Pipelines or registry in the browser.

    Where the environment has single sign-on, this is the service's own host, and nothing is asked of the cluster.
    Elsewhere, and with --forward, it is a port of this machine that kubectl leads to the service until Ctrl-C, for
    those who may run workloads in the team's namespace. The address is printed; a browser opens on a terminal alone.

    Examples:
        tenantry open pipelines vision
        tenantry open registry vision --env prod --print
        tenantry open registry vision --forward --port 5001
    """
    base = find_root(root)
    known_word(tenant, tenant_ids(base), "tenant")
    team = _team(base, tenant, choose_environment(base, environment), service)
    if team.environment.sign_on and not forward and port is None:
        _show(_host(team, service), "sign-on", team, service, output, only_print=only_print)
        return 0
    return _forward(base, team, service, port or LOCAL[service], output, only_print=only_print)


def _team(root: Path, tenant: str, environment: str, service: Service) -> EffectiveTenant:
    """The tenant, if it has the service.

    Raises:
        InputError: it wants none.
    """
    from tenantry.catalog import load_tenant  # noqa: PLC0415 - 0.4 s
    from tenantry.errors import InputError  # noqa: PLC0415 - belongs to the model

    team = load_tenant(root, tenant, environment)
    if getattr(team.spec, service) is False:
        what = f"is false, so {tenant} has no {service} in {environment}"
        raise InputError([team.origins[service].problem(what, "Write its settings, and bring it up")])
    return team


def _host(team: EffectiveTenant, service: Service) -> str:
    from tenantry import hosts  # noqa: PLC0415 - belongs to the model
    from tenantry.errors import InputError  # noqa: PLC0415 - belongs to the model

    found = hosts.hosts(team)
    if service not in found:
        what = f"is {team.spec.lifecycle}, so nobody is let in any more"
        fix = "Ask the platform team for what is still there"
        raise InputError([team.origins["lifecycle"].problem(what, fix)])
    return hosts.address(found[service])


def _forward(
    root: Path, team: EffectiveTenant, service: Service, local: int, output: Format, *, only_print: bool
) -> int:
    from tenantry import port_forward  # noqa: PLC0415 - only here
    from tenantry.sign_on.upstreams import UPSTREAMS  # noqa: PLC0415 - belongs to the model

    [target] = [one for one in UPSTREAMS if one.service == service]
    kubectl = port_forward.find_kubectl()
    if not port_forward.is_free(local):
        raise UsageError(f"port {local} of this machine is taken. Name another one: --port {local + 1}.")
    way = _way(root, team, target, local)

    def opened() -> None:
        _show(way.url, "port-forward", team, service, output, only_print=only_print)
        say("Ctrl-C ends it.")

    try:
        port_forward.forward(way, kubectl, opened, lambda line: say(line, "dim"))
    except KeyboardInterrupt:
        say(f"{way.url} is closed.")
    return 0


def _way(root: Path, team: EffectiveTenant, target: Upstream, local: int) -> Way:
    """The way to the service, if it is there.

    Raises:
        PlatformError: it is not, or the cluster does not say.
    """
    from tenantry.engine.workspace import SANDBOX  # noqa: PLC0415 - only here
    from tenantry.errors import PlatformError  # noqa: PLC0415 - belongs to the model
    from tenantry.kube import Kube  # noqa: PLC0415 - only here
    from tenantry.port_forward import Way  # noqa: PLC0415 - only here
    from tenantry.sandbox.layout import Layout  # noqa: PLC0415 - only here

    spec, environment = team.spec, team.environment
    kubeconfig = Layout(root / SANDBOX).kubeconfig if environment.cluster.kind == "sandbox" else None
    kube = Kube.from_kubeconfig(kubeconfig, environment.cluster.context)
    if kube.get("v1", "Service", target.name, namespace(spec.id)) is None:
        again = f"tenantry up {spec.id} --env {environment.id}"
        raise PlatformError(f"{spec.id} has no {target.service} in {environment.id} yet. Bring it up: {again}.")
    return Way(
        namespace=namespace(spec.id),
        service=target.name,
        port=target.port,
        local=local,
        context=environment.cluster.context,
        kubeconfig=kubeconfig,
    )


def _show(url: str, by: str, team: EffectiveTenant, service: Service, output: Format, *, only_print: bool) -> None:
    """The address on stdout, and in a browser where a person looks."""
    if output == "json":
        place = {"service": service, "tenant": team.spec.id, "environment": team.environment.id}
        write_json({**place, "url": url, "by": by})
    else:
        write(url)
    sys.stdout.flush()
    if output == "text" and not only_print and sys.stdout.isatty():
        webbrowser.open(url)
