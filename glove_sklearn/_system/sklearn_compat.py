"""Private interfaces of scikit-learn that the package uses; no other module imports them."""

from __future__ import annotations

from sklearn.base import BaseEstimator
from sklearn.base import _fit_context as fit_context
from sklearn.utils._param_validation import (
    HasMethods,
    Interval,
    RealNotInt,
    StrOptions,
    validate_parameter_constraints,
)

__all__ = ["HasMethods", "Interval", "RealNotInt", "StrOptions", "fit_context", "validate_parameters"]


def validate_parameters(estimator: BaseEstimator) -> None:
    """Raise `InvalidParameterError`, a ValueError, if a parameter is outside its constraints."""
    validate_parameter_constraints(
        estimator._parameter_constraints,
        estimator.get_params(deep=False),
        caller_name=type(estimator).__name__,
    )
