"""Documents to features with fitted models, on one thread: documents and tokens per second.

GloVeVectorizer.transform, CountVectorizer.transform, and the transform of TfidfVectorizer followed by TruncatedSVD; all with the
vocabulary of the first and scikit-learn's kind of tokens, words of one letter included. Methods take turns; the numbers are
medians. Rates and ratios are of CPU time, which on one thread is the wall time of an idle machine. All models are in one process:
its peak memory is that of all together.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from benchmarks.harness import processes
from benchmarks.harness.corpora import iterate_documents
from benchmarks.harness.measure import Stopwatch, medians
from benchmarks.harness.results import Row
from benchmarks.harness.settings import MIN_COUNT, STANFORD_GLOVE, Setting

COMPETITORS = ("count-vectorizer", "tfidf-svd")


def run(setting: Setting, *, n_components: int = 100, repetitions: int = 5) -> Iterator[Row]:
    case = {"n_components": n_components, "repetitions": repetitions}
    measured = processes.in_own_process(transform, text=str(setting.corpus.path), methods=setting.methods, **case)
    for method, numbers in measured.items():
        for unit in ("documents", "tokens"):
            numbers[f"{unit}_per_second"] = setting.corpus.description[f"n_{unit}"] / numbers["cpu_seconds"]
        if "glove-sklearn" in measured:
            numbers["ratio"] = numbers["cpu_seconds"] / measured["glove-sklearn"]["cpu_seconds"]
        parameters = {"min_count": MIN_COUNT, **case}
        if method == "count-vectorizer":
            del parameters["n_components"]
        yield Row(method, parameters, numbers)


def transform(text: str, methods: list[str], n_components: int, repetitions: int) -> dict[str, dict[str, Any]]:
    """Fit the models, then measure them in turn."""
    from sklearn.feature_extraction.text import CountVectorizer
    from threadpoolctl import threadpool_limits

    from benchmarks.competitors import tfidf_svd
    from glove_sklearn import WORD_PATTERN, GloVeVectorizer

    documents = list(iterate_documents(text))
    # The quality of the models does not matter here: one epoch, one iteration.
    settings = {**STANFORD_GLOVE, "max_iter": 1}
    glove = GloVeVectorizer(n_components, min_count=MIN_COUNT, **settings, n_jobs=1, random_state=0).fit(documents)
    tokens = {"token_pattern": WORD_PATTERN, "vocabulary": glove.vocabulary_}
    models: dict[str, Any] = {"glove-sklearn": glove, "count-vectorizer": CountVectorizer(**tokens)}
    if "tfidf-svd" in methods:
        models["tfidf-svd"] = tfidf_svd.pipeline(n_components, n_iter=1, **tokens).fit(documents)

    measured: dict[str, list[dict[str, float]]] = {method: [] for method in models if method in methods}
    with threadpool_limits(1):
        for _ in range(repetitions):
            for method, done in measured.items():
                with Stopwatch() as stopwatch:
                    models[method].transform(documents)
                done.append(stopwatch.numbers())
    return {method: medians(done) for method, done in measured.items()}
