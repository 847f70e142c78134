"""What the platform team says about serving in an environment."""

from __future__ import annotations

from pydantic import Field

from tenantry.fields import Block
from tenantry.formats import DnsLabel
from tenantry.sign_on.formats import LabelKey, LabelValue


class GatewaySpec(Block):
    """The Gateway of Istio by which callers reach models. Tenantry installs none."""

    namespace: DnsLabel = Field(
        "istio-system", description="Namespace of the Gateway and its pods. Left out: istio-system."
    )
    name: DnsLabel = Field("seldon-gateway", description="Name of the Gateway. Left out: seldon-gateway.")
    pods: dict[LabelKey, LabelValue] = Field(
        {"istio": "ingressgateway"},
        min_length=1,
        description="Labels that its pods carry, and no others; nobody else from outside reaches models. Left out: "
        "istio: ingressgateway.",
    )

    @property
    def reference(self) -> str:
        """As a VirtualService names it."""
        return f"{self.namespace}/{self.name}"


class SeldonSpec(Block):
    """Seldon serving in an environment: how callers come in, and which licence is accepted."""

    gateway: GatewaySpec = Field(
        default_factory=lambda: GatewaySpec.model_validate({}),
        description="The Gateway of Istio by which callers reach models. Left out: seldon-gateway in istio-system.",
    )
    accept_bsl: bool = Field(
        False,
        description="Whether releases under the Business Source License may run: all after 1.17.1. Production use of "
        "them needs a licence of Seldon's. Left out: only releases under Apache-2.0.",
    )
