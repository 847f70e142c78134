"""What the platform team says about single sign-on in an environment."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from tenantry.cidr import Cidr
from tenantry.fields import Block, Once
from tenantry.formats import DnsLabel, wrong
from tenantry.sign_on.formats import (
    AnnotationKey,
    AnnotationValue,
    ClaimName,
    ClientId,
    IssuerUrl,
    LabelKey,
    LabelValue,
    ObjectName,
    Scope,
)


def _openid(scopes: tuple[str, ...]) -> tuple[str, ...]:
    if "openid" not in scopes:
        wrong("does not hold openid", "Add openid: without it no identity provider gives an id token")
    return scopes


class IngressSpec(Block):
    """The ingress controller that leads to the teams' hosts. Tenantry installs none."""

    class_name: ObjectName = Field(description="Its IngressClass.")
    namespace: DnsLabel = Field(description="Namespace of its pods; nobody else reaches the proxies.")
    pods: dict[LabelKey, LabelValue] = Field(min_length=1, description="Labels that its pods carry, and no others.")
    cluster_issuer: ObjectName | None = Field(
        None,
        description="ClusterIssuer of cert-manager that makes a certificate for each team's hosts. Left out: the "
        "controller's own certificate is shown, which must then hold them.",
    )
    annotations: dict[AnnotationKey, AnnotationValue] = Field(
        {}, description="Annotations of every Ingress, for the controller. Left out: none."
    )


class SignOnSpec(Block):
    """Single sign-on by OpenID Connect before every team's hosts.

    The client's secret stands in no file: see docs/sign-on.md.
    """

    issuer: IssuerUrl = Field(description="Address of the identity provider, as it spells itself in its tokens.")
    private_ca: bool = Field(
        False,
        description="Whether the identity provider's certificate is of an authority of your own, which the client's "
        "Secret then holds as ca.crt. Left out: it is of one that everybody knows.",
    )
    client_id: ClientId = Field(description="Id of the one client of all teams' proxies at the identity provider.")
    groups_claim: ClaimName = Field(
        "groups",
        description="Claim of the id token that lists a person's groups, spelled as in tenants' files. Left out: "
        "groups.",
    )
    scopes: Annotated[tuple[Scope, ...], Once, AfterValidator(_openid)] = Field(
        ("openid", "email", "groups"),
        description="Scopes to ask for; openid among them. Left out: openid, email, groups. An identity provider that "
        "knows no scope groups refuses it.",
    )
    session_hours: Annotated[int, Field(ge=1, le=24)] = Field(
        8,
        description="Hours that a person stays in without being asked again, up to 24: as long may somebody stay in "
        "who has left the group. Left out: 8.",
    )
    issuer_addresses: Annotated[tuple[Cidr, ...], Field(min_length=1), Once] = Field(
        description="Ranges of addresses of the identity provider; the proxies are let out to no others. 0.0.0.0/0 "
        "for a provider on the internet whose addresses change: without the cluster's and the metadata services'."
    )
    ingress: IngressSpec = Field(description="The ingress controller that leads to the teams' hosts.")
