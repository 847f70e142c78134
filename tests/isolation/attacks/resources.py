"""Kinds that hold data, devices and other projects' settings: A24, A30, A35 to A38, A40 to A43, A53."""

from __future__ import annotations

from tests.isolation.attack import ADMIN, DEVELOPER, EVERYBODY, RUNNER, SELDON, Attack
from tests.isolation.attacks.access import at, attempt
from tests.isolation.attacks.network import refused_by
from tests.isolation.attacks.pods import devices
from tests.isolation.calls import Call, Json, create, delete, merge
from tests.isolation.guards import denied, either, exceeded, forbidden
from tests.isolation.objects import IMAGE, container, obj, pod, pod_spec


def claim(**spec: object) -> Call:
    """A claim of a volume, in one field another than an ordinary one."""
    whole = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}} | spec
    return create("persistentvolumeclaims", obj("v1", "PersistentVolumeClaim", spec=whole))


def claims(name: str, call: Call, words: str, control: Call | None = None, *, update: bool = False) -> Attack:
    """A claim that developers may write, were it another."""
    stop = denied("volume-claims", words, update=update)
    return Attack(row="A30", name=name, call=call, control=control or claim(), stops=(stop,), identities=EVERYBODY)


PVC = at("$own", "persistentvolumeclaims", "theirs")
STORAGE: tuple[Attack, ...] = (
    claims("volume-name", claim(volumeName="victims-disk"), "spec.volumeName"),
    claims("selector", claim(selector={"matchLabels": {"of": "victim"}}), "spec.selector"),
    claims(
        "storage-class", claim(storageClassName="platform"), "spec.storageClassName", claim(storageClassName="standard")
    ),
    claims("no-storage-class", claim(storageClassName=""), "spec.storageClassName", claim(storageClassName="standard")),
    claims(
        "update-volume-name",
        merge(PVC, {"spec": {"volumeName": "victims-disk"}}),
        "spec.volumeName",
        merge(PVC, {"metadata": {"labels": {"a": "b"}}}),
        update=True,
    ),
)

STORAGE += (
    Attack(
        row="A22",
        name="storage",
        call=claim(resources={"requests": {"storage": "200Gi"}}),
        control=claim(),
        stops=(exceeded("requests.storage"),),
        identities=EVERYBODY,
    ),
)
DEVICE = {"requests": [{"name": "gpu", "exactly": {"deviceClassName": "gpu"}}]}
ADMIN_DEVICE = {"requests": [{"name": "gpu", "exactly": {"deviceClassName": "gpu", "adminAccess": True}}]}
RESOURCE = "resource.k8s.io/v1"
CLAIMED = {"spec": {"devices": DEVICE}}
BY_QUOTA = create("pods", pod(devices("nvidia.com/gpu")))
"""The same device, asked for where it is counted."""
DEVICES = (
    attempt(
        "A24",
        "claim",
        create("resourceclaims", obj(RESOURCE, "ResourceClaim", **CLAIMED)),
        "create",
        "resourceclaims",
        denied("resource-claims"),
        exceeded("count/resourceclaims.resource.k8s.io"),
        role="developer",
        control=BY_QUOTA,
    ),
    attempt(
        "A24",
        "claim-template",
        create("resourceclaimtemplates", obj(RESOURCE, "ResourceClaimTemplate", spec=CLAIMED)),
        "create",
        "resourceclaimtemplates",
        denied("resource-claims"),
        exceeded("count/resourceclaimtemplates.resource.k8s.io"),
        role="developer",
        control=BY_QUOTA,
    ),
    attempt(
        "A24",
        "admin-access",
        create("resourceclaims", obj(RESOURCE, "ResourceClaim", spec={"devices": ADMIN_DEVICE})),
        "create",
        "resourceclaims",
        role="developer",
        reached="adminAccess",
    ),
)

ARGO = "argoproj.io/v1alpha1"


def step(**fields: object) -> Json:
    """One template of a workflow."""
    return {"name": "main", "container": {"image": IMAGE, "command": ["true"]}} | fields


def workflow(*templates: Json, **spec: object) -> Json:
    """A workflow of one step, in one field another than an ordinary one."""
    return obj(ARGO, "Workflow", spec={"entrypoint": "main", "templates": list(templates) or [step()]} | spec)


