"""Text files of word vectors, read and written: load_vectors and save_vectors, compared with gensim.

400,000 words with 50 values each, as in the smallest of Stanford's files; the words are those of the corpus and pairs of them.
Values are rounded to six decimals, as Stanford GloVe prints them, or have all the digits of a float32. Each method loads and
saves in a process of its own; methods take turns, and the numbers are medians. Memory is what the process needed beyond what it
had after all imports, as a multiple of the array of vectors; the words of the result are part of it.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from benchmarks.harness import processes
from benchmarks.harness.corpora import iterate_documents
from benchmarks.harness.measure import Stopwatch, medians, peak_memory
from benchmarks.harness.results import Row
from benchmarks.harness.settings import Setting

COMPETITORS = ("gensim",)
OPTIONS = {"n_words": {"type": int, "metavar": "N", "help": "number of words"}}


def run(setting: Setting, *, n_words: int = 400_000, n_components: int = 50, repetitions: int = 3) -> Iterator[Row]:
    case = {"n_words": n_words, "n_components": n_components}
    for digits in ("six decimals", "all"):
        path = setting.folder / f"{digits.replace(' ', '-')}.txt"
        processes.in_own_process(make_file, path=path, text=setting.corpus.path, digits=digits, **case)
        done: dict[str, list[dict[str, float]]] = {method: [] for method in setting.methods}
        for _ in range(repetitions):
            for method, measured in done.items():
                measured.append(processes.in_own_process(load_and_save, method=method, path=path))
        of_method = {method: medians(measured) for method, measured in done.items()}
        for method, numbers in of_method.items():
            if "glove-sklearn" in of_method:
                numbers["ratio"] = numbers["cpu_seconds"] / of_method["glove-sklearn"]["cpu_seconds"]
            numbers["n_bytes"] = path.stat().st_size
            yield Row(method, {"digits": digits, **case, "repetitions": repetitions}, numbers)


def words(text: str) -> Iterator[str]:
    """Yield each word of a corpus once, and then pairs of them."""
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
    """Load a file, then save a copy: seconds of both, and the memory of loading."""
    from gensim.models import KeyedVectors

    from glove_sklearn._system.memory import resident_memory
    from glove_sklearn.formats import load_vectors, save_vectors

    before = peak_memory()
    with Stopwatch() as loading:
        if method == "gensim":
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", ResourceWarning)  # gensim leaves the file open
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
