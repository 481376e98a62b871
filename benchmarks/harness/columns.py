"""What tables show: the heading and the format of everything that a row can say.

A benchmark lists no columns. A table has a column for each name below that its rows know, in this order.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from benchmarks.harness.accuracy import SECTIONS

#: Names of the methods on the command line and in rows, and in tables.
METHODS = {
    "glove-sklearn": "glove_sklearn",
    "count-vectorizer": "CountVectorizer",
    "tfidf": "TF-IDF",
    "tfidf-svd": "TF-IDF + SVD",
    "ppmi-svd": "PPMI + SVD",
    "skip-gram": "Word2Vec skip-gram",
    "cbow": "Word2Vec CBOW",
    "gensim": "gensim",
    "gensim-mean": "gensim `get_mean_vector`",
    "dict-numpy": "dict and NumPy",
    "model2vec": "model2vec",
    "mittens": "mittens",
    "a-la-carte": "a la carte",
    "stanford-glove": "Stanford GloVe",
    "stanford-glove-shuffled": "Stanford GloVe, shuffled",
}


class Column(NamedTuple):
    """How a table shows one number or parameter."""

    heading: str
    format: str = ",.2f"
    unit: float = 1
    """Numbers are divided by it."""


COLUMNS = {
    "method": Column("method"),
    "part": Column("what"),
    "frequency": Column("occurrences"),
    "noise": Column("noise", ".3f"),
    "documents": Column("documents"),
    "vectors": Column("vectors"),
    "memory_limit": Column("memory_limit"),
    "repeat": Column("copies", "d"),
    "settings": Column("settings"),
    "n_posts": Column("posts", ",d"),
    "anchor": Column("anchor", "g"),
    "occurrences": Column("occurrences", "d"),
    "part_of_stream": Column("part", "d"),
    "digits": Column("digits"),
    "score": Column("score"),
    "window_size": Column("window", "d"),
    "x_max": Column("x_max", ".1f"),
    "n_components": Column("d", "d"),
    "n_epochs": Column("epochs", "d"),
    "n_features": Column("features", ",d"),
    "seed": Column("seed", "d"),
    "n_seeds": Column("seeds", "d"),
    "n_workers": Column("workers", "d"),
    "gigabits": Column("Gbit/s", "g"),
    "work_seconds": Column("one thread, s", ".1f"),
    "epoch_seconds": Column("epoch, s", ".2f"),
    "estimated_seconds": Column("estimate, s", ".2f"),
    "speedup": Column("speed-up", ".2f"),
    "sent_bytes": Column("sent, MB", ",.1f", 1e6),
    "estimated_bytes": Column("parameters, MB", ",.1f", 1e6),
    "n_partitions": Column("partitions", "d"),
    "n_kills": Column("workers killed", "d"),
    "n_jobs": Column("threads", "d"),
    "n_tokens": Column("tokens", ",d"),
    "n_words": Column("words", ",d"),
    "n_entries": Column("nonzero entries", ",d"),
    "n_asked": Column("questions", ",d"),
    "n_bytes": Column("file MB", ",.0f", 1e6),
    "cpu_seconds": Column("CPU s"),
    "wall_seconds": Column("wall s"),
    "cpu_ratio": Column("CPU / local"),
    "moved_bytes": Column("MB between workers", ",.0f", 1e6),
    "transfers": Column("of which"),
    "ratio": Column("time / glove_sklearn", ",.1f"),
    "ratio_to_svd": Column("time / TF-IDF + SVD"),
    "peak_memory": Column("peak GB", ".2f", 1e9),
    "counting_cpu_seconds": Column("counting CPU s"),
    "counting_wall_seconds": Column("counting wall s"),
    "counting_speedup": Column("counting speed-up"),
    "training_cpu_seconds": Column("training CPU s"),
    "training_wall_seconds": Column("training wall s"),
    "training_speedup": Column("training speed-up"),
    "reading": Column("reading %", ".0f"),
    "counting": Column("counting %", ".0f"),
    "training": Column("training %", ".0f"),
    "documents_per_second": Column("documents / s", ",.0f"),
    "tokens_per_second": Column("million tokens / s", ",.2f", 1e6),
    "nanoseconds_per_token": Column("CPU ns / token", ",.0f"),
    "bytes_per_token": Column("bytes / token", ",.1f"),
    "nanoseconds": Column("CPU ns / entry / epoch", ",.1f"),
    "bytes_per_entry": Column("bytes / entry", ",.1f"),
    "memory_ratio": Column("memory / array"),
    "held_ratio": Column("held / array"),
    "saving_seconds": Column("saving CPU s"),
    "milliseconds": Column("CPU ms / question", ",.3f"),
    "half_loss": Column("loss / 2", ".5f"),
    "analogies": Column("analogies %", ".1f"),
    "semantic": Column("semantic %", ".1f"),
    "syntactic": Column("syntactic %", ".1f"),
    **{section: Column(section, ".1f") for section in SECTIONS},
    "wordsim353": Column("WordSim-353", ".3f"),
    "wordsim_similarity": Column("similar", ".3f"),
    "wordsim_relatedness": Column("related", ".3f"),
    "simlex999": Column("SimLex-999", ".3f"),
    "simlex_adjectives": Column("adjectives", ".3f"),
    "simlex_nouns": Column("nouns", ".3f"),
    "simlex_verbs": Column("verbs", ".3f"),
    "tagging": Column("tagging %", ".1f"),
    "accuracy": Column("accuracy %", ".1f"),
    "n_iter": Column("iterations", "d"),
    "converged": Column("converged"),
    "accuracy_chosen": Column("accuracy %, C chosen", ".1f"),
    "C": Column("C"),
    "hits_predicted": Column("hits %, predicted", ".1f"),
    "hits_cosine": Column("hits %, cosine", ".1f"),
    "hits_popularity": Column("hits %, popularity", ".1f"),
    "epoch_cpu_seconds": Column("epoch CPU s"),
    "ratio_to_epoch": Column("pass / epoch", ".1f"),
    "most_frequent_milliseconds": Column("ms, most frequent word", ".1f"),
    "word_milliseconds": Column("ms / word", ".1f"),
    "n_pairs": Column("pairs", ",d"),
    "held": Column("held %", ".1f"),
    "components_held": Column("components held %", ".1f"),
    "held_by_estimates": Column("held %, all estimated", ".1f"),
    "standard_error": Column("std. error", ".3f"),
    "factor": Column("factor", ".1f"),
    "factor_of_bootstrap": Column("factor, bootstrap", ".1f"),
    "factor_of_seeds": Column("factor, seeds", ".1f"),
    "moved": Column("from least squares", ".1f"),
    "accuracy_of_100": Column("100 labels: accuracy %", ".1f"),
    "accuracy_of_1000": Column("1,000 labels: accuracy %", ".1f"),
    "accuracy_of_all": Column("all labels: accuracy %", ".1f"),
    "typical_neighbours": Column("neighbours of the subject %", ".1f"),
    "objective": Column("objective", ",.1f"),
    "cosine": Column("cosine", ".3f"),
    "median_rank": Column("median rank", ",.0f"),
    "among_ten": Column("among the ten nearest %", ".0f"),
    "same_bits": Column("same bits"),
}


def columns_of(rows: Iterable[dict[str, Any]]) -> list[str]:
    """Return the names of the columns that have something in them."""
    rows = list(rows)
    return [name for name in COLUMNS if any(cell(name, row) for row in rows)]


def cell(name: str, row: dict[str, Any]) -> str:
    """Return what a row says in a column, with the standard deviation if it has one; empty if the row does not know."""
    values = {**row["parameters"], **row["numbers"], "method": METHODS.get(row["method"], row["method"])}
    value = values.get(name)
    if name == "settings" and value == "":
        return "defaults"
    if value is None or isinstance(value, (str, bool)):
        return {None: "", True: "yes", False: "no"}.get(value, value)
    column, deviation = COLUMNS[name], values.get(f"{name}_sd")
    return " ± ".join(
        format(number / column.unit if column.unit != 1 else number, column.format)
        for number in (value, deviation)
        if number is not None
    )
