"""Documents to X: the vocabulary and the co-occurrences.

Compared with CountVectorizer, which only counts words in documents, and with Stanford GloVe's vocab_count and cooccur, alone and
with shuffle, which it needs before training. (glove_sklearn shuffles when it trains.)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from benchmarks.competitors.stanford_glove import StanfordGlove, total
from benchmarks.harness import processes
from benchmarks.harness.corpora import iterate_documents
from benchmarks.harness.measure import Stopwatch
from benchmarks.harness.results import Row
from benchmarks.harness.settings import COUNTING, COUNTING_PARAMETERS, Setting

COMPETITORS = ("count-vectorizer", "stanford-glove")


def run(setting: Setting, *, n_jobs: tuple[int, ...] = (1, 2)) -> Iterator[Row]:
    text = str(setting.corpus.path)
    if "glove-sklearn" in setting.methods:
        for n in n_jobs:
            numbers = processes.in_own_process(count, text=text, n_jobs=n)
            yield Row("glove-sklearn", {**COUNTING_PARAMETERS, "n_jobs": n}, numbers)
    if "count-vectorizer" in setting.methods:
        yield Row("count-vectorizer", {"n_jobs": 1}, processes.in_own_process(count_words, text=text))
    if "stanford-glove" in setting.methods:
        stanford = StanfordGlove(setting)
        counted = stanford.count()
        parameters = {**COUNTING_PARAMETERS, "n_jobs": 1}
        yield Row("stanford-glove", parameters, counted)
        yield Row("stanford-glove-shuffled", parameters, {**counted, **total(counted, stanford.shuffle())})


def count(text: str, n_jobs: int) -> dict[str, Any]:
    """Fit CooccurrenceCounter to documents from a generator."""
    from glove_sklearn import CooccurrenceCounter

    with Stopwatch() as stopwatch:
        counter = CooccurrenceCounter(**COUNTING, n_jobs=n_jobs).fit(iterate_documents(text))
    return {**stopwatch.numbers(), "n_words": len(counter.counts_), "n_entries": counter.cooccurrence_.nnz}


def count_words(text: str) -> dict[str, Any]:
    """Fit CountVectorizer to the same documents and tokens."""
    from sklearn.feature_extraction.text import CountVectorizer

    vectorizer = CountVectorizer(analyzer=str.split)
    with Stopwatch() as stopwatch:
        vectorizer.fit(iterate_documents(text))
    return {**stopwatch.numbers(), "n_words": len(vectorizer.vocabulary_)}
