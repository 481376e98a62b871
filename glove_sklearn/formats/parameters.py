"""Files of the C program: parameters, and the state of the optimiser."""

from __future__ import annotations

import os
from numbers import Integral
from typing import Any

import numpy as np
from sklearn.utils.validation import check_is_fitted

from glove_sklearn._system.files import open_to_read, open_to_write
from glove_sklearn.formats.cooccurrences import read_vocabulary
from glove_sklearn.glove import GloVe

#: Rows of parameters that are read or written at a time.
_ROWS_IN_HAND = 1 << 14


def read_parameters(
    path: Any,
    gradsq: Any = None,
    *,
    n_words: int | None = None,
    n_components: int | None = None,
    learning_rate: float = 0.05,
) -> GloVe:
    """Read the parameters of a model of the C program, and the state of its optimiser: a GloVe that goes on from there.

    Parameters
    ----------
    path : str or path
        The C program's ``vectors.bin`` (``-binary 1`` or ``2``, or ``-save-init-param 1``): float64, little-endian; for each
        word, in the order of ``vocab.txt``, its vector and its bias; then the same for each context; 2 V (d + 1) numbers.
    gradsq : str, path or None, default=None
        Its ``gradsq.bin`` (``-save-gradsq 1``): the accumulators of AdaGrad, laid out alike. None to begin with new ones.
    n_words, n_components : int or None, default=None
        V and d: one of them says the other. If both are None, the number of lines of a ``vocab.txt`` in the same folder is V.
    learning_rate : float, default=0.05
        The C program's ``-eta``, by which its accumulators are scaled.

    Returns
    -------
    glove : GloVe
        Fitted, with ``warm_start=True``: `fit` goes on, with the model and the ``x_max=100`` of the C program; set what that
        run had. Numbers are rounded to float32, and `loss_curve_` is empty, because the files do not say how many
        passes were made.

    Raises
    ------
    OSError
        Where a file cannot be read.
    ValueError
        Where sizes do not fit, a number is not finite, or an accumulator not positive.

    Examples
    --------
    Go on where the C program stopped (not run here)::

        X = read_cooccurrences("cooccurrence.shuf.bin")
        glove = read_parameters("vectors.bin", "gradsq.bin").set_params(x_max=10, max_iter=15).fit(X)
    """
    if not 1e-15 < learning_rate < 1e15:
        raise ValueError(f"learning_rate must be between 1e-15 and 1e15, got {learning_rate!r}.")
    for name, value in (("n_words", n_words), ("n_components", n_components)):
        if value is not None and not (isinstance(value, Integral) and value >= 1):
            raise ValueError(f"{name} must be None or an integer that is at least 1, got {value!r}.")
    size = _n_numbers(path)
    if n_words is None and n_components is None:
        beside = os.path.join(os.path.dirname(os.path.abspath(os.fsdecode(path))), "vocab.txt")
        if not os.path.exists(beside):
            raise ValueError(
                f"{path}: n_words or n_components must be given, because there is no vocab.txt beside the file."
            )
        n_words = len(read_vocabulary(beside)[0])
    if n_words is None:
        assert n_components is not None
        n_words = size // (2 * (n_components + 1))
    d = size // (2 * n_words) - 1 if n_words > 0 else 0
    if d < 1 or size != 2 * n_words * (d + 1) or n_components not in (None, d):
        raise ValueError(
            f"{path} has {size} numbers, and 2 * n_words * (n_components + 1) are needed: that does not fit n_words={n_words}"
            + (f" and n_components={n_components}." if n_components is not None else ".")
        )
    words, contexts = _read_parameter_rows(path, n_words, d)
    if gradsq is None:
        accumulators = [np.full((n_words, d + 1), learning_rate**-2, dtype=np.float32) for _ in range(2)]
        for side in accumulators:
            side[:, d] = 1
    else:
        if (size_of_gradsq := _n_numbers(gradsq)) != size:
            raise ValueError(
                f"{gradsq} has {size_of_gradsq} numbers, and {path} has {size}: they are of different models."
            )
        accumulators = list(_read_parameter_rows(gradsq, n_words, d, scale=learning_rate**-2))
        if min(side.min() for side in accumulators) <= 0:
            raise ValueError(f"{gradsq}: accumulators must be positive; is it a gradsq.bin?")
    # As the C program has it by default, so that a fit goes on with the same model.
    glove = GloVe(
        d, x_max=100.0, learning_rate=learning_rate, negative_ratio=0, init="random", postprocess=None, warm_start=True
    )
    glove.word_vectors_, glove.context_vectors_ = (
        np.ascontiguousarray(words[:, :d]),
        np.ascontiguousarray(contexts[:, :d]),
    )
    glove.word_biases_, glove.context_biases_ = words[:, d].copy(), contexts[:, d].copy()
    glove.word_accumulators_, glove.context_accumulators_ = accumulators
    glove.embedding_ = glove.word_vectors_ + glove.context_vectors_
    glove.loss_curve_, glove.n_iter_, glove.x_max_, glove.n_features_in_ = np.zeros(0), 0, glove.x_max, n_words
    return glove


