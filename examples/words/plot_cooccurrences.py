"""
What the model sees
===================

Word vectors are fitted to one matrix, that of co-occurrences. `CooccurrenceCounter` makes it, and a picture shows its
shape: a few frequent words that stand near everything, and a wide plain of words that hardly ever meet.
"""

# %%
# The whole matrix
# ----------------
# Rows and columns are words by frequency, on logarithmic axes. Colour is the mean of X over a band of words. It falls
# by six orders of magnitude, which is why the model fits logarithms.

from gensim.test.utils import datapath

from glove_sklearn import CooccurrenceCounter
from glove_sklearn.plotting import CooccurrenceDisplay

with open(datapath("lee_background.cor"), encoding="utf-8") as file:
    documents = file.read().splitlines()
counter = CooccurrenceCounter(min_count=2).fit(documents)
X = counter.cooccurrence_
print(f"{X.shape[0]:,} words; {X.nnz / (X.shape[0] * X.shape[1]):.1%} of the pairs occur")
CooccurrenceDisplay.from_estimator(counter)

# %%
# One row
# -------
# The words nearest to "cricket" by mere count are those that are near everything. What is special about the word is
# in the difference from what its frequency would make one expect, and that is what biases are for: they take up the
# frequency, and leave the rest to the vectors.

import matplotlib.pyplot as plt
import numpy as np

figure, (left, right) = plt.subplots(1, 2, figsize=(8, 4), layout="constrained")
CooccurrenceDisplay.from_estimator(counter, "cricket", topn=12, ax=left)
left.set_title("X")

row = X[[counter.vocabulary_["cricket"]]].toarray()[0]
sums = X.sum(axis=0)
information = np.log(np.maximum(row, 1e-12) * sums.sum() / (row.sum() * sums))
information[row < 3] = 0
best = np.argsort(-information)[:12]
words = sorted(counter.vocabulary_, key=counter.vocabulary_.get)
right.barh([words[i] for i in best], information[best])
right.invert_yaxis()
right.set(title="pointwise mutual information", xlabel="log X, beyond what frequencies explain")
right.spines[["top", "right"]].set_visible(False)
