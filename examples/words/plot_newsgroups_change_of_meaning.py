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
    name: GloVeVectorizer(50, min_count=20, max_df=0.3, n_jobs=-1, random_state=0).fit(texts)
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
# Words at the left are used alike, those at the right differently. Each is written with its nearest words in both
# parts.

import matplotlib.pyplot as plt

vectors = {name: model.to_keyed_vectors() for name, model in models.items()}
shown = ["drive", "controller", "windows", "cable", "price", "season", "run", "year"]
figure, ax = plt.subplots(figsize=(6.4, 3.2), layout="constrained")
ax.hist(kept, bins=40, color="0.8")
for word in shown:
    ax.axvline(kept[common.index(word)], color="C1", linewidth=0.8) if word in common else None
    if word in common:
        ax.text(kept[common.index(word)], ax.get_ylim()[1], word, rotation=60, fontsize="small")
ax.set(xlabel="cosine between the two parts", ylabel="words")
ax.spines[["top", "right"]].set_visible(False)

for word in [common[row] for row in np.argsort(kept)[:6]]:
    print(f"\n{word}")
    for name, part in vectors.items():
        print(f"    {name:<20} {', '.join(neighbor for neighbor, _ in part.most_similar(word, topn=6))}")
