"""What pods may hold and how they are run: what Pod Security `restricted` does not look at."""

from __future__ import annotations

from tenantry.guards.cel import BY_PLATFORM, CHANGED
from tenantry.guards.parameters import listed
from tenantry.guards.rule import Check, Rule, Target

FAMILY = "pods"
CREATED = (Target(plurals=("pods",), operations=("CREATE",)),)
WRITTEN = (Target(plurals=("pods",)),)
CONTAINERS = "(object.spec.?containers.orValue([]) + object.spec.?initContainers.orValue([]))"
"""Containers that may ask for resources: ephemeral ones may not."""

PRIORITY = Rule(
    name="pod-priority",
    family=FAMILY,
    targets=CREATED,
    parametrised=True,
    variables=(("class", "object.spec.?priorityClassName.orValue('')"),),
    checks=(
        Check(
            # Without a class a pod ranks below every tier: it harms nobody.
            expression=f"variables.class == '' || variables.class in {listed('priority-classes')}",
            field="spec.priorityClassName",
            value="'\"' + variables.class + '\"'",
            what="is not the class of this team's tier",
            fix="Remove it: the pod gets its class by itself",
        ),
    ),
    attacks=("A21",),
)

GATES = "spec.?schedulingGates.orValue([])"

SCHEDULER = Rule(
    name="pod-scheduler",
    family=FAMILY,
    targets=WRITTEN,
    conditions=(CHANGED,),
    variables=(BY_PLATFORM, ("gates", f"object.{GATES}")),
    checks=(
        Check(
            expression="object.spec.?schedulerName.orValue('default-scheduler') == 'default-scheduler'",
            field="spec.schedulerName",
            value="'\"' + object.spec.schedulerName + '\"'",
            what="is not the cluster's scheduler",
            fix="Remove it",
        ),
        Check(
            expression="variables.gates.all(g, g.name.startsWith('kueue.x-k8s.io/'))",
            field="spec.schedulingGates",
            value="'\"' + variables.gates.filter(g, !g.name.startsWith('kueue.x-k8s.io/'))[0].name + '\"'",
            what="is not a gate of the queue",
            fix="Remove it: nobody would open it",
        ),
        Check(
            expression=f"request.operation == 'CREATE' || variables.byPlatform || variables.gates == oldObject.{GATES}",
            field="spec.schedulingGates",
            what="of a pod that waits in the queue are opened by the queue only",
            fix="Wait, or ask for less",
        ),
    ),
    attacks=("A20",),
)

RUNTIME_CLASS = Rule(
    name="pod-runtime-class",
    family=FAMILY,
    targets=CREATED,
    checks=(
        Check(
            expression="object.spec.?runtimeClassName.orValue('') == ''",
            field="spec.runtimeClassName",
            value="'\"' + object.spec.runtimeClassName + '\"'",
            what="is not for teams to choose",
            fix="Remove it: every pod has the cluster's own runtime",
        ),
    ),
    attacks=("A17",),
)

RESOURCES = Rule(
    name="pod-resources",
    family=FAMILY,
    targets=(*CREATED, Target(plurals=("pods/resize",), operations=("UPDATE",))),
    parametrised=True,
    variables=(
        ("allowed", listed("resource-names")),
        (
            "asked",
            (
                f"{CONTAINERS}.map(c, c.?resources.?requests.orValue({{}}))"
                f" + {CONTAINERS}.map(c, c.?resources.?limits.orValue({{}}))"
                " + [object.spec.?resources.?requests.orValue({}), object.spec.?resources.?limits.orValue({})]"
            ),
        ),
        ("foreign", "variables.asked.filter(r, r.exists(name, !(name in variables.allowed)))"),
    ),
    checks=(
        Check(
            expression="size(variables.foreign) == 0",
            field="spec.containers[*].resources",
            value="'\"' + variables.foreign[0].filter(name, !(name in variables.allowed))[0] + '\"'",
            what="is not a resource that this team may ask for",
            fix="Remove it, or have GPUs written into the team's quota",
        ),
        Check(
            expression="size(object.spec.?resourceClaims.orValue([])) == 0",
            field="spec.resourceClaims",
            what="would hold devices past the team's quota",
            fix="Remove it, and ask for GPUs with resources.limits",
        ),
    ),
    attacks=("A23", "A24"),
)

VOLUMES = Rule(
    name="pod-volumes",
    family=FAMILY,
    targets=CREATED,
    variables=(("inline", "object.spec.?volumes.orValue([]).filter(v, has(v.csi))"),),
    checks=(
        Check(
            # Pod Security lets them through, and what a driver does for a pod is the driver's own business.
            expression="size(variables.inline) == 0",
            field="spec.volumes[*].csi",
            value="'\"' + variables.inline[0].csi.driver + '\"'",
            what="is a driver that pods may not call by themselves",
            fix="Use a PersistentVolumeClaim",
        ),
    ),
    attacks=("A30",),
)

RULES = (PRIORITY, SCHEDULER, RUNTIME_CLASS, RESOURCES, VOLUMES)
