"""The kinds that live in a tenant's namespace: who may write them, and how many there may be.

One table for roles and quotas, so that no kind can be granted without a count. The counts keep one team
from filling etcd, whose default is 2 GiB for the whole cluster and 1.5 MiB an object; they are far above
what a team of twenty needs.
"""

from __future__ import annotations

from dataclasses import dataclass

CORE = ""
"""The API group of pods, services and the like."""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One namespaced kind."""

    group: str
    plural: str
    at_most: int = 0
    """Objects that a namespace may hold, whatever its size. 0 with `per_pod` 0 means none at all."""
    per_pod: int = 0
    """Objects more for every pod of the tenant's quota: finished pods and runs stay for a while."""
    written: bool = False
    """Whether developers write it. The others are made by controllers or by Tenantry, or by nobody."""
    lasting: bool = False
    """Whether developers are kept from deleting it: what is in it, no file brings back."""
    secret: bool = False
    """Whether viewers are kept from reading it."""

    @property
    def qualified(self) -> str:
        """Name with its group, as in `jobs.batch`."""
        return f"{self.plural}.{self.group}" if self.group else self.plural

    def limit(self, pods: int) -> int:
        """Objects that a namespace with a quota of so many running pods may hold."""
        return self.at_most + self.per_pod * pods


KINDS = (
    Kind(group=CORE, plural="configmaps", at_most=200, written=True),
    Kind(group=CORE, plural="persistentvolumeclaims", at_most=100, written=True, lasting=True),
    Kind(group=CORE, plural="pods", per_pod=10, written=True),
    Kind(group=CORE, plural="podtemplates"),
    Kind(group=CORE, plural="replicationcontrollers"),
    Kind(group=CORE, plural="secrets", at_most=100, written=True, secret=True),
    Kind(group=CORE, plural="serviceaccounts", at_most=20),
    Kind(group=CORE, plural="services", at_most=100, written=True),
    # On every node, whatever the quota of pods: no team's business.
    Kind(group="apps", plural="daemonsets"),
    Kind(group="apps", plural="deployments", at_most=100, written=True),
    # A Deployment keeps ten old ones.
    Kind(group="apps", plural="replicasets", at_most=1200),
    Kind(group="apps", plural="statefulsets", at_most=50, written=True),
    Kind(group="argoproj.io", plural="cronworkflows", at_most=50),
    Kind(group="argoproj.io", plural="workflowartifactgctasks", at_most=100, per_pod=5),
    Kind(group="argoproj.io", plural="workflows", at_most=100, per_pod=5),
    Kind(group="argoproj.io", plural="workflowtaskresults", at_most=100, per_pod=10),
    Kind(group="argoproj.io", plural="workflowtasksets", at_most=100, per_pod=5),
    Kind(group="argoproj.io", plural="workflowtemplates", at_most=100),
    Kind(group="autoscaling", plural="horizontalpodautoscalers", at_most=100, written=True),
    Kind(group="batch", plural="cronjobs", at_most=50, written=True),
    Kind(group="batch", plural="jobs", at_most=100, per_pod=5, written=True),
    Kind(group="coordination.k8s.io", plural="leases", at_most=20),
    Kind(group="kubeflow.org", plural="scheduledworkflows", at_most=100),
    Kind(group="kubeflow.org", plural="viewers", at_most=20),
    Kind(group="kueue.x-k8s.io", plural="localqueues", at_most=1),
    Kind(group="kueue.x-k8s.io", plural="workloads", at_most=100, per_pod=10),
    Kind(group="machinelearning.seldon.io", plural="seldondeployments", at_most=50),
    Kind(group="monitoring.coreos.com", plural="podmonitors", at_most=50),
    Kind(group="monitoring.coreos.com", plural="prometheusrules", at_most=50),
    Kind(group="monitoring.coreos.com", plural="servicemonitors", at_most=50),
    # One of the first for every predictor of a model, one of the second for every model.
    Kind(group="networking.istio.io", plural="destinationrules", at_most=100),
    Kind(group="networking.istio.io", plural="virtualservices", at_most=50),
    Kind(group="networking.k8s.io", plural="ingresses", at_most=20),
    Kind(group="networking.k8s.io", plural="networkpolicies", at_most=100),
    Kind(group="pipelines.kubeflow.org", plural="pipelines", at_most=200),
    Kind(group="pipelines.kubeflow.org", plural="pipelineversions", at_most=1000),
    Kind(group="policy", plural="poddisruptionbudgets", at_most=50),
    # Devices by claim pass no quota of GPUs.
    Kind(group="resource.k8s.io", plural="resourceclaims"),
    Kind(group="resource.k8s.io", plural="resourceclaimtemplates"),
)
"""Every kind whose objects are counted, by group and plural. Tenants write no kind that is missing here."""
