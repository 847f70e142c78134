"""Which stack gets which component."""
