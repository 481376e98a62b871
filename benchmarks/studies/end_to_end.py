"""Text to vectors, from the file to the end of the fit, by each method.

GloVeVectorizer, set like Stanford GloVe; gensim's Word2Vec; TfidfVectorizer and TruncatedSVD, which make vectors of documents,
not of words, and so answer no analogies; Stanford GloVe. All have the same minimum count of words (TfidfVectorizer: of documents)
and the same dimension.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from benchmarks.competitors.stanford_glove import StanfordGlove, total
from benchmarks.harness.results import Row
from benchmarks.harness.settings import COUNTING_PARAMETERS, WORD2VEC_EPOCHS, WORD2VEC_WINDOW, Setting
from benchmarks.studies import word_vectors

COMPETITORS = ("skip-gram", "cbow", "tfidf-svd", "stanford-glove")


def run(
    setting: Setting,
    *,
    n_components: tuple[int, ...] = (100,),
    max_iter: int = 15,
    epochs: int = WORD2VEC_EPOCHS,
    n_jobs: int = 2,
) -> Iterator[Row]:
    word2vec = [{"window_size": WORD2VEC_WINDOW, "n_epochs": epochs}]
    cases: dict[str, list[dict[str, Any]]] = {
        "glove-sklearn": [{"settings": "stanford-glove", "n_epochs": max_iter}],
        "skip-gram": word2vec,
        "cbow": word2vec,
        "tfidf-svd": [{}],
    }
    for d in n_components:
        yield from word_vectors.rows(setting, cases, (0,), n_components=d, n_jobs=n_jobs)
        if "stanford-glove" in setting.methods:
            stanford = StanfordGlove(setting)
            case = {"n_components": d, "n_epochs": max_iter, "n_jobs": n_jobs, "seed": 0}
            counted, shuffled, trained = stanford.count(), stanford.shuffle(), stanford.train(**case)
            numbers = {**trained, **total(counted, shuffled, trained)}
            yield Row("stanford-glove", {**COUNTING_PARAMETERS, **case}, numbers)
