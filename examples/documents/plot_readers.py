"""
How similar are two documents?
==============================

Readers were asked how similar two news articles are, for 50 articles and all their pairs (Lee, Pincombe and Welsh,
2005). The example compares their answers with cosines of document vectors, for several ways to make a document's
vector of its words' vectors.
"""

# %%
# Articles and answers
# --------------------
# Vectors are learnt from other text: 300 news articles and 106 articles of Wikipedia. All of it comes with gensim.

import numpy as np
from gensim.corpora import WikiCorpus
from gensim.test.utils import datapath

dump = datapath("enwiki-latest-pages-articles1.xml-p000000010p000030302-shortened.bz2")
documents = [" ".join(tokens) for tokens in WikiCorpus(dump, dictionary={}, processes=1).get_texts()]
with open(datapath("lee_background.cor"), encoding="utf-8") as file:
    documents += file.read().splitlines()
with open(datapath("lee.cor"), encoding="latin-1") as file:
    articles = file.read().splitlines()
pairs = np.triu_indices(len(articles), k=1)
judged = np.loadtxt(datapath("similarities0-1.txt"))[pairs]

# %%
# Cosines
# -------
# All poolings share the same word vectors; they are trained again for each only because that takes seconds.

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics.pairwise import cosine_similarity

from glove_sklearn import GloVeVectorizer

vectorizers = {
    f'pooling="{pooling}"': GloVeVectorizer(100, pooling=pooling, n_jobs=-1, random_state=0)
    for pooling in ("mean", "idf", "sif")
}
vectorizers["TF-IDF"] = TfidfVectorizer()
cosines = {
    name: cosine_similarity(vectorizer.fit(documents).transform(articles))[pairs]
    for name, vectorizer in vectorizers.items()
}

# %%
# Who agrees with the readers?
# ----------------------------

import matplotlib.pyplot as plt

figure, axes = plt.subplots(1, 4, figsize=(10, 2.9), layout="constrained", sharey=True)
for (name, values), ax in zip(cosines.items(), axes, strict=True):
    ax.scatter(values, judged, s=4, alpha=0.4, linewidth=0)
    ax.set(title=f"{name}\ncorrelation {np.corrcoef(values, judged)[0, 1]:.2f}", xlabel="cosine")
    ax.spines[["top", "right"]].set_visible(False)
axes[0].set_ylabel("similarity, by readers")

# %%
# The articles share a vocabulary, so all means point much the same way. ``"sif"`` removes what documents share: use it
# to compare documents; for a classifier, ``"idf"`` does as well. TF-IDF agrees with the readers as much, with a column
# for every word, where these vectors have a hundred.
