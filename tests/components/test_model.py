"""A model's SeldonDeployment: weights, gates and nodes; and that what is promoted runs on as it is."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from components.metadata import Marks
from tenantry import names
from tenantry.environment import NodePoolSpec
from tenantry.models.runtimes import RUNTIMES
from tests.components import models
from tests.components.conftest import Declare
from tests.components.models import ABORTED, CANARY, CHANGES, PROMOTED, ROLLED_BACK, SHADOW, STABLE, WIDER

Json = dict[str, Any]
Making = Callable[..., dict[str, Json]]
KIND = "SeldonDeployment"
GATE = "tenantry.dev/gate"


@pytest.fixture
def making(declare: Declare, marks: Marks, tmp_path: Path) -> Making:
    """What is declared of a model with this text."""

    def run(text: str, path: str = models.PATH, **changes: Any) -> dict[str, Json]:
        return models.declared(declare, marks, models.model(tmp_path, text, path), **changes)

    return run


def text_of(objects: dict[str, Json]) -> list[str]:
    text: str = yaml.safe_dump_all(list(objects.values()), sort_keys=True, width=120)
    return text.splitlines(keepends=True)


def test_the_whole_of_a_canary(making: Making, golden: Callable[[str, str], None]) -> None:
    golden("models/canary.yaml", "".join(text_of(making(CANARY))))


@pytest.mark.parametrize("change", CHANGES)
def test_what_each_verb_changes(making: Making, golden: Callable[[str, str], None], change: str) -> None:
    before, after = (text_of(making(text)) if text else [] for text in CHANGES[change])
    golden(f"models/{change}.diff", "".join(difflib.unified_diff(before, after, "before", "after", n=3)))


def predictors(objects: dict[str, Json]) -> dict[str, Json]:
    return {one["name"]: one for one in objects[KIND]["spec"]["predictors"]}


RESTARTS = ("annotations", "componentSpecs", "graph", "labels", "shadow", "svcOrchSpec")
"""What of a predictor is in its pods, or in the copy of it that the executor gets: all but weight and replicas."""


def pods(predictor: Json) -> Json:
    return {key: predictor.get(key) for key in RESTARTS}


@pytest.mark.parametrize(
    ("before", "after", "survivor"),
    [
        (STABLE, CANARY, "v12"),
        (STABLE, SHADOW, "v12"),
        (CANARY, WIDER, "v12"),
        (CANARY, WIDER, "v13"),
        (CANARY, PROMOTED, "v13"),
        (CANARY, ABORTED, "v12"),
    ],
)
def test_who_goes_on_serving_is_not_made_anew(making: Making, before: str, after: str, survivor: str) -> None:
    """Neither is its Deployment renamed nor does a word in its pods change, so no request is lost with a pod."""
    assert pods(predictors(making(before))[survivor]) == pods(predictors(making(after))[survivor])


def test_a_shadow_is_made_anew_when_it_gets_traffic(making: Making) -> None:
    """Seldon marks its pods; they are replaced one after the other before the route leads to them."""
    before, after = (predictors(making(text))["v13"] for text in CHANGES["promote-shadow"] if text)
    assert {key for key in RESTARTS if before.get(key) != after.get(key)} == {"shadow"}


def test_ports_are_the_same_wherever_a_version_stands(making: Making) -> None:
    """The operator counts metrics ports through all predictors, unless they are written down."""
    for text in (STABLE, CANARY, PROMOTED):
        for one in predictors(making(text)).values():
            [container] = one["componentSpecs"][0]["spec"]["containers"]
            assert container["ports"] == [{"name": "metrics", "containerPort": 6000, "protocol": "TCP"}]


@pytest.mark.parametrize(
    ("text", "shares"),
    [
        (STABLE, {"v12": (100, None)}),
        (CANARY, {"v12": (90, None), "v13": (10, None)}),
        (WIDER, {"v12": (50, None), "v13": (50, None)}),
        (SHADOW, {"v12": (100, None), "v13": (50, True)}),
        (PROMOTED, {"v13": (100, None)}),
        (ROLLED_BACK, {"v12": (100, None)}),
    ],
)
def test_shares(making: Making, text: str, shares: dict[str, tuple[int, bool | None]]) -> None:
    found = {name: (one["traffic"], one.get("shadow")) for name, one in predictors(making(text)).items()}
    assert found == shares


def test_a_rollback_is_what_was_there_before(making: Making) -> None:
    assert making(ROLLED_BACK) == making(STABLE) == making(ABORTED)


def test_versions_and_verdict_stand_on_the_object_alone(making: Making) -> None:
    """On pods, a changed verdict would make them all anew."""
    objects = making(CANARY)
    annotations = objects[KIND]["metadata"]["annotations"]
    assert {key: annotations[key] for key in (GATE, "tenantry.dev/stable", "tenantry.dev/candidate")} == {
        GATE: "passed",
        "tenantry.dev/stable": "12",
        "tenantry.dev/candidate": "13",
    }
    assert annotations["tenantry.dev/source"] == models.PATH
    assert annotations["tenantry.dev/evidence"].startswith("sha256:")
    assert "annotations" not in objects[KIND]["spec"]
    assert not [one for one in predictors(objects).values() if "annotations" in one]
    assert {one["labels"]["version"] for one in predictors(objects).values()} == {"12", "13"}


def test_a_gate_that_fails_is_said(making: Making) -> None:
    worse = CANARY.replace("auc: 0.93", "auc: 0.89")
    assert making(worse)[KIND]["metadata"]["annotations"][GATE] == "failed"
    override = '  override: {reason: "The new camera has no labels yet.", approved_by: head@example.com}\n  rollout'
    overridden = making(worse.replace("  rollout", override))[KIND]["metadata"]["annotations"]
    assert (overridden[GATE], overridden["tenantry.dev/gate-overridden-by"]) == (
        "overridden",
        "candidate=head@example.com",
    )


def test_replicas_scale_only_where_there_is_a_range(making: Making) -> None:
    [component] = predictors(making(STABLE))["v12"]["componentSpecs"]
    assert component["hpaSpec"] == {
        "minReplicas": 2,
        "maxReplicas": 4,
        "metricsv2": [
            {
                "type": "Resource",
                "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 70}},
            }
        ],
    }
    fixed = predictors(making(STABLE.replace("{min: 2, max: 4}", "{min: 3}")))["v12"]
    assert (fixed["replicas"], "hpaSpec" in fixed["componentSpecs"][0]) == (3, False)


def test_one_budget_for_all_versions(making: Making) -> None:
    """Two budgets that choose one pod keep it from being evicted at all, and so would the operator's two."""
    objects = making(CANARY)
    assert objects["PodDisruptionBudget"]["spec"] == {
        "maxUnavailable": 1,
        "selector": {"matchLabels": {"seldon-deployment-id": "defect-detector"}},
    }
    assert "pdbSpec" not in str(objects[KIND]["spec"])


