"""The program of the authors of Mittens (Dingwall and Potts, NAACL 2018): dense matrices, all entries at once."""

from __future__ import annotations

import contextlib
import io
from typing import Any

import numpy as np


def fit(
    X: np.ndarray, given: np.ndarray, *, anchor: float, x_max: float, learning_rate: float, max_iter: int, seed: int
) -> tuple[np.ndarray, ...]:
    """Train on a dense matrix, and return w, c, b and b'.

    Its objective has half of the squared errors, so that its `mittens` is half of `anchor`.
    """
    from mittens.np_mittens import Mittens

    np.random.seed(seed)  # noqa: NPY002  (mittens draws from it)
    terms = [str(row) for row in range(len(X))]
    rates = {"mittens": anchor / 2, "learning_rate": learning_rate}
    model: Any = Mittens(n=given.shape[1], xmax=x_max, max_iter=max_iter, display_progress=max_iter, **rates)
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        model.fit(X, vocab=terms, initial_embedding_dict=dict(zip(terms, given, strict=True)))
    return model.W, model.C, model.bw[:, 0], model.bc[:, 0]
