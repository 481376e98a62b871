"""The main job on real text: train, show neighbours, compare document similarities with human judgements.

The text is an excerpt of English Wikipedia and 300 short news articles; the judgements are the similarities of 50 other
news articles in the mean opinion of students (Lee, Pincombe and Welsh, "An empirical evaluation of models of text document
similarity", CogSci 2005). All of it comes with gensim.
"""

from __future__ import annotations

import numpy as np
from gensim.test.utils import datapath
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics.pairwise import cosine_similarity

from benchmarks.harness.corpora import iterate_documents, lee_background, wikipedia_excerpt
from glove_sklearn import GloVeVectorizer

WORDS = ("government", "music", "king", "water", "three", "university")


def run() -> None:
    wikipedia, news = wikipedia_excerpt(), lee_background()
    documents = wikipedia + news
    n_tokens = sum(len(document.split()) for document in documents)
    print(f"{len(wikipedia)} Wikipedia articles and {len(news)} news articles, {n_tokens:,} tokens")

    vectorizer = GloVeVectorizer(100, pooling="sif", n_jobs=-1, random_state=0, verbose=1)
    vectorizer.fit(documents)
    print(f"\n{len(vectorizer.vocabulary_):,} words; mean weighted squared error of each pass:")
    print(" ".join(f"{loss:.4f}" for loss in vectorizer.loss_curve_))

    vectors = vectorizer.to_keyed_vectors()
    print("\nnearest words")
    for word in WORDS:
        print(f"  {word:>10}: {', '.join(neighbour for neighbour, _ in vectors.most_similar(word, topn=7))}")

    judged = list(iterate_documents(datapath("lee.cor"), encoding="latin-1"))
    pairs = np.triu_indices(len(judged), k=1)
    human = np.loadtxt(datapath("similarities0-1.txt"))[pairs]
    print(f"\ncorrelation with human judgements of the {len(human):,} pairs of {len(judged)} news articles")
    for name, features in (
        ("GloVe", vectorizer.transform(judged)),
        ("TF-IDF", TfidfVectorizer().fit(documents).transform(judged)),
    ):
        print(f"  {name:>10}: {np.corrcoef(cosine_similarity(features)[pairs], human)[0, 1]:.3f}")
