"""Seldon: what a model's deployment may ask for."""

from __future__ import annotations

from tenantry import names
from tenantry.guards import embedded
from tenantry.guards.cel import CHANGED
from tenantry.guards.parameters import MODEL_REPLICAS, MODELS_BY_HAND, NO_LIMIT
from tenantry.guards.rule import Check, Rule, Target
from tenantry.models.gates import GATE_ANNOTATION

FAMILY = "serving"
DEPLOYMENTS = (Target(group="machinelearning.seldon.io", plurals=("seldondeployments",)),)
DEPTH = 4
"""Levels of an inference graph that a rule reads. CEL has no recursion, so deeper graphs are refused."""


_URI = "!{0}.?modelUri.orValue('').startsWith(':') && !{0}.?modelUri.orValue('').contains('..')"


def graph(condition: str) -> str:
    """True where the condition holds of every unit of every predictor's graph, `{0}` being the unit."""
    return f"variables.predictors.all(q, [?q.?graph].all(u1, {_nested(condition, 1)}))"


def _nested(condition: str, level: int) -> str:
    unit = f"u{level}"
    here = condition.format(unit)
    if level == DEPTH:
        return f"{here} && size({unit}.?children.orValue([])) == 0"
    return f"{here} && {unit}.?children.orValue([]).all(u{level + 1}, {_nested(condition, level + 1)})"


MODELS = Rule(
    name="model-sources",
    family=FAMILY,
    targets=DEPLOYMENTS,
    conditions=(CHANGED,),
    variables=(("predictors", "object.?spec.?predictors.orValue([])"),),
    checks=(
        Check(
            expression=graph("true"),
            field="spec.predictors.graph.children",
            what=f"is deeper than {DEPTH} levels, further than a rule can read",
            fix="Split the graph",
        ),
        Check(
            expression=graph(f"{{0}}.?serviceAccountName.orValue('') in {embedded.ACCOUNTS}")
            + " && variables.predictors.all(q,"
            f" q.?explainer.?serviceAccountName.orValue('') in {embedded.ACCOUNTS}"
            " && q.?componentSpecs.orValue([]).all(c,"
            f" c.?spec.?serviceAccountName.orValue('') in {embedded.ACCOUNTS}"
            f" && c.?spec.?serviceAccount.orValue('') in {embedded.ACCOUNTS}))",
            field="spec.predictors.graph.serviceAccountName",
            what="or that of a component or explainer is no account of workloads",
            fix="Leave it out, or name serving",
        ),
        Check(
            # An rclone remote that is written into the address brings its own endpoint and keys.
            expression=graph(_URI) + f" && variables.predictors.all(q, [?q.?explainer].all(e, {_URI.format('e')}))",
            field="spec.predictors.graph.modelUri",
            what="is no address of a store: it names an rclone configuration, or leaves its folder",
            fix="Write s3://bucket/path, and the store's settings into the Secret",
        ),
        Check(
            expression=graph("{0}.?storageInitializerImage.orValue('') == ''")
            + " && variables.predictors.all(q, q.?explainer.?storageInitializerImage.orValue('') == '')",
            field="spec.predictors.graph.storageInitializerImage",
            what="runs another program with the store's keys",
            fix="Remove it",
        ),
    ),
    attacks=("A40", "A42"),
)

PODS = Rule(
    name="model-pods",
    family=FAMILY,
    targets=DEPLOYMENTS,
    parametrised=True,
    conditions=(CHANGED,),
    variables=(
        ("predictors", "object.?spec.?predictors.orValue([])"),
        # One list a predictor. An explainer's container counts as a pod of its own.
        ("pods", "variables.predictors.map(q, q.?componentSpecs.orValue([]).map(c, c.?spec.orValue({})))"),
        (
            "containers",
            (
                "variables.pods.map(list, list.map(p, p.?containers.orValue([]) + p.?initContainers.orValue([])))"
                " + [variables.predictors.map(q, [?q.?explainer.?containerSpec])]"
            ),
        ),
        *embedded.PARAMETERS,
        ("most", f"int(params.data[?'{MODEL_REPLICAS}'].orValue('{NO_LIMIT}'))"),
    ),
    checks=(
        *embedded.checks("spec.predictors.componentSpecs.spec"),
        Check(
            expression="variables.predictors.all(q, q.?replicas.orValue(1) <= variables.most"
            " && q.?componentSpecs.orValue([]).all(c, c.?replicas.orValue(1) <= variables.most"
            " && c.?hpaSpec.?maxReplicas.orValue(1) <= variables.most"
            " && c.?kedaSpec.?maxReplicaCount.orValue(1) <= variables.most))",
            field="spec.predictors.replicas",
            what="is above serving.max_replicas of the team",
            fix="Ask for fewer, or have it raised in the team's file",
        ),
    ),
    attacks=("A15", "A18", "A19", "A21", "A40"),
)

GATE = Rule(
    name="model-gate",
    family=FAMILY,
    targets=DEPLOYMENTS,
    parametrised=True,
    # Not where finalizers go or the operator writes its status.
    conditions=(
        (
            "judged",
            (
                "oldObject == null || object.?spec != oldObject.?spec"
                " || object.?metadata.?annotations != oldObject.?metadata.?annotations"
            ),
        ),
    ),
    variables=(
        # Nobody but the platform may make an object with its label (rule `owned-objects`).
        ("fromFile", f"'{names.TENANT_LABEL}' in object.?metadata.?labels.orValue({{}})"),
        ("gate", f"object.?metadata.?annotations[?'{GATE_ANNOTATION}'].orValue('missing')"),
    ),
    checks=(
        Check(
            expression=f"variables.fromFile || params.data[?'{MODELS_BY_HAND}'].orValue('') == 'allowed'",
            field="metadata.labels",
            what="come from no model's file, so nobody has approved it, as this team's tier demands",
            fix="Write the model into tenants/<id>/models/",
        ),
        Check(
            expression="!variables.fromFile || variables.gate in ['passed', 'overridden']",
            field="metadata.annotations.gate",
            value="'\"' + variables.gate + '\"'",
            what="is the gate's verdict on what the model has shown: it gets no traffic",
            fix="tenantry check says what is missing",
        ),
    ),
    attacks=("A40",),
)

RULES = (MODELS, PODS, GATE)
