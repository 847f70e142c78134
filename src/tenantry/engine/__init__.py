"""Runs of the engine: `pulumi` itself, on many stacks."""
