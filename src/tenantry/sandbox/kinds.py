"""The kinds of other projects that the components use, and what a bare API server must know to serve them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

Json = dict[str, Any]


@dataclass(frozen=True)
class Kind:
    """One kind that a CustomResourceDefinition adds."""

    group: str
    kind: str
    plural: str
    versions: tuple[str, ...]
    """Served versions; the first is the stored one."""
    namespaced: bool = True

    @property
    def name(self) -> str:
        """Name of its CustomResourceDefinition."""
        return f"{self.plural}.{self.group}"


_ARGO: Final = "argoproj.io"
_MONITORING: Final = "monitoring.coreos.com"
_KUEUE: Final = ("kueue.x-k8s.io", ("v1beta2", "v1beta1"))
_ISTIO_NETWORK: Final = ("networking.istio.io", ("v1", "v1beta1", "v1alpha3"))
_ISTIO_SECURITY: Final = ("security.istio.io", ("v1", "v1beta1"))

KINDS: Final = (
    Kind("machinelearning.seldon.io", "SeldonDeployment", "seldondeployments", ("v1", "v1alpha3", "v1alpha2")),
    Kind(_ARGO, "Workflow", "workflows", ("v1alpha1",)),
    Kind(_ARGO, "WorkflowTemplate", "workflowtemplates", ("v1alpha1",)),
    Kind(_ARGO, "CronWorkflow", "cronworkflows", ("v1alpha1",)),
    Kind(_ARGO, "ClusterWorkflowTemplate", "clusterworkflowtemplates", ("v1alpha1",), namespaced=False),
    Kind(_ARGO, "WorkflowArtifactGCTask", "workflowartifactgctasks", ("v1alpha1",)),
    Kind(_ARGO, "WorkflowEventBinding", "workfloweventbindings", ("v1alpha1",)),
    Kind(_ARGO, "WorkflowTaskResult", "workflowtaskresults", ("v1alpha1",)),
    Kind(_ARGO, "WorkflowTaskSet", "workflowtasksets", ("v1alpha1",)),
    Kind("kubeflow.org", "ScheduledWorkflow", "scheduledworkflows", ("v1beta1",)),
    Kind("kubeflow.org", "Viewer", "viewers", ("v1beta1",)),
    Kind("pipelines.kubeflow.org", "Pipeline", "pipelines", ("v2beta1",)),
    Kind("pipelines.kubeflow.org", "PipelineVersion", "pipelineversions", ("v2beta1",)),
    Kind(_MONITORING, "Prometheus", "prometheuses", ("v1",)),
    Kind(_MONITORING, "Alertmanager", "alertmanagers", ("v1",)),
    Kind(_MONITORING, "AlertmanagerConfig", "alertmanagerconfigs", ("v1alpha1",)),
    Kind(_MONITORING, "ServiceMonitor", "servicemonitors", ("v1",)),
    Kind(_MONITORING, "PodMonitor", "podmonitors", ("v1",)),
    Kind(_MONITORING, "PrometheusRule", "prometheusrules", ("v1",)),
    Kind(_MONITORING, "Probe", "probes", ("v1",)),
    Kind(_MONITORING, "ScrapeConfig", "scrapeconfigs", ("v1alpha1",)),
    Kind(_KUEUE[0], "ClusterQueue", "clusterqueues", _KUEUE[1], namespaced=False),
    Kind(_KUEUE[0], "LocalQueue", "localqueues", _KUEUE[1]),
    Kind(_KUEUE[0], "ResourceFlavor", "resourceflavors", _KUEUE[1], namespaced=False),
    Kind(_KUEUE[0], "Cohort", "cohorts", _KUEUE[1], namespaced=False),
    Kind(_KUEUE[0], "Workload", "workloads", _KUEUE[1]),
    Kind(_KUEUE[0], "WorkloadPriorityClass", "workloadpriorityclasses", _KUEUE[1], namespaced=False),
    Kind(_KUEUE[0], "AdmissionCheck", "admissionchecks", _KUEUE[1], namespaced=False),
    Kind(_KUEUE[0], "Topology", "topologies", _KUEUE[1], namespaced=False),
    Kind(_ISTIO_NETWORK[0], "VirtualService", "virtualservices", _ISTIO_NETWORK[1]),
    Kind(_ISTIO_NETWORK[0], "DestinationRule", "destinationrules", _ISTIO_NETWORK[1]),
    Kind(_ISTIO_NETWORK[0], "Gateway", "gateways", _ISTIO_NETWORK[1]),
    Kind(_ISTIO_NETWORK[0], "ServiceEntry", "serviceentries", _ISTIO_NETWORK[1]),
    Kind(_ISTIO_NETWORK[0], "Sidecar", "sidecars", _ISTIO_NETWORK[1]),
    Kind(_ISTIO_SECURITY[0], "AuthorizationPolicy", "authorizationpolicies", _ISTIO_SECURITY[1]),
    Kind(_ISTIO_SECURITY[0], "PeerAuthentication", "peerauthentications", _ISTIO_SECURITY[1]),
    Kind(_ISTIO_SECURITY[0], "RequestAuthentication", "requestauthentications", _ISTIO_SECURITY[1]),
    Kind("telemetry.istio.io", "Telemetry", "telemetries", ("v1alpha1", "v1")),
)
"""Sources: the definitions of Seldon Core 1.17.1, Argo Workflows 3, Kubeflow Pipelines 2.17.0, Prometheus operator
0.93, Kueue 0.19.2 and Istio 1.2x, as Kubeflow 26.03 ships it."""


def permissive(kind: Kind) -> Json:
    """A definition that accepts any content: it proves names, versions and scope, and no fields."""
    schema = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": kind.name},
        "spec": {
            "group": kind.group,
            "names": {
                "kind": kind.kind,
                "listKind": f"{kind.kind}List",
                "plural": kind.plural,
                "singular": kind.kind.lower(),
            },
            "scope": "Namespaced" if kind.namespaced else "Cluster",
            "versions": [
                {
                    "name": version,
                    "served": True,
                    "storage": version == kind.versions[0],
                    "schema": {"openAPIV3Schema": schema},
                    "subresources": {"status": {}},
                }
                for version in kind.versions
            ],
        },
    }
