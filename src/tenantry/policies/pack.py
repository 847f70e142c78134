"""The rules as a policy pack of Pulumi's: the gRPC service `Analyzer`, by which the engine asks what is wrong.

It speaks the protocol itself, with the generated code that the Pulumi SDK brings: so the pack runs in the project's
own Python environment, and asks for no second SDK with a lock of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import analyzer_pb2, plugin_pb2

from tenantry import names
from tenantry.catalog import load_tenant
from tenantry.policies import RULES, check, exceptions
from tenantry.policies.model import Item, Violation
from tenantry.render.manifests import is_object
from tenantry.render.stack import Resource
from tenantry.sandbox.plugins import protocol
from tenantry.sandbox.plugins.protocol import Call
from tenantry.sandbox.plugins.values import decode, has_unknown

SERVICE: Final = "pulumirpc.Analyzer"
NAME: Final = "tenantry"
SEVERITIES: Final = {
    "critical": analyzer_pb2.POLICY_SEVERITY_CRITICAL,
    "high": analyzer_pb2.POLICY_SEVERITY_HIGH,
    "medium": analyzer_pb2.POLICY_SEVERITY_MEDIUM,
}


def today() -> date:
    """The day in UTC."""
    return datetime.now(UTC).date()


class Pack:
    """The service, for one stack at a time."""

    def __init__(self, root: Path, day: Callable[[], date] = today) -> None:
        self._root = root
        self._day = day
        self._stack = ""

    def info(self, _: Empty) -> analyzer_pb2.AnalyzerInfo:
        """Every rule. All are mandatory and judge the stack as a whole."""
        rules = [
            analyzer_pb2.PolicyInfo(
                name=rule.id.lower(),
                displayName=rule.title,
                description=rule.title,
                message=rule.rationale,
                enforcementLevel=analyzer_pb2.MANDATORY,
                policy_type=analyzer_pb2.POLICY_TYPE_STACK,
                severity=SEVERITIES[rule.severity],
                remediation_steps=rule.fix,
            )
            for rule in RULES
        ]
        return analyzer_pb2.AnalyzerInfo(name=NAME, displayName="Tenantry", version=version("tenantry"), policies=rules)

    def configure_stack(
        self, request: analyzer_pb2.AnalyzerStackConfigureRequest
    ) -> analyzer_pb2.AnalyzerStackConfigureResponse:
        """Note which stack it is about."""
        self._stack = request.stack
        return analyzer_pb2.AnalyzerStackConfigureResponse()

    def analyze_stack(self, request: analyzer_pb2.AnalyzeStackRequest) -> analyzer_pb2.AnalyzeResponse:
        """Judge everything that the stack would hold.

        Raises:
            InputError: the tenant's file or the exceptions' cannot be accepted.
        """
        resources = [resource(one) for one in request.resources]
        # An engine that is torn down sends nothing but what is left.
        if not any(is_object(one.type) for one in resources):
            return analyzer_pb2.AnalyzeResponse()
        owner, environment = names.split_stack(self._stack)
        tenant = None if owner == names.PLATFORM else load_tenant(self._root, owner, environment)
        excused = exceptions.load(self._root, RULES, self._day())
        complete = all(_known(one) for one in resources)
        return analyzer_pb2.AnalyzeResponse(
            diagnostics=[
                _diagnostic(violation, mandatory=complete and excused.excuse(violation) is None)
                for violation in check(self._stack, resources, tenant)
            ]
        )

    def calls(self) -> Mapping[str, Call]:
        """The service's methods."""
        pb2 = analyzer_pb2
        nothing: Callable[[Any], Any] = lambda _: pb2.AnalyzeResponse()  # noqa: E731 - three of a kind
        return {
            "Handshake": Call(
                lambda _: pb2.AnalyzerHandshakeResponse(), pb2.AnalyzerHandshakeRequest, pb2.AnalyzerHandshakeResponse
            ),
            "GetPluginInfo": Call(lambda _: plugin_pb2.PluginInfo(), Empty, plugin_pb2.PluginInfo),
            "GetAnalyzerInfo": Call(self.info, Empty, pb2.AnalyzerInfo),
            "Configure": Call(lambda _: Empty(), pb2.ConfigureAnalyzerRequest, Empty),
            "ConfigureStack": Call(
                self.configure_stack, pb2.AnalyzerStackConfigureRequest, pb2.AnalyzerStackConfigureResponse
            ),
            "Analyze": Call(nothing, pb2.AnalyzeRequest, pb2.AnalyzeResponse),
            "Remediate": Call(lambda _: pb2.RemediateResponse(), pb2.AnalyzeRequest, pb2.RemediateResponse),
            "AnalyzeStack": Call(self.analyze_stack, pb2.AnalyzeStackRequest, pb2.AnalyzeResponse),
            "Cancel": Call(lambda _: Empty(), Empty, Empty),
        }


def resource(message: analyzer_pb2.AnalyzerResource) -> Resource:
    """A resource as the rules see it."""
    return Resource(
        urn=message.urn,
        type=message.type,
        name=message.name,
        parent=message.parent,
        inputs=decode(message.properties).value,
        dependencies=tuple(sorted({*message.dependencies} - {message.parent})),
        protect=message.options.protect,
    )


def _known(one: Resource) -> bool:
    """Whether nothing that a rule looks at is left open until the `up`: in a preview the cluster has yet to say."""
    written = {key: value for key, value in one.inputs.items() if key not in ("metadata", "status")}
    item = Item(one)
    return not is_object(one.type) or not has_unknown([written, item.data.get("metadata", {}).get("namespace")])


def _diagnostic(violation: Violation, *, mandatory: bool) -> analyzer_pb2.AnalyzeDiagnostic:
    rule = violation.rule
    return analyzer_pb2.AnalyzeDiagnostic(
        policyName=rule.id.lower(),
        policyPackName=NAME,
        policyPackVersion=version("tenantry"),
        description=rule.title,
        message=f"{violation.finding}. {violation.fix}.",
        enforcementLevel=analyzer_pb2.MANDATORY if mandatory else analyzer_pb2.ADVISORY,
        urn=violation.urn,
        severity=SEVERITIES[rule.severity],
    )


def project(start: Path) -> Path:
    """The folder of the project that Pulumi runs: the nearest one, from here upwards, with a `Pulumi.yaml`."""
    return next((folder for folder in (start, *start.parents) if (folder / "Pulumi.yaml").is_file()), start)


def main() -> None:
    """Serve the pack until the engine ends it."""
    protocol.serve(protocol.service(SERVICE, Pack(project(Path.cwd())).calls()), lambda: None, protocol.parent_ends)
