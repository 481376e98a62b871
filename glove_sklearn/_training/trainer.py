"""Train the model: rows of X in, trained parameters and an embedding out."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from sklearn.exceptions import ConvergenceWarning

from glove_sklearn._counting.row_store import RowSource
from glove_sklearn._embedding.combination import combine
from glove_sklearn._embedding.postprocessing import postprocess
from glove_sklearn._system.progress import progress_bar
from glove_sklearn._system.storage import Storage
from glove_sklearn._system.threads import ThreadTeam
from glove_sklearn._system.warning import warn_caller
from glove_sklearn._training import _adagrad
from glove_sklearn._training.blocks import (
    NO_NEGATIVES,
    NegativeSampling,
    Side,
    TrainingBlocks,
    build_blocks,
    choose_n_partitions,
)
from glove_sklearn._training.checkpoint import Checkpoint, origin_digest
from glove_sklearn._training.given_vectors import GivenVectors
from glove_sklearn._training.initialization import (
    N_SWEEPS,
    N_SWEEPS_FOR_NEW_WORDS,
    InitialVectors,
    MarginalSums,
    initialize_new_words,
    marginal_biases,
    marginal_sums,
    svd_initialization,
)
from glove_sklearn._training.memory_plan import plan_memory
from glove_sklearn._training.packed_parameters import PackedParameters, padded_width
from glove_sklearn._training.resumption import Resumption
from glove_sklearn._training.settings import TrainingSettings
from glove_sklearn._training.state import ModelState, generator_state
from glove_sklearn._training.subsampling import subsample
from glove_sklearn._training.value_histogram import ValueHistogram

#: With ``x_max="auto"``, the fraction of entries that do not exceed it.
_X_MAX_QUANTILE = 0.99
#: The quantile of the entries half of which is the value of a negative pair.
_NEGATIVE_VALUE_QUANTILE = 0.01


class TrainedModel(NamedTuple):
    """What training returns."""

    state: ModelState
    embedding: np.ndarray
    """Float32, shape (n_rows, d) or (n_rows, 2 d): the vectors combined and post-processed."""
    x_max: float


def train(
    rows: RowSource,
    settings: TrainingSettings,
    storage: Storage,
    team: ThreadTeam,
    *,
    origin: ModelState | None = None,
    given: np.ndarray | None = None,
    checkpoint: Checkpoint | None = None,
    make_snapshot: Callable[[TrainedModel], Any] = lambda model: model,
) -> TrainedModel:
    """Train on rows of X, which need not be in memory.

    Parameters
    ----------
    rows : RowSource
        Closed when they are no longer needed.
    settings : TrainingSettings
    storage : Storage
    team : ThreadTeam
    origin : ModelState or None, default=None
        State of an earlier fit to resume from. Rows of NaN are new words, which are initialised as `init` says.
    given : ndarray of shape (n_rows, d), float32, or None, default=None
        With ``init="vectors"``: the vectors that rows begin at, unless `origin` has them, and near which `anchor` keeps them. A
        row of NaN belongs to a word without a vector, which is initialised so that it fits the others.
    checkpoint : Checkpoint or None, default=None
        Where the state is kept; if it exists, training resumes from it and not from `origin`.
    make_snapshot : callable
        Turns a model into what the snapshot passed to the callback returns.

    Returns
    -------
    TrainedModel
    """
    plan = plan_memory(rows.shape, rows.n_entries, settings, storage, team.n_jobs, rows.memory)

    def make_records(n_partitions: int, random_state: np.random.RandomState) -> tuple[TrainingBlocks, float]:
        sampled = subsample(rows, settings.sample)
        x_max, negatives = resolve_values(settings, lambda: ValueHistogram.of(sampled, team))
        blocks = build_blocks(
            sampled, n_partitions, random_state, team, storage,
            in_memory=plan.in_memory, chunk_size=plan.chunk_size, negatives=negatives,
        )  # fmt: skip
        sampled.close()
        return blocks, x_max

    return train_on_records(
        make_records, rows.shape, rows.n_entries, settings, team, origin=origin, given=given, checkpoint=checkpoint,
        make_snapshot=make_snapshot,
    )  # fmt: skip


def train_on_records(
    make_records: Callable[[int, np.random.RandomState], tuple[TrainingBlocks, float]],
    shape: tuple[int, int],
    n_entries: int,
    settings: TrainingSettings,
    team: ThreadTeam,
    *,
    origin: ModelState | None,
    given: np.ndarray | None,
    checkpoint: Checkpoint | None,
    make_snapshot: Callable[[TrainedModel], Any],
) -> TrainedModel:
    """Train on records, wherever they are made and kept.

    Parameters
    ----------
    make_records : callable
        Takes the number of partitions and the random number generator. Returns the blocks, which are closed here, and x_max.
    shape : (int, int)
        Of X.
    n_entries : int
        Number of nonzero entries of X.
    settings, team, origin, given, checkpoint, make_snapshot
        As in :func:`train`.
    """
    if given is not None and settings.combine in ("context", "concat") and shape[0] != shape[1]:
        raise ValueError(
            f"vectors can be given to words that have one context vector each where combine={settings.combine!r}, got X of shape "
            f"{shape}; set combine='word', or near_size=0."
        )
    start = Resumption(origin, checkpoint, int(settings.max_iter))
    random_state = start.random_number_generator(settings.random_state)
    initial_random_state = generator_state(random_state)
    n_partitions = choose_n_partitions(shape, n_entries, 8 * padded_width(int(settings.n_components)))
    blocks, x_max = make_records(n_partitions, random_state)
    if checkpoint is not None:
        checkpoint.begin(
            digest=blocks.digest(),
            origin=origin_digest(origin),
            shape=shape,
            random_state=initial_random_state,
        )
    sums = marginal_sums(blocks, team)
    vectors = None
    if given is not None:
        vectors = GivenVectors(given, settings.combine, shape[0] == shape[1])
        of_rows, of_columns = marginal_biases(sums)
        biases = of_rows[blocks.rows.positions], of_columns[blocks.columns.positions]
        start.begin_at(lambda origin: vectors.begin(shape, biases, settings, origin))
    words, contexts = _initial_parameters(blocks, sums, start, settings, random_state, team)
    weights = sums.rows[blocks.rows.positions]
    if settings.combine == "context":
        weights = sums.columns[blocks.columns.positions[: shape[0]]]
    model = _LiveModel(
        words, contexts, list(start.loss_curve), initial_random_state, x_max, weights, vectors, settings, team
    )
    _run_epochs(model, blocks, start, checkpoint, make_snapshot)
    blocks.close()
    return model.freeze()


def resolve_values(settings: TrainingSettings, count: Callable[[], ValueHistogram]) -> tuple[float, NegativeSampling]:
    """Return x_max and the value of negative pairs, both of which may be relative to the entries of X.

    Parameters
    ----------
    settings : TrainingSettings
    count : callable
        Counts the entries of X by value, if that is needed.
    """
    if settings.x_max != "auto" and not settings.negative_ratio:
        return float(settings.x_max), NO_NEGATIVES
    histogram = count()
    x_max = histogram.quantile(_X_MAX_QUANTILE) if settings.x_max == "auto" else float(settings.x_max)
    value = histogram.quantile(_NEGATIVE_VALUE_QUANTILE) / 2
    return x_max, NegativeSampling(float(settings.negative_ratio), value)


def _initial_parameters(
    blocks: TrainingBlocks,
    sums: MarginalSums,
    start: Resumption,
    settings: TrainingSettings,
    random_state: np.random.RandomState,
    team: ThreadTeam,
) -> tuple[PackedParameters, PackedParameters]:
    """Return the parameters that training starts from, of the words and of the contexts."""
    # First, because it takes as much memory as the parameters themselves.
    initial_vectors = _initial_vectors(blocks, sums, start, settings, random_state, team)
    d, learning_rate = int(settings.n_components), float(settings.learning_rate)
    words = PackedParameters(blocks.rows.positions, d, True, learning_rate)
    contexts = PackedParameters(blocks.columns.positions, d, False, learning_rate)
    words.initialize(random_state, start.parameters("words"))
    contexts.initialize(random_state, start.parameters("contexts"))
    if initial_vectors is not None:
        words.add_initial(*initial_vectors[0])
        contexts.add_initial(*initial_vectors[1])
    return words, contexts


def _initial_vectors(
    blocks: TrainingBlocks,
    sums: MarginalSums,
    start: Resumption,
    settings: TrainingSettings,
    random_state: np.random.RandomState,
    team: ThreadTeam,
) -> tuple[InitialVectors, InitialVectors] | None:
    """Return what is added to the random vectors, or None."""
    if settings.init == "random":
        return None
    if start.is_fresh:
        with progress_bar("initialising", "entries", settings.verbose, N_SWEEPS * blocks.n_records) as bar:
            return svd_initialization(blocks, sums, int(settings.n_components), random_state, team, bar.update)
    if (state := start.state_with_new_words) is not None:
        with progress_bar(
            "initialising", "entries", settings.verbose, N_SWEEPS_FOR_NEW_WORDS * blocks.n_records
        ) as bar:
            limit_lengths = settings.init == "vectors"
            return initialize_new_words(blocks, sums, state, team, bar.update, limit_lengths=limit_lengths)
    return None


@dataclass(frozen=True)
class _Step:
    """Trains the parameters of the rows and of the columns of a block on its records."""

    x_max: float
    alpha: float
    name = "train-blocks"

    def __call__(self, records: np.ndarray, rows: tuple[np.ndarray, ...], columns: tuple[np.ndarray, ...]) -> float:
        """See :class:`~glove_sklearn._training.blocks.Kernel`."""
        return _adagrad.train_block(records, rows[0], columns[0], self.x_max, self.alpha)


class _LiveModel:
    """The model while it is trained."""

    def __init__(
        self,
        words: PackedParameters,
        contexts: PackedParameters,
        loss_curve: list[float],
        random_state: dict[str, Any],
        x_max: float,
        weights: np.ndarray,
        given: GivenVectors | None,
        settings: TrainingSettings,
        team: ThreadTeam,
    ) -> None:
        self.words, self.contexts, self.loss_curve = words, contexts, loss_curve
        self.x_max, self.settings, self.team = x_max, settings, team
        self._random_state, self._weights, self._given = random_state, weights, given

    def run_epoch(self, blocks: TrainingBlocks, on_records: Callable[[int], object]) -> float:
        """Train on every record once and return the mean loss.

        Strata are visited in the same order in every epoch, so that each record is visited at even intervals. A new order for
        each epoch gave a lower loss and worse vectors.
        """
        step = _Step(self.x_max, float(self.settings.alpha))
        words, contexts = Side(changed=self.words.rows), Side(changed=self.contexts.rows)
        losses = blocks.visit(step, words, contexts, self.team, on_records)
        if self._given is not None and self.settings.anchor:
            self._given.pull(self.words, self.contexts, float(self.settings.anchor))
        return float(losses.sum()) / blocks.n_records

    def has_diverged(self, loss: float) -> bool:
        """Whether the loss or a parameter is infinite or NaN."""
        return not (math.isfinite(loss) and self.words.are_finite() and self.contexts.are_finite())

    def has_converged(self) -> bool:
        """Whether the last epoch lowered the loss by less than `tol`."""
        tol, losses = self.settings.tol, self.loss_curve
        return tol is not None and len(losses) >= 2 and losses[-2] - losses[-1] < tol * losses[-2]

    def freeze(self) -> TrainedModel:
        """Return the model as if training ended here."""
        state = ModelState(
            self.words.unpacked(with_accumulators=self.settings.warm_start),
            self.contexts.unpacked(with_accumulators=self.settings.warm_start),
            np.array(self.loss_curve),
            self._random_state,
        )
        combined = combine(state.words.vectors, state.contexts.vectors, self.settings.combine)
        is_trained = self._weights > 0
        if self._given is not None:
            is_trained |= self._given.has_vector
        embedding = postprocess(combined, self._weights, self.settings.postprocess, self.team, is_trained=is_trained)
        return TrainedModel(state, embedding, self.x_max)


def _run_epochs(
    model: _LiveModel,
    blocks: TrainingBlocks,
    start: Resumption,
    checkpoint: Checkpoint | None,
    make_snapshot: Callable[[TrainedModel], Any],
) -> None:
    """Train until `max_iter`, until the loss has converged, or until the callback stops it; write checkpoints."""
    settings, losses = model.settings, model.loss_curve
    # A checkpoint may hold the last epoch of a run that was killed afterwards.
    is_stopped = start.is_stopped and settings.callback is not None
    is_last = is_stopped or (start.may_be_complete and model.has_converged())
    with progress_bar(
        "training", "entries", settings.verbose, (start.n_epochs - len(losses)) * blocks.n_records
    ) as bar:
        while len(losses) < start.n_epochs and not is_last:
            n_iter = len(losses) + 1
            loss = model.run_epoch(blocks, bar.update)
            bar.set_postfix(iteration=n_iter, loss=f"{loss:.5f}")
            if model.has_diverged(loss):
                raise FloatingPointError(
                    f"the loss is not finite in epoch {n_iter}: learning_rate={settings.learning_rate} is too high for this X; "
                    "lower it."
                )
            losses.append(loss)
            if settings.callback is not None:
                snapshot = _Snapshot(n_iter, lambda: make_snapshot(model.freeze()))
                is_stopped = _asks_to_stop(settings.callback(n_iter, loss, snapshot))
                snapshot.expire()
            is_last = is_stopped or n_iter == start.n_epochs or model.has_converged()
            if checkpoint is not None and (is_last or n_iter % int(settings.checkpoint_every) == 0):
                checkpoint.write(model.words, model.contexts, losses, is_stopped=is_stopped)
    if settings.tol is not None and not is_stopped and not model.has_converged():
        warn_caller(
            f"the last of max_iter={settings.max_iter} epochs still lowered the loss by more than tol={settings.tol}; raise "
            "max_iter.",
            ConvergenceWarning,
        )


class _Snapshot:
    """What the callback calls to look at the model; valid only until the callback returns."""

    def __init__(self, n_iter: int, make: Callable[[], Any]) -> None:
        self._n_iter = n_iter
        self._make: Callable[[], Any] | None = make

    def __call__(self) -> Any:
        if self._make is None:
            raise RuntimeError(
                f"the snapshot of epoch {self._n_iter} must be taken in the callback, before the next epoch"
            )
        return self._make()

    def expire(self) -> None:
        """Refuse later calls."""
        self._make = None


def _asks_to_stop(answer: Any) -> bool:
    return isinstance(answer, bool | np.bool_) and bool(answer)
