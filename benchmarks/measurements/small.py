"""Fit and transform of small collections: 20 Newsgroups (the posts for training), and 1,000 short documents.

The short documents have 10 to 20 tokens, like a tweet, and are cut from the beginning of the corpus. d = 100, window 10, 25
passes, and else the settings of the C program; beside it TfidfVectorizer and TruncatedSVD(100). Medians of some repetitions.
Shares are of CPU time: of reading (text to token ids, measured as a count of ten words and windows of one), of counting, and of
the rest, which is training but for the pooling of document vectors.
"""

from __future__ import annotations

from argparse import ArgumentParser
from itertools import chain, islice
from statistics import median
from typing import Any

from benchmarks.harness.corpora import iterate_documents
from benchmarks.harness.measure import Stopwatch, in_own_process
from benchmarks.harness.results import CPU, METHOD, PEAK, WALL, WORDS, Column, Results
from benchmarks.harness.settings import C_PROGRAM, CONTEXT, MIN_COUNT, Setting

N_COMPONENTS = 100
MAX_ITER = 25
CONTEXT_OF_TEN = {**CONTEXT, "window_size": 10}
N_SHORT = 1000

COLUMNS = (
    Column("documents", "documents"),
    METHOD,
    CPU,
    WALL,
    PEAK,
    WORDS,
    Column("reading %", "reading", ".0f"),
    Column("counting %", "counting", ".0f"),
    Column("training %", "training", ".0f"),
)
COMPETITORS = ("tfidf-svd",)


def add_arguments(parser: ArgumentParser) -> None:
    both = ["newsgroups", "short"]
    parser.add_argument("--documents", nargs="+", choices=both, default=both, help="default: both")
    parser.add_argument("--data-home", help="where scikit-learn keeps, or puts, 20 Newsgroups; default: as it does")
    parser.add_argument("--repetitions", type=int, default=3, metavar="N", help="default: 3")
    parser.add_argument("--n-jobs", type=int, default=2, metavar="N", help="threads; default: 2")


def run(
    results: Results, setting: Setting, documents: list[str], data_home: str | None, repetitions: int, n_jobs: int
) -> None:
    for name in documents:
        for method, fit in (("glove-sklearn", glove), ("tfidf-svd", tfidf_svd)):
            if method in setting.methods:
                numbers = in_own_process(
                    fit,
                    name=name,
                    text=str(setting.corpus.path),
                    data_home=data_home,
                    repetitions=repetitions,
                    n_jobs=n_jobs,
                )
                parameters = {"n_components": N_COMPONENTS, "min_count": MIN_COUNT, "n_jobs": n_jobs, "documents": name}
                if method == "glove-sklearn":
                    parameters["max_iter"] = MAX_ITER
                sizes = {size: numbers.pop(size) for size in ("n_documents", "n_tokens", "n_bytes")}
                source = "20 Newsgroups" if name == "newsgroups" else f"short documents from {setting.corpus.name}"
                results.add(method, parameters, numbers, corpus={"name": source, **sizes})


def load(name: str, text: str, data_home: str | None) -> list[str]:
    """The documents."""
    if name == "short":
        tokens = chain.from_iterable(document.split() for document in iterate_documents(text))
        chunks = ([*islice(tokens, 10 + i % 11)] for i in range(N_SHORT))
        return [" ".join(piece) for piece in chunks if piece]

    from sklearn.datasets import fetch_20newsgroups

    return fetch_20newsgroups(data_home=data_home, subset="train").data


def sizes_of(documents: list[str]) -> dict[str, int]:
    """What rows say of the documents."""
    return {
        "n_documents": len(documents),
        "n_tokens": sum(len(document.split()) for document in documents),
        "n_bytes": sum(len(document.encode()) + 1 for document in documents),
    }


def glove(name: str, text: str, data_home: str | None, repetitions: int, n_jobs: int) -> dict[str, Any]:
    """GloVeVectorizer.fit_transform, and beside it reading and counting alone."""
    from glove_sklearn import CooccurrenceCounter, GloVeVectorizer

    documents = load(name, text, data_home)
    sizes = sizes_of(documents)
    settings = {**C_PROGRAM, **CONTEXT_OF_TEN, "max_iter": MAX_ITER}
    whole, steps = [], []
    for _ in range(repetitions):
        vectorizer = GloVeVectorizer(N_COMPONENTS, min_count=MIN_COUNT, **settings, n_jobs=n_jobs, random_state=0)
        with Stopwatch() as all_of_it:
            vectorizer.fit_transform(documents)
        with Stopwatch() as reading:
            CooccurrenceCounter(max_features=10, **{**CONTEXT, "window_size": 1}, n_jobs=n_jobs).fit(documents)
        with Stopwatch() as counting:
            CooccurrenceCounter(min_count=MIN_COUNT, **CONTEXT_OF_TEN, n_jobs=n_jobs).fit(documents)
        whole.append(all_of_it.numbers())
        steps.append((reading.cpu / all_of_it.cpu, counting.cpu / all_of_it.cpu))
    read, counted = (median(shares) for shares in zip(*steps, strict=True))
    return {
        **medians(whole),
        **sizes,
        "n_words": len(vectorizer.vocabulary_),
        "reading": 100 * read,
        "counting": 100 * (counted - read),
        "training": 100 * (1 - counted),
    }


def tfidf_svd(name: str, text: str, data_home: str | None, repetitions: int, n_jobs: int) -> dict[str, Any]:
    """TfidfVectorizer, then TruncatedSVD."""
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_pipeline
    from threadpoolctl import threadpool_limits

    documents = load(name, text, data_home)
    sizes = sizes_of(documents)
    whole = []
    with threadpool_limits(n_jobs):
        for _ in range(repetitions):
            vectorizer = TfidfVectorizer(min_df=MIN_COUNT)
            pipeline = make_pipeline(vectorizer, TruncatedSVD(N_COMPONENTS, random_state=0))
            with Stopwatch() as stopwatch:
                pipeline.fit_transform(documents)
            whole.append(stopwatch.numbers())
    return {**medians(whole), **sizes, "n_words": len(vectorizer.vocabulary_)}


def medians(rows: list[dict[str, float]]) -> dict[str, float]:
    """The median of each number."""
    return {name: median(row[name] for row in rows) for name in rows[0]}
