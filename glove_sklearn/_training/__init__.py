"""Rows of X -> trained parameters."""
