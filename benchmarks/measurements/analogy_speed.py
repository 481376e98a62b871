"""Google's analogies on synthetic vectors, on one thread: time and memory, compared with gensim.

The vocabulary is the words of the questions and invented ones, in random order. Vectors are random, but the second word of a
pair is the first, plus a step that its section shares, plus noise. gensim's evaluate_word_analogies takes minutes for all
questions: it answers every N-th, and glove_sklearn answers the same ones, to show that both agree. gensim has no evaluation with
3CosMul. The corpus is not used. Rates are of CPU time, which on one thread is the wall time of an idle machine.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.harness import processes
from benchmarks.harness.measure import Stopwatch
from benchmarks.harness.results import Row
from benchmarks.harness.settings import Setting

COMPETITORS = ("gensim",)
OPTIONS = {
    "n_words": {"type": int, "metavar": "N", "help": "size of the vocabulary"},
    "every": {"type": int, "metavar": "N", "help": "gensim answers every N-th question"},
}


def run(setting: Setting, *, n_components: int = 300, n_words: int = 100_000, every: int = 50) -> Iterator[Row]:
    from gensim.test.utils import datapath

    questions = Path(datapath("questions-words.txt"))
    some = setting.folder / "questions.txt"
    lines = questions.read_text(encoding="utf-8").splitlines()
    some.write_text("\n".join(line for n, line in enumerate(lines) if line[0] == ":" or n % every == 0))
    n_questions = sum(line[0] != ":" for line in lines)
    corpus = {
        "name": "Google's analogies",
        "n_documents": n_questions,
        "n_tokens": 4 * n_questions,
        "n_bytes": questions.stat().st_size,
    }
    for method, score, step in (
        ("glove-sklearn", "3CosAdd", 1),
        ("glove-sklearn", "3CosMul", 1),
        ("glove-sklearn", "3CosAdd", every),
        ("gensim", "3CosAdd", every),
    ):
        if method in setting.methods:
            case = {"n_components": n_components, "n_words": n_words, "score": score}
            path = questions if step == 1 else some
            numbers = processes.in_own_process(answer, method=method, path=path, **case)
            numbers["milliseconds"] = 1e3 * numbers["cpu_seconds"] / numbers["n_asked"]
            yield Row(method, {**case, "every": step}, numbers, corpus)


def synthetic_vectors(n_components: int, n_words: int) -> tuple[list[str], np.ndarray]:
    """Return words in random order, those of all questions among them, and their vectors."""
    from gensim.test.utils import datapath

    rng = np.random.default_rng(0)
    vectors: dict[str, np.ndarray] = {}
    for line in Path(datapath("questions-words.txt")).read_text(encoding="utf-8").splitlines():
        if line[0] == ":":
            step = rng.standard_normal(n_components)
            continue
        words = line.split()
        for first, second in (words[:2], words[2:]):
            if first not in vectors:
                vectors[first] = rng.standard_normal(n_components)
            if second not in vectors:
                vectors[second] = vectors[first] + step + 1.2 * rng.standard_normal(n_components)
    terms = [*vectors, *(f"word{i}" for i in range(n_words - len(vectors)))]
    table = rng.standard_normal((len(terms), n_components), dtype=np.float32)
    table[: len(vectors)] = list(vectors.values())
    order = rng.permutation(len(terms))
    return [terms[row] for row in order], table[order]


def answer(method: str, path: str, n_components: int, n_words: int, score: str) -> dict[str, Any]:
    """Answer all questions of a file."""
    from gensim.models import KeyedVectors
    from threadpoolctl import threadpool_limits

    from glove_sklearn.evaluation import evaluate_analogies

    terms, vectors = synthetic_vectors(n_components, n_words)
    keyed = KeyedVectors(n_components)
    if method == "gensim":
        keyed.add_vectors(terms, vectors)
    with threadpool_limits(1), Stopwatch() as stopwatch:
        if method == "gensim":
            accuracy, sections = keyed.evaluate_word_analogies(path)
            n_asked = len(sections[-1]["correct"] + sections[-1]["incorrect"])
        else:
            scores = evaluate_analogies((terms, vectors), path, method=score)
            accuracy, n_asked = scores.accuracy, scores.total.n_asked
    return {**stopwatch.numbers(), "n_asked": n_asked, "analogies": 100 * accuracy}
