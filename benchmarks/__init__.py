"""Scripts that print numbers: how fast, how accurate, on which machine. Run them with ``python -m benchmarks.NAME``."""
