"""Pictures of word vectors, in the manner of scikit-learn's displays; they need matplotlib.

- :class:`WordMapDisplay`: words in two dimensions, with arrows for analogies.
- :class:`NeighborsDisplay`: the nearest words, with confidence intervals where they are known.
- :class:`DocumentMapDisplay`: documents in two dimensions, coloured by label.
- :class:`CooccurrenceDisplay`: the co-occurrences from which vectors are learnt.
- :class:`LossCurveDisplay`: the loss of each epoch.
- :func:`write_word_map`: an interactive map of thousands of words, in one HTML file, which does not need matplotlib.
"""

from glove_sklearn.plotting.cooccurrence import CooccurrenceDisplay
from glove_sklearn.plotting.document_map import DocumentMapDisplay
from glove_sklearn.plotting.interactive_map import write_word_map
from glove_sklearn.plotting.loss_curve import LossCurveDisplay
from glove_sklearn.plotting.neighbors import NeighborsDisplay
from glove_sklearn.plotting.word_map import WordMapDisplay

__all__ = [
    "CooccurrenceDisplay",
    "DocumentMapDisplay",
    "LossCurveDisplay",
    "NeighborsDisplay",
    "WordMapDisplay",
    "write_word_map",
]
