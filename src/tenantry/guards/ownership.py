"""Whose objects are whose: what Tenantry made stays as Tenantry made it."""

from __future__ import annotations

from tenantry import names
from tenantry.guards.cel import BY_PLATFORM, listing
from tenantry.guards.exclusive import ALWAYS, exclusive, kinds
from tenantry.guards.parameters import NAME
from tenantry.guards.rule import Check, Rule, Target
from tenantry.serving.words import GROUP, MANAGER

FAMILY = "ownership"

_OWNED = (
    "({0} != null && {0}.?metadata.?labels.orValue({{}}).exists(key, key == '" + names.TENANT_LABEL + "' || "
    "(key == '" + names.MANAGED_BY_LABEL + "' && {0}.metadata.labels[key] == '" + names.MANAGED_BY + "')))"
)
OWNED = f"{_OWNED.format('oldObject')} || {_OWNED.format('object')}"
"""Whether an object carries the platform's labels, before the request or after it."""

_NAME = "(oldObject != null ? oldObject : object).?metadata.?name.orValue('')"
"""Name of the object: when a collection is deleted, the request has none."""

REPORTED = (
    f"(request.subResource == 'status' && request.resource.group == '{GROUP}'"
    f" && request.userInfo.username == 'system:serviceaccount:' + request.namespace + ':{MANAGER}')"
)
"""Whether a team's Seldon operator says how one of the platform's models is: the API server takes only the status."""

OBJECTS = Rule(
    name="owned-objects",
    family=FAMILY,
    # Kinds of the whole cluster too: queues, priorities and the like.
    targets=(Target(group="*", plurals=("*", "*/status", "*/scale"), operations=ALWAYS),),
    # Namespaces are `owned-namespaces`' business: a request that removes their label is not looked at here.
    conditions=(
        ("owned", f"request.resource.resource != 'namespaces' && ({OWNED})"),
        ("written", f"!{REPORTED}"),
    ),
    variables=(BY_PLATFORM,),
    checks=(
        Check(
            expression="variables.byPlatform",
            field="metadata.labels",
            value=f"'of ' + request.kind.kind + ' \"' + {_NAME} + '\"'",
            what="make it the platform's: it can be neither made, changed, relabelled nor deleted by hand",
            fix=f"Change the tenant's file instead; or leave the labels {names.TENANT_LABEL} and "
            f"{names.MANAGED_BY_LABEL}={names.MANAGED_BY} out",
        ),
    ),
    attacks=("A04", "A05", "A11", "A37"),
)

NAMESPACES = Rule(
    name="owned-namespaces",
    family=FAMILY,
    targets=(Target(plurals=("namespaces", "namespaces/status", "namespaces/finalize"), operations=ALWAYS),),
    # A selector of namespaces looks at the labels that the request leaves, and so not at those that it takes.
    namespaces="all",
    conditions=(("owned", OWNED),),
    variables=(BY_PLATFORM,),
    checks=(
        Check(
            expression="variables.byPlatform",
            field="metadata",
            value=f"'of namespace \"' + {_NAME} + '\"'",
            what="is the platform's: it holds the pod security level, the tier and the tenant's label",
            fix="Change the tenant's file instead",
        ),
    ),
    attacks=("A11", "A12", "A13"),
)

RESERVED = {
    "configmaps": (NAME, "artifact-repositories", "kfp-launcher", "seldon-config", "workflow-controller-configmap"),
    "secrets": ("kfp-mlflow-credentials", "mlpipeline-minio-artifact"),
}
"""Names under which the rules, Pipelines, Argo and Seldon look for their settings: who writes them, steers those."""

