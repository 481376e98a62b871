"""
Loss and accuracy over the epochs
=================================

How long to train? A falling loss does not say that vectors get better. A callback can ask for a score of your own
after each epoch, and stop when it is good enough.
"""

# %%
# A callback that keeps a score
# -----------------------------
# `snapshot()` is a fitted copy of the estimator, as if training ended here.

from gensim.corpora import WikiCorpus
from gensim.test.utils import datapath

from glove_sklearn import GloVeVectorizer
from glove_sklearn.evaluation import evaluate_similarities

dump = datapath("enwiki-latest-pages-articles1.xml-p000000010p000030302-shortened.bz2")
documents = [" ".join(tokens) for tokens in WikiCorpus(dump, dictionary={}, processes=1).get_texts()]

models, scores = {}, {}
for init in ("svd", "random"):
    scores[init] = []

    def callback(n_iter, loss, snapshot, kept=scores[init]):
        """Keep the rank correlation with human ratings."""
        kept.append(evaluate_similarities(snapshot())["wordsim353"].spearman)

    vectorizer = GloVeVectorizer(50, init=init, max_iter=15, callback=callback, n_jobs=-1, random_state=0)
    models[init] = vectorizer.fit(documents)

# %%
# Two curves that disagree
# ------------------------

import matplotlib.pyplot as plt

from glove_sklearn.plotting import LossCurveDisplay

figure, (left, right) = plt.subplots(1, 2, figsize=(8, 3), layout="constrained")
for init, model in models.items():
    LossCurveDisplay.from_estimator(model, name=f"init={init!r}", ax=left)
    right.plot(range(1, 16), scores[init], marker="o", markersize=3, label=f"init={init!r}")
right.set(xlabel="epoch", ylabel="WordSim-353, rank correlation")
right.spines[["top", "right"]].set_visible(False)
right.legend(frameon=False)

# %%
# From a decomposition, the default, the first epochs are the best ones already; from random numbers it takes many to
# get there. The loss goes on falling where the score does not: on little text the model learns the noise, too.
