"""Runs of Pipelines are tracked in the team's own registry, which keeps its files beside them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from components.metadata import Marks
from components.tenant import Tenant, TenantArgs
from tenantry.catalog import EffectiveTenant
from tenantry.network_reach import Address, Peer, Pod, Port, reaches
from tenantry.pipelines.server_file import Tracking
from tenantry.registry import words
from tests.components.conftest import Declare
from tests.components.pipelines import Install
from tests.components.pipelines import install as make

URL = "http://mlflow.vision.svc.cluster.local:5000"
ROOT = Path(__file__).parents[2]


def told(install: Install) -> dict[str, Any]:
    """What the API server of Pipelines reads, from the file that it has mounted."""
    [mount] = install.container("ml-pipeline")["volumeMounts"]
    assert (mount["mountPath"], mount["subPath"], mount["readOnly"]) == ("/config/config.json", "config.json", True)
    [volume] = [one for one in install.pod("ml-pipeline")["volumes"] if one["name"] == mount["name"]]
    found: dict[str, Any] = json.loads(install.of("ConfigMap")[volume["configMap"]["name"]]["data"]["config.json"])
    return found


def stamps(install: Install, part: str) -> dict[str, str]:
    found: dict[str, str] = install.of("Deployment")[part]["spec"]["template"]["metadata"]["annotations"]
    return found


def test_the_api_server_reads_a_file_of_ours_with_and_without_a_registry(declare: Declare, marks: Marks) -> None:
    """The image's own tracks every run somewhere that is not there."""
    without, with_one = (make(declare, marks, tracking=tracking) for tracking in (None, Tracking(url=URL)))
    assert "plugins" not in told(without)
    assert told(with_one)["plugins"]["mlflow"]["endpoint"] == URL
    assert stamps(without, "ml-pipeline") != stamps(with_one, "ml-pipeline"), "it reads it at its start"
    assert stamps(without, "ml-pipeline-ui") == stamps(with_one, "ml-pipeline-ui")


def team(declare: Declare, tenant: EffectiveTenant, **changes: Any) -> Install:
    """The team's stack without serving."""
    asked = replace(tenant, spec=tenant.spec.model_copy(update={"serving": False, **changes}), models=())
    return Install(declare(lambda: Tenant("vision", TenantArgs(tenant=asked))))


def test_a_team_with_both(declare: Declare, vision: EffectiveTenant) -> None:
    both = team(declare, vision)
    assert told(both)["plugins"]["mlflow"]["endpoint"] == URL
    assert both.env("mlflow")["AWS_SECRET_ACCESS_KEY"] == "secret mlpipeline-minio-artifact secretkey"
    assert "tenantry.dev/credentials-store" in stamps(both, "mlflow")
    assert "mlflow-artifacts" not in both.of("PersistentVolumeClaim")


def test_a_team_with_a_registry_alone(declare: Declare, vision: EffectiveTenant) -> None:
    alone = team(declare, vision, pipelines=False)
    assert alone.of("Deployment").keys() == {"mlflow", "mlflow-database"}
    assert alone.of("PersistentVolumeClaim").keys() == {"mlflow-artifacts", "mlflow-database"}
    hard = alone.of("ResourceQuota")["tenant"]["spec"]["hard"]
    assert (hard["pods"], hard["requests.storage"]) == ("202", "1084Gi")


def test_a_team_with_pipelines_alone(declare: Declare, vision: EffectiveTenant) -> None:
    alone = team(declare, vision, registry=False)
    assert "plugins" not in told(alone)
    assert "mlflow" not in alone.of("Deployment")
    assert alone.of("ResourceQuota")["tenant"]["spec"]["hard"]["pods"] == "209"


@pytest.mark.parametrize("name", ["mlflow", "mlflow-database"])
def test_its_images_are_trusted_where_its_pods_are_made(vision: EffectiveTenant, declare: Declare, name: str) -> None:
    both = team(declare, vision)
    image = both.container(name)["image"]
    registries = both.of("ConfigMap")["tenantry-guard"]["data"]["image-registries"].split(",")
    assert any(image.startswith(f"{one}/") for one in registries)


STEP = {"pipelines.kubeflow.org/v2_component": "true"}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (Pod("vision", STEP), True),
        (Pod("vision", {"app": "ml-pipeline"}), True),
        (Pod("nlp", {"app": "ml-pipeline", "tenantry.dev/tenant": "vision"}), False),
        (Pod("monitoring", {"app.kubernetes.io/name": "prometheus"}), False),
        (Address("203.0.113.7"), False),
    ],
)
def test_without_a_door_the_team_alone_reaches_it(
    declare: Declare, vision: EffectiveTenant, source: Peer, *, expected: bool
) -> None:
    both = team(declare, vision)
    policies = list(both.of("NetworkPolicy").values())
    for name, number in ((words.SERVER, words.PORT), (words.DATABASE, words.DATABASE_PORT)):
        labels = both.of("Deployment")[name]["spec"]["template"]["metadata"]["labels"]
        assert reaches([*policies, OUT], source, Pod("vision", labels), Port(number)) is expected


OUT = {"metadata": {"namespace": "nlp"}, "spec": {"podSelector": {}, "policyTypes": ["Egress"], "egress": [{}]}}
"""Whatever other namespaces let out."""


def test_no_service_waits_for_pods_that_nobody_makes(declare: Declare, vision: EffectiveTenant) -> None:
    """An engine on two cores does eight things at once: as many Services first, and no pod would ever be made."""
    both = team(declare, vision)
    makers = {name: made["spec"]["template"]["metadata"]["labels"] for name, made in both.of("Deployment").items()}
    for name, service in both.of("Service").items():
        [maker] = [one for one, labels in makers.items() if service["spec"]["selector"].items() <= labels.items()]
        needed = both.resource("Service", name).dependencies
        assert both.resource("Deployment", maker).urn in needed, name
