"""Vectors that words are given: where training begins, and what `anchor` keeps it near."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

import numpy as np

from glove_sklearn._embedding.combination import width_factor
from glove_sklearn._embedding.word_vectors import WordVectors
from glove_sklearn._system.wording import number_of
from glove_sklearn._training.packed_parameters import PackedParameters, initial_accumulators
from glove_sklearn._training.settings import TrainingSettings
from glove_sklearn._training.state import ModelState, ParameterSet

#: Words that are pulled together, so that temporary arrays stay small.
_CHUNK_NUMBERS = 1 << 18


def check_dimension(vectors: np.ndarray, settings: TrainingSettings) -> None:
    """Refuse given vectors that do not have the dimension of the embedding."""
    expected = int(settings.n_components) * width_factor(settings.combine)
    if vectors.shape[1] != expected:
        twice = ', twice that for combine="concat"' if width_factor(settings.combine) == 2 else ""
        raise ValueError(
            f"init has vectors of {vectors.shape[1]} values, but n_components={settings.n_components}{twice}; set n_components "
            "to the dimension of the vectors."
        )


def align(words: WordVectors, terms: list[str]) -> np.ndarray:
    """Bring given vectors into the order of the rows of X.

    Parameters
    ----------
    words : WordVectors
        float32.
    terms : list of str
        The word of each row.

    Returns
    -------
    vectors : ndarray of shape (n_rows, d), float32
        A row of NaN for a word without a vector.

    Raises
    ------
    ValueError
        If no word has a vector.
    """
    row_of = {term: row for row, term in enumerate(words.terms)}
    rows = np.array([row_of.get(term, -1) for term in terms])
    if (rows < 0).all():
        raise ValueError(
            f"init has vectors of {number_of(len(row_of), 'word')} ({', '.join(map(repr, words.terms[:3]))}, ...), but no word "
            f"of X is among them ({', '.join(map(repr, terms[:3]))}, ...); do case, language and tokens agree?"
        )
    vectors = words.vectors[rows]
    vectors[rows < 0] = np.nan
    return vectors


def digest(vectors: np.ndarray, terms: list[str] | None = None) -> str:
    """Compute a digest of given vectors, by which a checkpoint recognises its run."""
    result = hashlib.blake2b("\0".join(terms or ()).encode("utf-8", "surrogatepass"), digest_size=16)
    result.update(np.ascontiguousarray(vectors).view(np.uint8).data)
    return result.hexdigest()


class GivenVectors(NamedTuple):
    """The vectors that the rows of X are given, and how they relate to the parameters.

    A vector r stands for the combined one. With ``combine="sum"`` training begins at w = c = r / 2, with "word" and "context" at
    w = c = r, and with "concat" at the two halves of r. Rows without context vectors, those of an X that is not square, begin at
    w = r.
    """

    vectors: np.ndarray
    """(n_rows, d) or (n_rows, 2 d), float32; a row of NaN belongs to a word without a vector."""
    combine: str
    has_contexts: bool
    """Whether rows and columns of X are the same words."""

    @property
    def has_vector(self) -> np.ndarray:
        """(n_rows,), bool: which words have a vector."""
        return ~np.isnan(self.vectors[:, 0])

    def begin(
        self,
        shape: tuple[int, int],
        biases: tuple[np.ndarray, np.ndarray],
        settings: TrainingSettings,
        origin: ModelState | None,
    ) -> ModelState:
        """Return the state from which training begins, in which words without a vector are new.

        Parameters
        ----------
        shape : (int, int)
            Of X.
        biases : (ndarray of shape (n_rows,), ndarray of shape (n_columns,)), float32
            The logarithms of the sums of the rows and of the columns, relative to the root of the sum of all; minus infinity
            where a row or a column is empty.
        settings : TrainingSettings
        origin : ModelState or None
            The state of an earlier fit, which has precedence.
        """
        if origin is None:
            d = int(settings.n_components)
            origin = ModelState(_nothing(shape[0], d), _nothing(shape[1], d), np.zeros(0), None)
        halves = self._parts(slice(None))
        words = self._started(origin.words, halves[0], biases[0], settings)
        contexts = origin.contexts
        if self.has_contexts:
            contexts = self._started(contexts, halves[1], biases[1], settings)
        return origin._replace(words=words, contexts=contexts)

    def _started(
        self, side: ParameterSet, vectors: np.ndarray, biases: np.ndarray, settings: TrainingSettings
    ) -> ParameterSet:
        """Fill the rows of new words that have a vector."""
        begins = side.is_new & self.has_vector
        filled = ParameterSet(*(array.copy() for array in side))
        filled.vectors[begins] = vectors[begins]
        filled.biases[begins] = np.where(np.isfinite(biases[begins]), biases[begins], 0)
        filled.accumulators[begins] = initial_accumulators(int(settings.n_components), float(settings.learning_rate))
        return filled

    def _parts(self, rows: slice | np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return what words and contexts begin at."""
        vectors = self.vectors[rows]
        if not self.has_contexts or self.combine in ("word", "context"):
            return vectors, vectors
        if self.combine == "concat":
            d = vectors.shape[1] // 2
            return vectors[:, :d], vectors[:, d:]
        half = vectors / 2
        return half, half

    def pull(self, words: PackedParameters, contexts: PackedParameters, anchor: float) -> None:
        """Make the step of an epoch towards the given vectors: the proximal step of the anchor, in AdaGrad's metric.

        With e = w + c - r, p = 1 / sqrt(G) and q = 1 / sqrt(G'), component by component,

            w -= p anchor e / (1 + anchor (p + q)),   c -= q anchor e / (1 + anchor (p + q))

        minimises anchor e**2 + (w - w_0)**2 sqrt(G) + (c - c_0)**2 sqrt(G'), where w_0 and c_0 are the vectors before the step.
        The accumulators stay as they are (J. Duchi, E. Hazan and Y. Singer, JMLR 12, 2011, section 5: composite updates). Where
        the embedding is w or c alone, or both side by side, each is pulled to its own vector.
        """
        rows_with_vector = np.flatnonzero(self.has_vector)
        size = 1 + _CHUNK_NUMBERS // self.vectors.shape[1]
        for first in range(0, len(rows_with_vector), size):
            rows = rows_with_vector[first : first + size]
            if self.has_contexts and self.combine == "sum":
                w, c = words.vectors(rows), contexts.vectors(rows)
                p, q = (1 / np.sqrt(side.accumulators(rows)[:, :-1]) for side in (words, contexts))
                step = (w + c - self.vectors[rows]) * np.float32(anchor) / (1 + np.float32(anchor) * (p + q))
                words.set_vectors(rows, w - p * step)
                contexts.set_vectors(rows, c - q * step)
                continue
            parts = self._parts(rows)
            for side, given, name in ((words, parts[0], "word"), (contexts, parts[1], "context")):
                is_embedded = name == "word" if not self.has_contexts else self.combine in (name, "concat")
                if is_embedded:
                    v = side.vectors(rows)
                    p = 1 / np.sqrt(side.accumulators(rows)[:, :-1])
                    step = (v - given) * np.float32(anchor) / (1 + np.float32(anchor) * p)
                    side.set_vectors(rows, v - p * step)


def _nothing(n: int, d: int) -> ParameterSet:
    """Return the parameters of words that are all new."""
    return ParameterSet(*(np.full((n, *width), np.nan, dtype=np.float32) for width in ((d,), (), (d + 1,))))
