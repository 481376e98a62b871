"""Text to word vectors by each method with one seed: how long, and how good the vectors are."""

from __future__ import annotations

from typing import Any

from benchmarks.competitors import word2vec
from benchmarks.harness.accuracy import evaluate
from benchmarks.harness.corpora import iterate_documents
from benchmarks.harness.measure import Stopwatch, in_own_process
from benchmarks.harness.results import Results
from benchmarks.harness.settings import C_PROGRAM, MIN_COUNT, TEXT, Setting
from benchmarks.studies import seeds as seeds_

#: The names of what `evaluate` gives.
ACCURACIES = ("analogies", "wordsim353", "simlex999")


def add_rows(
    results: Results, setting: Setting, cases: dict[str, list[dict[str, Any]]], seeds: list[int], **alike: Any
) -> None:
    """Measure, and add to the results a row for each case of each method.

    Parameters
    ----------
    results : Results
    setting : Setting
        Its methods are measured.
    cases : dict
        Of each method, the arguments of `measure` that differ between its rows.
    seeds : list of int
    **alike
        The arguments that do not.
    """
    for method in setting.methods:
        for case in cases[method]:
            each = [
                in_own_process(measure, method=method, text=str(setting.corpus.path), seed=seed, **alike, **case)
                for seed in seeds
            ]
            parameters = {"min_count": MIN_COUNT, "seeds": seeds, **alike, **case}
            results.add(method, parameters, seeds_.summary(each, ACCURACIES))


def measure(method: str, text: str, seed: int, n_components: int, n_jobs: int, **case: Any) -> dict[str, Any]:
    """Numbers of one fit.

    Parameters
    ----------
    method : {"glove-sklearn", "c-settings", "skip-gram", "cbow", "ppmi-svd"}
    text : str
        Path of the file.
    seed, n_components, n_jobs : int
    **case
        Of glove-sklearn, `settings` (see `benchmarks.variants`) and parameters of the estimator; of Word2Vec, `window_size`
        and `n_passes`.
    """
    from threadpoolctl import threadpool_limits

    fit = {"glove-sklearn": _glove, "c-settings": _c_settings, "ppmi-svd": _ppmi_svd}.get(method, _word2vec)
    if fit is _word2vec:
        case["method"] = method
    with threadpool_limits(n_jobs):
        return fit(text=text, seed=seed, n_components=n_components, n_jobs=n_jobs, **case)


def _glove(
    text: str, seed: int, n_components: int, n_jobs: int, settings: str = "", **parameters: Any
) -> dict[str, Any]:
    from benchmarks.studies.variants import about, parse
    from glove_sklearn import GloVeVectorizer

    given = {"n_components": n_components, **TEXT, "n_jobs": n_jobs, "random_state": seed}
    vectorizer = GloVeVectorizer(**{**given, **parse(settings), **parameters})
    with Stopwatch() as stopwatch:
        vectorizer.fit(iterate_documents(text))
    evaluated = evaluate(list(vectorizer.vocabulary_), vectorizer.embedding_)
    return {**stopwatch.numbers(), **about(vectorizer), **evaluated}


def _c_settings(**case: Any) -> dict[str, Any]:
    return _glove(**case, **C_PROGRAM)


def _word2vec(
    method: str, text: str, seed: int, n_components: int, n_jobs: int, window_size: int, n_passes: int
) -> dict[str, Any]:
    import gensim.models  # noqa: F401  (imported before the measurement)

    with Stopwatch() as stopwatch:
        model = word2vec.fit(word2vec.Sentences(text), method, n_components, n_passes, n_jobs, window_size, seed)
    terms = model.wv.index_to_key
    return {**stopwatch.numbers(), "n_words": len(terms), **evaluate(terms, model.wv.vectors)}


def _ppmi_svd(text: str, seed: int, n_components: int, n_jobs: int) -> dict[str, Any]:
    import sklearn.utils.extmath  # noqa: F401

    from benchmarks.competitors import ppmi_svd as ppmi

    with Stopwatch() as stopwatch:
        terms, vectors = ppmi.fit(iterate_documents(text), n_components, seed, n_jobs, **TEXT)
    return {**stopwatch.numbers(), **ppmi.about(terms), **evaluate(terms, vectors)}
