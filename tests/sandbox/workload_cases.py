"""Workflows, models and other kinds that carry pods: what is admitted, and the one field that is refused."""

from __future__ import annotations

from typing import Any

from tests.sandbox.case import Case, changed, obj

STEP = {"name": "main", "container": {"image": "python:3.12", "command": ["true"]}}
ARTIFACT = {"name": "model", "path": "/model", "s3": {"key": "models/1"}}
SPEC = {
    "entrypoint": "all",
    "serviceAccountName": "pipeline-runner",
    "templates": [
        STEP,
        {"name": "dag", "dag": {"tasks": [{"name": "a", "template": "main"}]}},
        {"name": "all", "steps": [[{"name": "a", "template": "main"}]]},
        {"name": "save", "container": {"image": "python:3.12"}, "outputs": {"artifacts": [ARTIFACT]}},
    ],
}
ARGO = "argoproj.io/v1alpha1"
WORKFLOW = obj(ARGO, "Workflow", spec=SPEC)
TEMPLATE = obj(ARGO, "WorkflowTemplate", spec=SPEC)
CRON = obj(ARGO, "CronWorkflow", spec={"schedules": ["0 * * * *"], "workflowSpec": SPEC})
SCHEDULED = obj("kubeflow.org/v1beta1", "ScheduledWorkflow", spec={"enabled": True, "workflow": {"spec": SPEC}})
VIEWER = obj("kubeflow.org/v1beta1", "Viewer", spec={"type": "tensorboard", "podTemplateSpec": {"spec": {}}})

UNIT: dict[str, Any] = {
    "name": "model",
    "implementation": "MLFLOW_SERVER",
    "modelUri": "s3://models/1",
    "serviceAccountName": "serving",
    "envSecretRefName": "rclone",
}
MODEL = obj(
    "machinelearning.seldon.io/v1",
    "SeldonDeployment",
    spec={
        "protocol": "v2",
        "predictors": [
            {
                "name": "stable",
                "graph": {**UNIT, "children": [{**UNIT, "name": "next"}]},
                "componentSpecs": [{"spec": {"containers": [{"name": "model", "image": "python:3.12"}]}}],
            }
        ],
    },
)

ACCOUNT = "spec.serviceAccountName or one of a template, of executor or of artifactGC is no account of workloads"
CLUSTER = "spec.templateRef.clusterScope runs a template that is not this team's"
STORE = "spec.templates.artifacts is outside of the team's bucket, or its key leaves its folder"
PATCH = "spec.podSpecPatch changes pods after they were read here"
INLINE = "spec.templates.inline hides a template inside of another, where no rule reads it"
PLUGIN = "spec.templates.plugin runs what no pod spec shows"
RESOURCE = "spec.templates.resource makes objects that no person signed"
PRIVILEGED = "containers.securityContext asks for more than Pod Security restricted allows"
HOST = "hostNetwork shares the node's network, processes or memory"
TOLERATION = "tolerations is not one that this team may have"
PRIORITY = "priorityClassName is another tier's or the cluster's own"
GRAPH_ACCOUNT = (
    "spec.predictors.graph.serviceAccountName or that of a component or explainer is no account of workloads"
)
MANY = "spec.predictors.replicas is above serving.max_replicas of the team"
URI = "spec.predictors.graph.modelUri is no address of a store: it names an rclone configuration, or leaves its folder"
SOMEWHERE = [{"key": "nvidia.com/gpu", "operator": "Exists"}]
"""Without an effect it tolerates NoExecute, too."""

FIELDS: tuple[tuple[str, str, Any, str], ...] = (
    ("references", "serviceAccountName", "argo", ACCOUNT),
    ("references", "executor", {"serviceAccountName": "argo"}, ACCOUNT),
    ("references", "artifactGC", {"serviceAccountName": "argo"}, ACCOUNT),
    ("references", "templateDefaults", {"serviceAccountName": "argo"}, ACCOUNT),
    ("references", "templates.0.serviceAccountName", "argo", ACCOUNT),
    ("references", "templates.0.executor", {"serviceAccountName": "argo"}, ACCOUNT),
    ("references", "templates.3.outputs.artifacts.0.artifactGC", {"serviceAccountName": "argo"}, ACCOUNT),
    ("references", "podSpecPatch", '{"hostNetwork": true}', PATCH),
    ("references", "templates.0.podSpecPatch", '{"hostNetwork": true}', PATCH),
    ("references", "workflowTemplateRef", {"name": "x", "clusterScope": True}, CLUSTER),
    (
        "references",
        "templates.1.dag.tasks.0.templateRef",
        {"name": "x", "template": "y", "clusterScope": True},
        CLUSTER,
    ),
    ("references", "templates.2.steps.0.0.templateRef", {"name": "x", "template": "y", "clusterScope": True}, CLUSTER),
    ("references", "hooks", {"exit": {"templateRef": {"name": "x", "clusterScope": True}}}, CLUSTER),
    ("references", "templates.2.steps.0.0.hooks", {"exit": {"templateRef": {"clusterScope": True}}}, CLUSTER),
    ("references", "templates.1.dag.tasks.0.inline", STEP, INLINE),
    ("references", "templates.2.steps.0.0.inline", STEP, INLINE),
    ("references", "templates.0.resource", {"action": "create", "manifest": "kind: RoleBinding"}, RESOURCE),
    ("references", "templates.0.plugin", {"x": {}}, PLUGIN),
    (
        "references",
        "artifactRepositoryRef",
        {"configMap": "x"},
        'spec.artifactRepositoryRef.configMap "x" is not the team\'s artifact repository',
    ),
    ("references", "templates.3.outputs.artifacts.0.s3.key", "../nlp/models", STORE),
    ("references", "templates.3.outputs.artifacts.0.s3.bucket", "tenantry-sandbox-nlp-artifacts", STORE),
    ("references", "templates.3.archiveLocation", {"gcs": {"bucket": "b", "key": "k"}}, STORE),
    ("references", "arguments", {"artifacts": [{"name": "a", "s3": {"key": "/etc"}}]}, STORE),
    ("pods", "hostNetwork", True, f"spec.templates.{HOST}"),
    ("pods", "tolerations", SOMEWHERE, f"spec.templates.{TOLERATION}"),
    ("pods", "templates.0.tolerations", [{"operator": "Exists"}], f"spec.templates.{TOLERATION}"),
    ("pods", "podPriorityClassName", "system-node-critical", f"spec.templates.{PRIORITY}"),
    ("pods", "templates.0.priorityClassName", "system-node-critical", f"spec.templates.{PRIORITY}"),
    ("pods", "schedulerName", "evil", "spec.templates.schedulerName is not the cluster's scheduler"),
    (
        "pods",
        "templates.0.nodeSelector",
        {"kubernetes.io/hostname": "h100-0"},
        "spec.templates.nodeSelector chooses a node past the queue",
    ),
    (
        "pods",
        "volumes",
        [{"name": "v", "hostPath": {"path": "/"}}],
        "spec.templates.volumes mounts a folder of the node",
    ),
    ("pods", "templates.0.container.securityContext", {"privileged": True}, f"spec.templates.{PRIVILEGED}"),
    (
        "pods",
        "templates.0.sidecars",
        [{"name": "s", "securityContext": {"runAsUser": 0}}],
        f"spec.templates.{PRIVILEGED}",
    ),
    (
        "pods",
        "templates.0.initContainers",
        [{"name": "s", "securityContext": {"privileged": True}}],
        f"spec.templates.{PRIVILEGED}",
    ),
)
"""Rule, field below a Workflow's spec, value, first sentence."""

