"""What a team's model registry is told, what it takes, and how it is asked. Plain data and HTTP; no pulumi."""
