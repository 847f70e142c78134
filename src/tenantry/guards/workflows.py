"""Argo Workflows, and what Pipelines makes of them."""

from __future__ import annotations

from tenantry.guards import embedded
from tenantry.guards.cel import CHANGED, quoted
from tenantry.guards.parameters import listed
from tenantry.guards.rule import Check, Rule, Target

FAMILY = "workflows"
WORKFLOWS = (
    Target(group="argoproj.io", plurals=("cronworkflows", "workflows", "workflowtemplates")),
    Target(group="kubeflow.org", plurals=("scheduledworkflows",)),
)

PIPELINES_PATCH = "{{inputs.parameters.pod-spec-patch}}"
"""What Pipelines writes into every step: the driver fills it in, and the pod is judged then."""

_SPEC = (
    "object.kind == 'CronWorkflow' ? object.?spec.?workflowSpec.orValue({})"
    " : object.kind != 'ScheduledWorkflow' ? object.?spec.orValue({})"
    # Pipelines writes a text here; the Workflow that it makes of it is judged then.
    " : type(object.?spec.?workflow.?spec.orValue({})) == string ? {} : object.?spec.?workflow.?spec.orValue({})"
)
_STEPS = "t.?steps.orValue([]).{0}(row, (type(row) == list ? row : row.?steps.orValue([])).{0}(s, {1}))"
_TASKS = "t.?dag.?tasks.orValue([]).{0}(s, {1})"
_HOOKS = "{0}.?hooks.orValue({{}}).all(h, !{0}.hooks[h].?templateRef.?clusterScope.orValue(false))"


def _calls(condition: str) -> str:
    """True where the condition holds of every task and step `s` of every template."""
    return f"variables.templates.all(t, {_TASKS.format('all', condition)} && {_STEPS.format('all', condition)})"


def _templates(condition: str) -> str:
    """True where the condition holds of every template `t`."""
    return f"variables.templates.all(t, {condition})"


VARIABLES = (
    ("spec", _SPEC),
    ("templates", "[?variables.spec.?templateDefaults] + variables.spec.?templates.orValue([])"),
)

_ACCOUNTS = " && ".join(
    f"{{0}}.?{field}.orValue('') in {embedded.ACCOUNTS}"
    for field in ("serviceAccountName", "executor.?serviceAccountName", "artifactGC.?serviceAccountName")
)
_ARTIFACT_ACCOUNT = f"a.?artifactGC.?serviceAccountName.orValue('') in {embedded.ACCOUNTS}"
_ARTIFACTS = (
    "(t.?inputs.?artifacts.orValue([]) + t.?outputs.?artifacts.orValue([]) + [?t.?archiveLocation]).all(a, {0})"
)


def _patch(of: str) -> str:
    return f"{of}.?podSpecPatch.orValue('') in ['', {quoted(PIPELINES_PATCH)}]"


_LOCATION = (
    "!a.?s3.?key.orValue('').contains('..') && !a.?s3.?key.orValue('').startsWith('/')"
    " && (!has(a.s3) || a.s3.?bucket.orValue('') == '' || a.s3.bucket in variables.buckets)"
    " && !a.exists(store, store in ['azure', 'gcs', 'hdfs', 'oss'])"
)

REFERENCES = Rule(
    name="workflow-references",
    family=FAMILY,
    targets=WORKFLOWS,
    parametrised=True,
    conditions=(CHANGED,),
    variables=(*VARIABLES, ("buckets", listed("artifact-buckets"))),
    checks=(
        Check(
            expression=f"{_ACCOUNTS.format('variables.spec')} && {_templates(_ACCOUNTS.format('t'))}"
            f" && {_templates(_ARTIFACTS.format(_ARTIFACT_ACCOUNT))}",
            field="spec.serviceAccountName",
            what="or one of a template, of executor or of artifactGC is no account of workloads",
            fix="Leave it out, or name pipeline-runner",
        ),
        Check(
            expression=f"{_patch('variables.spec')} && {_templates(_patch('t'))}"
            " && variables.spec.?artifactGC.?podSpecPatch.orValue('') == ''",
            field="spec.podSpecPatch",
            what="changes pods after they were read here",
            fix="Write what it sets into the template itself",
        ),
        Check(
            expression="!variables.spec.?workflowTemplateRef.?clusterScope.orValue(false) && "
            + _calls(f"!s.?templateRef.?clusterScope.orValue(false) && {_HOOKS.format('s')}")
            + f" && {_HOOKS.format('variables.spec')}",
            field="spec.templateRef.clusterScope",
            what="runs a template that is not this team's",
            fix="Refer to a WorkflowTemplate of this namespace",
        ),
        Check(
            expression=_calls("!has(s.inline)"),
            field="spec.templates.inline",
            what="hides a template inside of another, where no rule reads it",
            fix="Give the template a name of its own below spec.templates",
        ),
        Check(
            expression=_templates("!has(t.resource)"),
            field="spec.templates.resource",
            what="makes objects that no person signed",
            fix="Run kubectl in a container step, with the rights of pipeline-runner",
        ),
        Check(
            expression=_templates("!has(t.plugin)") + " && size(variables.spec.?executorPlugins.orValue([])) == 0",
            field="spec.templates.plugin",
            what="runs what no pod spec shows",
            fix="Use a container step",
        ),
        Check(
            expression="variables.spec.?artifactRepositoryRef.?configMap.orValue('') in ['', 'artifact-repositories']",
            field="spec.artifactRepositoryRef.configMap",
            value="'\"' + variables.spec.artifactRepositoryRef.configMap + '\"'",
            what="is not the team's artifact repository",
            fix="Remove it",
        ),
        Check(
            expression=_templates(_ARTIFACTS.format(_LOCATION))
            + f" && variables.spec.?arguments.?artifacts.orValue([]).all(a, {_LOCATION})",
            field="spec.templates.artifacts",
            what="is outside of the team's bucket, or its key leaves its folder",
            fix="Leave bucket and store out, and name a key below the team's prefix",
        ),
    ),
    attacks=("A35", "A36", "A39"),
)

PODS = Rule(
    name="workflow-pods",
    family=FAMILY,
    targets=(*WORKFLOWS, Target(group="kubeflow.org", plurals=("viewers",))),
    parametrised=True,
    conditions=(CHANGED,),
    variables=(
        *VARIABLES,
        ("viewer", "[?object.?spec.?podTemplateSpec.?spec]"),
        ("pods", "[object.kind == 'Viewer' ? variables.viewer : [variables.spec] + variables.templates]"),
        (
            "containers",
            (
                "variables.pods.map(list, list.map(p, [?p.?container, ?p.?script] + p.?initContainers.orValue([])"
                " + p.?sidecars.orValue([]) + p.?containers.orValue([]) + p.?containerSet.?containers.orValue([])))"
            ),
        ),
        *embedded.PARAMETERS,
    ),
    checks=embedded.checks("spec.templates"),
    attacks=("A15", "A18", "A19", "A21", "A35"),
)

RULES = (REFERENCES, PODS)
