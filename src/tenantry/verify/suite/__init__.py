"""The suite that pytest runs against a cluster. Not for `pytest` by itself: `tenantry verify` hands it its checks."""