_RESERVED = " || ".join(
    f"(request.resource.resource == '{plural}' && {_NAME} in {listing(reserved)})"
    for plural, reserved in RESERVED.items()
)
NAMES = Rule(
    name="reserved-names",
    family=FAMILY,
    targets=(Target(plurals=tuple(RESERVED), operations=ALWAYS),),
    conditions=(("reserved", f"({_RESERVED})"),),
    variables=(BY_PLATFORM,),
    checks=(
        Check(
            expression="variables.byPlatform",
            field="metadata.name",
            value=f"'\"' + {_NAME} + '\"'",
            what="is read by a part of the platform, and written by the platform alone",
            fix="Choose another name",
        ),
    ),
    attacks=("A37", "A55"),
)

OWNERS = {
    "": (
        "ConfigMap",
        "Endpoints",
        "PersistentVolumeClaim",
        "Pod",
        "Secret",
        "Service",
        "ServiceAccount",
    ),
    "apps": ("ControllerRevision", "Deployment", "ReplicaSet", "StatefulSet"),
    "argoproj.io": ("CronWorkflow", "Workflow", "WorkflowTaskSet", "WorkflowTemplate"),
    "autoscaling": ("HorizontalPodAutoscaler",),
    "batch": ("CronJob", "Job"),
    "kubeflow.org": ("ScheduledWorkflow", "Viewer"),
    "kueue.x-k8s.io": ("LocalQueue", "Workload"),
    "machinelearning.seldon.io": ("SeldonDeployment",),
    "networking.k8s.io": ("Ingress",),
    "pipelines.kubeflow.org": ("Pipeline", "PipelineVersion"),
}
"""Kinds of a namespace that own others. Whatever is missing may be of the whole cluster."""

_GROUP = "(r.apiVersion.contains('/') ? r.apiVersion.split('/')[0] : '')"
_KINDS = listing(f"{kind}.{group}" for group, owners in OWNERS.items() for kind in owners)
OWNER_REFERENCES = Rule(
    name="owner-references",
    family=FAMILY,
    targets=(Target(group="*", plurals=("*",)),),
    conditions=(
        ("owned", "request.namespace != '' && size(object.?metadata.?ownerReferences.orValue([])) > 0"),
        (
            "changed",
            "oldObject == null || object.metadata.ownerReferences != oldObject.?metadata.?ownerReferences.orValue([])",
        ),
    ),
    variables=(
        BY_PLATFORM,
        ("foreign", f"object.metadata.ownerReferences.filter(r, !((r.kind + '.' + {_GROUP}) in {_KINDS}))"),
    ),
    checks=(
        Check(
            expression="variables.byPlatform || size(variables.foreign) == 0",
            field="metadata.ownerReferences",
            value="'to ' + variables.foreign[0].kind + ' \"' + variables.foreign[0].name + '\"'",
            what="is to a kind that owns nothing in a tenant's namespace",
            fix="Remove it",
        ),
    ),
    attacks=("A53",),
    severity="medium",
)

RIGHTS = exclusive(
    name="rights-and-limits",
    family=FAMILY,
    targets=(
        kinds("", "limitranges", "resourcequotas"),
        # The token of a service account, too, is only the kubelet's to ask for.
        Target(plurals=("serviceaccounts", "serviceaccounts/token"), operations=ALWAYS),
        Target(group="rbac.authorization.k8s.io", plurals=("rolebindings", "roles"), operations=ALWAYS),
        kinds("kueue.x-k8s.io", "localqueues", "workloads"),
    ),
    why="it says what the team may do and hold",
    fix="Ask for it in the tenant's file",
    attacks=("A04", "A07", "A09", "A44"),
)

NETWORK = exclusive(
    name="network-policies",
    family=FAMILY,
    targets=(
        kinds("networking.k8s.io", "networkpolicies"),
        kinds("cilium.io", "ciliumnetworkpolicies"),
        kinds("crd.projectcalico.org", "networkpolicies"),
        kinds("projectcalico.org", "networkpolicies"),
    ),
    why="policies add up, and one opens what all others close",
    fix="Declare the destination below network.egress in the tenant's file",
    attacks=("A06",),
)

RULES = (OBJECTS, NAMESPACES, NAMES, OWNER_REFERENCES, RIGHTS, NETWORK)
