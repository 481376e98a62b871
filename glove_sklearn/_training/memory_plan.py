"""What training needs in memory, and what goes to temporary files instead."""

from __future__ import annotations

import math
from dataclasses import dataclass

from glove_sklearn._embedding.combination import width_factor
from glove_sklearn._system import budget
from glove_sklearn._system.memory import available_memory
from glove_sklearn._system.storage import Storage, readable_size
from glove_sklearn._system.wording import number_of
from glove_sklearn._training.blocks import RECORD, sampling_table_size
from glove_sklearn._training.initialization import width_of_factors
from glove_sklearn._training.packed_parameters import padded_width
from glove_sklearn._training.settings import TrainingSettings

#: Largest and smallest number of entries of X that a thread turns into records together.
_MAX_CHUNK, _MIN_CHUNK = 1 << 22, 1 << 14
#: Bytes of such an entry: as it is read, as it is put together, and as a record.
_CHUNK_ENTRY_BYTES = 8 + 8 + 8
#: What `sample` adds: a scaled value of each of these entries; and for each row and column, a sum and a factor.
_SCALED_BYTES, _FACTOR_BYTES = 4, 8 + 4


@dataclass(frozen=True)
class MemoryPlan:
    """Sizes in bytes, of the three phases of training: the records are made, trained on, and the vectors are taken out."""

    n_vectors: int
    n_records: int
    """An upper bound, negative pairs included."""
    records: int
    training: int
    """Parameters, and what the initialisation and the checkpoint need beside them."""
    finishing: int
    """Parameters and the vectors that are made of them."""
    chunk_size: int
    """Entries of X that a thread turns into records together."""
    in_memory: bool
    """Whether the records are kept in memory, or in a file."""

    @property
    def needed(self) -> int:
        """Memory without which training cannot run."""
        return max(self.training + (self.records if self.in_memory else 0), self.finishing)


def make_plan(
    shape: tuple[int, int], n_entries: int, settings: TrainingSettings, *, n_threads: int, limit: float, room: float
) -> MemoryPlan:
    """Compute the sizes and decide where the records are kept.

    Parameters
    ----------
    shape : (int, int)
        Of X.
    n_entries : int
        Number of nonzero entries of X.
    settings : TrainingSettings
    n_threads : int
    limit : float
        `memory_limit` in bytes, infinity for none.
    room : float
        Bytes that training may still take, if records are to be in memory.
    """
    d, n_vectors, ratio = int(settings.n_components), sum(shape), settings.negative_ratio
    parameters = n_vectors * 8 * padded_width(d)

    max_negatives = ratio * n_entries + shape[0] if ratio else 0
    n_records = int(min(n_entries + max_negatives, shape[0] * shape[1]))
    records = n_records * RECORD.itemsize

    entry_bytes = _CHUNK_ENTRY_BYTES * (1 + ratio) + (_SCALED_BYTES if settings.sample else 0)
    chunk_size = min(
        _MAX_CHUNK / (1 + ratio),
        limit * budget.RECORDS_IN_WORK / n_threads / entry_bytes,
        n_entries / (8 * n_threads),
    )
    chunk_size = max(_MIN_CHUNK / (1 + ratio), chunk_size)
    making_records = (chunk_size * entry_bytes + 8 * shape[1]) * n_threads
    if settings.sample:
        making_records += _FACTOR_BYTES * n_vectors
    if ratio:
        making_records += 4 * (sampling_table_size(shape[1]) + shape[1])

    training = parameters
    if settings.init != "random":
        # The factors and the initial vectors; the allocator may keep what the decomposition has freed.
        width = width_of_factors(d, shape)
        training += 4 * n_vectors * (width + max(width, d))
    given = 0
    if settings.init == "vectors":
        given = 4 * shape[0] * d * width_factor(settings.combine)
        training += given + 2 * 4 * n_vectors * (d + 1)  # the state that training begins from
    if settings.checkpoint is not None:
        training += 8 * max(shape) * (d + 1)  # one side as it is read; writing needs less

    # Post-processing makes a second embedding.
    n_embeddings = width_factor(settings.combine) * (1 if settings.postprocess is None else 2)
    vectors = 4 * (n_vectors * (d + 1) + n_embeddings * shape[0] * d)
    if settings.warm_start:
        vectors += 4 * n_vectors * (d + 1)

    return MemoryPlan(
        n_vectors=n_vectors,
        n_records=n_records,
        records=records,
        training=training,
        finishing=parameters + given + vectors,
        chunk_size=int(chunk_size),
        in_memory=records + max(making_records, training) <= room,
    )


def plan_memory(
    shape: tuple[int, int],
    n_entries: int,
    settings: TrainingSettings,
    storage: Storage,
    n_threads: int,
    releasable: int = 0,
) -> MemoryPlan:
    """Make the plan for this machine, and refuse what does not fit, before anything is allocated.

    Without a limit, records that do not fit in memory go to a file if the disk has room for them.

    Parameters
    ----------
    shape, n_entries, settings, n_threads
        As in :func:`make_plan`.
    storage : Storage
    releasable : int, default=0
        Bytes of memory that X gives back while records are made.

    Raises
    ------
    MemoryError
        If the parameters do not fit in memory, or not in `memory_limit`.
    OSError
        If the records do not fit on the disk of `temp_dir`.
    """
    available = available_memory() + releasable
    room = available if storage.is_automatic else storage.remaining
    if storage.limit < math.inf:
        room = min(room, available)
    plan = make_plan(shape, n_entries, settings, n_threads=n_threads, limit=storage.limit, room=room)
    if storage.is_automatic and not plan.in_memory and not _disk_has(plan.records, storage):
        plan = make_plan(shape, n_entries, settings, n_threads=n_threads, limit=storage.limit, room=math.inf)
    negatives = " (negative pairs included)" if settings.negative_ratio else ""
    entries = f"{number_of(plan.n_records, 'entry', 'entries')} of X{negatives}"
    if plan.needed > min(storage.limit, available):
        limit_name = f"memory_limit={settings.memory_limit!r}"
        if storage.limit > available:
            limit_name = f"{readable_size(available)} available"
        needs_disk = plan.in_memory and plan.finishing <= min(storage.limit, available)
        raise MemoryError(
            f"{number_of(plan.n_vectors, 'vector')} of n_components={settings.n_components}"
            + (f" and {entries}" if plan.in_memory else "")
            + f" need {readable_size(plan.needed)}, which is more than {limit_name}. Lower n_components"
            + (", negative_ratio" if settings.negative_ratio and plan.in_memory else "")
            + " or the number of words (min_count, max_features)"
            + (
                f", or give a temp_dir that has {readable_size(plan.records)} free: the entries could be kept there."
                if needs_disk
                else "."
            )
        )
    if settings.verbose and storage.limit < math.inf:
        print(
            f"training: {readable_size(plan.finishing)} of memory for {number_of(plan.n_vectors, 'vector')}; "
            f"{readable_size(plan.records)} "
            + (
                "of memory"
                if plan.in_memory
                else f"on disk in {storage.folder}, {readable_size(storage.free_disk)} free,"
            )
            + f" for {entries}"
        )
    if not plan.in_memory:
        storage.check_disk_space(plan.records)
    return plan


def _disk_has(n_bytes: int, storage: Storage) -> bool:
    """Whether there is a folder for temporary files, on a disk that has this many free bytes."""
    try:
        storage.check_disk_space(n_bytes)
    except OSError:
        return False
    return True
