"""Sums of X, and products with its pointwise mutual information, against loops in Python."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glove_sklearn._training import _instruction_sets, _pmi
from glove_sklearn._training.blocks import RECORD

some_records = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 6), st.floats(2.0**-10, 2.0**10, width=32)), min_size=0, max_size=200
)


def records_of(entries):
    return np.array(entries, dtype=RECORD)


@given(some_records)
def test_sums_are_those_of_a_loop(entries):
    rows, columns = np.zeros(5), np.ones(7)
    _pmi.add_sums(records_of(entries), rows, columns)
    expected_rows, expected_columns = np.zeros(5), np.ones(7)
    for i, j, x in entries:
        expected_rows[i] += x
        expected_columns[j] += x
    np.testing.assert_array_equal(rows, expected_rows)
    np.testing.assert_array_equal(columns, expected_columns)


@pytest.mark.parametrize("transposed", [False, True])
@pytest.mark.parametrize("width", [16, 48])
def test_products_are_those_of_a_loop(instruction_set, transposed, width):
    random_state = np.random.RandomState(0)
    rows, columns = random_state.normal(0, 3, 5).astype("f"), random_state.normal(0, 3, 7).astype("f")
    factor = random_state.normal(size=(5 if transposed else 7, width)).astype("f")
    before = random_state.normal(size=(7 if transposed else 5, width)).astype("f")

    @given(some_records)
    def check(entries):
        found = before.copy()
        _pmi.add_products(records_of(entries), rows, columns, factor, found, transposed)
        expected, size = before.astype(np.float64), np.abs(before).astype(np.float64)
        for i, j, x in entries:
            information = max(0, np.log(x) - rows[i] - columns[j])
            to, from_ = (j, i) if transposed else (i, j)
            expected[to] += information * factor[from_]
            size[to] += np.abs(information * factor[from_])
        assert (np.abs(found - expected) <= 1e-5 * size + 1e-5).all()

    check()


def test_every_instruction_set_multiplies_to_the_same_bits(instruction_set):
    random_state = np.random.RandomState(0)
    records = np.empty(1001, dtype=RECORD)
    records["row"], records["column"] = random_state.randint(30, size=(2, 1001))
    records["value"] = random_state.lognormal(0, 3, 1001)
    biases, factor = random_state.normal(size=(2, 30)).astype("f"), random_state.normal(size=(30, 32)).astype("f")
    for transposed in (False, True):
        found, expected = np.zeros((2, 30, 32), dtype=np.float32)
        _pmi.add_products(records, *biases, factor, found, transposed)
        _instruction_sets.use_instruction_set("baseline")
        _pmi.add_products(records, *biases, factor, expected, transposed)
        np.testing.assert_array_equal(found, expected)
        _instruction_sets.use_instruction_set(instruction_set)
