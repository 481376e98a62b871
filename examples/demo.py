"""A tour of glove_sklearn: learn word vectors from text, then use them to compare words and documents.

Everything the tour needs comes with gensim: an excerpt of English Wikipedia and 300 short news articles to learn from, and 50
other news articles whose similarity was judged by readers (M. D. Lee, B. Pincombe and M. Welsh, "An empirical evaluation of
models of text document similarity", CogSci 2005).
"""

import sys
import time
from pathlib import Path

import numpy as np
from gensim.corpora import WikiCorpus
from gensim.test.utils import datapath
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics.pairwise import cosine_similarity

from glove_sklearn import GloVeVectorizer

WIKIPEDIA = "enwiki-latest-pages-articles1.xml-p000000010p000030302-shortened.bz2"
WORDS = ("music", "police", "afghanistan", "species", "three", "university")


def main() -> None:
    heading("1. Text")
    wikipedia = [" ".join(tokens) for tokens in WikiCorpus(datapath(WIKIPEDIA), dictionary={}, processes=1).get_texts()]
    news = Path(datapath("lee_background.cor")).read_text(encoding="utf-8").splitlines()
    documents = wikipedia + news
    n_tokens = sum(len(document.split()) for document in documents)
    print(f"{len(wikipedia)} Wikipedia articles and {len(news)} news articles: {n_tokens:,} tokens.")

    heading("2. Training")
    print('vectorizer = GloVeVectorizer(n_components=100, pooling="sif", n_jobs=-1, random_state=0)')
    print("vectorizer.fit(documents)\n", flush=True)
    progress = int(sys.stderr.isatty())
    vectorizer = GloVeVectorizer(n_components=100, pooling="sif", n_jobs=-1, random_state=0, verbose=progress)
    start = time.perf_counter()
    vectorizer.fit(documents)
    seconds = time.perf_counter() - start
    print(f"Learned vectors of {len(vectorizer.vocabulary_):,} words in {seconds:.1f} seconds.\n")
    print("epoch    loss (mean weighted squared error)")
    for epoch, loss in enumerate(vectorizer.loss_curve_, start=1):
        print(f"{epoch:5}  {loss:.4f} {'#' * round(40 * loss / vectorizer.loss_curve_[0])}")

    heading("3. Words")
    print("The nearest neighbours of some words, from vectorizer.to_keyed_vectors(), a gensim KeyedVectors:\n")
    vectors = vectorizer.to_keyed_vectors()
    for word in WORDS:
        print(f"{word:>12}: {', '.join(neighbour for neighbour, _ in vectors.most_similar(word, topn=7))}")

    heading("4. Documents")
    articles = Path(datapath("lee.cor")).read_text(encoding="latin-1").splitlines()
    pairs = np.triu_indices(len(articles), k=1)
    judged = np.loadtxt(datapath("similarities0-1.txt"))[pairs]
    similarity = cosine_similarity(vectorizer.transform(articles))[pairs]
    print(f"{len(articles)} news articles that the model has not seen become vectors: vectorizer.transform(articles).")
    print("The five pairs that it finds most similar, and how similar readers found them, from 0 to 1:\n")
    for pair in np.argsort(-similarity)[:5]:
        first, second = (articles[side[pair]] for side in pairs)
        print(f"    {judged[pair]:.2f}  {first[:68]}...\n          {second[:68]}...")

    tfidf = cosine_similarity(TfidfVectorizer().fit(documents).transform(articles))[pairs]
    print(f"\nOver all {len(judged):,} pairs, the correlation with the readers' judgements is")
    print(
        f"    {np.corrcoef(similarity, judged)[0, 1]:.3f}  for these vectors, with {vectorizer.n_components} columns,"
    )
    print(f"    {np.corrcoef(tfidf, judged)[0, 1]:.3f}  for TF-IDF, with a column for each word.")
    print("\nTo train on a text of your own, one document a line: glove-sklearn train FILE --output vectors.txt")


def heading(title: str) -> None:
    print(f"\n{title}\n{'-' * len(title)}", flush=True)


if __name__ == "__main__":
    main()
