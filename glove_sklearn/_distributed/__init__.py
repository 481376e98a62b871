"""Counting and training on a cluster, by Dask."""
