"""What a team's Seldon operator is told and takes, and how a model's file becomes a SeldonDeployment. No pulumi."""