def write_parameters(path: Any, glove: Any, gradsq: Any = None) -> None:
    """Write the parameters of a model, and the state of its optimiser, as the C program does: the inverse of `read_parameters`.

    The C program goes on from the files with ``-load-init-param 1 -init-param-file vectors.bin -load-init-gradsq 1
    -init-gradsq-file gradsq.bin`` and the same ``-vector-size`` and ``-eta``.

    Parameters
    ----------
    path : str or path
        Its ``vectors.bin``; for the layout see :func:`read_parameters`.
    glove : GloVe or GloVeVectorizer
        Fitted; a GloVeVectorizer, and for `gradsq` a GloVe too, with ``warm_start=True``.
    gradsq : str, path or None, default=None
        Its ``gradsq.bin``.

    Raises
    ------
    ValueError
        Where the model has not what is to be written, or words and contexts are not the same.
    """
    check_is_fitted(glove)
    wanted = ("word_vectors_", "word_biases_", *(("word_accumulators_",) if gradsq is not None else ()))
    for name in wanted:
        if not hasattr(glove, name):
            raise ValueError(f"the fitted {type(glove).__name__} has no {name}; fit it with warm_start=True.")
    n_words, d = glove.word_vectors_.shape
    if len(glove.context_vectors_) != n_words:
        raise ValueError(
            f"the C program has as many contexts as words, and this model has {n_words} words and "
            f"{len(glove.context_vectors_)} contexts."
        )
    with open_to_write(path) as file:
        for vectors, biases in (
            (glove.word_vectors_, glove.word_biases_),
            (glove.context_vectors_, glove.context_biases_),
        ):
            for first in range(0, n_words, _ROWS_IN_HAND):
                some = slice(first, first + _ROWS_IN_HAND)
                file.write(np.column_stack([vectors[some], biases[some]]).astype("<f8").tobytes())
    if gradsq is None:
        return
    scale = np.full(d + 1, float(glove.learning_rate) ** 2)
    scale[d] = 1  # the C program does not scale the steps of biases
    with open_to_write(gradsq) as file:
        for accumulators in (glove.word_accumulators_, glove.context_accumulators_):
            for first in range(0, n_words, _ROWS_IN_HAND):
                file.write((accumulators[first : first + _ROWS_IN_HAND] * scale).astype("<f8").tobytes())


def _n_numbers(path: Any) -> int:
    """Number of float64 in a file, compressed or not."""
    size = 0
    with open_to_read(path) as file:
        if file.seekable():
            size = file.seek(0, os.SEEK_END)
        else:
            while chunk := file.read(1 << 22):
                size += len(chunk)
    if size == 0 or size % 8:
        raise ValueError(
            f"{path}: {size} bytes are no whole number of float64: the file is truncated, or something else."
        )
    return size // 8


def _read_parameter_rows(path: Any, n_words: int, d: int, scale: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """Both halves of a file, (n_words, d + 1) float32 each; all but the last column scaled."""
    sides = np.empty((2 * n_words, d + 1), dtype=np.float32)
    with open_to_read(path) as file:
        for first in range(0, 2 * n_words, _ROWS_IN_HAND):
            some = sides[first : first + _ROWS_IN_HAND]
            n_bytes = 8 * some.size
            data = file.read(n_bytes)
            if len(data) != n_bytes:
                raise ValueError(f"{path} became shorter while it was read.")
            numbers = np.frombuffer(data, "<f8").reshape(some.shape)
            with np.errstate(over="ignore"):
                some[:, :d], some[:, d] = numbers[:, :d] * scale, numbers[:, d]
            if not np.isfinite(some).all():
                row = int(np.argmin(np.isfinite(some).all(axis=1))) + first
                raise ValueError(f"{path}: a number of row {row + 1} is not finite in float32.")
    return sides[:n_words], sides[n_words:]
