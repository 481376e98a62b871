"""20 Newsgroups: accuracy of LogisticRegression on features of each method, and CPU time of the features.

The split by date; posts as they are, and without headers, footers and quotes. Words are for all methods what GloVeVectorizer's
defaults make of the text. Features are fitted on the posts for training, once for a seed; the vectors of
Word2Vec and of PPMI + SVD are averaged over the tokens of a post. Features go to the classifier as they are, not scaled: once
with the classifier's defaults, once with C chosen from 0.01, 0.1, 1, 10, 100 by three folds of the posts for training (up to
1,000 iterations). GloVeVectorizer is run with each of --variants; if that is given, no other method is run but those of --only.
The corpus is not used.
"""

from __future__ import annotations

import warnings
from argparse import ArgumentParser
from collections.abc import Callable
from statistics import median
from typing import Any

from benchmarks.competitors import word2vec
from benchmarks.harness.measure import Stopwatch, in_own_process
from benchmarks.harness.results import CPU, METHOD, PASSES, PEAK, SEEDS, SETTINGS, WINDOW, X_MAX, Column, Results
from benchmarks.harness.settings import WORD2VEC_WINDOW, Setting
from benchmarks.measurements.small import sizes_of
from benchmarks.studies import seeds as seeds_
from benchmarks.studies import variants as variants_

COLUMNS = (
    METHOD,
    SETTINGS,
    WINDOW,
    X_MAX,
    PASSES,
    Column("features", "n_features", ",d"),
    SEEDS,
    Column("accuracy %", "accuracy", ".1f"),
    Column("iterations", "n_iter", "d"),
    Column("converged", "converged"),
    Column("accuracy %, C chosen", "accuracy_chosen", ".1f"),
    Column("C", "C"),
    CPU,
    Column("times the time of TF-IDF + SVD", "ratio"),
    PEAK,
)
COMPETITORS = ("skip-gram", "cbow", "tfidf", "lsa", "ppmi-svd")

ACCURACIES = ("accuracy", "accuracy_chosen")
CS = (0.01, 0.1, 1.0, 10.0, 100.0)
N_FOLDS = 3
_REMOVE: dict[str, tuple[str, ...]] = {"nothing": (), "all": ("headers", "footers", "quotes")}
_VARIANTS = ["", "pooling=idf", "pooling=sif", "combine=concat", "pooling=idf combine=concat"]


def add_arguments(parser: ArgumentParser) -> None:
    variants_.add_argument(parser, _VARIANTS)
    seeds_.add_argument(parser, [0, 1, 2])
    parser.add_argument(
        "--remove", nargs="+", choices=_REMOVE, default=[*_REMOVE], help="headers, footers and quotes; default: both"
    )
    parser.add_argument("--data-home", help="where scikit-learn keeps, or puts, 20 Newsgroups; default: as it does")
    parser.add_argument("--n-posts", type=int, metavar="N", help="train on the first N posts; default: all")
    parser.add_argument("--n-components", type=int, default=100, metavar="D")
    parser.add_argument(
        "--lsa-components",
        type=int,
        nargs="+",
        default=[100, 300],
        metavar="D",
        help="of TF-IDF + SVD; default: 100 300",
    )
    parser.add_argument("--n-jobs", type=int, default=2, metavar="N", help="threads; default: 2")
    word2vec.add_arguments(parser, [WORD2VEC_WINDOW])


def run(
    results: Results,
    setting: Setting,
    variants: list[str] | None,
    seeds: list[int],
    remove: list[str],
    data_home: str | None,
    n_posts: int | None,
    n_components: int,
    lsa_components: list[int],
    n_jobs: int,
    word2vec_windows: list[int],
    epochs: int,
) -> None:
    d = {"n_components": n_components}
    of_word2vec = [{**d, "window_size": window, "n_passes": epochs} for window in word2vec_windows]
    of_method: dict[str, list[dict[str, Any]]] = {
        "lsa": [{"n_components": n} for n in lsa_components],
        "glove-sklearn": [{**d, "settings": variant} for variant in variants or _VARIANTS],
        "skip-gram": of_word2vec,
        "cbow": of_word2vec,
        "tfidf": [{}],
        "ppmi-svd": [d],
    }
    cases = [(method, case) for method, some in of_method.items() if method in setting.methods for case in some]
    for removed in remove:
        done: list[list[dict[str, Any]]] = [[] for _ in cases]
        # The seeds outside: what is compared runs in turn, and a busy machine is busy for all.
        for seed in seeds:
            for rows, (method, case) in zip(done, cases, strict=True):
                if method == "tfidf" and seed != seeds[0]:
                    continue  # nothing in it depends on chance
                print(f"{removed} removed, seed {seed}: {method} {case}", flush=True)
                rows.append(
                    in_own_process(
                        classify,
                        method=method,
                        remove=_REMOVE[removed],
                        data_home=data_home,
                        n_posts=n_posts,
                        seed=seed,
                        n_jobs=n_jobs,
                        **case,
                    )
                )
        reference = next((rows for rows, case in zip(done, cases, strict=True) if case == ("lsa", d)), [])
        for rows, (method, case) in zip(done, cases, strict=True):
            numbers = seeds_.summary(rows, ACCURACIES)
            if reference:
                pairs = zip(rows, reference, strict=False)
                numbers["ratio"] = median(row["cpu_seconds"] / other["cpu_seconds"] for row, other in pairs)
            numbers["n_iter"] = max(row["n_iter"] for row in rows)
            numbers["converged"] = all(row["converged"] for row in rows)
            numbers["C"] = ", ".join(f"{C:g}" for C in sorted({row["C"] for row in rows}))
            sizes = {name: numbers.pop(name) for name in ("n_documents", "n_tokens", "n_bytes")}
            name = "20 Newsgroups" + (f", the first {n_posts:,} posts" if n_posts else "")
            name += " without headers, footers and quotes" if removed == "all" else ""
            parameters = {"n_jobs": n_jobs, "seeds": seeds[: len(rows)], **case}
            results.add(method, parameters, numbers, corpus={"name": name, **sizes})


