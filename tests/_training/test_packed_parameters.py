"""Parameters in the kernel's layout and in the order of X."""

import numpy as np
import pytest

from glove_sklearn._training.packed_parameters import PackedParameters, padded_width
from glove_sklearn._training.state import ParameterSet


def test_initial_vectors_are_added_to_random_numbers():
    parameters = PackedParameters(np.array([2, 0, 1]), 3, True, 0.05)
    parameters.initialize(np.random.RandomState(0))
    vectors, biases = parameters.vectors(), parameters.biases()
    given = np.arange(9, dtype=np.float32).reshape(3, 3)
    parameters.add_initial(given, np.array([-np.inf, 5, 6], dtype=np.float32))
    # Row 0 of X is packed row 2, row 1 is 0, row 2 is 1.
    np.testing.assert_array_equal(
        parameters.vectors(), vectors + np.stack([given[2], 0 * given[0], given[1]]), strict=True
    )
    np.testing.assert_array_equal(parameters.biases(), np.array([6, biases[1], 5]))


@pytest.mark.parametrize(("d", "width"), [(1, 8), (6, 8), (7, 16), (50, 56), (100, 104)])
def test_a_row_has_room_for_a_vector_its_bias_and_a_constant(d, width):
    assert padded_width(d) == width


@pytest.mark.parametrize("bias_first", [True, False])
def test_what_is_resumed_is_returned_and_new_words_are_random(bias_first):
    random_state = np.random.RandomState(0)
    n, d = 7, 5
    resumed = ParameterSet(
        *(random_state.random_sample(shape).astype(np.float32) for shape in ((n, d), (n,), (n, d + 1)))
    ).take(np.array([0, 1, -1, 3, 4, 5, -1]))
    parameters = PackedParameters(random_state.permutation(n), d, bias_first, learning_rate=0.1)
    parameters.initialize(random_state, resumed)
    known = ~resumed.is_new
    for found, expected in zip(parameters.unpacked(), resumed, strict=True):
        np.testing.assert_array_equal(found[known], expected[known])
    new = parameters.unpacked().take(np.flatnonzero(resumed.is_new))
    assert (np.abs(new.vectors) <= 0.5 / d).all()
    assert (np.abs(new.biases) <= 0.5 / d).all()
    assert new.vectors.any(axis=1).all()
    np.testing.assert_allclose(new.accumulators, np.broadcast_to([100.0] * d + [1.0], (2, d + 1)), rtol=1e-6)
    assert parameters.are_finite()
    parameters.rows[3, 0] = np.inf
    assert not parameters.are_finite()
