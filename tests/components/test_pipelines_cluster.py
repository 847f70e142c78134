"""The kinds of Pipelines, beside the real definitions where those are at hand."""

from __future__ import annotations

from pathlib import Path

import yaml

from components.kinds import KINDS
from components.metadata import Marks
from components.pipelines.service_accounts import RULES
from components.pipelines_cluster import DEFINITIONS, PipelinesCluster, PipelinesClusterArgs
from tenantry.render import Resource
from tests.components.conftest import Declare
from tests.components.pipelines import granted

REAL = Path(__file__).parents[3] / "shared/crds"
FILES = ("argo-workflows.yaml", "kubeflow-pipelines-2.17.0.yaml")


def declared(declare: Declare, marks: Marks) -> dict[str, Resource]:
    _, *definitions = declare(lambda: PipelinesCluster("platform-pipelines", PipelinesClusterArgs(marks=marks)))
    return {one.inputs["metadata"]["name"]: one for one in definitions}


def test_every_definition_is_protected(declare: Declare, marks: Marks) -> None:
    """With one of them would go all Workflows of all teams."""
    found = declared(declare, marks)
    assert len(found) == len(DEFINITIONS) == 8
    assert all(one.protect for one in found.values())


def test_whatever_accounts_may_touch_is_defined() -> None:
    held = {one.split()[1] for rules in RULES.values() for one in granted(rules)}
    asked = {one for one in held if one.endswith((".argoproj.io", ".kubeflow.org")) and "/" not in one}
    assert asked <= {f"{one.plural}.{one.group}" for one in DEFINITIONS}


def test_whatever_a_team_has_of_them_is_counted() -> None:
    counted = {kind.qualified for kind in KINDS}
    assert {f"{one.plural}.{one.group}" for one in DEFINITIONS if one.scope == "Namespaced"} <= counted


STATUS = {"workflowartifactgctasks.argoproj.io", "workflowtasksets.argoproj.io"}


def test_only_these_keep_their_status_apart(declare: Declare, marks: Marks) -> None:
    """Argo writes a Workflow and its status in one piece, and the API server would drop the status."""
    found = {
        name for name, one in declared(declare, marks).items() if "subresources" in one.inputs["spec"]["versions"][0]
    }
    assert found == STATUS


def test_names_scopes_and_subresources_are_the_real_ones(declare: Declare, marks: Marks) -> None:
    """Compared where the real definitions lie beside the repository; the facts above hold everywhere."""
    files = [REAL / name for name in FILES if (REAL / name).is_file()]
    real = {
        item["metadata"]["name"]: item["spec"]
        for file in files
        for item in yaml.load_all(file.read_bytes(), Loader=yaml.CSafeLoader)
    }
    for name, one in declared(declare, marks).items():
        if not real:
            break
        spec, [version] = one.inputs["spec"], one.inputs["spec"]["versions"]
        theirs, [real_version] = real[name], real[name]["versions"]
        assert (spec["scope"], spec["names"]["kind"]) == (theirs["scope"], theirs["names"]["kind"])
        assert version["name"] == real_version["name"]
        assert spec["names"].get("shortNames", []) == theirs["names"].get("shortNames", [])
        assert bool(version.get("subresources")) == bool(real_version.get("subresources"))
