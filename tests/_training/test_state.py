"""The state of a model between two epochs."""

import numpy as np
import pytest

from glove_sklearn import GloVe
from glove_sklearn._training.state import (
    STATE_ATTRIBUTES,
    WARM_START_ATTRIBUTES,
    ModelState,
    generator_state,
    restore_generator,
    warm_start_state,
)

X = np.array([[0, 3, 1], [3, 0, 2], [1, 2, 0]], dtype=np.float32)


def fitted(**parameters):
    return GloVe(2, max_iter=2, random_state=0, **parameters).fit(X)


def test_a_state_is_the_attributes_that_hold_it():
    glove = fitted(warm_start=True)
    state = warm_start_state(glove)
    assert state.shape == (3, 3)
    attributes = state.attributes(warm_start=True)
    assert attributes.keys() == {*STATE_ATTRIBUTES, "loss_curve_", "n_iter_"}
    for name in attributes.keys() - {"random_state_", "n_iter_"}:
        assert attributes[name] is getattr(glove, name)
    assert attributes["n_iter_"] == 2
    assert state.attributes(warm_start=False).keys() == attributes.keys() - set(WARM_START_ATTRIBUTES)
    assert "random_state_" not in state._replace(random_state=None).attributes(warm_start=True)


def test_rows_are_selected_and_new_words_are_nan():
    state = warm_start_state(fitted(warm_start=True)).take(np.array([2, -1, 0]))
    assert isinstance(state, ModelState)
    original = warm_start_state(fitted(warm_start=True))
    for taken, given in ((state.words, original.words), (state.contexts, original.contexts)):
        assert taken.is_new.tolist() == [False, True, False]
        for array, source in zip(taken, given, strict=True):
            assert np.isnan(array[1]).all()
            np.testing.assert_array_equal(array[[0, 2]], source[[2, 0]])


def test_what_cannot_be_resumed():
    assert warm_start_state(GloVe(warm_start=True)) is None
    assert warm_start_state(fitted()) is None
    with pytest.raises(ValueError, match="kept no accumulators"):
        warm_start_state(fitted().set_params(warm_start=True))
    with pytest.raises(ValueError, match=r"n_components=2, got n_components=3"):
        warm_start_state(fitted(warm_start=True).set_params(n_components=3))


@pytest.mark.parametrize("generator", [np.random.MT19937, np.random.PCG64])
def test_generators_continue(generator):
    random_state = np.random.RandomState(generator(0))
    random_state.standard_normal()  # which leaves the second number of a pair behind
    other = restore_generator(generator_state(random_state))
    np.testing.assert_array_equal(other.standard_normal(5), random_state.standard_normal(5))
