"""Draw docs/rounds.png (needs matplotlib): X of the text that gensim ships, as it is counted and as it is trained."""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

from benchmarks.harness.corpora import lee_background, wikipedia_excerpt
from glove_sklearn import CooccurrenceCounter
from glove_sklearn._counting.row_store import CsrRows
from glove_sklearn._system.storage import Storage
from glove_sklearn._system.threads import ThreadTeam
from glove_sklearn._training.blocks import build_blocks

N_WORDS, N_PARTITIONS, STRATUM = 256, 8, 3


def main() -> None:
    """Count, build the blocks, and draw both."""
    documents = wikipedia_excerpt() + lee_background()
    counter = CooccurrenceCounter(max_features=N_WORDS, window_size=10, weighting="harmonic").fit(documents)
    X = counter.cooccurrence_
    with ThreadTeam(1) as team:
        blocks = build_blocks(CsrRows(X), N_PARTITIONS, np.random.RandomState(0), team, Storage())
    counts = np.log1p(X.toarray())
    size = N_WORDS // N_PARTITIONS

    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 4.6), constrained_layout=True)
    left.imshow(counts, cmap="Greys")
    left.set_title("X: how often words occur near each other")
    left.set_xlabel("the 256 most frequent words")
    right.imshow(counts[np.ix_(blocks.rows.members, blocks.columns.members)], cmap="Greys")
    colours = plt.get_cmap("tab10")
    for i in range(N_PARTITIONS):
        j = (i + STRATUM) % N_PARTITIONS
        right.add_patch(plt.Rectangle((j * size - 0.5, i * size - 0.5), size, size, color=colours(i), alpha=0.55))
    for cut in range(size, N_WORDS, size):
        right.axhline(cut - 0.5, color="0.6", lw=0.5)
        right.axvline(cut - 0.5, color="0.6", lw=0.5)
    right.set_title("the same, dealt to 8 x 8 blocks of equal weight")
    right.set_xlabel("one stratum: no two blocks share a row or a column")
    for axes in (left, right):
        axes.set_xticks([])
        axes.set_yticks([])
    figure.savefig(Path(__file__).parents[2] / "docs" / "rounds.png", dpi=80)


if __name__ == "__main__":
    main()
