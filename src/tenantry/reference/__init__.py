"""The reference pages of docs/, made from the program itself. `python -m tenantry.reference` writes them anew."""
