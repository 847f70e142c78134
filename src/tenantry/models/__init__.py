"""Models as files: what may stand in one, where they are read, and what they must show before they get traffic."""
