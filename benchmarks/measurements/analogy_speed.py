"""Google's analogies on made-up vectors, one thread: seconds and memory, beside gensim.

The vocabulary is the words of the questions and made-up ones, in random order; vectors are random, but the second word of a
pair is the first and a step that its section shares, and noise. gensim's evaluate_word_analogies takes minutes for all
questions: it is asked some of them, and so is glove_sklearn, to see that both find the same. gensim has no evaluation with
3CosMul. The corpus is not used. Rates are of CPU time, which on one thread is the time on the clock of an idle machine.
"""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.harness.measure import Stopwatch, in_own_process
from benchmarks.harness.results import ANALOGIES, CPU, METHOD, PEAK, WALL, Column, D, Results
from benchmarks.harness.settings import Setting

COLUMNS = (
    METHOD,
    Column("score", "score"),
    D,
    Column("words", "n_words", ",d"),
    Column("questions", "n_asked", ",d"),
    CPU,
    WALL,
    Column("ms a question", "milliseconds", ",.3f"),
    ANALOGIES,
    PEAK,
)
COMPETITORS = ("gensim",)


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--n-components", type=int, default=300, metavar="D")
    parser.add_argument("--n-words", type=int, default=100_000, metavar="N", help="of the vocabulary; default: 100,000")
    parser.add_argument(
        "--every", type=int, default=50, metavar="N", help="gensim is asked every N-th question; default: 50"
    )


def run(results: Results, setting: Setting, n_components: int, n_words: int, every: int) -> None:
    from gensim.test.utils import datapath

    questions = Path(datapath("questions-words.txt"))
    some = setting.folder / "questions.txt"
    lines = questions.read_text(encoding="utf-8").splitlines()
    some.write_text("\n".join(line for n, line in enumerate(lines) if line[0] == ":" or n % every == 0))
    asked = [line for line in lines if line[0] != ":"]
    # Rows are of a corpus: here of the questions.
    corpus = {
        "name": "Google's analogies",
        "n_documents": len(asked),
        "n_tokens": 4 * len(asked),
        "n_bytes": questions.stat().st_size,
    }
    cases = [
        ("glove-sklearn", "3CosAdd", 1),
        ("glove-sklearn", "3CosMul", 1),
        ("glove-sklearn", "3CosAdd", every),
        ("gensim", "3CosAdd", every),
    ]
    for method, score, step in cases:
        if method in setting.methods:
            case = {"n_components": n_components, "n_words": n_words, "score": score}
            path = str(questions if step == 1 else some)
            numbers = in_own_process(answer, method=method, path=path, **case)
            numbers["milliseconds"] = 1e3 * numbers["cpu_seconds"] / numbers["n_asked"]
            results.add(method, {**case, "every": step}, numbers, corpus=corpus)


def made_up_vectors(n_components: int, n_words: int) -> tuple[list[str], np.ndarray]:
    """Words in random order, those of all questions among them, and their vectors."""
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
    """Ask all questions of a file."""
    from threadpoolctl import threadpool_limits

    from glove_sklearn._embedding.gensim_bridge import make_keyed_vectors
    from glove_sklearn.evaluation import evaluate_analogies

    terms, vectors = made_up_vectors(n_components, n_words)
    keyed = make_keyed_vectors(terms, vectors, np.zeros(len(terms), dtype=np.int64)) if method == "gensim" else None
    with threadpool_limits(1), Stopwatch() as stopwatch:
        if keyed is not None:
            accuracy, sections = keyed.evaluate_word_analogies(path)
            n_asked = len(sections[-1]["correct"] + sections[-1]["incorrect"])
        else:
            scores = evaluate_analogies((terms, vectors), path, method=score)
            accuracy, n_asked = scores.accuracy, scores.total.n_asked
    return {**stopwatch.numbers(), "n_asked": n_asked, "analogies": 100 * accuracy}
