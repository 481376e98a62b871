"""20 Newsgroups: accuracy of LogisticRegression on the features of each method, and CPU time of the features.

The split by date; posts as they are, and without headers, footers and quotes. Words are for all methods the tokens of
GloVeVectorizer at its defaults. Features are fitted on the posts for training, once for each seed; the vectors of Word2Vec and of
PPMI + SVD are averaged over the tokens of a post. Features go to the classifier unscaled: once with the classifier's defaults,
once with C chosen from 0.01, 0.1, 1, 10, 100 by cross-validation with three folds of the posts for training (up to 1,000
iterations). GloVeVectorizer is run with each of --variants; if that is given, of the other methods only those of --only are run.
The corpus is not used.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from statistics import median
from typing import Any

from benchmarks.harness import processes
from benchmarks.harness.corpora import describe
from benchmarks.harness.measure import Stopwatch
from benchmarks.harness.results import Row
from benchmarks.harness.settings import WORD2VEC_EPOCHS, WORD2VEC_WINDOW, Setting
from benchmarks.studies import features
from benchmarks.studies import variants as configurations
from benchmarks.studies.seeds import summarise

COMPETITORS = ("skip-gram", "cbow", "tfidf", "tfidf-svd", "ppmi-svd")
_REMOVE: dict[str, tuple[str, ...]] = {
    "nothing": (),
    "all": ("headers", "footers", "quotes"),
    "but-subjects": ("all but subjects",),
}
OPTIONS: dict[str, dict[str, Any]] = {
    **configurations.OPTIONS,
    "remove": {
        "choices": _REMOVE,
        "help": "remove headers, footers and quotes, or all but the subject line, for short texts",
    },
    "n_posts": {"type": int, "metavar": "N", "help": "train on the first N posts; default: all"},
    "svd_components": {"type": int, "metavar": "D", "help": "dimensions of TF-IDF + SVD"},
}

ACCURACIES = ("accuracy", "accuracy_chosen")
CS = (0.01, 0.1, 1.0, 10.0, 100.0)
N_FOLDS = 3
_VARIANTS = ["", "pooling=idf", "pooling=sif", "combine=concat", "pooling=idf combine=concat"]


def run(
    setting: Setting,
    *,
    variants: list[str] | None = None,
    seeds: tuple[int, ...] = (0, 1, 2),
    remove: tuple[str, ...] = ("nothing", "all"),
    data_home: str | None = None,
    n_posts: int | None = None,
    n_components: int = 100,
    svd_components: tuple[int, ...] = (100, 300),
    n_jobs: int = 2,
    word2vec_windows: tuple[int, ...] = (WORD2VEC_WINDOW,),
    epochs: int = WORD2VEC_EPOCHS,
) -> Iterator[Row]:
    d = {"n_components": n_components}
    word2vec = [{**d, "window_size": window, "n_epochs": epochs} for window in word2vec_windows]
    of_method: dict[str, list[dict[str, Any]]] = {
        "tfidf-svd": [{"n_components": n} for n in svd_components],
        "glove-sklearn": [{**d, "settings": variant} for variant in variants or _VARIANTS],
        "skip-gram": word2vec,
        "cbow": word2vec,
        "tfidf": [{}],
        "ppmi-svd": [d],
    }
    cases = [(method, case) for method, some in of_method.items() if method in setting.methods for case in some]
    for removed in remove:
        posts = {"remove": _REMOVE[removed], "data_home": data_home, "n_posts": n_posts}
        measured: list[list[dict[str, Any]]] = [[] for _ in cases]
        # Methods take turns for each seed, so that a busy machine is busy for all of them.
        for seed in seeds:
            for done, (method, case) in zip(measured, cases, strict=True):
                if method == "tfidf" and done:
                    continue  # it does not depend on the seed
                print(f"removed: {removed}, seed {seed}: {method} {case}", flush=True)
                done.append(
                    processes.in_own_process(classify, method=method, seed=seed, n_jobs=n_jobs, **posts, **case)
                )
        reference = next((done for done, case in zip(measured, cases, strict=True) if case == ("tfidf-svd", d)), None)
        for done, (method, case) in zip(measured, cases, strict=True):
            parameters = {"n_jobs": n_jobs, "seeds": list(seeds[: len(done)]), **case}
            yield _row(method, parameters, done, reference)


def _row(
    method: str, parameters: dict[str, Any], done: list[dict[str, Any]], reference: list[dict[str, Any]] | None
) -> Row:
    """Summarise the seeds of one method; `reference` is TF-IDF + SVD with the same seeds."""
    numbers = summarise(done, ACCURACIES)
    if reference:
        pairs = zip(done, reference, strict=False)
        numbers["ratio_to_svd"] = median(one["cpu_seconds"] / other["cpu_seconds"] for one, other in pairs)
    numbers["n_iter"] = max(one["n_iter"] for one in done)
    numbers["converged"] = all(one["converged"] for one in done)
    numbers["C"] = ", ".join(f"{C:g}" for C in sorted({one["C"] for one in done}))
    return Row(method, parameters, numbers, numbers.pop("corpus"))


def classify(
    method: str, remove: list[str], data_home: str | None, n_posts: int | None, seed: int, n_jobs: int, **case: Any
) -> dict[str, Any]:
    """Fit features with one seed, and a classifier on them."""
    from sklearn.datasets import fetch_20newsgroups
    from threadpoolctl import threadpool_limits

    if method in features.word2vec.METHODS:
        import gensim.models  # noqa: F401  (not part of the measurement)
    subjects_only = remove == list(_REMOVE["but-subjects"])
    train, test = (
        fetch_20newsgroups(data_home=data_home, subset=subset, remove=() if subjects_only else tuple(remove))
        for subset in ("train", "test")
    )
    if subjects_only:
        train.data, test.data = ([subject(post) for post in some.data] for some in (train, test))
    posts, labels = train.data[:n_posts], train.target[:n_posts]
    with threadpool_limits(n_jobs):
        with Stopwatch() as stopwatch:
            fitted = features.fit(method, posts, seed, n_jobs, **case)
        X, X_test = fitted.of_documents, fitted.transform(test.data)
    # With many coefficients, L-BFGS is ten times slower on several threads than on one.
    with threadpool_limits(1):
        found = accuracies(X, labels, X_test, test.target)
    name = "20 Newsgroups" + (f", the first {n_posts:,} posts" if n_posts else "")
    if remove:
        name += ", subjects alone" if subjects_only else " without headers, footers and quotes"
    return {
        **stopwatch.numbers(), "corpus": describe(name, posts), "n_features": X.shape[1], **fitted.about, **found
    }  # fmt: skip


def subject(post: str) -> str:
    """Return the subject line of a post, without what says that it is a reply."""
    line = re.search("^Subject: *(.*)$", post, re.MULTILINE)
    return re.sub("^(re: *)+", "", line[1], flags=re.IGNORECASE) if line else ""


def accuracies(X: Any, y: Any, X_test: Any, y_test: Any) -> dict[str, Any]:
    """Return the percentage of the test that is right, with the classifier's defaults and with the chosen C."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GridSearchCV

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # rows say whether it converged
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