def classify(
    method: str, remove: list[str], data_home: str | None, n_posts: int | None, seed: int, n_jobs: int, **case: Any
) -> dict[str, Any]:
    """Features with one seed, and how well they do."""
    import sklearn.decomposition
    import sklearn.linear_model  # noqa: F401  (imported before the measurement)
    from sklearn.datasets import fetch_20newsgroups
    from threadpoolctl import threadpool_limits

    train, test = (
        fetch_20newsgroups(data_home=data_home, subset=subset, remove=tuple(remove)) for subset in ("train", "test")
    )
    posts, labels = train.data[:n_posts], train.target[:n_posts]
    fit = {"glove-sklearn": _glove, "tfidf": _tfidf, "lsa": _lsa, "ppmi-svd": _ppmi_svd}.get(method, _word2vec)
    if fit is _word2vec:
        import gensim.models  # noqa: F401

        case["method"] = method
    with threadpool_limits(n_jobs):
        with Stopwatch() as stopwatch:
            X, transform, about = fit(posts, seed=seed, n_jobs=n_jobs, **case)
        X_test = transform(test.data)
    # On more threads than one, L-BFGS of many coefficients takes ten times as long.
    with threadpool_limits(1):
        found = accuracies(X, labels, X_test, test.target)
    return {**stopwatch.numbers(), **sizes_of(posts), "n_features": X.shape[1], **about, **found}


def accuracies(X: Any, y: Any, X_test: Any, y_test: Any) -> dict[str, Any]:
    """Percentages of the test right, of the classifier's defaults and of the chosen C."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GridSearchCV

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # rows say it
        default = LogisticRegression().fit(X, y)
        search = GridSearchCV(LogisticRegression(max_iter=1000), {"C": CS}, cv=N_FOLDS).fit(X, y)
    n_iter = int(default.n_iter_.max())
    return {
        "accuracy": 100 * default.score(X_test, y_test),
        "n_iter": n_iter,
        "converged": n_iter < default.max_iter,
        "accuracy_chosen": 100 * search.score(X_test, y_test),
        "accuracy_of_folds": 100 * float(search.best_score_),
        "C": search.best_params_["C"],
        "n_iter_chosen": int(search.best_estimator_.n_iter_.max()),
    }


#: Features of the posts for training, what makes them of others, and what rows say.
_Features = tuple[Any, Callable[[list[str]], Any], dict[str, Any]]


def _glove(posts: list[str], seed: int, n_jobs: int, n_components: int, settings: str) -> _Features:
    from benchmarks.studies.variants import about, parse
    from glove_sklearn import GloVeVectorizer

    given = {"n_components": n_components, "n_jobs": n_jobs, "random_state": seed}
    vectorizer = GloVeVectorizer(**{**given, **parse(settings)})
    X = vectorizer.fit_transform(posts)
    return X, vectorizer.transform, about(vectorizer)


def _word2vec(
    posts: list[str], method: str, seed: int, n_jobs: int, n_components: int, window_size: int, n_passes: int
) -> _Features:
    analyze = analyzer()
    sentences = [piece for post in posts for piece in word2vec.chunks(analyze(post))]
    model = word2vec.fit(sentences, method, n_components, n_passes, n_jobs, window_size, seed)
    return _means(posts, model.wv.index_to_key, model.wv.vectors)


def _ppmi_svd(posts: list[str], seed: int, n_jobs: int, n_components: int) -> _Features:
    from benchmarks.competitors import ppmi_svd as ppmi

    terms, vectors = ppmi.fit(posts, n_components, seed, n_jobs)
    X, transform, _ = _means(posts, terms, vectors)
    return X, transform, ppmi.about(terms)


def _tfidf(posts: list[str], seed: int, n_jobs: int) -> _Features:
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectorizer = TfidfVectorizer(analyzer=analyzer())
    X = vectorizer.fit_transform(posts)
    return X, vectorizer.transform, {"n_words": X.shape[1]}


def _lsa(posts: list[str], seed: int, n_jobs: int, n_components: int) -> _Features:
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_pipeline

    pipeline = make_pipeline(TfidfVectorizer(analyzer=analyzer()), TruncatedSVD(n_components, random_state=seed))
    X = pipeline.fit_transform(posts)
    return X, pipeline.transform, {"n_words": len(pipeline[0].vocabulary_)}


def _means(posts: list[str], terms: list[str], vectors: Any) -> _Features:
    """Features that are the means of word vectors over the tokens, zeros where there are none."""
    import numpy as np
    from sklearn.feature_extraction.text import CountVectorizer

    counter = CountVectorizer(
        analyzer=analyzer(), vocabulary={term: row for row, term in enumerate(terms)}, dtype=np.float32
    )

    def transform(documents: list[str]) -> Any:
        counts = counter.transform(documents)
        return counts @ vectors / np.maximum(1, np.asarray(counts.sum(axis=1)).reshape(-1, 1))

    return transform(posts), transform, {"n_words": len(terms)}


def analyzer() -> Callable[[str], list[str]]:
    """What makes tokens of a text in GloVeVectorizer at its defaults."""
    from glove_sklearn import GloVeVectorizer
    from glove_sklearn._text.encoder import make_count_vectorizer

    return make_count_vectorizer(GloVeVectorizer().get_params()).build_analyzer()
