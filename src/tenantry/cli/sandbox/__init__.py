"""`tenantry sandbox`: a cluster in a folder, one verb a file."""
