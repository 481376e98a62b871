"""Word vectors from a file of text, without header, and back: load_vectors and save_vectors beside gensim's own.

400,000 words with 50 values each, as in the smallest of Stanford's files; the words are those of the corpus and pairs of them.
Values are rounded to six decimals, as the C program prints them, or have all the digits of a float32. Each method loads and
saves in a process of its own, in turn, several times; the numbers are medians. Memory is what the process needed beyond what
it had with everything imported, in multiples of the array of vectors; the words of the result are part of it.
"""

from __future__ import annotations

import warnings
from argparse import ArgumentParser
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from statistics import median

from benchmarks.harness.corpora import iterate_documents
from benchmarks.harness.measure import Stopwatch, in_own_process, peak_memory
from benchmarks.harness.results import CPU, METHOD, PEAK, WALL, Column, D, Results
from benchmarks.harness.settings import Setting

COLUMNS = (
    METHOD,
    Column("digits", "digits"),
    Column("words", "n_words", ",d"),
    D,
    CPU,
    WALL,
    Column("times the time of glove_sklearn", "ratio", ",.1f"),
    Column("memory / array", "memory_ratio"),
    Column("held / array", "held_ratio"),
    Column("saving CPU s", "saving_seconds"),
    Column("file MB", "n_bytes", ",.0f", 1e6),
    PEAK,
)
COMPETITORS = ("gensim",)


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--n-words", type=int, default=400_000, metavar="N", help="default: 400000")
    parser.add_argument("--n-components", type=int, default=50, metavar="D", help="default: 50")
    parser.add_argument("--repetitions", type=int, default=3, metavar="N", help="default: 3")


def run(results: Results, setting: Setting, n_words: int, n_components: int, repetitions: int) -> None:
    for digits in ("six decimals", "all"):
        path = setting.folder / f"{digits.replace(' ', '-')}.txt"
        in_own_process(
            make_file, path=path, text=setting.corpus.path, n_words=n_words, n_components=n_components, digits=digits
        )
        done: dict[str, list[dict[str, float]]] = {method: [] for method in setting.methods}
        for _ in range(repetitions):
            for method, rows in done.items():
                rows.append(in_own_process(load_and_save, method=method, path=path))
        for method, rows in done.items():
            numbers = {name: median(row[name] for row in rows) for name in rows[0]}
            if "glove-sklearn" in done:
                numbers["ratio"] = numbers["cpu_seconds"] / median(row["cpu_seconds"] for row in done["glove-sklearn"])
            parameters = {
                "digits": digits,
                "n_words": n_words,
                "n_components": n_components,
                "repetitions": repetitions,
            }
            results.add(method, parameters, {**numbers, "n_bytes": path.stat().st_size})


def words(text: str) -> Iterator[str]:
    """Words of a corpus, each once, and then pairs of them."""
    singles = dict.fromkeys(word for document in iterate_documents(text) for word in document.split())
    yield from singles
    yield from (f"{first}+{second}" for first in singles for second in singles)


def make_file(path: str, text: str, n_words: int, n_components: int, digits: str) -> None:
    """Write random vectors."""
    import numpy as np

    from glove_sklearn.formats import WordVectors, save_vectors

    vectors = 0.4 * np.random.default_rng(0).standard_normal((n_words, n_components), dtype=np.float32)
    if digits == "six decimals":
        vectors = vectors.round(6)
    save_vectors(path, WordVectors([*dict.fromkeys(islice(words(text), n_words))], vectors))


def load_and_save(method: str, path: str) -> dict[str, float]:
    """Seconds of both, and the memory of the first."""
    from gensim.models import KeyedVectors

    from glove_sklearn._system.memory import resident_memory
    from glove_sklearn.formats import load_vectors, save_vectors

    before = peak_memory()
    with Stopwatch() as loading:
        if method == "gensim":
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", ResourceWarning)  # it leaves a file open
                vectors = KeyedVectors.load_word2vec_format(path, no_header=True)
        else:
            vectors = load_vectors(path)
    held = resident_memory()
    copy = Path(path).with_suffix(f".{method}.txt")
    with Stopwatch() as saving:
        if method == "gensim":
            vectors.save_word2vec_format(str(copy), write_header=False)
        else:
            save_vectors(copy, vectors)
    copy.unlink()
    n_bytes = vectors.vectors.nbytes
    return {
        **loading.numbers(),
        "memory_ratio": (loading.peak - before) / n_bytes,
        "held_ratio": (held - before) / n_bytes,
        "saving_seconds": saving.cpu,
    }
