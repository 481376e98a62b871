"""The parameters of `GloVe` that training depends on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

#: Names that the parameter `init` takes.
INIT_METHODS = ("svd", "random")


@dataclass(frozen=True)
class TrainingSettings:
    """Values of parameters; their meanings are documented in :class:`~glove_sklearn.GloVe`, where they are also validated."""

    n_components: int
    sample: float | None
    x_max: float | str
    alpha: float
    negative_ratio: float
    learning_rate: float
    init: str
    """The name of a method, or "vectors"."""
    anchor: float
    max_iter: int
    tol: float | None
    combine: str
    postprocess: str | None
    memory_limit: Any
    random_state: Any
    verbose: int
    warm_start: bool
    checkpoint: Any
    checkpoint_every: int
    callback: Callable | None

    @classmethod
    def of(cls, estimator: Any) -> TrainingSettings:
        """Take the values from a GloVe or a GloVeVectorizer."""
        values = {field.name: getattr(estimator, field.name) for field in fields(cls)}
        if not is_init_method(values["init"]):
            values["init"] = "vectors"
        return cls(**values)


def is_init_method(init: Any) -> bool:
    """Return whether a value of the parameter `init` is the name of a method, and not vectors or a file of them."""
    return isinstance(init, str) and init in INIT_METHODS
