"""GloVe word vectors for people who live in scikit-learn and gensim."""

from glove_sklearn.counter import CooccurrenceCounter
from glove_sklearn.glove import GloVe
from glove_sklearn.vectorizer import GloVeVectorizer

__all__ = ["CooccurrenceCounter", "GloVe", "GloVeVectorizer"]
__version__ = "0.1.0"
