"""Stanford GloVe's ``vectors.bin`` and ``gradsq.bin``: the parameters of a model, and the state of its optimiser."""

from __future__ import annotations

import os
from collections.abc import Iterator
from numbers import Integral
from typing import Any, BinaryIO

import numpy as np
from sklearn.utils.validation import check_is_fitted

from glove_sklearn._parameters import STANFORD_GLOVE
from glove_sklearn._system.files import StrPath, open_to_read, open_to_write
from glove_sklearn._training.state import ATTRIBUTES, ModelState, ParameterSet
from glove_sklearn._vector_files.vocabulary import read_vocabulary
from glove_sklearn.glove import GloVe

#: Rows of parameters that are read or written together.
_CHUNK_ROWS = 1 << 14


def read_parameters(
    path: StrPath,
    gradsq: StrPath | None = None,
    *,
    n_words: int | None = None,
    n_components: int | None = None,
    learning_rate: float = 0.05,
) -> GloVe:
    """Read the parameters of a model of Stanford GloVe, and the state of its optimiser, into a `GloVe` that can resume.

    Parameters
    ----------
    path : str or path
        Its ``vectors.bin`` (written with ``-binary 1`` or ``2``, or ``-save-init-param 1``): 2 V (d + 1) float64, little-endian;
        for each word, in the order of ``vocab.txt``, its vector and its bias; then the same for each context.
    gradsq : str, path or None, default=None
        Its ``gradsq.bin`` (written with ``-save-gradsq 1``): AdaGrad's accumulators, in the same layout. None for new ones.
    n_words, n_components : int or None, default=None
        V and d. One of them determines the other; if both are None, V is the number of lines of a ``vocab.txt`` in the same
        folder.
    learning_rate : float, default=0.05
        Its ``-eta``, by which its accumulators are scaled.

    Returns
    -------
    glove : GloVe
        Fitted, with ``warm_start=True`` and the settings of Stanford GloVe (``x_max=100``, ...): set the values of your run
        before the next `fit`. Numbers are rounded to float32. `loss_curve_` is empty, because the files do not tell how many
        epochs were made.

    Raises
    ------
    OSError
        If a file cannot be read.
    ValueError
        If sizes do not match, a number is not finite, or an accumulator is not positive.

    Examples
    --------
    Resume where Stanford GloVe stopped (not run here)::

        X = read_cooccurrences("cooccurrence.shuf.bin")
        glove = read_parameters("vectors.bin", "gradsq.bin").set_params(x_max=10, max_iter=15).fit(X)
    """
    if not 1e-15 < learning_rate < 1e15:
        raise ValueError(f"learning_rate must be between 1e-15 and 1e15, got {learning_rate!r}.")
    n_words, d = _shape(path, n_words, n_components)
    words, contexts = _read_rows(path, n_words, d)
    if gradsq is None:
        accumulators = [np.full((n_words, d + 1), learning_rate**-2, dtype=np.float32) for _ in range(2)]
        for side in accumulators:
            side[:, d] = 1
    else:
        size, gradsq_size = _count_numbers(path), _count_numbers(gradsq)
        if gradsq_size != size:
            raise ValueError(
                f"{gradsq} has {gradsq_size} numbers, and {path} has {size}: they belong to different models."
            )
        accumulators = list(_read_rows(gradsq, n_words, d, scale=learning_rate**-2))
        if min(side.min() for side in accumulators) <= 0:
            raise ValueError(f"{gradsq}: accumulators must be positive; is it a gradsq.bin?")
    state = ModelState(
        _parameter_set(words, accumulators[0]), _parameter_set(contexts, accumulators[1]), np.zeros(0), None
    )
    # So that a later fit resumes with the same model.
    settings = {name: STANFORD_GLOVE[name] for name in ("x_max", "negative_ratio", "init", "postprocess")}
    glove = GloVe(d, learning_rate=learning_rate, warm_start=True, **settings)
    fitted = state.attributes(warm_start=True)
    embedding = state.words.vectors + state.contexts.vectors
    glove.__dict__.update(fitted, embedding_=embedding, x_max_=glove.x_max, n_features_in_=n_words)
    return glove


