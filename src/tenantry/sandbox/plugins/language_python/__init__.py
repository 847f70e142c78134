"""A stand-in for the engine's Python language host: a test double for where the official one cannot be had."""
