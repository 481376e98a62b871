"""Scripts that print numbers: how fast, how accurate, on which machine. ``python -m benchmarks --help`` lists them."""