def test_every_container_has_requests_and_limits(making: Making) -> None:
    for one in predictors(making(CANARY)).values():
        [container] = one["componentSpecs"][0]["spec"]["containers"]
        assert container["resources"] == {
            "requests": {"cpu": "2000m", "memory": "4Gi", "nvidia.com/gpu": "1"},
            "limits": {"memory": "4Gi", "nvidia.com/gpu": "1"},
        }
        assert one["svcOrchSpec"]["resources"] == {
            "requests": {"cpu": "500m", "memory": "512Mi"},
            "limits": {"cpu": "500m", "memory": "512Mi"},
        }


def test_a_gpu_is_one_of_the_right_pool_and_in_the_queue(making: Making) -> None:
    one = predictors(making(STABLE))["v12"]
    assert one["componentSpecs"][0]["spec"]["nodeSelector"] == {"tenantry.dev/pool": "a10g"}
    assert one["labels"]["kueue.x-k8s.io/queue-name"] == "default"
    second = NodePoolSpec(nodes=1, cpu=48, memory="192Gi", gpu="a10g", gpus_per_node=4)
    pools = {**models.POOLS, "a10g-new": second}
    pod = predictors(making(STABLE, node_pools=pools))["v12"]["componentSpecs"][0]["spec"]
    required = pod["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]
    assert required["nodeSelectorTerms"] == [
        {"matchExpressions": [{"key": "tenantry.dev/pool", "operator": "In", "values": ["a10g", "a10g-new"]}]}
    ]
    assert "nodeSelector" not in pod


def test_without_a_gpu_any_node_will_do_and_no_queue_is_waited_in(making: Making) -> None:
    one = predictors(making(STABLE.replace(", gpu: {flavor: a10g, count: 1}", "")))["v12"]
    assert not {"nodeSelector", "affinity"} & one["componentSpecs"][0]["spec"].keys()
    assert one["labels"] == {"version": "12"}


@pytest.mark.parametrize("runtime", [name for name in RUNTIMES if name != "custom"])
def test_servers_are_seldons_own(making: Making, runtime: str) -> None:
    one = predictors(making(STABLE.replace("runtime: mlflow", f"runtime: {runtime}")))["v12"]
    assert one["graph"] == {
        "name": "model",
        "type": "MODEL",
        "implementation": RUNTIMES[runtime].implementation,
        "modelUri": "s3://mlpipeline/models/defect-detector/12",
        "serviceAccountName": "serving",
        "envSecretRefName": "seldon-rclone",
    }
    assert "image" not in one["componentSpecs"][0]["spec"]["containers"][0]


IMAGE = f"docker.io/library/embed@sha256:{'1' * 64}"
CUSTOM = f"""\
id: embeddings
runtime: custom
protocol: seldon
resources: {{cpu: 0.5, memory: 2Gi}}
stable: {{version: 1.0.0, image: {IMAGE}}}
gate: {{recall: {{min: 0.7}}}}
"""


def test_a_container_of_the_teams_own(making: Making) -> None:
    spec = making(CUSTOM, names.model_file("vision", "embeddings"))[KIND]["spec"]
    [one] = spec["predictors"]
    assert spec["protocol"] == "seldon"
    assert one["graph"] == {"name": "model", "type": "MODEL", "serviceAccountName": "serving"}
    pod = one["componentSpecs"][0]["spec"]
    assert pod["serviceAccountName"] == "serving"
    [container] = pod["containers"]
    assert (container["name"], container["image"]) == ("model", IMAGE)
    assert container["resources"]["requests"]["cpu"] == "500m"
    # Dots are no part of a DNS label, so the name is a hash; the version is on the label.
    assert len(one["name"]) == names.PREDICTOR_MAX
    assert one["labels"]["version"] == "1.0.0"


def test_a_task_is_the_servers_parameter(making: Making) -> None:
    text = STABLE.replace("runtime: mlflow", "runtime: huggingface\ntask: text-classification")
    [parameter] = predictors(making(text))["v12"]["graph"]["parameters"]
    assert parameter == {"name": "task", "type": "STRING", "value": "text-classification"}


@pytest.mark.parametrize(
    ("version", "name"),
    [("12", "v12"), ("v12", "vv12"), ("12345678", "v12345678"), ("1a-b", "v1a-b")],
)
def test_names_of_predictors(version: str, name: str) -> None:
    assert names.predictor(version) == name


def test_no_two_versions_have_one_name() -> None:
    versions = ["12", "v12", "1.2", "1-2", "1_2", "V12", "123456789", "1.2.3", "2026-11-24"]
    found = [names.predictor(version) for version in versions]
    assert len(set(found)) == len(versions)
    assert max(map(len, found)) == names.PREDICTOR_MAX
    assert len(names.model_deployment("a" * names.MODEL_ID_MAX, max(found, key=len))) == names.DNS_LABEL_MAX


def test_both_objects_are_the_teams(making: Making) -> None:
    for one in making(CANARY).values():
        assert one["metadata"]["namespace"] == "vision"
        assert one["metadata"]["labels"] == {
            "tenantry.dev/tenant": "vision",
            "tenantry.dev/component": "model",
            "app.kubernetes.io/managed-by": "tenantry",
        }
