"""Records sorted in buckets."""

from collections import Counter

import numpy as np
import pytest

from glove_sklearn._counting import external_sort
from glove_sklearn.formats import (
    COOCCURRENCE,
)


@pytest.mark.parametrize("n_records", [500, 5000], ids=["with the place in the key", "with no room for it"])
def test_records_of_a_very_large_vocabulary_are_sorted(n_records):
    n_words, first_row, last_row = (1 << 31) - 1, 1000, 1000 + (1 << 20)
    random = np.random.RandomState(0)
    records = np.empty(n_records, COOCCURRENCE)
    records["word1"] = random.randint(first_row, last_row, n_records) + 1
    records["word2"] = random.randint(n_words - 5, n_words, n_records) + 1
    records[n_records // 2 :] = records[: n_records // 2]  # all twice
    records["value"] = random.random_sample(n_records)
    lengths, columns, values = external_sort.sort_rows(records, first_row, last_row, n_words)
    sums = Counter()
    for word1, word2, value in records.tolist():
        sums[word1 - 1 - first_row, word2 - 1] += value
    cells = sorted(sums)
    np.testing.assert_array_equal(np.repeat(np.arange(len(lengths)), lengths), [row for row, _ in cells])
    np.testing.assert_array_equal(columns, [column for _, column in cells])
    np.testing.assert_array_equal(values, np.array([sums[cell] for cell in cells], dtype=np.float32))
