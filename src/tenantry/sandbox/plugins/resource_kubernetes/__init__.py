"""A stand-in for the engine's Kubernetes provider: a test double for where the official one cannot be had."""
