"""Vectors inferred from a few occurrences, beside the trained ones: by glove_sklearn, and by "a la carte".

GloVe is trained on the corpus, and some of its words are hidden: --n-words of each range of counts, from 64 to the most frequent.
Each is inferred from 1, 4, 16 and 64 of its occurrences, chosen at random; the hidden words do not count as neighbours. The rows
say the mean cosine to the trained vectors, the median rank of the trained vector among all words, by cosine to the inferred one,
and how often it is among the ten nearest. A la carte (Khodak et al., ACL 2018) is a linear map of the mean of the neighbours,
with the window and the weighting of glove_sklearn; the map is learnt by least squares from the words that are not hidden and
their contexts in the whole corpus, weighted by the logarithm of their counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from scipy import sparse

from benchmarks.harness import processes
from benchmarks.harness.corpora import iterate_documents
from benchmarks.harness.measure import Stopwatch
from benchmarks.harness.results import Row
from benchmarks.harness.settings import Setting

COMPETITORS = ("a-la-carte",)
OPTIONS: dict[str, dict[str, Any]] = {
    "n_words": {"type": int, "metavar": "N", "help": "hidden words of each range of counts"},
    "occurrences": {"type": int, "metavar": "N", "help": "numbers of occurrences"},
    "min_count": {"type": int, "metavar": "N", "help": "words that occur less often are not in the vocabulary"},
}
_COUNTS = (64, 128, 512, 2048, 8192)


def run(
    setting: Setting,
    *,
    n_words: int = 100,
    occurrences: tuple[int, ...] = (1, 4, 16, 64),
    min_count: int = 10,
    n_components: int = 100,
    n_jobs: int = 2,
) -> Iterator[Row]:
    case = {"n_words": n_words, "n_components": n_components, "min_count": min_count, "n_jobs": n_jobs}
    rows = processes.in_own_process(
        measure, text=str(setting.corpus.path), methods=setting.methods, occurrences=occurrences, **case
    )
    for row in rows:
        yield Row(row["method"], {**case, "occurrences": row["occurrences"]}, row["numbers"])


def measure(
    text: str,
    methods: list[str],
    occurrences: list[int],
    n_words: int,
    n_components: int,
    min_count: int,
    n_jobs: int,
) -> list[dict[str, Any]]:
    """Train, hide, infer and compare."""
    from glove_sklearn import CooccurrenceCounter, GloVe

    documents = [document.split() for document in iterate_documents(text)]
    counter = CooccurrenceCounter(analyzer=list, min_count=min_count, n_jobs=n_jobs).fit(documents)
    glove = GloVe(n_components, random_state=0, n_jobs=n_jobs).fit(counter.cooccurrence_)
    embedding, counts = glove.embedding_, counter.counts_
    generator = np.random.RandomState(0)
    hidden = _hidden(counts, n_words, generator)
    weights = np.arange(1, counter.window_size + 1) ** -float(counter.weighting)
    stream = np.concatenate([[counter.vocabulary_.get(token, -2) for token in [*some, None]] for some in documents])
    stream = stream[stream != -2]
    results = []
    for n in occurrences:
        contexts = _contexts(stream, hidden, n, len(counts), weights, generator)
        for method in methods:
            with Stopwatch() as stopwatch:
                if method == "a-la-carte":
                    inferred = _a_la_carte(contexts, hidden, counter.cooccurrence_, embedding, counts)
                else:
                    inferred = _inferred(contexts, embedding, counts)
            numbers = {**stopwatch.numbers(), **_compared(inferred, embedding, hidden)}
            results.append({"method": method, "occurrences": n, "numbers": numbers})
    return results


def _hidden(counts: np.ndarray, n_words: int, generator: np.random.RandomState) -> np.ndarray:
    """Choose words of each range of counts."""
    chosen = []
    for least, most in zip(_COUNTS, [*_COUNTS[1:], np.inf], strict=True):
        of_range = np.flatnonzero((counts >= least) & (counts < most))
        chosen.append(generator.permutation(of_range)[:n_words])
    return np.concatenate(chosen)


def _contexts(
    stream: np.ndarray, hidden: np.ndarray, n: int, n_known: int, weights: np.ndarray, generator: np.random.RandomState
) -> sparse.csr_array:
    """Add up the weights of the neighbours of some occurrences of each word; documents end with -1."""
    order = np.argsort(stream, kind="stable")
    starts = np.searchsorted(stream[order], np.arange(n_known + 1))
    is_hidden = np.zeros(n_known, dtype=bool)
    is_hidden[hidden] = True
    rows, columns, values = [], [], []
    for row, word in enumerate(hidden):
        positions = generator.permutation(order[starts[word] : starts[word + 1]])[:n]
        for position in positions:
            for step in (-1, 1):
                neighbours = stream[position + step :: step] if position + step >= 0 else stream[:0]
                neighbours = neighbours[: len(weights)]
                ends = np.flatnonzero(neighbours < 0)
                neighbours = neighbours[: ends[0] if len(ends) else None]
                kept = ~is_hidden[neighbours]
                columns.append(neighbours[kept])
                values.append(weights[: len(neighbours)][kept])
                rows.append(np.full(int(kept.sum()), row))
    entries = np.concatenate(values), (np.concatenate(rows), np.concatenate(columns))
    contexts = sparse.coo_array(entries, shape=(len(hidden), n_known)).tocsr()
    contexts.sum_duplicates()
    return contexts


def _inferred(contexts: sparse.csr_array, embedding: np.ndarray, counts: np.ndarray) -> np.ndarray:
    from glove_sklearn._embedding.inference import infer
    from glove_sklearn._system.threads import ThreadTeam

    bounds = zip(contexts.indptr[:-1], contexts.indptr[1:], strict=True)
    rows = [(contexts.indices[i:j], contexts.data[i:j].astype(np.float32)) for i, j in bounds]
    with ThreadTeam(1) as team:
        return infer(rows, embedding, counts, team)


def _a_la_carte(
    contexts: sparse.csr_array, hidden: np.ndarray, X: sparse.csr_array, embedding: np.ndarray, counts: np.ndarray
) -> np.ndarray:
    is_known = np.ones(len(counts), dtype=bool)
    is_known[hidden] = False
    known = embedding * is_known[:, np.newaxis]

    def means(some: sparse.csr_array) -> np.ndarray:
        mean = (some @ known) / np.maximum(1e-9, some @ is_known.astype(np.float32))[:, np.newaxis]
        return np.hstack([mean, np.ones((len(mean), 1))])

    roots = np.sqrt(np.log(1 + counts[is_known]))[:, np.newaxis]
    learnt = np.linalg.lstsq(means(X[is_known]) * roots, embedding[is_known] * roots, rcond=None)[0]
    return means(contexts) @ learnt


def _compared(inferred: np.ndarray, embedding: np.ndarray, hidden: np.ndarray) -> dict[str, float]:
    inferred = inferred / np.maximum(1e-30, np.linalg.norm(inferred, axis=1, keepdims=True))
    trained = embedding / np.linalg.norm(embedding, axis=1, keepdims=True)
    cosines = inferred @ trained.T
    own = cosines[np.arange(len(hidden)), hidden]
    ranks = 1 + (cosines > own[:, np.newaxis]).sum(axis=1)
    return {
        "cosine": float(own.mean()), "median_rank": float(np.median(ranks)), "among_ten": 100 * float((ranks <= 10).mean())
    }  # fmt: skip
