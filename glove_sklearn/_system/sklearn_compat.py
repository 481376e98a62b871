"""Private interfaces of scikit-learn that the package uses; no other module imports them."""

from __future__ import annotations

from typing import TypeVar

from sklearn.base import BaseEstimator, _clone_parametrized
from sklearn.base import _fit_context as fit_context
from sklearn.utils._param_validation import (
    HasMethods,
    Interval,
    RealNotInt,
    StrOptions,
    validate_parameter_constraints,
)

__all__ = ["HasMethods", "Interval", "RealNotInt", "StrOptions", "clone_sharing", "fit_context", "validate_parameters"]

E = TypeVar("E", bound=BaseEstimator)


def validate_parameters(estimator: BaseEstimator) -> None:
    """Raise `InvalidParameterError`, a ValueError, if a parameter is outside its constraints."""
    validate_parameter_constraints(
        estimator._parameter_constraints,
        estimator.get_params(deep=False),
        caller_name=type(estimator).__name__,
    )


def clone_sharing(estimator: E, name: str) -> E:
    """Clone an estimator, for its `__sklearn_clone__`, but share the value of a parameter with the clone.

    Otherwise `clone` would copy large vectors, and take a fitted estimator that holds them for one that is to be fitted.
    """
    parameters = estimator.get_params(deep=False)
    without = type(estimator)(**{**parameters, name: None})
    for configuration in ("_metadata_request", "_sklearn_output_config"):
        if hasattr(estimator, configuration):
            setattr(without, configuration, getattr(estimator, configuration))
    other = _clone_parametrized(without)
    setattr(other, name, parameters[name])
    return other
