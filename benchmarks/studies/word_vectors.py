"""Word vectors of a text by each method: time, memory and accuracy with one seed, and rows over several seeds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from benchmarks.competitors import ppmi_svd, tfidf_svd, word2vec
from benchmarks.harness import processes
from benchmarks.harness.accuracy import ACCURACIES, evaluate, names_of
from benchmarks.harness.corpora import iterate_documents
from benchmarks.harness.measure import Stopwatch
from benchmarks.harness.results import Row
from benchmarks.harness.settings import MIN_COUNT, TEXT, Setting
from benchmarks.studies import variants
from benchmarks.studies.seeds import summarise
from glove_sklearn import CooccurrenceCounter, GloVeVectorizer


def rows(
    setting: Setting,
    cases: dict[str, list[dict[str, Any]]],
    seeds: tuple[int, ...],
    evaluation: dict[str, Any] | None = None,
    **alike: Any,
) -> Iterator[Row]:
    """Measure each case of each method with all seeds.

    Parameters
    ----------
    setting : Setting
        Its methods are measured.
    cases : dict
        For each method, the arguments of `measure` that differ between its rows; methods without cases are left out.
    seeds : tuple of int
    evaluation : dict or None, default=None
        What else to evaluate: arguments of `evaluate`. Rows do not tell: they measure the same thing.
    **alike
        The arguments that do not differ.
    """
    for method in setting.methods:
        for case in cases.get(method, []):
            arguments = {"method": method, "text": str(setting.corpus.path), **alike, **case}
            if evaluation:
                arguments["evaluation"] = evaluation
            measured = [processes.in_own_process(measure, **arguments, seed=seed) for seed in seeds]
            parameters = {"min_count": MIN_COUNT, "seeds": list(seeds), **alike, **case}
            yield Row(method, parameters, summarise(measured, names_of(measured[0])))


def measure(
    method: str, text: str, n_jobs: int, evaluation: dict[str, Any] | None = None, **case: Any
) -> dict[str, Any]:
    """Fit and evaluate once.

    Parameters
    ----------
    method : {"glove-sklearn", "skip-gram", "cbow", "ppmi-svd", "tfidf-svd"}
        TF-IDF + SVD makes no word vectors; it has no accuracy.
    text : str
        Path of the file.
    n_jobs : int
    evaluation : dict or None, default=None
        Further arguments of `evaluate`.
    **case
        `n_components` and `seed`; for Word2Vec `n_epochs` and `window_size`; for glove-sklearn `settings` and perhaps `n_epochs`
        (see `glove`).
    """
    from threadpoolctl import threadpool_limits

    if method in word2vec.METHODS:
        import gensim.models  # noqa: F401  (not part of the measurement)
    with threadpool_limits(n_jobs):
        with Stopwatch() as stopwatch:
            terms, vectors, about = _fit(method, text, n_jobs=n_jobs, **case)
        accuracies = dict.fromkeys(ACCURACIES) if vectors is None else evaluate(terms, vectors, **evaluation or {})
    return {**stopwatch.numbers(), "n_words": len(terms), **about, **accuracies}


def _fit(method: str, text: str, **case: Any) -> tuple[list[str], Any, dict[str, Any]]:
    """Return the words, their vectors, and what rows say."""
    if method in word2vec.METHODS:
        return *word2vec.fit(word2vec.Sentences(text), method, **case), {}
    if method == "ppmi-svd":
        about = {"window_size": CooccurrenceCounter().window_size}
        return *ppmi_svd.fit(iterate_documents(text), **case, **TEXT), about
    if method == "tfidf-svd":
        del case["n_jobs"]
        model = tfidf_svd.pipeline(**case, analyzer=str.split, min_df=MIN_COUNT).fit(iterate_documents(text))
        return list(model[0].vocabulary_), None, {}
    vectorizer = glove(**case, **TEXT).fit(iterate_documents(text))
    return list(vectorizer.vocabulary_), vectorizer.embedding_, variants.describe(vectorizer)


def glove(settings: str, seed: int, n_epochs: int | None = None, **given: Any) -> GloVeVectorizer:
    """Return a vectorizer with the `given` parameters, then those of `settings` (see `variants`), then this number of epochs."""
    epochs = {} if n_epochs is None else {"max_iter": n_epochs}
    return GloVeVectorizer(**{**given, "random_state": seed, **variants.parse(settings), **epochs})
