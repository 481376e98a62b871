"""How good word vectors are: analogies, and similarities beside those that people gave.

:func:`evaluate_analogies` asks questions such as "man is to king as woman is to what?", by default those of Google.
:func:`evaluate_similarities` compares cosines with human judgements of pairs of words, by default WordSim-353 and SimLex-999.
Scores agree with those of gensim's ``evaluate_word_analogies`` and ``evaluate_word_pairs``.
"""

from glove_sklearn.evaluation.analogies import evaluate_analogies
from glove_sklearn.evaluation.scores import AnalogyScore, AnalogyScores, SimilarityScore, SimilarityScores
from glove_sklearn.evaluation.similarities import evaluate_similarities

__all__ = [
    "AnalogyScore",
    "AnalogyScores",
    "SimilarityScore",
    "SimilarityScores",
    "evaluate_analogies",
    "evaluate_similarities",
]
