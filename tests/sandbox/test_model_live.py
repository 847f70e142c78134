"""`tenantry model status` on a real API server: with an object that nobody looked at, and with an operator's word."""

from __future__ import annotations

import uuid

from tenantry.kube import Kube
from tenantry.model_edit.live import of_cluster, shares
from tenantry.names import model_deployment
from tenantry.serving import deployment, words
from tests.unit.model_edit.test_live import spec


def test_a_model_is_read_off_the_cluster(kube: Kube, namespace: str) -> None:
    model = spec({"strategy": "canary", "traffic": 10}).model_copy(update={"id": f"m-{uuid.uuid4().hex[:8]}"})
    assert of_cluster(kube, namespace, model.id) is None
    made = {
        "apiVersion": words.API_VERSION,
        "kind": words.KIND,
        "metadata": {"name": model.id, "namespace": namespace},
        "spec": deployment.spec(model, namespace, {}),
    }
    kube.create(made, "tests")
    found = of_cluster(kube, namespace, model.id)
    assert found is not None
    assert ({one.version: one.share for one in found.predictors}, found.state) == (shares(model), None)

    stable = found.predictors[0].name
    replicas = {model_deployment(model.id, stable): {"replicas": 2, "availableReplicas": 1}}
    path = kube.path(words.API_VERSION, words.KIND, model.id, namespace)
    said = {"status": {"state": "Creating", "deploymentStatus": replicas}}
    kube.raw("PATCH", f"{path}/status", body=said, content_type="application/merge-patch+json")
    found = of_cluster(kube, namespace, model.id)
    assert found is not None
    assert found.state == "Creating"
    assert [(one.version, one.ready, one.replicas) for one in found.predictors] == [("12", 1, 2), ("13", 0, None)]
