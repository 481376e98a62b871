"""Sizes that are checked before anything is allocated."""

import math
from dataclasses import replace

import pytest

from glove_sklearn import GloVe
from glove_sklearn._training.memory_plan import make_plan
from glove_sklearn._training.packed_parameters import padded_width
from glove_sklearn._training.settings import TrainingSettings

PLAIN = TrainingSettings.of(GloVe(50, negative_ratio=0, init="random", postprocess=None))
V, N = 1000, 200_000


def plan(settings=PLAIN, shape=(V, V), n_entries=N, *, n_threads=2, limit=math.inf, room=math.inf):
    return make_plan(shape, n_entries, settings, n_threads=n_threads, limit=limit, room=room)


def test_plain_training_needs_packed_parameters_records_and_vectors():
    found = plan()
    parameters = 2 * V * 8 * padded_width(50)
    assert (found.n_vectors, found.n_records, found.records) == (2 * V, N, 8 * N)
    assert found.training == parameters
    # Vectors and biases of both sides, and one embedding.
    assert found.finishing == parameters + 4 * (2 * V * 51 + V * 50)
    assert found.needed == max(parameters + 8 * N, found.finishing)


@pytest.mark.parametrize(
    ("change", "phase"),
    [
        ({"negative_ratio": 0.5}, "records"),
        ({"init": "svd"}, "training"),
        ({"checkpoint": "run.npz"}, "training"),
        ({"combine": "concat"}, "finishing"),
        ({"postprocess": "flatten"}, "finishing"),
        ({"warm_start": True}, "finishing"),
    ],
    ids=str,
)
def test_each_parameter_costs_memory_in_its_phase_only(change, phase):
    before, after = plan(), plan(replace(PLAIN, **change))
    for name in ("records", "training", "finishing"):
        if name == phase:
            assert getattr(after, name) > getattr(before, name)
        else:
            assert getattr(after, name) == getattr(before, name)


def test_negative_pairs_are_never_more_than_the_pairs_there_are():
    assert plan(replace(PLAIN, negative_ratio=100.0), (30, 40), 900).n_records == 30 * 40


@pytest.mark.parametrize("n_threads", [1, 2, 16])
def test_records_that_have_no_room_go_to_a_file_and_chunks_fit_their_share(n_threads):
    shape, n_entries, limit = (100_000, 100_000), 200_000_000, 400e6
    found = plan(shape=shape, n_entries=n_entries, n_threads=n_threads, limit=limit, room=limit)
    assert not found.in_memory
    assert found.needed == found.finishing
    assert found.chunk_size * 24 * n_threads <= limit / 8 or found.chunk_size == 1 << 14
    roomy = plan(shape=shape, n_entries=n_entries, n_threads=n_threads)
    assert roomy.in_memory
    assert roomy.chunk_size <= 1 << 22


def test_the_smallest_room_in_which_records_stay_in_memory():
    # With one thread and few entries the parameters outweigh what making the records needs.
    needed = plan(n_threads=1).records + plan(n_threads=1).training
    assert plan(n_threads=1, room=needed).in_memory
    assert not plan(n_threads=1, room=needed - 1).in_memory


def test_scaled_entries_leave_room_for_fewer_in_a_limit():
    limit = 40_000_000
    before, after = (plan(replace(PLAIN, sample=sample), n_entries=10**8, limit=limit) for sample in (None, 1e-3))
    assert 0 < after.chunk_size < before.chunk_size
