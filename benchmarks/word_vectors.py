"""Text to word vectors by each method with one seed: how long, and how good the vectors are."""

from __future__ import annotations

from typing import Any

from benchmarks.corpora import iterate_documents
from benchmarks.evaluation import evaluate
from benchmarks.measure import Stopwatch
from benchmarks.settings import C_PROGRAM, TEXT

#: The names of what `evaluate` gives.
ACCURACIES = ("analogies", "wordsim353", "simlex999")


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
    from benchmarks.variants import model_parameters, parse
    from glove_sklearn import GloVeVectorizer

    given = {"n_components": n_components, **TEXT, "n_jobs": n_jobs, "random_state": seed}
    vectorizer = GloVeVectorizer(**{**given, **parse(settings), **parameters})
    with Stopwatch() as stopwatch:
        vectorizer.fit(iterate_documents(text))
    terms = list(vectorizer.vocabulary_)
    return {
        **stopwatch.numbers(),
        "n_words": len(terms),
        "n_passes": vectorizer.n_iter_,
        "n_components": vectorizer.n_components,
        "window_size": vectorizer.window_size,
        "model_parameters": model_parameters(vectorizer),
        **evaluate(terms, vectorizer.embedding_),
    }


def _c_settings(**case: Any) -> dict[str, Any]:
    return _glove(**case, **C_PROGRAM)


def _word2vec(
    method: str, text: str, seed: int, n_components: int, n_jobs: int, window_size: int, n_passes: int
) -> dict[str, Any]:
    import gensim.models  # noqa: F401  (imported before the measurement)

    from benchmarks import word2vec

    with Stopwatch() as stopwatch:
        model = word2vec.fit(word2vec.Sentences(text), method, n_components, n_passes, n_jobs, window_size, seed)
    terms = model.wv.index_to_key
    return {**stopwatch.numbers(), "n_words": len(terms), **evaluate(terms, model.wv.vectors)}


def _ppmi_svd(text: str, seed: int, n_components: int, n_jobs: int) -> dict[str, Any]:
    import sklearn.utils.extmath  # noqa: F401

    from benchmarks import ppmi
    from glove_sklearn import GloVeVectorizer

    with Stopwatch() as stopwatch:
        terms, vectors = ppmi.fit(iterate_documents(text), n_components, seed, n_jobs, **TEXT)
    return {
        **stopwatch.numbers(),
        "n_words": len(terms),
        "window_size": GloVeVectorizer().window_size,
        **evaluate(terms, vectors),
    }