def write_parameters(path: StrPath, glove: Any, gradsq: StrPath | None = None) -> None:
    """Write the parameters of a model, and the state of its optimiser, as Stanford GloVe does.

    The inverse of :func:`read_parameters`. Stanford GloVe resumes from the files with ``-load-init-param 1 -init-param-file
    vectors.bin -load-init-gradsq 1 -init-gradsq-file gradsq.bin`` and the same ``-vector-size`` and ``-eta``.

    Parameters
    ----------
    path : str or path
        The file ``vectors.bin``; its layout is described in :func:`read_parameters`.
    glove : GloVe or GloVeVectorizer
        Fitted. With ``warm_start=True``, if it is a `GloVeVectorizer` or `gradsq` is given.
    gradsq : str, path or None, default=None
        The file ``gradsq.bin``.

    Raises
    ------
    ValueError
        If the model lacks what is to be written, or words and contexts are not the same.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from glove_sklearn import GloVe
    >>> from glove_sklearn.formats import read_parameters, write_parameters
    >>> glove = GloVe(2, warm_start=True, random_state=0).fit([[0, 2, 1], [2, 0, 3], [1, 3, 0]])
    >>> with TemporaryDirectory() as folder:
    ...     write_parameters(f"{folder}/vectors.bin", glove, f"{folder}/gradsq.bin")
    ...     again = read_parameters(f"{folder}/vectors.bin", f"{folder}/gradsq.bin", n_words=3)
    >>> bool((again.word_vectors_ == glove.word_vectors_).all())
    True
    """
    check_is_fitted(glove)
    for name in ("word_vectors_", "word_biases_", *(("word_accumulators_",) if gradsq is not None else ())):
        if not hasattr(glove, name):
            raise ValueError(f"the fitted {type(glove).__name__} has no {name}; fit it with warm_start=True.")
    n_words, d = glove.word_vectors_.shape
    if len(glove.context_vectors_) != n_words:
        raise ValueError(
            f"Stanford GloVe has as many contexts as words, but this model has {n_words} words and "
            f"{len(glove.context_vectors_)} contexts; fit a GloVeVectorizer with near_size=0, or GloVe on a square X."
        )
    with open_to_write(path) as file:
        for vectors, biases, _ in ATTRIBUTES.values():
            for rows in _chunks(n_words):
                _write(file, np.column_stack([getattr(glove, vectors)[rows], getattr(glove, biases)[rows]]))
    if gradsq is None:
        return
    scale = np.full(d + 1, float(glove.learning_rate) ** 2)
    scale[d] = 1  # Stanford GloVe does not scale the steps of biases
    with open_to_write(gradsq) as file:
        for *_, accumulators in ATTRIBUTES.values():
            for rows in _chunks(n_words):
                _write(file, getattr(glove, accumulators)[rows] * scale)


def _parameter_set(rows: np.ndarray, accumulators: np.ndarray) -> ParameterSet:
    return ParameterSet(np.ascontiguousarray(rows[:, :-1]), rows[:, -1].copy(), accumulators)


def _shape(path: StrPath, n_words: int | None, n_components: int | None) -> tuple[int, int]:
    """Return V and d of a file of parameters."""
    for name, value in (("n_words", n_words), ("n_components", n_components)):
        if value is not None and not (isinstance(value, Integral) and value >= 1):
            raise ValueError(f"{name} must be None or an integer that is at least 1, got {value!r}.")
    size = _count_numbers(path)
    if n_components is not None:
        n_words = size // (2 * (n_components + 1)) if n_words is None else n_words
    elif n_words is None:
        vocabulary = os.path.join(os.path.dirname(os.path.abspath(os.fsdecode(path))), "vocab.txt")
        if not os.path.exists(vocabulary):
            raise ValueError(
                f"{path}: n_words or n_components must be given, because there is no vocab.txt beside the file."
            )
        n_words = len(read_vocabulary(vocabulary)[0])
    d = size // (2 * n_words) - 1 if n_words > 0 else 0
    if d < 1 or size != 2 * n_words * (d + 1) or n_components not in (None, d):
        raise ValueError(
            f"{path} has {size} numbers, and 2 * n_words * (n_components + 1) are needed: that does not fit n_words={n_words}"
            + (f" and n_components={n_components}." if n_components is not None else ".")
        )
    return n_words, d


def _count_numbers(path: StrPath) -> int:
    """Return the number of float64 in a file, compressed or not."""
    size = 0
    with open_to_read(path) as file:
        if file.seekable():
            size = file.seek(0, os.SEEK_END)
        else:
            while chunk := file.read(1 << 22):
                size += len(chunk)
    if size == 0 or size % 8:
        raise ValueError(
            f"{path}: {size} bytes are not a whole number of float64: the file is truncated, or of another kind."
        )
    return size // 8


def _read_rows(path: StrPath, n_words: int, d: int, scale: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """Return both halves of a file, (n_words, d + 1) float32 each, with all but the last column scaled."""
    sides = np.empty((2 * n_words, d + 1), dtype=np.float32)
    with open_to_read(path) as file:
        for rows in _chunks(2 * n_words):
            chunk = sides[rows]
            data = file.read(8 * chunk.size)
            if len(data) != 8 * chunk.size:
                raise ValueError(f"{path} became shorter while it was read.")
            numbers = np.frombuffer(data, "<f8").reshape(chunk.shape)
            with np.errstate(over="ignore"):
                chunk[:, :d], chunk[:, d] = numbers[:, :d] * scale, numbers[:, d]
            if not np.isfinite(chunk).all():
                row = int(np.argmin(np.isfinite(chunk).all(axis=1))) + rows.start
                raise ValueError(f"{path}: a number in row {row + 1} is not finite in float32.")
    return sides[:n_words], sides[n_words:]


def _write(file: BinaryIO, numbers: np.ndarray) -> None:
    file.write(numbers.astype("<f8").tobytes())


def _chunks(n_rows: int) -> Iterator[slice]:
    for first in range(0, n_rows, _CHUNK_ROWS):
        yield slice(first, first + _CHUNK_ROWS)
