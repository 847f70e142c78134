"""A model as the cluster has it: what is asked for, what the operator says, what the ingress does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tenantry.engine import workspace as engine_workspace
from tenantry.kube import KubeError
from tenantry.model_edit.live import LiveModel, Predictor, of_cluster, of_state, shares
from tenantry.model_spec import ModelSpec
from tenantry.serving import deployment
from tests.unit.api_server_double import Server, server
from tests.unit.engine_double import Engine, resource, workspace_around, write_state

__all__ = ["server"]

CAPTURED = Path(__file__).parents[2] / "captured/seldon-operator-output.yaml"
SELDON, ISTIO = "/apis/machinelearning.seldon.io/v1", "/apis/networking.istio.io/v1"
DEPLOYMENT: dict[str, Any] = {
    "apiVersion": "machinelearning.seldon.io/v1",
    "kind": "SeldonDeployment",
    "metadata": {"name": "defect-detector", "namespace": "vision"},
    "spec": {
        "predictors": [
            {"name": "stable", "labels": {"version": "12"}, "traffic": 90},
            {"name": "candidate", "labels": {"version": "13"}, "traffic": 10},
        ]
    },
}
STATUS = {
    "state": "Creating",
    "description": "waiting for one",
    "deploymentStatus": {
        "defect-detector-stable-0-model": {"replicas": 2, "availableReplicas": 2},
        "defect-detector-candidate-0-model": {"replicas": 2},
    },
}


def kinds(*names: tuple[str, str]) -> dict[str, Any]:
    return {"resources": [{"name": plural, "kind": kind, "namespaced": True, "verbs": []} for plural, kind in names]}


def served(server: Server, deployment: dict[str, Any]) -> Server:
    """A server that knows the kinds and has the one object."""
    server.answer(f"GET {SELDON}", (200, kinds(("seldondeployments", "SeldonDeployment"))))
    server.answer(f"GET {ISTIO}", (200, kinds(("virtualservices", "VirtualService"))))
    server.answer(f"GET {SELDON}/namespaces/vision/seldondeployments/defect-detector", (200, deployment))
    return server


def test_what_the_operator_made(server: Server) -> None:
    [routes] = [one for one in yaml.safe_load_all(CAPTURED.read_text()) if one["kind"] == "VirtualService"]
    served(server, {**DEPLOYMENT, "status": STATUS})
    server.answer(f"GET {ISTIO}/namespaces/vision/virtualservices/defect-detector", (200, routes))
    assert of_cluster(server.kube(), "vision", "defect-detector") == LiveModel(
        (
            Predictor("stable", "12", "90 %", routed=90, ready=2, replicas=2),
            Predictor("candidate", "13", "10 %", routed=10, ready=0, replicas=2),
        ),
        state="Creating",
        description="waiting for one",
    )


def test_no_operator_has_looked_at_it(server: Server) -> None:
    served(server, DEPLOYMENT).answer(f"GET {ISTIO}", (404, {"reason": "NotFound"}))
    found = of_cluster(server.kube(), "vision", "defect-detector")
    assert found is not None
    assert found.state is None
    assert [(one.routed, one.ready, one.replicas) for one in found.predictors] == [(None, 0, None)] * 2


def test_one_route_needs_no_weight(server: Server) -> None:
    served(server, DEPLOYMENT)
    route = {"http": [{"route": [{"destination": {"host": "h", "subset": "stable"}}]}]}
    server.answer(f"GET {ISTIO}/namespaces/vision/virtualservices/defect-detector", (200, {"spec": route}))
    found = of_cluster(server.kube(), "vision", "defect-detector")
    assert found is not None
    assert [one.routed for one in found.predictors] == [100, None]


def test_a_shadow_says_that_it_is_one(server: Server) -> None:
    shadow = {"name": "candidate", "labels": {"version": "13"}, "traffic": 50, "shadow": True}
    served(server, {**DEPLOYMENT, "spec": {"predictors": [shadow]}})
    found = of_cluster(server.kube(), "vision", "defect-detector")
    assert found is not None
    assert [one.share for one in found.predictors] == ["shadow 50 %"]


def test_nothing_is_deployed(server: Server) -> None:
    served(server, DEPLOYMENT)
    assert of_cluster(server.kube(), "vision", "other") is None


def test_a_cluster_without_serving(server: Server) -> None:
    with pytest.raises(KubeError) as caught:
        of_cluster(server.kube(), "vision", "defect-detector")
    assert caught.value.reason == "NoKind"


def test_a_server_that_fails_is_no_missing_route(server: Server) -> None:
    served(server, DEPLOYMENT)
    server.answer(f"GET {ISTIO}/namespaces/vision/virtualservices/defect-detector", (403, {"reason": "Forbidden"}))
    with pytest.raises(KubeError, match="Forbidden"):
        of_cluster(server.kube(), "vision", "defect-detector")


def test_what_the_last_run_declared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = workspace_around(Engine(tmp_path / "engine"), tmp_path / "root")
    monkeypatch.setattr(engine_workspace, "workspace", lambda *_: place)
    assert of_state(tmp_path, "sandbox", "vision", "defect-detector") is None
    role = resource("vision.sandbox", "Role", "defect-detector")
    write_state(place, "vision.sandbox", [role, {**role, "inputs": DEPLOYMENT}])
    found = of_state(tmp_path, "sandbox", "vision", "defect-detector")
    assert found is not None
    assert [(one.version, one.share) for one in found.predictors] == [("12", "90 %"), ("13", "10 %")]
    assert found.updated.startswith("2026-11-24T04:00:27")
    assert of_state(tmp_path, "sandbox", "vision", "other") is None


@pytest.mark.parametrize(
    ("rollout", "expected"),
    [
        (None, {"12": "100 %"}),
        ({"strategy": "canary", "traffic": 25}, {"12": "75 %", "13": "25 %"}),
        ({"strategy": "shadow", "mirror": 40}, {"12": "100 %", "13": "shadow 40 %"}),
    ],
)
def test_a_deployment_that_is_as_its_file_says_is_told_so(
    server: Server, rollout: dict[str, Any] | None, expected: dict[str, str]
) -> None:
    model = spec(rollout)
    made = {**DEPLOYMENT, "spec": deployment.spec(model, "vision", {})}
    found = of_cluster(served(server, made).kube(), "vision", "defect-detector")
    assert found is not None
    assert {one.version: one.share for one in found.predictors} == shares(model) == expected


def spec(rollout: dict[str, Any] | None) -> ModelSpec:
    """A model with a candidate that gets that much, or without one."""
    versions: dict[str, Any] = {"stable": {"version": "12", "uri": "s3://artifacts/m/12"}}
    if rollout:
        versions["candidate"] = {"version": "13", "uri": "s3://artifacts/m/13", "rollout": rollout}
    rest = {"runtime": "mlflow", "resources": {"cpu": 1.0, "memory": "1Gi"}, "gate": {"auc": {"min": 0.9}}}
    return ModelSpec.model_validate({"id": "defect-detector", **rest, **versions})
