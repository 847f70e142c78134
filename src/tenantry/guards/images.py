"""Which images pods may run."""

from __future__ import annotations

from tenantry.guards.cel import CHANGED
from tenantry.guards.parameters import listed
from tenantry.guards.rule import Check, Rule, Target

FAMILY = "images"

# Every list by itself: a list of the one type and a list of the other do not add up.
_LISTS = ("containers", "initContainers", "ephemeralContainers")
IMAGES = " + ".join(
    [
        *(f"object.spec.?{one}.orValue([]).filter(c, has(c.image)).map(c, c.image)" for one in _LISTS),
        "object.spec.?volumes.orValue([]).filter(v, has(v.image) && has(v.image.reference)).map(v, v.image.reference)",
    ]
)
"""Images of every container, and those that are mounted."""

# Short names are Docker's: a first part with a dot or a port is a registry's host, any other a folder there.
_FULL = (
    "(n.contains('/') ? (n.split('/')[0].matches('[.:]') ? n : 'docker.io/' + n) : 'docker.io/library/' + n)"
    ".startsWith(r + '/')"
)
_NAME = "i.split('@')[0]"
ALLOWED = (
    # A list of one gives the name a name.
    f"[{_NAME}].exists(n, variables.registries.exists(r, {_FULL}))"
    # No way up from an allowed folder, and no second reading of the name.
    " && i.matches('^[a-z0-9][A-Za-z0-9._:/@-]*$') && !i.contains('..') && !i.contains('//')"
)
DIGEST = "i.matches('@sha256:[0-9a-f]{64}$')"
TAGGED = f"[{_NAME}.split('/')].exists(p, p[size(p) - 1].matches(':.') && !p[size(p) - 1].endsWith(':latest'))"

IMAGE_RULE = Rule(
    name="pod-images",
    family=FAMILY,
    targets=(Target(plurals=("pods",)), Target(plurals=("pods/ephemeralcontainers",), operations=("UPDATE",))),
    parametrised=True,
    conditions=(CHANGED,),
    variables=(
        ("images", IMAGES),
        ("registries", listed("image-registries")),
        ("foreign", f"variables.images.filter(i, !({ALLOWED}))"),
        ("moving", f"variables.images.filter(i, !({DIGEST} || {TAGGED}))"),
        (
            "unpinned",
            f"params.data['image-digest'] != 'required' ? [] : variables.images.filter(i, !{DIGEST})",
        ),
    ),
    checks=(
        Check(
            expression="size(variables.foreign) == 0",
            field="spec.containers[*].image",
            value="'\"' + variables.foreign[0] + '\"'",
            what="is from no registry that this cluster trusts",
            fix="Push it to one of those in image_registries of the environment's file, and write its whole name",
        ),
        Check(
            expression="size(variables.moving) == 0",
            field="spec.containers[*].image",
            value="'\"' + variables.moving[0] + '\"'",
            what="can be another image tomorrow",
            fix="Write a tag other than latest, or a digest",
        ),
        Check(
            expression="size(variables.unpinned) == 0",
            field="spec.containers[*].image",
            value="'\"' + variables.unpinned[0] + '\"'",
            what="has no digest, and this team's tier demands one",
            fix="Write name@sha256:…",
        ),
    ),
    attacks=("A50",),
)

RULES = (IMAGE_RULE,)
