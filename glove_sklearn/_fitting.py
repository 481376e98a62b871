"""Count, then train: the order of steps that `GloVeVectorizer` and ``glove-sklearn train`` share."""

from __future__ import annotations

from collections.abc import Callable
from numbers import Integral
from pathlib import Path
from typing import Any, NamedTuple, Protocol, TypeVar

import numpy as np

from glove_sklearn._counting.row_store import RowSource
from glove_sklearn._distributed.rows import DistributedRows
from glove_sklearn._embedding.word_vectors import WordVectors
from glove_sklearn._parameters import names_with_effect
from glove_sklearn._system.storage import Storage
from glove_sklearn._system.threads import ThreadTeam
from glove_sklearn._system.warning import warn_caller
from glove_sklearn._training.checkpoint import Checkpoint
from glove_sklearn._training.given_vectors import align, check_dimension, digest
from glove_sklearn._training.settings import INIT_METHODS, TrainingSettings, is_init_method
from glove_sklearn._training.state import ModelState
from glove_sklearn._training.trainer import TrainedModel, train
from glove_sklearn._vector_files.resolution import resolve_vectors


class Counts(Protocol):
    """What counting returns; only its rows matter here."""

    @property
    def rows(self) -> RowSource | DistributedRows:
        """X."""


#: With fewer dimensions than this a vocabulary may be smaller: it is an example or a test, and meant to be.
_FEW_COMPONENTS = 50

C = TypeVar("C", bound=Counts)


class GivenWords(NamedTuple):
    """The vectors of the parameter `init`, before it is known which rows of X they belong to."""

    vectors: np.ndarray
    """float32."""
    terms: list[str] | None
    """The word of each; None where they are the rows of X themselves."""

    def rows(self, terms: list[str] | None, n_rows: int) -> np.ndarray:
        """Return the vector of each row of X, NaN where it has none.

        Parameters
        ----------
        terms : list of str or None
            The names of the rows; None if they have none.
        n_rows : int
        """
        if self.terms is None:
            if len(self.vectors) != n_rows:
                raise ValueError(
                    f"init is an array with {len(self.vectors)} rows, but X has {n_rows}; give a vector for each row of X, in "
                    "its order, or words and their vectors."
                )
            return self.vectors
        if terms is None:
            raise ValueError(
                "init has vectors of words, but the rows of X have no names; give X as a DataFrame whose index (or, where rows "
                "and columns are the same, whose columns) are these words, or init as an array with a row for each row of X."
            )
        return align(WordVectors(self.terms, self.vectors), terms)

    @property
    def digest(self) -> str:
        """What a checkpoint recognises them by."""
        return digest(self.vectors, self.terms)


def read_given_words(init: Any, settings: TrainingSettings) -> GivenWords | None:
    """Return the vectors that the parameter `init` stands for, checked; None if it is the name of a method."""
    if is_init_method(init):
        if settings.anchor:
            raise ValueError(
                f"anchor={settings.anchor} keeps words near given vectors, but init={init!r}; give the vectors as init, or leave "
                "anchor at 0."
            )
        return None
    if isinstance(init, np.ndarray):
        vectors, terms = init, None
        if vectors.ndim != 2 or vectors.dtype.kind not in "fiu":
            raise ValueError(
                f"init must be an array of numbers with a row for each row of X, got shape {vectors.shape} and dtype "
                f"{vectors.dtype}."
            )
        with np.errstate(over="ignore"):
            vectors = np.ascontiguousarray(vectors, dtype=np.float32)
        if not np.isfinite(vectors).all():
            row = int(np.argmin(np.isfinite(vectors).all(axis=1)))
            raise ValueError(f"init has NaN or infinite values, first in row {row}; replace them.")
    else:
        if isinstance(init, str) and not Path(init).suffix and not Path(init).exists():
            raise ValueError(
                f"init must be {', '.join(map(repr, INIT_METHODS))}, the path of a file of vectors, or vectors, got {init!r}."
            )
        terms, vectors, _ = resolve_vectors(init)
    check_dimension(vectors, settings)
    return GivenWords(vectors, terms)


def open_checkpoint(settings: TrainingSettings, given: GivenWords | None = None) -> Checkpoint | None:
    """Open the file of the parameter `checkpoint`, if there is one; the file of a run with other parameters is refused."""
    if settings.checkpoint is None:
        return None
    values = {name: getattr(settings, name) for name in names_with_effect("training")}
    if given is not None:
        values["init"] = f"vectors {given.digest}"
    identity: dict[str, Any] = {
        name: value if isinstance(value, str) else int(value) if isinstance(value, Integral) else float(value or 0)
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
    before_training: Callable[[C], tuple[ModelState | None, np.ndarray | None]] = lambda counted: (None, None),
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
        Called with the counts while their rows can still be read. Returns the state to resume from, and the vectors to begin at,
        in the order of their vocabulary; or None.
    make_snapshot : callable
        Turns the counts and a model into what the snapshot passed to the callback returns.

    Returns
    -------
    counted : Counts
        Its rows are closed.
    model : TrainedModel
    """
    counted = count()
    n_words = counted.rows.shape[0]
    if settings.n_components > max(n_words, _FEW_COMPONENTS):
        warn_caller(
            f"n_components={settings.n_components} is more than the vocabulary has words, {n_words}: that many words cannot span "
            "that many dimensions; lower n_components, or learn from more text."
        )
    origin, given = before_training(counted)
    options: dict[str, Any] = {
        "origin": origin,
        "given": given,
        "checkpoint": checkpoint,
        "make_snapshot": lambda model: make_snapshot(counted, model),
    }
    rows = counted.rows
    if not isinstance(rows, DistributedRows):
        return counted, train(rows, settings, storage, team, **options)
    from glove_sklearn._distributed.training import train_where_it_pays  # imports Dask

    return counted, train_where_it_pays(rows, settings, storage, team, **options)
