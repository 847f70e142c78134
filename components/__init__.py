"""How one thing is built: components, one concern a file."""
