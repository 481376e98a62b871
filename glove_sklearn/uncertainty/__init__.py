"""Uncertainty of word vectors, and of the similarities, neighbours and tests that are computed from them.

:class:`WordUncertainty` computes the standard errors of GloVe-V (Vallebueno et al., EMNLP 2024), given the context vectors.
:func:`bootstrap` resamples documents, and :func:`compare_seeds` fits with several seeds.
"""

from glove_sklearn.uncertainty.estimates import Estimate, Estimates
from glove_sklearn.uncertainty.resampling import SeedComparison, bootstrap, compare_seeds
from glove_sklearn.uncertainty.vector_distributions import WordVariances
from glove_sklearn.uncertainty.word_uncertainty import WordUncertainty

__all__ = [
    "Estimate",
    "Estimates",
    "SeedComparison",
    "WordUncertainty",
    "WordVariances",
    "bootstrap",
    "compare_seeds",
]
