"""Documents in, a vocabulary and the rows of X out."""

import numpy as np
import pytest

from glove_sklearn import CooccurrenceCounter
from glove_sklearn._counting.counting import count_cooccurrences
from glove_sklearn._system.storage import Storage

DOCUMENTS = ["the cat saw the dog", "the dog saw", "bird"]


def counted(documents, storage, verbose=0, **parameters):
    parameters = CooccurrenceCounter(**{"min_count": 1, **parameters}).get_params()
    return count_cooccurrences(documents, parameters, storage, 1, verbose)


@pytest.mark.parametrize("memory_limit", [None, "1kB"])
def test_what_counting_returns(memory_limit):
    with Storage(memory_limit) as storage:
        result = counted(iter(DOCUMENTS), storage, window_size=1, weighting="flat")
        assert result.vocabulary == {"the": 0, "dog": 1, "saw": 2, "bird": 3, "cat": 4}
        assert result.counts.tolist() == [3, 2, 2, 1, 1]
        ids, lengths = result.tokens.batch(0)
        assert ids.tolist() == [0, 4, 2, 0, 1, 0, 1, 2, 3]
        assert lengths.tolist() == [5, 3, 1]
        assert result.rows.n_entries == 10
        X = CooccurrenceCounter(min_count=1, window_size=1, weighting="flat").fit(DOCUMENTS).cooccurrence_
        assert X.nnz == 10
        np.testing.assert_array_equal(X.toarray()[0], [0, 2, 1, 0, 1])


@pytest.mark.parametrize("window_size", [10**12, None])
def test_no_neighbor_is_further_away_than_the_longest_document_is_long(window_size):
    """A window without end costs no memory."""
    with Storage() as storage:
        assert counted(DOCUMENTS, storage, window_size=window_size, weighting="flat").rows.n_entries == 13


def test_a_memory_limit_is_announced(capsys):
    with Storage("1kB") as storage:
        counted(DOCUMENTS, storage, verbose=1)
    assert capsys.readouterr().out.startswith("memory_limit: 0.00 MB; what does not fit goes to ")


@pytest.mark.parametrize(
    ("documents", "parameters", "message"),
    [
        ("one text", {}, "documents"),
        (["bird", "cat"], {}, "no co-occurrences"),
        (DOCUMENTS, {"weighting": [1.0], "window_size": None}, "needs a window_size"),
        (iter(()), {"weighting": [1.0], "window_size": 2}, "one weight for each distance"),
    ],
)
def test_what_cannot_be_counted(documents, parameters, message):
    with Storage() as storage, pytest.raises(ValueError, match=message):
        counted(documents, storage, **parameters)
