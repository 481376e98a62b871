"""Documents to X: vocabulary and co-occurrences.

Beside it what CountVectorizer takes to count words in documents, which is less work, and the C program's vocab_count and
cooccur, then with shuffle, which it needs before training. (glove_sklearn shuffles when it trains.)
"""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from benchmarks.competitors.stanford_glove import CProgram, added
from benchmarks.harness.corpora import iterate_documents
from benchmarks.harness.measure import Stopwatch, in_own_process
from benchmarks.harness.results import CPU, ENTRIES, METHOD, PEAK, THREADS, WALL, WORDS, Results
from benchmarks.harness.settings import COUNTING, MIN_COUNT, WINDOW_SIZE, Setting

COLUMNS = (METHOD, THREADS, CPU, WALL, PEAK, WORDS, ENTRIES)
COMPETITORS = ("count-vectorizer", "c-program")


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--n-jobs", type=int, nargs="+", default=[1, 2], metavar="N", help="threads; default: 1 2")


def run(results: Results, setting: Setting, n_jobs: list[int]) -> None:
    text = str(setting.corpus.path)
    parameters = {"min_count": MIN_COUNT, "window_size": WINDOW_SIZE}
    if "glove-sklearn" in setting.methods:
        for n in n_jobs:
            numbers = in_own_process(count, text=text, n_jobs=n)
            results.add("glove-sklearn", {**parameters, "n_jobs": n}, numbers)
    if "count-vectorizer" in setting.methods:
        results.add("count-vectorizer", {"n_jobs": 1}, in_own_process(count_words, text=text))
    if "c-program" in setting.methods:
        program = CProgram(setting.glove_c, setting.corpus.path, setting.folder)
        counted = program.count()
        results.add("c-program", {**parameters, "n_jobs": 1}, counted)
        results.add("c-program-shuffled", {**parameters, "n_jobs": 1}, {**counted, **added(counted, program.shuffle())})


def count(text: str, n_jobs: int) -> dict[str, Any]:
    """CooccurrenceCounter, its documents from a generator."""
    from glove_sklearn import CooccurrenceCounter

    with Stopwatch() as stopwatch:
        counter = CooccurrenceCounter(**COUNTING, n_jobs=n_jobs).fit(iterate_documents(text))
    return {**stopwatch.numbers(), "n_words": len(counter.counts_), "n_entries": counter.cooccurrence_.nnz}


def count_words(text: str) -> dict[str, Any]:
    """CountVectorizer on the same documents and tokens."""
    from sklearn.feature_extraction.text import CountVectorizer

    vectorizer = CountVectorizer(analyzer=str.split)
    with Stopwatch() as stopwatch:
        vectorizer.fit(iterate_documents(text))
    return {**stopwatch.numbers(), "n_words": len(vectorizer.vocabulary_)}
