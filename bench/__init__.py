"""What `make bench` runs: ratios of things measured side by side, in the same run on the same machine."""
