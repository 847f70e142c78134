"""The operator's validating webhook: its certificate, and the API server's order to ask it.

It refuses what the operator could not serve: weights that do not add up, a predictor twice, a model without files.
Tenantry's own rules say the same in the pull request; the webhook stands for objects that come another way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi
import pulumi_kubernetes as k8s

from components.pipelines.credentials import encoded
from components.serving.place import Place
from tenantry import names
from tenantry.serving import words
from tenantry.serving.certificate import certificate

if TYPE_CHECKING:
    from pulumi_kubernetes.admissionregistration.v1 import ValidatingWebhookArgsDict

PATH = "/validate-machinelearning-seldon-io-v1-seldondeployment"
TIMEOUT = 5
"""Seconds: the answer is computed from the object and one ConfigMap."""


def host(namespace: str) -> str:
    """Name by which the API server calls the webhook, and checks its certificate."""
    return f"{words.WEBHOOK}.{namespace}.svc"


def certificate_secret(place: Place) -> k8s.core.v1.Secret:
    """The certificate, made once and kept by the engine. The operator wants it even where nothing asks the webhook."""
    made = certificate(host(names.namespace(place.tenant)))
    return k8s.core.v1.Secret(
        f"{place.name}-{words.CERTIFICATE}",
        metadata=place.meta(words.CERTIFICATE),
        type="kubernetes.io/tls",
        data={
            "ca.crt": encoded(made.authority),
            "tls.crt": encoded(made.certificate),
            "tls.key": encoded(made.key),
        },
        immutable=True,
        opts=pulumi.ResourceOptions(parent=place.parent, ignore_changes=["data"]),
    )


def webhook(place: Place, secret: k8s.core.v1.Secret, server: pulumi.Resource) -> None:
    """The order to ask it about SeldonDeployments of this namespace, and of no other.

    Fail-closed: while the operator is down, this team's SeldonDeployments can be neither made nor changed, and
    nothing else of anybody's.
    """
    k8s.admissionregistration.v1.ValidatingWebhookConfiguration(
        f"{place.name}-webhook",
        metadata=place.marks.meta(place.concern, names.seldon_webhook(place.tenant)),
        webhooks=[_asked(place, secret)],
        opts=place.after(server),
    )


def _asked(place: Place, secret: k8s.core.v1.Secret) -> ValidatingWebhookArgsDict:
    own = names.namespace(place.tenant)
    return {
        "name": "v1.vseldondeployment.kb.io",
        "admission_review_versions": ["v1", "v1beta1"],
        "client_config": {
            "ca_bundle": secret.data.apply(lambda data: data["ca.crt"]),
            "service": {"name": words.WEBHOOK, "namespace": place.namespace, "path": PATH, "port": 443},
        },
        "failure_policy": "Fail",
        # The label as upstream has it; the name, so that no label could bring in another namespace.
        "namespace_selector": {
            "match_labels": {words.CONTROLLER_LABEL: own, "kubernetes.io/metadata.name": own},
        },
        "rules": [
            {
                "api_groups": [words.GROUP],
                "api_versions": ["v1"],
                "operations": ["CREATE", "UPDATE"],
                "resources": ["seldondeployments"],
                "scope": "Namespaced",
            }
        ],
        "side_effects": "None",
        "timeout_seconds": TIMEOUT,
    }
