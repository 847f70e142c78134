"""Machine-learning platforms for many teams on one Kubernetes cluster."""
