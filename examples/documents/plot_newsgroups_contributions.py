"""
Why was this predicted?
=======================

The vector of a document is a sum over its words, and a linear classifier is linear. So a prediction is a sum over the
words of the document, exactly: which words spoke for it, and which against?
"""

# %%
# A classifier
# ------------
# Posts on space and on medicine.

from sklearn.datasets import fetch_20newsgroups
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from glove_sklearn import GloVeVectorizer

options = {"categories": ["sci.med", "sci.space"], "remove": ("headers", "footers", "quotes")}
train = fetch_20newsgroups(subset="train", **options)
test = fetch_20newsgroups(subset="test", **options)
model = make_pipeline(GloVeVectorizer(50, pooling="idf", n_jobs=-1, random_state=0), LogisticRegression())
model.fit(train.data, [train.target_names[target] for target in train.target])
names = [train.target_names[target] for target in test.target]
print(f"accuracy on the test posts: {model.score(test.data, names):.3f}")

# %%
# Two predictions, word by word
# -----------------------------
# A post of each group, chosen among those of fifty to a hundred words of which the model is sure. Contributions are
# in the unit of the decision function, the log-odds of space.

import matplotlib.pyplot as plt
import numpy as np

from glove_sklearn.inspection import word_contributions

lengths = np.array([len(post.split()) for post in test.data])
decisions = np.where((lengths > 50) & (lengths < 100), model.decision_function(test.data), 0)
by_decision = np.argsort(decisions)
figure, axes = plt.subplots(1, 2, figsize=(9, 4), layout="constrained")
for row, ax in zip(by_decision[[3, -2]], axes, strict=True):
    found = word_contributions(model, test.data[row])
    top = slice(0, 14)
    colours = np.where(found.contributions[top] > 0, "C0", "C1")
    ax.barh(found.words[top], found.contributions[top], color=colours)
    ax.invert_yaxis()
    ax.axvline(0, color="0.3", linewidth=0.8)
    ax.set(title=f"a post of {names[row]}: {found.prediction:.1f}", xlabel="contribution to the log-odds of sci.space")
    ax.spines[["top", "right"]].set_visible(False)
    print(test.data[row].strip()[:300], end="\n\n")

# %%
# They add up
# -----------

print(f"{found.baseline:.4f} + {found.contributions.sum():.4f} = {found.prediction:.4f}")
