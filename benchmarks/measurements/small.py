"""Fit and transform of small collections: 20 Newsgroups (the posts for training), and 1,000 short documents.

The short documents have 10 to 20 tokens, like a tweet, and are cut from the beginning of the corpus. d = 100, window 10, 25
epochs, and otherwise the settings of Stanford GloVe; compared with TfidfVectorizer and TruncatedSVD(100). The numbers are
medians. Percentages are of CPU time: for reading (text to token ids, measured as a count of ten words with a window of one), for
counting, and for the rest, which is training, and pooling of document vectors.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice
from statistics import median
from typing import Any

from benchmarks.harness import processes
from benchmarks.harness.corpora import describe, iterate_documents
from benchmarks.harness.measure import Stopwatch, medians
from benchmarks.harness.results import Row
from benchmarks.harness.settings import MIN_COUNT, STANFORD_GLOVE, Setting

COMPETITORS = ("tfidf-svd",)
OPTIONS = {"documents": {"choices": ("newsgroups", "short"), "help": "collections"}}

N_COMPONENTS = 100
N_EPOCHS = 25
WINDOW_SIZE = 10
N_SHORT = 1000


def run(
    setting: Setting,
    *,
    documents: tuple[str, ...] = ("newsgroups", "short"),
    data_home: str | None = None,
    repetitions: int = 3,
    n_jobs: int = 2,
) -> Iterator[Row]:
    for name in documents:
        for method, fit in (("glove-sklearn", glove), ("tfidf-svd", tfidf_svd)):
            if method in setting.methods:
                source = {"name": name, "text": str(setting.corpus.path), "data_home": data_home}
                numbers = processes.in_own_process(fit, **source, repetitions=repetitions, n_jobs=n_jobs)
                parameters = {"documents": name, "n_components": N_COMPONENTS, "min_count": MIN_COUNT, "n_jobs": n_jobs}
                if method == "glove-sklearn":
                    parameters |= {"window_size": WINDOW_SIZE, "n_epochs": N_EPOCHS}
                corpus = numbers.pop("corpus")
                if name == "short":
                    corpus["name"] = f"short documents from {setting.corpus.description['name']}"
                yield Row(method, parameters, numbers, corpus)


def load(name: str, text: str, data_home: str | None) -> list[str]:
    """Return the documents of a collection."""
    if name == "short":
        tokens = chain.from_iterable(document.split() for document in iterate_documents(text))
        lists = ([*islice(tokens, 10 + i % 11)] for i in range(N_SHORT))
        return [" ".join(tokens) for tokens in lists if tokens]

    from sklearn.datasets import fetch_20newsgroups

    return fetch_20newsgroups(data_home=data_home, subset="train").data


def glove(repetitions: int, n_jobs: int, **source: Any) -> dict[str, Any]:
    """Call GloVeVectorizer.fit_transform, then read, and read and count, with CooccurrenceCounter alone."""
    from glove_sklearn import CooccurrenceCounter, GloVeVectorizer

    documents = load(**source)
    context = {"context": STANFORD_GLOVE["context"], "weighting": STANFORD_GLOVE["weighting"], "n_jobs": n_jobs}
    settings = {**STANFORD_GLOVE, **context, "window_size": WINDOW_SIZE, "max_iter": N_EPOCHS}
    fits, read, counted = [], [], []
    for _ in range(repetitions):
        vectorizer = GloVeVectorizer(N_COMPONENTS, min_count=MIN_COUNT, **settings, random_state=0)
        with Stopwatch() as fitting:
            vectorizer.fit_transform(documents)
        with Stopwatch() as reading:
            CooccurrenceCounter(max_features=10, window_size=1, **context).fit(documents)
        with Stopwatch() as counting:
            CooccurrenceCounter(min_count=MIN_COUNT, window_size=WINDOW_SIZE, **context).fit(documents)
        fits.append(fitting.numbers())
        read.append(100 * reading.cpu / fitting.cpu)
        counted.append(100 * counting.cpu / fitting.cpu)
    return {
        **medians(fits),
        "corpus": describe("20 Newsgroups", documents),
        "n_words": len(vectorizer.vocabulary_),
        "reading": median(read),
        "counting": median(counted) - median(read),
        "training": 100 - median(counted),
    }


def tfidf_svd(repetitions: int, n_jobs: int, **source: Any) -> dict[str, Any]:
    """Call fit_transform of TfidfVectorizer and TruncatedSVD."""
    from threadpoolctl import threadpool_limits

    from benchmarks.competitors.tfidf_svd import pipeline

    documents = load(**source)
    fits = []
    with threadpool_limits(n_jobs):
        for _ in range(repetitions):
            model = pipeline(N_COMPONENTS, min_df=MIN_COUNT)
            with Stopwatch() as stopwatch:
                model.fit_transform(documents)
            fits.append(stopwatch.numbers())
    return {
        **medians(fits), "corpus": describe("20 Newsgroups", documents), "n_words": len(model[0].vocabulary_)
    }  # fmt: skip
