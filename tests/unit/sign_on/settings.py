"""Settings of single sign-on that everything accepts."""

from __future__ import annotations

from typing import Any

from tenantry.sign_on.spec import SignOnSpec

PLAIN: dict[str, Any] = {
    "issuer": "https://idp.example.com/realms/ml",
    "client_id": "tenantry",
    "issuer_addresses": ("203.0.113.7/32",),
    "ingress": {
        "class_name": "nginx",
        "namespace": "ingress-nginx",
        "pods": {"app.kubernetes.io/name": "ingress-nginx"},
    },
}
"""No more than what must be there."""

SIGN_ON = SignOnSpec.model_validate(PLAIN)
