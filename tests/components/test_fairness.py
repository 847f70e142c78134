"""Whose requests take a team's seats, and that they are few."""

from __future__ import annotations

from components.fairness import PRECEDENCE, Fairness, FairnessArgs, own_groups
from components.metadata import Marks
from tenantry.tenant_spec import AccessSpec
from tests.components.conftest import Declare

ACCESS = AccessSpec(admins=("leads",), developers=("team", "leads"), viewers=("all",))
KUBERNETES_OWN = (900, 9000)
"""Precedence of `kube-system-service-accounts` and of `service-accounts`, in Kubernetes 1.36."""


def test_a_group_of_several_teams_takes_nobodys_seats() -> None:
    assert own_groups(ACCESS, ("all",)) == ("leads", "team")
    assert own_groups(ACCESS, ()) == ("all", "leads", "team")


def test_after_the_clusters_own_parts_and_before_all_other_service_accounts() -> None:
    last, next_ = KUBERNETES_OWN
    assert last < PRECEDENCE < next_


def test_the_whole_of_level_and_flow(declare: Declare, marks: Marks) -> None:
    args = FairnessArgs(marks=marks, tenant="vision", access=ACCESS, shared_groups=("all",))
    component, level, flow = declare(lambda: Fairness("vision-fairness", args))
    assert component.type == "tenantry:tenant:Fairness"
    assert level.type == "kubernetes:flowcontrol.apiserver.k8s.io/v1:PriorityLevelConfiguration"
    assert level.inputs["metadata"]["name"] == "tenantry-vision"
    assert level.inputs["metadata"]["labels"]["tenantry.dev/component"] == "fairness"
    assert level.inputs["spec"] == {
        "type": "Limited",
        "limited": {
            "nominalConcurrencyShares": 1,
            "borrowingLimitPercent": 1000,
            "lendablePercent": 50,
            "limitResponse": {"type": "Queue", "queuing": {"queues": 16, "handSize": 4, "queueLengthLimit": 50}},
        },
    }
    assert flow.type == "kubernetes:flowcontrol.apiserver.k8s.io/v1:FlowSchema"
    assert flow.inputs["metadata"]["name"] == "tenantry-vision"
    assert flow.inputs["spec"] == {
        "priorityLevelConfiguration": {"name": "tenantry-vision"},
        "matchingPrecedence": 5000,
        "distinguisherMethod": {"type": "ByUser"},
        "rules": [
            {
                "subjects": [
                    {"kind": "ServiceAccount", "serviceAccount": {"name": "*", "namespace": "vision"}},
                    {"kind": "Group", "group": {"name": "leads"}},
                    {"kind": "Group", "group": {"name": "team"}},
                ],
                "resourceRules": [
                    {
                        "verbs": ["*"],
                        "apiGroups": ["*"],
                        "resources": ["*"],
                        "namespaces": ["*"],
                        "clusterScope": True,
                    }
                ],
                "nonResourceRules": [{"verbs": ["*"], "nonResourceURLs": ["*"]}],
            }
        ],
    }
    assert level.urn in flow.dependencies