WORKFLOWS = tuple(Case(f"workflow-{rule}", WORKFLOW, f"spec.{path}", value, says) for rule, path, value, says in FIELDS)
OTHERS = tuple(
    Case(f"workflow-{rule}", carrier, f"{prefix}.{path}", value, says)
    for carrier, prefix in ((TEMPLATE, "spec"), (CRON, "spec.workflowSpec"), (SCHEDULED, "spec.workflow.spec"))
    for rule, path, value, says in (FIELDS[0], FIELDS[18], FIELDS[23])
)
"""One field of every rule, in the other kinds that carry a Workflow."""

COMPONENT = "spec.predictors.0.componentSpecs.0.spec"
MODELS = (
    Case("model-sources", MODEL, "spec.predictors.0.graph.serviceAccountName", "seldon-manager", GRAPH_ACCOUNT),
    Case("model-sources", MODEL, "spec.predictors.0.graph.children.0.serviceAccountName", "x", GRAPH_ACCOUNT),
    Case("model-sources", MODEL, f"{COMPONENT}.serviceAccountName", "seldon-manager", GRAPH_ACCOUNT),
    Case(
        "model-sources", MODEL, "spec.predictors.0.explainer", {"type": "ALE", "serviceAccountName": "x"}, GRAPH_ACCOUNT
    ),
    Case("model-sources", MODEL, "spec.predictors.0.graph.modelUri", ":s3,env_auth=true:nlp/models", URI),
    Case("model-sources", MODEL, "spec.predictors.0.graph.children.0.modelUri", "s3://models/../nlp", URI),
    Case(
        "model-sources",
        MODEL,
        "spec.predictors.0.graph.storageInitializerImage",
        "evil/image:1",
        "spec.predictors.graph.storageInitializerImage runs another program with the store's keys",
    ),
    Case("model-pods", MODEL, "spec.predictors.0.replicas", 9, MANY),
    Case("model-pods", MODEL, "spec.predictors.0.componentSpecs.0.hpaSpec", {"maxReplicas": 9}, MANY),
    Case("model-pods", MODEL, f"{COMPONENT}.hostNetwork", True, f"spec.predictors.componentSpecs.spec.{HOST}"),
    Case(
        "model-pods", MODEL, f"{COMPONENT}.tolerations", SOMEWHERE, f"spec.predictors.componentSpecs.spec.{TOLERATION}"
    ),
    Case(
        "model-pods",
        MODEL,
        f"{COMPONENT}.nodeName",
        "h100-0",
        "spec.predictors.componentSpecs.spec.nodeName chooses a node past the scheduler",
    ),
    Case(
        "model-pods",
        MODEL,
        f"{COMPONENT}.priorityClassName",
        "tenantry-small",
        f"spec.predictors.componentSpecs.spec.{PRIORITY}",
    ),
    Case(
        "model-pods",
        MODEL,
        f"{COMPONENT}.runtimeClassName",
        "x",
        "spec.predictors.componentSpecs.spec.runtimeClassName changes how containers are fenced",
    ),
    Case(
        "model-pods",
        MODEL,
        f"{COMPONENT}.volumes",
        [{"name": "v", "hostPath": {"path": "/"}}],
        "spec.predictors.componentSpecs.spec.volumes mounts a folder of the node",
    ),
    Case(
        "model-pods",
        MODEL,
        f"{COMPONENT}.containers.0.securityContext",
        {"privileged": True},
        f"spec.predictors.componentSpecs.spec.{PRIVILEGED}",
    ),
    Case("workflow-pods", VIEWER, "spec.podTemplateSpec.spec.hostNetwork", True, f"spec.templates.{HOST}"),
)
DEEP = changed(
    MODEL, "spec.predictors.0.graph.children.0.children", [{**UNIT, "children": [{**UNIT, "children": [UNIT]}]}]
)
"""A graph of five levels."""
