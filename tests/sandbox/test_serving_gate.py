"""On a real API server: only what a gate let through is served, and a team's webhook is in nobody else's way."""

from __future__ import annotations

import copy
import json
import ssl
import threading
import uuid
from base64 import b64encode
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from components.metadata import Marks
from components.serving import Serving, ServingArgs
from tenantry.api_server import Way
from tenantry.guards.parameters import MODELS_BY_HAND, NAME
from tenantry.kube import Json, Kube, KubeError
from tenantry.pipelines.stores import own_store
from tenantry.render.program import Program
from tenantry.serving import words
from tenantry.serving.certificate import certificate
from tenantry.serving.spec import GatewaySpec
from tests.components.seldon_webhook import complaints
from tests.sandbox.case import changed
from tests.sandbox.guarded import MANAGER, OWNED, Guarded, denial, guarded, refusal
from tests.sandbox.waiting import until
from tests.sandbox.workload_cases import MODEL

__all__ = ["guarded"]
ROOT = Path(__file__).parents[2]
GATE = "tenantry.dev/gate"
JUDGED = changed(changed(MODEL, "metadata.labels", OWNED), "metadata.annotations", {GATE: "passed"})
VERDICT = "is the gate's verdict on what the model has shown: it gets no traffic"


def verdict(word: str) -> Json:
    return changed(JUDGED, "metadata.annotations", {GATE: word})


def platform(guarded: Guarded, obj: Json) -> str:
    """What the API server answers the platform itself."""
    return refusal(lambda: guarded.admin.create(guarded.here(obj), MANAGER, dry_run=True))


@pytest.mark.parametrize("word", ["passed", "overridden"])
def test_a_judged_model_is_let_in(guarded: Guarded, word: str) -> None:
    assert platform(guarded, verdict(word)) == ""


@pytest.mark.parametrize("word", ["failed", "PASSED", ""])
def test_one_that_fails_is_refused_even_to_the_platform(guarded: Guarded, word: str) -> None:
    says = f'metadata.annotations.gate "{word}" {VERDICT}'
    assert until(lambda: denial("model-gate", says, platform(guarded, verdict(word))), 10), platform(
        guarded, verdict(word)
    )


def test_one_that_nobody_judged_is_refused(guarded: Guarded) -> None:
    says = f'metadata.annotations.gate "missing" {VERDICT}'
    assert until(lambda: denial("model-gate", says, platform(guarded, changed(JUDGED, "metadata.annotations", {}))), 10)


def test_a_verdict_cannot_be_forged(guarded: Guarded) -> None:
    """Whoever writes the platform's label is not the platform."""
    assert "tenantry-owned-objects" in guarded.attempt(JUDGED)


@pytest.fixture
def judged(guarded: Guarded) -> Iterator[Json]:
    """A judged model in the cluster."""
    yield guarded.admin.create(guarded.here(JUDGED), MANAGER)
    guarded.admin.delete(words.API_VERSION, words.KIND, "x", guarded.namespace)
    assert until(lambda: guarded.admin.get(words.API_VERSION, words.KIND, "x", guarded.namespace) is None)


def test_a_verdict_that_turns_stops_every_change(guarded: Guarded, judged: Json) -> None:
    path = guarded.admin.path(words.API_VERSION, words.KIND, "x", guarded.namespace)
    worse = changed(judged, "metadata.annotations", {GATE: "failed"})

    def answer() -> str:
        return refusal(lambda: guarded.admin.raw("PUT", path, body=worse, query={"dryRun": "All"}))

    assert until(lambda: "tenantry-model-gate-update" in answer(), 10), answer()
    changes: tuple[Json, ...] = ({"name": "y"}, {"predictors": []})
    for spec in changes:
        patch = {"metadata": {"annotations": {GATE: "failed"}}, "spec": spec}
        with pytest.raises(KubeError, match="model-gate"):
            guarded.admin.raw(
                "PATCH", path, body=patch, query={"dryRun": "All"}, content_type="application/merge-patch+json"
            )


def test_by_hand_only_where_the_tier_lets_it(guarded: Guarded) -> None:
    assert guarded.attempt(MODEL) == ""
    config = guarded.admin.get("v1", "ConfigMap", NAME, guarded.namespace) or {}
    path = guarded.admin.path("v1", "ConfigMap", NAME, guarded.namespace)
    strict = changed(config, "data", {**config["data"], MODELS_BY_HAND: "refused"})
    strict["metadata"].pop("resourceVersion")
    says = "metadata.labels come from no model's file, so nobody has approved it, as this team's tier demands"
    guarded.admin.raw("PUT", path, body=strict)
    try:
        assert until(lambda: denial("model-gate", says, guarded.attempt(MODEL)), 20), guarded.attempt(MODEL)
        assert platform(guarded, JUDGED) == ""
    finally:
        config["metadata"].pop("resourceVersion")
        guarded.admin.raw("PUT", path, body=config)


def reported(client: Kube, guarded: Guarded, judged: Json) -> str:
    """What the API server answers who says how a model is."""
    path = f"{client.path(words.API_VERSION, words.KIND, 'x', guarded.namespace)}/status"
    body = {**copy.deepcopy(judged), "status": {"state": "Available"}}
    return refusal(lambda: client.raw("PUT", path, body=body, query={"dryRun": "All"}))


