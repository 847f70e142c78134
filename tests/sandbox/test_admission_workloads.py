"""Rules over custom resources that carry pods, on a real API server."""

from __future__ import annotations

import json

import pytest

from tenantry.kube import Json
from tests.sandbox import captured
from tests.sandbox.case import Case, changed
from tests.sandbox.guarded import Guarded, denial, guarded
from tests.sandbox.waiting import until
from tests.sandbox.workload_cases import DEEP, MODELS, OTHERS, STEP, WORKFLOW, WORKFLOWS

__all__ = ["guarded"]


@pytest.mark.parametrize("case", [*WORKFLOWS, *OTHERS, *MODELS], ids=str)
def test_one_field_makes_the_difference(guarded: Guarded, case: Case) -> None:
    assert until(lambda: denial(case.rule, case.says, guarded.attempt(case.bad))), guarded.attempt(case.bad)
    assert guarded.attempt(case.good) == ""


def test_a_graph_that_is_too_deep_to_read_is_refused(guarded: Guarded) -> None:
    says = "spec.predictors.graph.children is deeper than 4 levels, further than a rule can read"
    assert denial("model-sources", says, guarded.attempt(DEEP)), guarded.attempt(DEEP)


def test_what_pipelines_and_seldon_really_write_is_admitted(guarded: Guarded) -> None:
    routes = [item for item in captured.documents("seldon-operator-output.yaml") if item["kind"] != "Deployment"]
    [workflow] = captured.documents("pipelines-workflow.yaml")
    # Whoever captured it had a taint of another name, which this cluster has not.
    assert workflow["spec"].pop("tolerations") == [{"key": "tenantry.dev/pool", "operator": "Exists"}]
    assert {item["kind"] for item in routes} == {"Service", "VirtualService", "DestinationRule"}
    here = [of_namespace(item, guarded.namespace) for item in (*routes, workflow)]
    assert [guarded.attempt(item) for item in here] == [""] * len(here)


def of_namespace(obj: Json, namespace: str) -> Json:
    """The object as it would have been written in that namespace."""
    text = (
        json.dumps(obj).replace("/seldon/vision/", f"/seldon/{namespace}/").replace(".vision.svc", f".{namespace}.svc")
    )
    made: Json = json.loads(text.replace('"exact": "vision"', f'"exact": "{namespace}"'))
    for written in ("creationTimestamp", "generation", "resourceVersion", "uid", "managedFields"):
        made["metadata"].pop(written, None)
    return made


def test_the_largest_workflows_are_judged_within_the_cost_that_an_expression_may_have(guarded: Guarded) -> None:
    steps = [{**STEP, "name": f"s{number}"} for number in range(800)]
    tasks = [{"name": f"t{number}", "template": f"s{number}"} for number in range(800)]
    large = changed(WORKFLOW, "spec.templates", [*steps, {"name": "all", "dag": {"tasks": tasks}}])
    assert guarded.attempt(large) == ""
    last = changed(large, "spec.templates.799.container.securityContext", {"privileged": True})
    says = "spec.templates.containers.securityContext asks for more than Pod Security restricted allows"
    assert denial("workflow-pods", says, guarded.attempt(last))
