"""One class for each stage: asv measures the time of each ``time_`` method, and the peak memory of each ``peakmem_`` method."""

import tempfile
import time
from pathlib import Path

from gensim.corpora import WikiCorpus
from gensim.test.utils import datapath

from glove_sklearn import CooccurrenceCounter, GloVe, GloVeVectorizer
from glove_sklearn.formats import load_vectors, save_vectors

WIKIPEDIA = "enwiki-latest-pages-articles1.xml-p000000010p000030302-shortened.bz2"


def read_documents():
    """Return about 100 articles of Wikipedia and 300 news articles."""
    wikipedia = WikiCorpus(datapath(WIKIPEDIA), dictionary={}, processes=1).get_texts()
    news = Path(datapath("lee_background.cor")).read_text(encoding="utf-8").splitlines()
    return [" ".join(tokens) for tokens in wikipedia] + news


def timeraw_import():
    """Import the package in a new process."""
    return "from glove_sklearn import GloVeVectorizer"


class _Stage:
    timer = time.process_time


class Count(_Stage):
    """Documents to X."""

    def setup_cache(self):
        return read_documents()

    def time_fit(self, documents):
        CooccurrenceCounter(n_jobs=1).fit(documents)

    peakmem_fit = time_fit


class Train(_Stage):
    """X to word vectors, one epoch."""

    param_names = ("n_components", "init")
    params = ((50, 100), ("random", "svd"))

    def setup_cache(self):
        return CooccurrenceCounter(window_size=15, n_jobs=1).fit(read_documents()).cooccurrence_

    def time_fit(self, X, n_components, init):
        GloVe(n_components, init=init, max_iter=1, n_jobs=1, random_state=0).fit(X)

    peakmem_fit = time_fit


class MemoryLimit(_Stage):
    """Text to vectors, with and without temporary files."""

    param_names = ("memory_limit",)
    params = ((None, "30MB"),)

    def setup_cache(self):
        return read_documents()

    def time_fit(self, documents, memory_limit):
        GloVeVectorizer(20, max_iter=1, memory_limit=memory_limit, n_jobs=1, random_state=0).fit(documents)

    peakmem_fit = time_fit


class Fitted(_Stage):
    """Documents to document vectors, and files of word vectors."""

    def setup(self):
        self.documents = read_documents()
        self.vectorizer = GloVeVectorizer(window_size=5, init="random", max_iter=1, n_jobs=1, random_state=0)
        self.vectorizer.fit(self.documents)
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name, "vectors.txt")
        save_vectors(self.path, self.vectorizer)

    def teardown(self):
        self.folder.cleanup()

    def time_transform(self):
        self.vectorizer.transform(self.documents)

    def time_load(self):
        load_vectors(self.path)

    def time_save(self):
        save_vectors(self.path.with_suffix(".vec"), self.vectorizer)
