"""
Baskets: modules that are imported together
===========================================

A basket is a set of things without an order: products of a purchase, tags of a picture, ingredients of a recipe. The
baskets here are on every reader's machine: the modules of the standard library that a Python file imports.
"""

# %%
# Baskets
# -------
# A file of the standard library, or of an installed package, is a basket.

import re
import sys
import sysconfig
from pathlib import Path

folders = [Path(sysconfig.get_paths()[name]) for name in ("stdlib", "purelib")]
files = sorted({path for folder in folders for path in folder.rglob("*.py")})[:8000]
imports = re.compile(r"^\s*(?:from|import)\s+(\w+)", flags=re.MULTILINE)
baskets = []
for path in files:
    found = set(imports.findall(path.read_text(encoding="utf-8", errors="replace"))) & sys.stdlib_module_names
    baskets.append(sorted(found - {"__future__"}))
baskets = [basket for basket in baskets if len(basket) > 1]
print(f"{len(baskets):,} files, for example {baskets[0]}")

# %%
# One window, one weight
# ----------------------
# The window spans the basket, and all its items weigh the same. ``sample=None`` leaves popular items as popular as they
# are, and ``warm_start=True`` keeps the biases, which the recommendations below need.

from glove_sklearn import GloVeVectorizer

model = GloVeVectorizer(
    20,
    analyzer=list,
    window_size=None,
    weighting="flat",
    sample=None,
    min_count=10,
    max_iter=15,
    warm_start=True,
    random_state=0,
).fit(baskets)

# %%
# A map
# -----
# The colours are those of six clusters. Nobody has told the model which modules are for the network, for text, for
# tests or for types.

import matplotlib.pyplot as plt
from sklearn.cluster import KMeans

from glove_sklearn.plotting import WordMapDisplay

modules = sorted(model.vocabulary_, key=lambda module: -model.counts_[model.vocabulary_[module]])[:70]
rows = [model.vocabulary_[module] for module in modules]
clusters = KMeans(6, n_init=10, random_state=0).fit_predict(model.embedding_[rows])
_, ax = plt.subplots(figsize=(9, 6), layout="constrained")
WordMapDisplay.from_estimator(model, modules, groups=clusters.tolist(), ax=ax).ax_.get_legend().remove()

# %%
# What else would one import?
# ---------------------------
# The model estimates the logarithm of co-occurrences, in which the popular modules come first, as they do in reality.
# The cosine leaves popularity out, and finds what is special about a basket.

import numpy as np

names = np.array(sorted(model.vocabulary_, key=model.vocabulary_.get))
unit = model.embedding_ / np.linalg.norm(model.embedding_, axis=1, keepdims=True)
for basket in (["socket", "threading"], ["ast", "tokenize"], ["shutil", "tempfile"]):
    rows = [model.vocabulary_[module] for module in basket]
    estimates, cosines = model.predict_log_cooccurrence(basket).mean(axis=0), (unit[rows] @ unit.T).mean(axis=0)
    print(", ".join(basket))
    for name, scores in {"estimated": estimates, "cosine": cosines}.items():
        scores[rows] = -np.inf
        print(f"    {name:<10} {', '.join(names[np.argsort(-scores)[:6]])}")
