"""The benchmarks are part of a clone and of the sdist, not of an installed package, and compare with gensim."""

from importlib.util import find_spec

if find_spec("benchmarks") is None or find_spec("gensim") is None:
    collect_ignore_glob = ["test_*.py"]
