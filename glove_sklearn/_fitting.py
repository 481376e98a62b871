"""Count, then train: the order of steps that `GloVeVectorizer` and ``glove-sklearn train`` share."""

from __future__ import annotations

from collections.abc import Callable
from numbers import Integral
from typing import Any, Protocol, TypeVar

from glove_sklearn._counting.row_store import RowSource
from glove_sklearn._parameters import names_with_effect
from glove_sklearn._system.storage import Storage
from glove_sklearn._system.threads import ThreadTeam
from glove_sklearn._training.checkpoint import Checkpoint
from glove_sklearn._training.settings import TrainingSettings
from glove_sklearn._training.state import ModelState
from glove_sklearn._training.trainer import TrainedModel, train


class Counts(Protocol):
    """What counting returns; only its rows matter here."""

    @property
    def rows(self) -> RowSource:
        """X."""


C = TypeVar("C", bound=Counts)


def open_checkpoint(settings: TrainingSettings) -> Checkpoint | None:
    """Open the file of the parameter `checkpoint`, if there is one; the file of a run with other parameters is refused."""
    if settings.checkpoint is None:
        return None
    values = {name: getattr(settings, name) for name in names_with_effect("training")}
    identity: dict[str, Any] = {
        name: value if isinstance(value, str) else int(value) if isinstance(value, Integral) else float(value)
        for name, value in values.items()
    }
    seed = settings.random_state
    identity["random_state"] = int(seed) if isinstance(seed, Integral) else None
    return Checkpoint(settings.checkpoint, identity)


def count_and_train(
    count: Callable[[], C],
    settings: TrainingSettings,
    storage: Storage,
    team: ThreadTeam,
    *,
    checkpoint: Checkpoint | None = None,
    before_training: Callable[[C], ModelState | None] = lambda counted: None,
    make_snapshot: Callable[[C, TrainedModel], Any] = lambda counted, model: model,
) -> tuple[C, TrainedModel]:
    """Count co-occurrences and train on them.

    Parameters
    ----------
    count : callable
        Counts, or reads what has been counted; with `storage`, so that X need not be in memory.
    settings : TrainingSettings
    storage : Storage
    team : ThreadTeam
    checkpoint : Checkpoint or None, default=None
        See :func:`open_checkpoint`. It is opened before counting, so that the file of another run is refused early.
    before_training : callable
        Called with the counts while their rows can still be read. Returns the state to resume from, in the order of their
        vocabulary, or None.
    make_snapshot : callable
        Turns the counts and a model into what the snapshot passed to the callback returns.

    Returns
    -------
    counted : Counts
        Its rows are closed.
    model : TrainedModel
    """
    counted = count()
    origin = before_training(counted)
    model = train(
        counted.rows,
        settings,
        storage,
        team,
        origin=origin,
        checkpoint=checkpoint,
        make_snapshot=lambda model: make_snapshot(counted, model),
    )
    return counted, model
