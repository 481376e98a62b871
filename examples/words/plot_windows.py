"""
Window and weighting
====================

What counts as near? A narrow window is said to find words that can replace each other, and a wide one words of the same
subject. The example varies the width and the weight of distant neighbours, on half a million words that come with
gensim.
"""

# %%
# Eight models
# ------------
# Two rank correlations with human ratings judge them: WordSim-353 rates relatedness ("cup", "coffee"), SimLex-999
# similarity ("cup", "mug").

from gensim.corpora import WikiCorpus
from gensim.test.utils import datapath

from glove_sklearn import GloVeVectorizer
from glove_sklearn.evaluation import evaluate_similarities

dump = datapath("enwiki-latest-pages-articles1.xml-p000000010p000030302-shortened.bz2")
documents = [" ".join(tokens) for tokens in WikiCorpus(dump, dictionary={}, processes=1).get_texts()]

windows, weightings = (2, 5, 15, 50), ("harmonic", "flat")
models, scores = {}, {}
for weighting in weightings:
    for window in windows:
        settings = {"window_size": window, "weighting": weighting, "near_size": 0}
        model = GloVeVectorizer(50, **settings, n_jobs=-1, random_state=0).fit(documents)
        models[window, weighting] = model.to_keyed_vectors()
        scores[window, weighting] = evaluate_similarities(model)

# %%
# How good they are
# -----------------

import matplotlib.pyplot as plt

figure, axes = plt.subplots(1, 2, figsize=(8, 3), layout="constrained", sharex=True)
for ax, test in zip(axes, ("wordsim353", "simlex999"), strict=True):
    for weighting in weightings:
        ax.plot(windows, [scores[window, weighting][test].spearman for window in windows], marker="o", label=weighting)
    ax.set(xscale="log", xlabel="window_size", ylabel="rank correlation", title=test)
    ax.set_xticks(windows, windows)
    ax.minorticks_off()
    ax.spines[["top", "right"]].set_visible(False)
axes[1].legend(title="weighting", frameon=False, loc="lower right")

# %%
# What they find
# --------------

for window, weighting in [(2, "harmonic"), (50, "flat")]:
    print(f"\nwindow_size={window}, weighting={weighting!r}")
    for word in ("king", "green", "river"):
        print(f"    {word}: {', '.join(near for near, _ in models[window, weighting].most_similar(word, topn=7))}")

# %%
# On so little text, both scores grow with the window: it sees more of each word. They are noisy, too: a difference of
# .05 may be that of two seeds, and most of these neighbours come from single articles.
# ``near_size=2``, the default for texts of 500,000 words and more, counts near neighbours apart from the wide window,
# to have both.
