"""The fitted estimators that displays take."""

from __future__ import annotations

from typing import Any

from sklearn.pipeline import Pipeline
from sklearn.utils.validation import check_is_fitted


def fitted_estimator(estimator: Any, *, otherwise: str = "") -> Any:
    """Return a fitted estimator; of a Pipeline, its first step, which is the one that learns from documents.

    Parameters
    ----------
    estimator : estimator or Pipeline
    otherwise : str, default=""
        What to call with something else, for the error message.

    Raises
    ------
    NotFittedError
        If the estimator is not fitted.
    TypeError
        If it is not an estimator.
    """
    while isinstance(estimator, Pipeline):
        estimator = estimator[0]
    if isinstance(estimator, type) or not hasattr(estimator, "fit"):
        advice = f"; {otherwise}" if otherwise else ""
        raise TypeError(f"expected a fitted estimator, got {estimator!r:.200}{advice}.")
    check_is_fitted(estimator)
    return estimator
