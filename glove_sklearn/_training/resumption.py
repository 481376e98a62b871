"""Where a run starts: from nothing, from the state of an earlier fit, or from a checkpoint."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import numpy as np
from sklearn.utils import check_random_state

from glove_sklearn._training.checkpoint import Checkpoint
from glove_sklearn._training.state import ModelState, ParameterSet, restore_generator


class Resumption:
    """The start of a run; a checkpoint that exists has precedence over the state of an earlier fit.

    Parameters
    ----------
    origin : ModelState or None
        The state of an earlier fit, from which `warm_start` resumes. Rows of NaN are new words.
    checkpoint : Checkpoint or None
    max_iter : int
        Number of epochs to make after those of `origin`.

    Attributes
    ----------
    n_epochs : int
        Number of epochs at which the run is complete, earlier ones included.
    loss_curve : list of float
        The loss of each earlier epoch.
    is_stopped : bool
        Whether a callback has stopped the run that left the checkpoint.
    """

    def __init__(self, origin: ModelState | None, checkpoint: Checkpoint | None, max_iter: int) -> None:
        self.origin = origin
        self._checkpoint = checkpoint if checkpoint is not None and checkpoint.exists else None
        earlier: list[float] = [] if origin is None else origin.loss_curve.tolist()
        self.n_epochs = len(earlier) + max_iter
        self.is_stopped = False
        self.loss_curve = earlier
        #: Whether the checkpoint holds epochs of this very run, which may have been its last.
        self.may_be_complete = False
        if self._checkpoint is not None:
            self._checkpoint.check_origin(origin, self.n_epochs)
            self.loss_curve = list(self._checkpoint.loss_curve)
            self.may_be_complete = len(self.loss_curve) > len(earlier)
            self.is_stopped = self.may_be_complete and self._checkpoint.is_stopped

    @property
    def is_fresh(self) -> bool:
        """Whether there is nothing to resume from."""
        return self.origin is None and self._checkpoint is None

    def begin_at(self, begin: Callable[[ModelState | None], ModelState]) -> None:
        """Let words that have no state begin at given vectors; a checkpoint has a state of all words.

        Parameters
        ----------
        begin : callable
            Takes the state of the earlier fit, or None, and returns one in which only words without given vectors are new.
        """
        if self._checkpoint is None:
            self.origin = begin(self.origin)

    @property
    def state_with_new_words(self) -> ModelState | None:
        """The state to begin from, if it lacks some of the words and they need initial vectors."""
        origin = self.origin
        if self._checkpoint is not None or origin is None:
            return None
        return origin if origin.words.is_new.any() or origin.contexts.is_new.any() else None

    def random_number_generator(self, random_state: Any) -> np.random.RandomState:
        """Return the generator of the earlier run, or else one made from the parameter `random_state`."""
        state = None
        if self._checkpoint is not None:
            state = self._checkpoint.random_state
        elif self.origin is not None:
            state = self.origin.random_state
        return check_random_state(random_state) if state is None else restore_generator(state)

    def parameters(self, side: Literal["words", "contexts"]) -> ParameterSet | None:
        """Return the parameters to resume from, or None if there are none; from a checkpoint they are read at each call."""
        if self._checkpoint is not None:
            return self._checkpoint.load(side)
        return None if self.origin is None else getattr(self.origin, side)