def workflows(row: str, name: str, bad: Json, rule: str, words: str = "") -> Attack:
    """A workflow by the account of Pipelines, which may write them."""
    good = create("workflows", workflow())
    stops = (denied(rule, words),)
    return Attack(
        row=row,
        name=name,
        call=create("workflows", bad),
        control=good,
        stops=stops,
        identities=(RUNNER,),
        route="workflow",
    )


def by_developers(attack: Attack, plural: str = "workflows") -> Attack:
    """The same by people, who may write none."""
    return Attack(
        row=attack.row,
        name=f"{attack.name}-by-hand",
        call=attack.call,
        control=attack.control,
        stops=(forbidden("create", plural, "developer"), *attack.stops),
        identities=(DEVELOPER, ADMIN),
        wide=True,
        route=attack.route,
    )


REFERENCES = ARTIFACTS = "workflow-references"
STEPS = "workflow-pods"
PATCH = '{"hostNetwork": true}'
BINDING = "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\n"
S3 = {"name": "out", "path": "/tmp/out"}


def output(**s3: str) -> Json:
    """A step that writes an artifact."""
    return step(outputs={"artifacts": [S3 | {"s3": s3}]})


ARGO_ATTACKS = (
    workflows("A35", "account", workflow(serviceAccountName="tenantry"), REFERENCES, "spec.serviceAccountName"),
    workflows("A35", "account-of-a-template", workflow(step(serviceAccountName="tenantry")), REFERENCES),
    workflows("A35", "account-of-the-executor", workflow(executor={"serviceAccountName": "tenantry"}), REFERENCES),
    workflows("A35", "pod-spec-patch", workflow(podSpecPatch=PATCH), REFERENCES, "spec.podSpecPatch"),
    workflows("A35", "pod-spec-patch-of-a-template", workflow(step(podSpecPatch=PATCH)), REFERENCES),
    workflows("A35", "host-network", workflow(hostNetwork=True), STEPS, "hostNetwork"),
    workflows("A35", "host-path", workflow(volumes=[{"name": "a", "hostPath": {"path": "/"}}]), STEPS, "volumes"),
    workflows(
        "A35", "privileged", workflow(step(container={"image": IMAGE, "securityContext": {"privileged": True}})), STEPS
    ),
    workflows("A35", "tolerations", workflow(tolerations=[{"operator": "Exists"}]), STEPS, "tolerations"),
    workflows("A36", "cluster-template", workflow(workflowTemplateRef={"name": "x", "clusterScope": True}), REFERENCES),
    workflows(
        "A36",
        "resource-template",
        workflow({"name": "main", "resource": {"action": "create", "manifest": BINDING}}),
        REFERENCES,
        "spec.templates.resource",
    ),
    workflows("A36", "key-above", workflow(output(key="../team-ab/model")), ARTIFACTS),
    workflows(
        "A36", "bucket-of-victim", workflow(output(key="model", bucket="tenantry-sandbox-team-ab-artifacts")), ARTIFACTS
    ),
    workflows(
        "A36",
        "other-repository",
        workflow(artifactRepositoryRef={"configMap": "theirs"}),
        ARTIFACTS,
        "artifactRepositoryRef",
    ),
)
WORKFLOWS = (
    *ARGO_ATTACKS,
    *map(by_developers, ARGO_ATTACKS),
    Attack(
        row="A36",
        name="update-artifacts",
        call=merge(
            at("$own", "workflows", "theirs", ARGO), {"spec": {"artifactRepositoryRef": {"configMap": "theirs"}}}
        ),
        control=merge(at("$own", "workflows", "theirs", ARGO), {"spec": {"priority": 1}}),
        stops=(denied(ARTIFACTS, update=True),),
        identities=(RUNNER,),
        route="workflow",
    ),
    Attack(
        row="A35",
        name="update-pods",
        call=merge(at("$own", "workflows", "theirs", ARGO), {"spec": {"hostNetwork": True}}),
        control=merge(at("$own", "workflows", "theirs", ARGO), {"spec": {"priority": 1}}),
        stops=(denied(STEPS, update=True),),
        identities=(RUNNER,),
        route="workflow",
    ),
)

