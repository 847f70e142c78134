"""The list of attacks, row by row: what must hold, and where it is proven."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One row of the list."""

    title: str
    """What must not be possible."""
    guard: str
    """What stops it."""
    elsewhere: str = ""
    """Why it cannot be shown here, and what to do on a live cluster. Empty where the suite proves all of it."""
    live: bool = True
    """Whether the suite proves the row on a real API server, `elsewhere` being what it leaves open."""


ENFORCED = "that the network plugin enforces policies: `tenantry verify --full --network`"
CLOUD = "There is no cloud here, and no component that makes its roles yet. "

ROWS = {
    "A01": Row("read or write anything of the whole cluster", "no ClusterRoleBinding"),
    "A02": Row("read or write anything in another's or the platform's namespace", "roles in the own namespace only"),
    "A03": Row("read secrets of others, by any way of asking", "roles; viewers read none"),
    "A04": Row("change the own quota and limits", "roles, `rights-and-limits`, `owned-objects`"),
    "A05": Row("change, relabel or delete what the platform owns", "roles, `owned-objects`, `reserved-names`"),
    "A06": Row("open the network by a policy of one's own", "roles, `network-policies`"),
    "A07": Row("give oneself rights", "roles, `rights-and-limits`"),
    "A08": Row("be somebody else", "roles: no `impersonate`"),
    "A09": Row("take a service account's token", "roles, `rights-and-limits`"),
    "A10": Row("make credentials: token secrets, certificates", "`token-secrets`, roles"),
    "A11": Row("weaken the own namespace", "roles, `owned-namespaces`"),
    "A12": Row("the same by status, finalize, JSON patch, server-side apply", "roles, `owned-namespaces`"),
    "A13": Row("relabel others' namespaces, or make one", "roles, `owned-namespaces`"),
    "A14": Row(
        "run any pod that Pod Security refuses, in any workload",
        "Pod Security `restricted`",
        "seccomp and user ids at run time: a node's business",
    ),
    "A15": Row("privileges, host folders, host network", "Pod Security `restricted`"),
    "A16": Row("a privileged debug container in an admitted pod", "roles, Pod Security"),
    "A17": Row("a way around Pod Security", "no exemptions, `pod-runtime-class`"),
    "A18": Row("tolerate others' taints", "`pod-tolerations`"),
    "A19": Row("run on others' nodes", "`pod-node-name`, `pod-node-selection`, `pod-affinity`"),
    "A20": Row("bind pods past the scheduler and the queue", "roles, `pod-binding`, `pod-scheduler`"),
    "A21": Row("outrank others", "`pod-priority`, quota `no-system-priority`"),
    "A22": Row("hold more than the quota", "ResourceQuota"),
    "A23": Row("hold GPUs under other names", "`pod-resources`, ResourceQuota"),
    "A24": Row("hold devices by claims", "roles, `resource-claims`, `pod-resources`, ResourceQuota"),
    "A25": Row("hold uncounted amounts: no requests, sidecars, resize", "LimitRange, ResourceQuota, roles"),
    "A26": Row("fill the database", "counts of every kind in ResourceQuota"),
    "A27": Row("open ports, take addresses or names", "`service-exposure`, ResourceQuota"),
    "A28": Row("send a service's traffic to any address", "roles, `endpoints`"),
    "A29": Row(
        "take others' hosts and routes",
        "roles, `ingress-hosts`, `gateway-routes`, `mesh-routes`, `shared-configuration`",
    ),
    "A30": Row("mount others' volumes", "`volume-claims`, `pod-volumes`"),
    "A31": Row("make volumes, storage classes and drivers", "roles"),
    "A32": Row("make or weaken guards of the whole cluster", "roles"),
    "A33": Row(
        "reach nodes and others' pods",
        "roles",
        "the kubelet's own port: `curl -k https://NODE:10250/pods` from a pod, 401",
    ),
    "A34": Row("touch leases, settings and events of the system", "roles"),
    "A35": Row("be more by a Workflow", "`workflow-references`, `workflow-pods`"),
    "A36": Row("others' templates and artifacts by a Workflow", "`workflow-references`"),
    "A37": Row("point Pipelines at others' storage", "`owned-objects`, `reserved-names`"),
    "A38": Row(
        "runs in others' namespaces",
        "roles",
        "what Pipelines' own API server answers: one instance a team, none is shared",
    ),
    "A39": Row(
        "others' artifacts in the bucket",
        "the tenant's IAM role",
        CLOUD + "`aws s3 ls s3://BUCKET-OF-OTHER` from a step: AccessDenied. A Workflow that names it is refused (A36)",
        live=False,
    ),
    "A40": Row("be more by a SeldonDeployment", "`model-pods`, `model-sources`"),
    "A41": Row("configure a shared model server", "roles, `shared-configuration`"),
    "A42": Row(
        "serve others' models",
        "`model-sources`",
        "that IAM refuses a plain `s3://` address of others: deploy one, its initializer fails with AccessDenied",
    ),
    "A43": Row("scrape, silence or alert for others", "roles, `scrape-targets`, `alert-rules`, `shared-configuration`"),
    "A44": Row(
        "take others' cloud roles by an annotation",
        "roles, `rights-and-limits`; the role's trust policy",
        CLOUD + "That nobody can write the annotation is shown; that the trust policy refuses is not: "
        "`aws sts assume-role-with-web-identity` with the own token and another's role: AccessDenied",
        live=False,
    ),
    "A45": Row(
        "take others' cloud roles by Pod Identity",
        "associations and their trust policy",
        CLOUD + "`aws eks create-pod-identity-association` with the tenant's role: AccessDenied",
        live=False,
    ),
    "A46": Row(
        "read the node's metadata service",
        "launch template, NetworkPolicy",
        CLOUD
        + "That the live policies leave no way is shown (A48). From a pod: `curl -m 3 169.254.169.254`: no answer",
        live=False,
    ),
    "A47": Row(
        "use the cloud's other services",
        "permissions boundary",
        CLOUD + "`aws iam simulate-principal-policy` on the tenant's role for iam:*, sts:AssumeRole, eks:*, "
        "ec2:RunInstances: all denied",
        live=False,
    ),
    "A48": Row("reach anything but the own namespace and DNS", "NetworkPolicies, as the API server has them", ENFORCED),
    "A49": Row("get in by a label", "peers by namespace and pod together", ENFORCED),
    "A50": Row("run any image", "`pod-images`", "that the registry serves what the digest says: the node's business"),
    "A51": Row("get in as nobody, as a leaver, or as a namesake", "no anonymous user, no left-over bindings"),
    "A52": Row("wedge the removal of a namespace", "conditions of the namespace; others are untouched"),
    "A53": Row("have others' objects deleted with one's own", "`owner-references`, Kubernetes' garbage collector"),
    "A54": Row(
        "keep the API server from others",
        "FlowSchema and PriorityLevelConfiguration a team",
        "latencies under load: they say nothing on two shared cores",
    ),
    "A55": Row("slip through a guard", "`Deny`, `Fail`, total expressions, updates, parameters that must be there"),
    "A56": Row("gain by a kind that is installed later", "roles that name every kind; no wildcard, no aggregation"),
}
