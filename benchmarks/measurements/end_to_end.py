"""Text to vectors, each method from the file to the end of its fit.

GloVeVectorizer; gensim's Word2Vec, skip-gram and CBOW, window 5; TfidfVectorizer and TruncatedSVD, which give vectors of
documents, not of words, and so no analogies; the C program. All with the same least count of words (TfidfVectorizer: the
least number of documents) and the same dimension.
"""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from benchmarks.competitors import word2vec
from benchmarks.competitors.stanford_glove import CProgram, added
from benchmarks.harness.accuracy import evaluate, evaluate_text_file
from benchmarks.harness.corpora import iterate_documents
from benchmarks.harness.measure import Stopwatch, in_own_process
from benchmarks.harness.results import (
    ANALOGIES,
    CPU,
    METHOD,
    PASSES,
    PEAK,
    SIMILARITIES,
    THREADS,
    WALL,
    WORDS,
    D,
    Results,
)
from benchmarks.harness.settings import C_PROGRAM, EPOCHS, MIN_COUNT, TEXT, WINDOW_SIZE, WORD2VEC_WINDOW, X_MAX, Setting

COLUMNS = (
    METHOD,
    D,
    PASSES,
    THREADS,
    CPU,
    WALL,
    PEAK,
    WORDS,
    ANALOGIES,
    *SIMILARITIES,
)
COMPETITORS = ("skip-gram", "cbow", "tfidf-svd", "c-program")


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--n-components", type=int, nargs="+", default=[100], metavar="D")
    parser.add_argument("--max-iter", type=int, default=15, metavar="N", help="passes of GloVe; default: 15")
    parser.add_argument("--epochs", type=int, default=EPOCHS, metavar="N", help=f"of Word2Vec; default: {EPOCHS}")
    parser.add_argument("--n-jobs", type=int, default=2, metavar="N", help="threads; default: 2")


def run(results: Results, setting: Setting, n_components: list[int], max_iter: int, epochs: int, n_jobs: int) -> None:
    text = str(setting.corpus.path)
    for d in n_components:
        parameters: dict[str, Any] = {"min_count": MIN_COUNT, "n_components": d, "n_jobs": n_jobs}
        of_glove = {**parameters, "window_size": WINDOW_SIZE, "x_max": X_MAX, "n_passes": max_iter}
        of_word2vec = {**parameters, "window_size": WORD2VEC_WINDOW, "n_passes": epochs}
        if "glove-sklearn" in setting.methods:
            numbers = in_own_process(glove, text=text, n_components=d, max_iter=max_iter, n_jobs=n_jobs)
            results.add("glove-sklearn", of_glove, numbers)
        for method in ("skip-gram", "cbow"):
            if method in setting.methods:
                numbers = in_own_process(
                    fit_word2vec, text=text, method=method, n_components=d, epochs=epochs, n_jobs=n_jobs
                )
                results.add(method, of_word2vec, numbers)
        if "tfidf-svd" in setting.methods:
            results.add("tfidf-svd", parameters, in_own_process(tfidf_svd, text=text, n_components=d, n_jobs=n_jobs))
        if "c-program" in setting.methods:
            program = CProgram(setting.glove_c, setting.corpus.path, setting.folder)
            counted, shuffled = program.count(), program.shuffle()
            trained = program.train(d, max_iter, n_jobs, seed=0)
            numbers = {**counted, **trained, **added(counted, shuffled, trained)}
            numbers |= in_own_process(evaluate_text_file, path=program.vectors)
            results.add("c-program", of_glove, numbers)


def glove(text: str, n_components: int, max_iter: int, n_jobs: int) -> dict[str, Any]:
    """GloVeVectorizer, its documents from a generator."""
    from glove_sklearn import GloVeVectorizer

    settings = {**TEXT, **C_PROGRAM, "max_iter": max_iter}
    vectorizer = GloVeVectorizer(n_components, **settings, n_jobs=n_jobs, random_state=0)
    with Stopwatch() as stopwatch:
        vectorizer.fit(iterate_documents(text))
    terms = list(vectorizer.vocabulary_)
    return {**stopwatch.numbers(), "n_words": len(terms), **evaluate(terms, vectorizer.embedding_)}


def fit_word2vec(text: str, method: str, n_components: int, epochs: int, n_jobs: int) -> dict[str, Any]:
    """Word2Vec of gensim, its sentences read from the file in each epoch."""
    import gensim.models  # noqa: F401  (imported before the measurement)

    with Stopwatch() as stopwatch:
        model = word2vec.fit(word2vec.Sentences(text), method, n_components, epochs, n_jobs)
    terms = model.wv.index_to_key
    return {**stopwatch.numbers(), "n_words": len(terms), **evaluate(terms, model.wv.vectors)}


def tfidf_svd(text: str, n_components: int, n_jobs: int) -> dict[str, Any]:
    """TfidfVectorizer, then TruncatedSVD (randomized, 5 iterations)."""
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import TfidfVectorizer
    from threadpoolctl import threadpool_limits

    vectorizer = TfidfVectorizer(analyzer=str.split, min_df=MIN_COUNT)
    with threadpool_limits(n_jobs), Stopwatch() as stopwatch:
        TruncatedSVD(n_components, random_state=0).fit(vectorizer.fit_transform(iterate_documents(text)))
    return {**stopwatch.numbers(), "n_words": len(vectorizer.vocabulary_)}