SETTINGS = (
    ("configmaps", "kfp-launcher"),
    ("configmaps", "artifact-repositories"),
    ("secrets", "mlpipeline-minio-artifact"),
)
RESERVED = {"configmaps": obj("v1", "ConfigMap"), "secrets": obj("v1", "Secret")}
PIPELINES = (
    *(
        Attack(
            row="A37",
            name=f"{name}-{kept}",
            call=call,
            control=control,
            stops=(either(denied("owned-objects"), denied("reserved-names")),),
            identities=(ADMIN, *EVERYBODY),
        )
        for plural, kept in SETTINGS
        for name, call, control in (
            (
                "patch",
                merge(at("$own", plural, kept), {"metadata": {"annotations": {"a": "b"}}}),
                merge(at("$own", plural, "theirs"), {"metadata": {"annotations": {"a": "b"}}}),
            ),
            ("delete", delete(at("$own", plural, kept)), None),
        )
    ),
    Attack(
        row="A37",
        name="create-reserved",
        call=create("configmaps", obj("v1", "ConfigMap", metadata={"name": "workflow-controller-configmap"})),
        control=create("configmaps", obj("v1", "ConfigMap")),
        stops=(denied("reserved-names"),),
        identities=(ADMIN, *EVERYBODY),
    ),
    attempt(
        "A38",
        "schedule-in-victim",
        create("scheduledworkflows", obj("kubeflow.org/v1beta1", "ScheduledWorkflow"), "$other"),
        "create",
        "scheduledworkflows",
    ),
    attempt("A38", "workflow-in-victim", create("workflows", workflow(), "$other"), "create", "workflows"),
    attempt(
        "A38",
        "pipeline-of-victim",
        delete(at("$other", "pipelines", "theirs", "pipelines.kubeflow.org/v2beta1")),
        "delete",
        "pipelines",
        reached="not found",
    ),
    attempt(
        "A38",
        "runs-of-victim",
        Call(method="GET", path=at("$other", "workflows", "theirs", ARGO)),
        "get",
        "workflows",
        reached="not found",
    ),
)

SDEP = "machinelearning.seldon.io/v1"


def model(*, unit: Json | None = None, spec: Json | None = None) -> Json:
    """A SeldonDeployment of one model."""
    graph = {"name": "model", "implementation": "MLFLOW_SERVER", "modelUri": "s3://models/a"} | (unit or {})
    parts = [{"spec": spec}] if spec else [{"spec": {"containers": [{"name": "model"}]}}]
    predictor = {"name": "default", "graph": graph, "componentSpecs": parts}
    return obj(SDEP, "SeldonDeployment", spec={"predictors": [predictor]})


def models(row: str, name: str, bad: Json, rule: str, words: str = "") -> Attack:
    """A model by the account of Seldon, which may write them."""
    good = create("seldondeployments", model())
    stops = (denied(rule, words),)
    return Attack(
        row=row,
        name=name,
        call=create("seldondeployments", bad),
        control=good,
        stops=stops,
        identities=(SELDON,),
        route="seldon",
    )


MODEL, SOURCES = "model-pods", "model-sources"
OWN_SDEP = at("$own", "seldondeployments", "theirs", SDEP)
SELDON_ATTACKS = (
    models("A40", "account", model(spec=pod_spec(serviceAccountName="tenantry")), SOURCES),
    models("A40", "account-of-the-graph", model(unit={"serviceAccountName": "tenantry"}), SOURCES),
    models(
        "A40", "host-path", model(spec=pod_spec(volumes=[{"name": "a", "hostPath": {"path": "/"}}])), MODEL, "volumes"
    ),
    models("A40", "privileged", model(spec=pod_spec(container(securityContext={"privileged": True}))), MODEL),
    models(
        "A40",
        "privileged-init",
        model(spec=pod_spec(initContainers=[container("init", securityContext={"privileged": True})])),
        MODEL,
    ),
    models("A40", "node-name", model(spec=pod_spec(nodeName="h100-0")), MODEL, "nodeName"),
    models(
        "A40",
        "other-initializer",
        model(unit={"storageInitializerImage": "evil.example.com/x:1"}),
        SOURCES,
        "storageInitializerImage",
    ),
    models(
        "A42",
        "inline-store",
        model(unit={"modelUri": ":s3,provider=AWS,env_auth=true:victims/model"}),
        SOURCES,
        "modelUri",
    ),
    models("A42", "path-above", model(unit={"modelUri": "s3://models/../team-ab"}), SOURCES, "modelUri"),
)
SERVING = (
    *SELDON_ATTACKS,
    *(by_developers(attack, "seldondeployments") for attack in SELDON_ATTACKS),
    Attack(
        row="A40",
        name="update-pods",
        call=merge(OWN_SDEP, {"spec": model(spec=pod_spec(hostNetwork=True))["spec"]}),
        control=merge(OWN_SDEP, {"spec": {"name": "x"}}),
        stops=(denied(MODEL, update=True),),
        identities=(SELDON,),
        route="seldon",
    ),
    *(
        refused_by(
            "A41", plural, create(plural, obj("mlops.seldon.io/v1alpha1", kind)), plural, denied("shared-configuration")
        )
        for kind, plural in (
            ("Server", "servers"),
            ("ServerConfig", "serverconfigs"),
            ("SeldonConfig", "seldonconfigs"),
            ("SeldonRuntime", "seldonruntimes"),
        )
    ),
)