def account(guarded: Guarded, name: str, namespace: str | None = None) -> Kube:
    """A service account with every right in the namespace."""
    user = f"system:serviceaccount:{namespace or guarded.namespace}:{name}"
    return guarded.admin.acting_as(user, ("system:serviceaccounts", f"wide-{guarded.namespace}"))


def test_only_the_teams_own_operator_reports_on_its_models(guarded: Guarded, judged: Json) -> None:
    assert until(lambda: not reported(account(guarded, words.MANAGER), guarded, judged), 10)
    for stranger in (account(guarded, "serving"), account(guarded, words.MANAGER, "other"), guarded.tenant):
        assert "tenantry-owned-objects" in reported(stranger, guarded, judged)


def test_the_operator_changes_no_model(guarded: Guarded, judged: Json) -> None:
    path = guarded.admin.path(words.API_VERSION, words.KIND, "x", guarded.namespace)
    operator = account(guarded, words.MANAGER)
    with pytest.raises(KubeError, match="tenantry-owned-objects"):
        operator.raw("PUT", path, body=changed(judged, "spec.protocol", "seldon"), query={"dryRun": "All"})


HOST = "localhost"


class Reviewer(BaseHTTPRequestHandler):
    """Answers as Seldon's webhook would."""

    def do_POST(self) -> None:
        review = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        wrong = complaints(review["request"]["object"]["spec"])
        response = {
            "uid": review["request"]["uid"],
            "allowed": not wrong,
            "status": {"message": "; ".join(wrong), "code": 422},
        }
        body = json.dumps(
            {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "response": response}
        ).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        """Say nothing."""


def order(namespace: str) -> Json:
    """The order to ask the webhook, as a team's serving declares it."""
    args = ServingArgs(
        marks=Marks(tenant=namespace, annotations={}),
        tenant=namespace,
        namespace=namespace,
        gateway=GatewaySpec.model_validate({}),
        api_server=(Way("10.0.0.0/16", 6443),),
        store=own_store(namespace),
        store_keys=None,
        webhook=True,
    )

    def main() -> None:
        Serving("serving", args)

    with Program(ROOT) as program:
        declared = program.run(main, f"{namespace}.sandbox", {}).objects()
    [found] = [obj for obj in declared if obj["kind"] == "ValidatingWebhookConfiguration"]
    return found


@pytest.fixture
def teams(kube: Kube) -> Iterator[tuple[str, str]]:
    """Two namespaces with the label by which webhooks go; no rules but Kubernetes' own."""
    made = [f"hooked-{uuid.uuid4().hex[:8]}" for _ in range(2)]
    for name in made:
        labels = {words.CONTROLLER_LABEL: name}
        kube.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": labels}}, MANAGER)
    yield made[0], made[1]
    for name in made:
        kube.delete("v1", "Namespace", name, propagation="Background")


def attempt(kube: Kube, namespace: str, obj: Json) -> str:
    placed = changed(obj, "metadata.namespace", namespace)
    return refusal(lambda: kube.create(placed, MANAGER, dry_run=True))


CONFIG = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "x"}}


def test_a_webhook_that_is_down_stops_this_teams_models_and_nothing_else(kube: Kube, teams: tuple[str, str]) -> None:
    down, other = teams
    asked = order(down)
    # Nobody answers there; the Service's own address leads nowhere in a sandbox, and would only take longer.
    client = {"url": "https://localhost:1/validate", "caBundle": encoded(certificate(HOST).authority)}
    asked["webhooks"][0]["clientConfig"] = client
    kube.create(asked, MANAGER)
    try:
        assert until(lambda: "failed calling webhook" in attempt(kube, down, MODEL), 20), attempt(kube, down, MODEL)
        assert attempt(kube, down, CONFIG) == ""
        assert attempt(kube, other, MODEL) == ""
    finally:
        kube.delete(asked["apiVersion"], asked["kind"], asked["metadata"]["name"])


def encoded(text: str) -> str:
    return b64encode(text.encode()).decode()


@pytest.fixture
def reviewer(tmp_path: Path) -> Iterator[tuple[int, str]]:
    """A webhook with a certificate as serving makes them: its port, and what vouches for it."""
    made = certificate(HOST)
    for name, text in (("tls.crt", made.certificate), ("tls.key", made.key)):
        (tmp_path / name).write_text(text)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "tls.crt", tmp_path / "tls.key")
    server = HTTPServer(("localhost", 0), Reviewer)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_address[1], encoded(made.authority)
    server.shutdown()
    server.server_close()
    thread.join()


def test_the_api_server_believes_the_certificate_and_asks(
    kube: Kube, teams: tuple[str, str], reviewer: tuple[int, str]
) -> None:
    own, other = teams
    port, authority = reviewer
    asked = order(own)
    asked["webhooks"][0]["clientConfig"] = {"url": f"https://{HOST}:{port}/validate", "caBundle": authority}
    kube.create(asked, MANAGER)
    [predictor] = MODEL["spec"]["predictors"]
    twice = changed(MODEL, "spec.predictors", [predictor, predictor])
    try:
        says = "Duplicate predictor name; Traffic must sum to 100 for multiple predictors"
        assert until(lambda: says in attempt(kube, own, twice), 20), attempt(kube, own, twice)
        assert attempt(kube, own, MODEL) == ""
        assert attempt(kube, other, twice) == ""
    finally:
        kube.delete(asked["apiVersion"], asked["kind"], asked["metadata"]["name"])
