"""
The same words, used differently
================================

How does the use of a word differ between two parts of a corpus: two decades, two newspapers, or here two kinds of
newsgroups? Train on each part, turn one set of vectors so that it fits the other, and see which words have moved.
"""

# %%
# Two parts
# ---------
# Posts on computers, and posts on cars, motorcycles and sports. 20 Newsgroups come with scikit-learn.

import numpy as np
from sklearn.datasets import fetch_20newsgroups

from glove_sklearn import GloVeVectorizer


def posts(*prefixes):
    """Return the posts of the newsgroups whose names begin so."""
    every = fetch_20newsgroups(subset="all", remove=("headers", "footers", "quotes"))
    chosen = [number for number, name in enumerate(every.target_names) if name.startswith(prefixes)]
    return [text for text, target in zip(every.data, every.target, strict=True) if target in chosen]


parts = {"computers": posts("comp."), "vehicles and sports": posts("rec.")}
models = {
    name: GloVeVectorizer(50, min_count=50, max_df=0.3, n_jobs=-1, random_state=0).fit(texts)
    for name, texts in parts.items()
}

# %%
# One space
# ---------
# Every fit has axes of its own. The rotation that brings the words of both parts nearest to each other (orthogonal
# Procrustes) makes them comparable; it leaves all cosines within a part alone.

from scipy.linalg import orthogonal_procrustes

first, second = models.values()
common = sorted(first.vocabulary_.keys() & second.vocabulary_.keys())


def unit_rows(model):
    """Return the vectors of the common words, of length 1."""
    rows = model.embedding_[[model.vocabulary_[word] for word in common]]
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


one, other = unit_rows(first), unit_rows(second)
rotation, _ = orthogonal_procrustes(one, other)
kept = np.sum(one @ rotation * other, axis=1)
print(f"{len(common)} common words; the median of their cosines is {np.median(kept):.2f}")

# %%
# What has moved
# --------------
# Words that occur at least a hundred times in both parts: those that moved most, and those that moved least.

import matplotlib.pyplot as plt

often = [
    row
    for row, word in enumerate(common)
    if len(word) > 2 and min(model.counts_[model.vocabulary_[word]] for model in models.values()) >= 100
]
order = sorted(often, key=lambda row: kept[row])
shown = [*order[:12], *order[-12:]]
_, ax = plt.subplots(figsize=(6.4, 5), layout="constrained")
ax.barh([common[row] for row in shown], kept[shown], color=["C1"] * 12 + ["C0"] * 12)
ax.invert_yaxis()
ax.set_xlabel("cosine between the two parts")
ax.spines[["top", "right"]].set_visible(False)

# %%
# What they mean here and there
# -----------------------------

vectors = {name: model.to_keyed_vectors() for name, model in models.items()}
for word in [common[row] for row in order[:5]]:
    print(f"\n{word}")
    for name, part in vectors.items():
        print(f"    {name:<20} {', '.join(neighbor for neighbor, _ in part.most_similar(word, topn=6))}")

# %%
# With less than a million words in each part, noise alone moves words: a cosine of 0.4 is the rule, and only the
# extremes say something. `bootstrap` tells how much of a distance is noise.
