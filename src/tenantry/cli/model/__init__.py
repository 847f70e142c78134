"""`tenantry model`: the models of a team and their versions, one verb a file."""
