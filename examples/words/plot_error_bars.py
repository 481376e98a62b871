"""
Error bars
==========

A list of neighbours looks certain. How certain is it, with 300 short news articles? The example computes intervals in
two ways, and asks of two claims whether they would hold if other articles had been written.
"""

# %%
# Given the context vectors
# -------------------------
# GloVe-V takes the vectors of all contexts as known, and asks what a word's own co-occurrences leave open. It takes
# milliseconds.

from gensim.test.utils import datapath

from glove_sklearn import GloVeVectorizer
from glove_sklearn.plotting import NeighborsDisplay
from glove_sklearn.uncertainty import WordUncertainty, bootstrap

with open(datapath("lee_background.cor"), encoding="utf-8") as file:
    documents = file.read().splitlines()
vectorizer = GloVeVectorizer(25, warm_start=True, n_jobs=-1, random_state=0).fit(documents)
uncertainty = WordUncertainty.from_estimator(vectorizer, documents)
neighbors = uncertainty.neighbors("cricket", topn=10, random_state=0)
NeighborsDisplay.from_estimates(neighbors)

# %%
# Where intervals overlap, the order of two neighbours means nothing. "Stability" is the fraction of draws in which a
# word is among the ten nearest:

print(neighbors)

# %%
# If other articles had been written
# ----------------------------------
# The bootstrap draws articles with replacement, and fits anew: 20 times here, 50 by default. Its intervals are wider,
# because the contexts vary, too, and because an article is written as a whole.

import matplotlib.pyplot as plt

claims = {
    "violence: Palestinian\nrather than Afghanistan": (("violence", "palestinian"), ("violence", "afghanistan")),
    "India: Pakistan\nrather than Australia": (("india", "pakistan"), ("india", "australia")),
}


def differences(words):
    """Return the difference of the two cosines of each claim."""
    row_of = {term: row for row, term in enumerate(words.terms)}

    def cosine(a, b):
        x, y = words.vectors[row_of[a]], words.vectors[row_of[b]]
        return float(x @ y / (x @ x * (y @ y)) ** 0.5)

    return [cosine(*near) - cosine(*far) for near, far in claims.values()]


of_documents = bootstrap(vectorizer, documents, differences, n_replicates=20, random_state=0, n_jobs=-1)
of_counts = [uncertainty.compare(*pairs)["difference"] for pairs in claims.values()]

figure, ax = plt.subplots(figsize=(6.4, 2.6), layout="constrained")
for shift, (name, estimates) in enumerate({"given the contexts": of_counts, "the bootstrap": of_documents}.items()):
    for row, estimate in enumerate(estimates):
        height = row + 0.2 * shift
        ax.plot(
            [estimate.low, estimate.high], [height, height], f"C{shift}", linewidth=3, label=name if row == 0 else None
        )
ax.axvline(0, color="0.3", linewidth=0.8)
ax.set_yticks([0.1, 1.1], claims)
ax.set_xlabel("difference of the two cosines, 95 % intervals")
ax.legend(frameon=False)
ax.spines[["top", "right"]].set_visible(False)

# %%
# The first claim survives. The second does not: the articles on India are few, and with others it could be the other
# way round. For a statement about the world, and not about these very articles, it is the bootstrap that counts.
