"""The benchmarks that asv runs: on one thread, in CPU time, on the text that gensim ships.

They use what users import, and nothing else of this repository, so that they also run on commits of another layout.
"""
