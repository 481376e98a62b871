"""Documents to features with fitted models, one thread: documents and tokens a second.

GloVeVectorizer.transform, CountVectorizer.transform, and the transform of TfidfVectorizer followed by TruncatedSVD; all with
the vocabulary of the first and scikit-learn's kind of tokens, words of one letter included. In turn, several times;
the numbers are medians. Rates and ratios are of CPU time, which on one thread is the time on the clock of an idle machine.
All models are in one process: peak memory is that of all together.
"""

from __future__ import annotations

from argparse import ArgumentParser
from statistics import median
from typing import Any

from benchmarks.harness.corpora import iterate_documents
from benchmarks.harness.measure import Stopwatch, in_own_process
from benchmarks.harness.results import CPU, METHOD, PEAK, WALL, Column, D, Results
from benchmarks.harness.settings import C_PROGRAM, MIN_COUNT, Setting

COLUMNS = (
    METHOD,
    D,
    CPU,
    WALL,
    Column("documents / s", "documents_per_second", ",.0f"),
    Column("million tokens / s", "tokens_per_second", ",.2f", 1e6),
    Column("times the time of glove_sklearn", "ratio", ",.1f"),
    PEAK,
)
COMPETITORS = ("count-vectorizer", "tfidf-svd")


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--n-components", type=int, default=100, metavar="D")
    parser.add_argument("--repetitions", type=int, default=5, metavar="N", help="default: 5")


def run(results: Results, setting: Setting, n_components: int, repetitions: int) -> None:
    measured = in_own_process(
        transform,
        text=str(setting.corpus.path),
        methods=setting.methods,
        n_components=n_components,
        repetitions=repetitions,
    )
    reference = measured.get("glove-sklearn")
    for method, numbers in measured.items():
        numbers |= {
            "documents_per_second": setting.corpus.n_documents / numbers["cpu_seconds"],
            "tokens_per_second": setting.corpus.n_tokens / numbers["cpu_seconds"],
        }
        if reference:
            numbers["ratio"] = numbers["cpu_seconds"] / reference["cpu_seconds"]
        parameters = {"min_count": MIN_COUNT, "repetitions": repetitions}
        if method != "count-vectorizer":
            parameters["n_components"] = n_components
        results.add(method, parameters, numbers)


def transform(text: str, methods: list[str], n_components: int, repetitions: int) -> dict[str, dict[str, Any]]:
    """Fit all models, then measure them in turn."""
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
    from sklearn.pipeline import make_pipeline
    from threadpoolctl import threadpool_limits

    from glove_sklearn import GloVeVectorizer

    documents = list(iterate_documents(text))
    # How well the models fit does not matter here: few passes, few iterations.
    settings = {**C_PROGRAM, "max_iter": 1}
    glove = GloVeVectorizer(n_components, min_count=MIN_COUNT, **settings, n_jobs=1, random_state=0).fit(documents)
    tokens = {"token_pattern": glove.token_pattern, "vocabulary": glove.vocabulary_}
    models: dict[str, Any] = {"glove-sklearn": glove, "count-vectorizer": CountVectorizer(**tokens)}
    if "tfidf-svd" in methods:
        svd = TruncatedSVD(n_components, n_iter=1, random_state=0)
        models["tfidf-svd"] = make_pipeline(TfidfVectorizer(**tokens), svd).fit(documents)

    stopwatches: dict[str, list[Stopwatch]] = {method: [] for method in models if method in methods}
    with threadpool_limits(1):
        for _ in range(repetitions):
            for method, done in stopwatches.items():
                with Stopwatch() as stopwatch:
                    models[method].transform(documents)
                done.append(stopwatch)
    return {
        method: {name: median(stopwatch.numbers()[name] for stopwatch in done) for name in done[0].numbers()}
        for method, done in stopwatches.items()
    }
