"""The state of a model between two epochs, and the fitted attributes that hold it."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

#: Fitted attributes of the words and of the contexts, in the order of the fields of :class:`ParameterSet`.
ATTRIBUTES = {
    "words": ("word_vectors_", "word_biases_", "word_accumulators_"),
    "contexts": ("context_vectors_", "context_biases_", "context_accumulators_"),
}
#: Fitted attributes that only `warm_start` needs: the optimiser's accumulators and the state of the random number generator.
WARM_START_ATTRIBUTES = ("word_accumulators_", "context_accumulators_", "random_state_")
#: Fitted attributes that hold a state.
STATE_ATTRIBUTES = (*(name for names in ATTRIBUTES.values() for name in names), "random_state_")


class ParameterSet(NamedTuple):
    """Parameters of the words, or of the contexts, with their accumulators; a row of NaN belongs to a word that is new."""

    vectors: np.ndarray
    """(n, d), float32."""
    biases: np.ndarray
    """(n,), float32."""
    accumulators: np.ndarray
    """(n, d + 1), float32: AdaGrad's sums of squared gradients, of the vector and then of the bias."""

    def take(self, rows: np.ndarray) -> ParameterSet:
        """Select rows; index -1 selects a row of NaN."""
        taken = ParameterSet(*(array[rows] for array in self))
        for array in taken:
            array[rows < 0] = np.nan
        return taken

    @property
    def is_new(self) -> np.ndarray:
        """(n,), bool: which rows have no parameters yet."""
        return np.isnan(self.biases)


class ModelState(NamedTuple):
    """Everything the next epoch depends on, besides X and the parameters of the estimator; in the order of the rows of X."""

    words: ParameterSet
    contexts: ParameterSet
    loss_curve: np.ndarray
    """(n_iter,), float64: the loss of each epoch so far."""
    random_state: dict[str, Any] | None
    """State of the random number generator before negative pairs were sampled and entries shuffled; None if unknown."""

    @property
    def shape(self) -> tuple[int, int]:
        """Shape of X."""
        return len(self.words.biases), len(self.contexts.biases)

    def take(self, rows: np.ndarray) -> ModelState:
        """Select the same rows of the words and of the contexts; index -1 selects a row of NaN, which is a new word.

        Where words have several context vectors, those of all words follow each other, and the same ones are selected of each.
        """
        n_words, n_contexts = self.shape
        contexts = np.concatenate([np.where(rows < 0, -1, rows + first) for first in range(0, n_contexts, n_words)])
        return self._replace(words=self.words.take(rows), contexts=self.contexts.take(contexts))

    def attributes(self, *, warm_start: bool) -> dict[str, Any]:
        """Return the fitted attributes that hold this state.

        Parameters
        ----------
        warm_start : bool
            Whether to include those from which a later `fit` can resume.
        """
        attributes: dict[str, Any] = {
            **dict(zip(ATTRIBUTES["words"], self.words, strict=True)),
            **dict(zip(ATTRIBUTES["contexts"], self.contexts, strict=True)),
            "loss_curve_": self.loss_curve,
            "n_iter_": len(self.loss_curve),
        }
        if self.random_state is not None:
            attributes["random_state_"] = self.random_state
        if not warm_start:
            for name in WARM_START_ATTRIBUTES:
                attributes.pop(name, None)
        return attributes


def warm_start_state(estimator: Any) -> ModelState | None:
    """Return the state from which `warm_start` resumes, or None if there is none.

    Parameters
    ----------
    estimator : GloVe or GloVeVectorizer

    Raises
    ------
    ValueError
        If the earlier fit did not keep its state, or `n_components` has changed.
    """
    if not estimator.warm_start or not hasattr(estimator, "embedding_"):
        return None
    if not hasattr(estimator, "word_accumulators_"):
        raise ValueError(
            "warm_start=True, but the earlier fit ran without it and kept no accumulators to resume from; fit with "
            "warm_start=True from the beginning, or fit a clone."
        )
    return kept_state(estimator, "warm_start=True")


def kept_state(estimator: Any, what: str) -> ModelState:
    """Return the state among the fitted attributes.

    Parameters
    ----------
    estimator : GloVe or GloVeVectorizer
        With accumulators.
    what : str
        What resumes, for errors.

    Raises
    ------
    ValueError
        If `n_components` has changed.
    """
    words, contexts = (ParameterSet(*(getattr(estimator, name) for name in names)) for names in ATTRIBUTES.values())
    d = words.vectors.shape[1]
    if d != estimator.n_components:
        raise ValueError(
            f"{what} resumes a fit with n_components={d}, got n_components={estimator.n_components}; fit a clone."
        )
    return ModelState(words, contexts, estimator.loss_curve_, getattr(estimator, "random_state_", None))


def generator_state(random_state: np.random.RandomState) -> dict[str, Any]:
    """Return the state of a random number generator as numbers, strings and arrays."""
    return random_state.get_state(legacy=False)


def restore_generator(state: dict[str, Any]) -> np.random.RandomState:
    """Make a random number generator in the given state.

    Raises
    ------
    ValueError
        If the state names something that is no bit generator of NumPy.
    """
    bit_generator = getattr(np.random, state["bit_generator"], None)
    if not (isinstance(bit_generator, type) and issubclass(bit_generator, np.random.BitGenerator)):
        raise ValueError(f"{state['bit_generator']!r} is not a bit generator of NumPy, such as 'MT19937'")
    random_state = np.random.RandomState(bit_generator())
    random_state.set_state(state)
    return random_state
