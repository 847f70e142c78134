"""When the API server has taken up a change of its policies: known, not guessed."""

from __future__ import annotations

import itertools

from tenantry.kube import Json, Kube, KubeError
from tests.sandbox.waiting import until

NAME = "isolation-barrier"
GROUP = "admissionregistration.k8s.io/v1"
MARK = "isolation/barrier"

POLICY: Json = {
    "apiVersion": GROUP,
    "kind": "ValidatingAdmissionPolicy",
    "metadata": {"name": NAME},
    "spec": {
        "failurePolicy": "Fail",
        "matchConstraints": {
            "resourceRules": [
                {"apiGroups": [""], "apiVersions": ["v1"], "resources": ["configmaps"], "operations": ["CREATE"]}
            ],
        },
        "validations": [{"expression": "false", "message": "the barrier is reached"}],
    },
}


class Barrier:
    """A binding that denies one label's value, a new one each time.

    The API server reads bindings in the order of their changes: once it denies the newest value, everything that
    was changed before is in force.
    """

    def __init__(self, kube: Kube) -> None:
        self._kube = kube
        self._turns = itertools.count(1)

    def wait(self) -> None:
        """Return once every change of policies and bindings so far is in force."""
        turn = str(next(self._turns))
        if turn == "1":
            self._kube.apply(POLICY, "tests", force=True)
        self._kube.apply(_binding(turn), "tests", force=True)
        assert until(lambda: self._reached(turn)), "the API server does not take up its policies"

    def _reached(self, turn: str) -> bool:
        metadata = {"name": NAME, "namespace": "default", "labels": {MARK: turn}}
        try:
            self._kube.create({"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata}, "tests", dry_run=True)
        except KubeError as error:
            return "the barrier is reached" in error.message
        return False


def _binding(turn: str) -> Json:
    return {
        "apiVersion": GROUP,
        "kind": "ValidatingAdmissionPolicyBinding",
        "metadata": {"name": NAME},
        "spec": {
            "policyName": NAME,
            "validationActions": ["Deny"],
            "matchResources": {"objectSelector": {"matchLabels": {MARK: turn}}},
        },
    }
