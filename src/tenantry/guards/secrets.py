"""Secrets that are more than the text in them."""

from __future__ import annotations

from tenantry.guards.cel import BY_PLATFORM
from tenantry.guards.rule import Check, Rule, Target

RULES = (
    Rule(
        name="token-secrets",
        family="secrets",
        # The type of a secret never changes.
        targets=(Target(plurals=("secrets",), operations=("CREATE",)),),
        variables=(BY_PLATFORM,),
        checks=(
            Check(
                expression="variables.byPlatform || !(object.?type.orValue('Opaque') in "
                "['kubernetes.io/service-account-token', 'bootstrap.kubernetes.io/token'])",
                field="type",
                value="'\"' + object.type + '\"'",
                what="makes Kubernetes issue a token that never expires",
                fix="Use the token that a pod gets by itself, or another type",
            ),
        ),
        attacks=("A10",),
    ),
)