MONITORING = "monitoring.coreos.com/v1"


def monitor(endpoint: Json | None = None, **spec: object) -> Call:
    """A ServiceMonitor, in one field another than an ordinary one."""
    whole = {"selector": {}, "endpoints": [{"port": "metrics"} | (endpoint or {})]} | spec
    return create("servicemonitors", obj(MONITORING, "ServiceMonitor", spec=whole))


def alert(**rule: object) -> Call:
    """A PrometheusRule of one alert."""
    rules = [{"alert": "Slow", "expr": "vector(1)"} | rule]
    return create(
        "prometheusrules", obj(MONITORING, "PrometheusRule", spec={"groups": [{"name": "a", "rules": rules}]})
    )


def scrape(name: str, bad: Call, words: str = "") -> Attack:
    """A ServiceMonitor that looks further than its namespace."""
    return refused_by("A43", name, bad, "servicemonitors", denied("scrape-targets", words), control=monitor())


WATCHING = (
    scrape("any-namespace", monitor(namespaceSelector={"any": True}), "namespaceSelector"),
    scrape("victims-namespace", monitor(namespaceSelector={"matchNames": ["$other"]}), "namespaceSelector"),
    scrape("token-file", monitor({"bearerTokenFile": "/var/run/secrets/kubernetes.io/serviceaccount/token"})),
    scrape("proxy", monitor({"proxyUrl": "http://169.254.169.254"})),
    scrape("honor-labels", monitor({"honorLabels": True}), "honorLabels"),
    refused_by(
        "A43", "platforms-alert", alert(alert="TenantryDown"), "prometheusrules", denied("alert-rules"), control=alert()
    ),
    refused_by(
        "A43",
        "alert-of-victim",
        alert(labels={"namespace": "$other"}),
        "prometheusrules",
        denied("alert-rules"),
        control=alert(),
    ),
    refused_by(
        "A43",
        "probe",
        create("probes", obj(MONITORING, "Probe", spec={"prober": {"url": "169.254.169.254"}})),
        "probes",
        denied("shared-configuration"),
    ),
    refused_by(
        "A43",
        "silence",
        create("alertmanagerconfigs", obj("monitoring.coreos.com/v1alpha1", "AlertmanagerConfig")),
        "alertmanagerconfigs",
        denied("shared-configuration"),
    ),
    attempt(
        "A43",
        "monitors-of-victim",
        create("servicemonitors", obj(MONITORING, "ServiceMonitor"), "$other"),
        "create",
        "servicemonitors",
    ),
)


def owned_by(kind: str, api_version: str = "v1") -> Call:
    """A ConfigMap that something owns."""
    owner = {"apiVersion": api_version, "kind": kind, "name": "victim", "uid": "1", "blockOwnerDeletion": True}
    return create("configmaps", obj("v1", "ConfigMap", metadata={"name": "$name", "ownerReferences": [owner]}))


OWNING = (
    *(
        Attack(
            row="A53",
            name=f"owned-by-{kind.lower()}",
            call=owned_by(kind, version),
            control=owned_by("Pod"),
            stops=(denied("owner-references", kind),),
            identities=EVERYBODY,
        )
        for kind, version in (("Namespace", "v1"), ("Node", "v1"), ("ClusterRole", "rbac.authorization.k8s.io/v1"))
    ),
)

ATTACKS: tuple[Attack, ...] = (*STORAGE, *DEVICES, *WORKFLOWS, *PIPELINES, *SERVING, *WATCHING, *OWNING)
NEIGHBOURS: tuple[Json, ...] = (workflow(), model(), claim().body)
"""Objects called `theirs` that updates are tried on."""
