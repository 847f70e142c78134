"""The sandbox: a real control plane in one folder, without root and without Docker."""
