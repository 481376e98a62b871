"""Figures of the documentation, drawn from the rows of benchmarks."""
