"""Which volumes and devices a claim may bind."""

from __future__ import annotations

from tenantry.guards.cel import BY_PLATFORM, CHANGED
from tenantry.guards.exclusive import exclusive, kinds
from tenantry.guards.parameters import listed
from tenantry.guards.rule import Check, Rule, Target

FAMILY = "storage"

_KEPT = "(oldObject != null && object.?spec.?{0} == oldObject.?spec.?{0})"

CLAIMS = Rule(
    name="volume-claims",
    family=FAMILY,
    targets=(Target(plurals=("persistentvolumeclaims",)),),
    parametrised=True,
    conditions=(CHANGED,),
    variables=(
        BY_PLATFORM,
        # The controller that binds a claim fills it in.
        ("bound", f"oldObject != null && (variables.byPlatform || {_KEPT.format('volumeName')})"),
        ("sources", "[?object.?spec.?dataSource, ?object.?spec.?dataSourceRef]"),
        ("classes", listed("storage-classes")),
    ),
    checks=(
        Check(
            expression="variables.bound || object.?spec.?volumeName.orValue('') == ''",
            field="spec.volumeName",
            value="'\"' + object.spec.volumeName + '\"'",
            what="takes a certain volume, whosever it was",
            fix="Remove it: a new volume is made for the claim",
        ),
        Check(
            expression="!has(object.spec.selector)",
            field="spec.selector",
            what="chooses among volumes that are there, whosever they were",
            fix="Remove it: a new volume is made for the claim",
        ),
        Check(
            expression="!has(object.spec.storageClassName) || object.spec.storageClassName in variables.classes"
            f" || {_KEPT.format('storageClassName')}",
            field="spec.storageClassName",
            value="'\"' + object.spec.storageClassName + '\"'",
            what="is none of the team's storage classes",
            fix="Leave it out for the cluster's default",
        ),
        Check(
            expression="variables.sources.all(one, one.?namespace.orValue(request.namespace) == request.namespace)",
            field="spec.dataSourceRef.namespace",
            what="is another namespace: its data is not this team's",
            fix="Copy from a claim or snapshot of this namespace",
        ),
    ),
    attacks=("A30",),
)

DEVICES = exclusive(
    name="resource-claims",
    family=FAMILY,
    targets=(
        kinds("resource.k8s.io", "resourceclaims"),
        Target(group="resource.k8s.io", plurals=("resourceclaimtemplates",), operations=("CREATE", "UPDATE", "DELETE")),
    ),
    why="a device that is claimed passes the quota of GPUs",
    fix="Ask for nvidia.com/gpu in the container's resources",
    attacks=("A24",),
)

RULES = (CLAIMS, DEVICES)
