"""What a team's Kubeflow Pipelines is told and what it takes, as plain data. No pulumi."""
