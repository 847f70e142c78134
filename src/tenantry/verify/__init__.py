"""Whether a live cluster keeps what Tenantry promises: one named check for each promise, run by pytest.

Checks are read-only: objects are compared through dry runs, rights are asked of the API server's authorizers, and
what admission must refuse is created in dry runs. Only `full` writes, into the tenant's own namespace.
"""
