"""
Neighbours, and a map of words
==============================

What half a million words of text teach: the words nearest to a few others, as bars and on a map. The text comes with
gensim, 106 articles of English Wikipedia and 300 short news articles.
"""

# %%
# Train on the text
# -----------------
# `WikiCorpus` reads the articles out of Wikipedia's XML. A document is an article; no window crosses its end.

from gensim.corpora import WikiCorpus
from gensim.test.utils import datapath

from glove_sklearn import GloVeVectorizer

dump = datapath("enwiki-latest-pages-articles1.xml-p000000010p000030302-shortened.bz2")
documents = [" ".join(tokens) for tokens in WikiCorpus(dump, dictionary={}, processes=1).get_texts()]
with open(datapath("lee_background.cor"), encoding="utf-8") as file:
    documents += file.read().splitlines()
vectorizer = GloVeVectorizer(100, n_jobs=-1, random_state=0).fit(documents)
print(f"{sum(vectorizer.counts_):,} tokens, {len(vectorizer.vocabulary_):,} words")

# %%
# The nearest words
# -----------------
# Cosines say how near, and only in comparison: those of another model are not on the same scale.

import matplotlib.pyplot as plt

from glove_sklearn.plotting import NeighborsDisplay, WordMapDisplay

# sphinx_gallery_thumbnail_number = 2
figure, axes = plt.subplots(1, 3, figsize=(9, 3), layout="constrained")
for word, ax in zip(["music", "police", "species"], axes, strict=True):
    NeighborsDisplay.from_estimator(vectorizer, word, topn=8, ax=ax)

# %%
# A map
# -----
# Six words, each with its eight nearest. t-SNE keeps neighbours together; how far groups are from each other means
# little.

from sklearn.manifold import TSNE

vectors = vectorizer.to_keyed_vectors()
groups = {
    word: [word, *(neighbor for neighbor, _ in vectors.most_similar(word, topn=8))]
    for word in ("music", "police", "species", "three", "university", "afghanistan")
}
_, ax = plt.subplots(figsize=(9, 6), layout="constrained")
WordMapDisplay.from_estimator(vectorizer, groups, reducer=TSNE(perplexity=8, random_state=0), ax=ax)

# %%
# Subjects hold together, because windows of 50 words know what a text is about. With so little text, some neighbours
# are there by accident: they share an article. Try a word of your own, and look at how often it occurs before you
# believe its neighbours.

for word in ("police", "species", "taliban"):
    print(f"{word}: {vectors.get_vecattr(word, 'count')} times")
