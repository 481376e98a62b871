"""Private interfaces of scikit-learn that the package uses; no other module imports them."""

from __future__ import annotations

from functools import cache
from importlib.metadata import PackageNotFoundError, metadata
from typing import Any, TypeVar

from sklearn.base import BaseEstimator, _clone_parametrized
from sklearn.base import _fit_context as fit_context
from sklearn.utils._param_validation import (
    HasMethods,
    Interval,
    RealNotInt,
    StrOptions,
    validate_parameter_constraints,
)

try:
    from sklearn.utils._repr_html.estimator import _VisualBlock
except ImportError:  # scikit-learn before 1.7
    from sklearn.utils._estimator_html_repr import _VisualBlock

__all__ = [
    "HasMethods",
    "Interval",
    "NotebookDisplay",
    "RealNotInt",
    "StrOptions",
    "clone_sharing",
    "fit_context",
    "validate_parameters",
]

#: Where the page of an estimator is, below the address of the documentation.
_API_PAGE = "api/glove_sklearn.{estimator_name}.html"

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


class NotebookDisplay:
    """Mixin whose representation in notebooks also says what was learnt, and leads to this package's documentation.

    scikit-learn shows the parameters. Below the name of a fitted estimator, also inside a Pipeline, stand the size of the
    vocabulary, the dimension, the loss and the time. The "?" leads to the page of the estimator, below the address that the
    package's metadata call "Documentation"; without such an address there is none.
    """

    _doc_link_module = "glove_sklearn"

    @property
    def _doc_link_template(self) -> str:
        address = _documentation()
        return f"{address.rstrip('/')}/{_API_PAGE}" if address else ""

    def _sk_visual_block_(self) -> Any:
        caption = ", ".join(self._learnt()) or None
        return _VisualBlock(
            "single", self, names=type(self).__name__, name_details=str(self), name_caption=caption
        )  # fmt: skip

    def _learnt(self) -> list[str]:
        """Return what a reader of a notebook wants to know about the fit, from attributes that are there already."""
        fitted, facts = vars(self), []
        if "cooccurrence_" in fitted:
            n_entries = fitted["cooccurrence_"].nnz
            facts += [f"{len(fitted['vocabulary_']):,} words", f"{n_entries:,} nonzero entries"]
        if "embedding_" in fitted:
            n, n_values = fitted["embedding_"].shape
            facts += [f"{n:,} {'words' if 'vocabulary_' in fitted else 'rows'}", f"{n_values} dimensions"]
        if "coverage_" in fitted:
            facts += [f"{self._n_features_out} dimensions", f"{fitted['coverage_']:.1%} of tokens covered"]  # type: ignore[attr-defined]
        if "loss_curve_" in fitted:
            losses = fitted["loss_curve_"]
            facts.append(f"loss {losses[-1]:.4g} after {len(losses)} {'epoch' if len(losses) == 1 else 'epochs'}")
        if "fit_time_" in fitted:
            facts.append(f"fitted in {_readable_time(fitted['fit_time_'])}")
        return facts


def _readable_time(seconds: float) -> str:
    for unit, size in (("h", 3600), ("min", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:.1f} {unit}"
    return f"{seconds:.2g} s" if seconds < 10 else f"{seconds:.0f} s"


@cache
def _documentation() -> str:
    """Return the address of the documentation, from ``project.urls`` of pyproject.toml; "" if it has none."""
    try:
        addresses = metadata("glove-sklearn").get_all("Project-URL") or []
    except PackageNotFoundError:  # the package is used without being installed
        return ""
    named = dict(entry.split(", ", 1) for entry in addresses)
    return named.get("Documentation", "")
