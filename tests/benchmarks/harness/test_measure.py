"""Medians and digests."""

import numpy as np

from benchmarks.harness.measure import digest, medians


def test_medians_are_of_each_number():
    assert medians([{"a": 1, "b": 9}, {"a": 5, "b": 8}, {"a": 2, "b": 7}]) == {"a": 2, "b": 8}


def test_digest_is_equal_for_the_same_bits_only():
    array = np.arange(4, dtype=np.float32)
    others = [array.astype(np.float64), array.reshape(2, 2), -array, np.nextafter(array, np.float32(9))]
    assert digest(array) == digest(array.copy())
    assert len({digest(array), digest(array, array), *map(digest, others)}) == 6
