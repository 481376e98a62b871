"""Rows of X do not depend on how the work is cut."""

import numpy as np
import pytest

from glove_sklearn import CooccurrenceCounter
from glove_sklearn._counting import _counting, row_counting
from glove_sklearn._counting.row_store import CsrBuilder
from glove_sklearn._counting.weights import FixedPointWeights
from tests.assertions import assert_same_matrix, count


@pytest.mark.parametrize("n_jobs", [1, 2, 4])
@pytest.mark.parametrize("visits", [1, 1000, 1 << 22])
def test_counts_do_not_depend_on_threads_or_on_how_the_work_is_cut(lee, n_jobs, visits, monkeypatch):
    expected = CooccurrenceCounter().fit(lee).cooccurrence_
    if visits == 1:
        lee = lee[:20]
        expected = CooccurrenceCounter().fit(lee).cooccurrence_
    monkeypatch.setattr(row_counting, "_VISITS_PER_CALL", visits)
    monkeypatch.setattr(row_counting, "_TOKENS_PER_CALL", max(100, visits))
    monkeypatch.setattr(row_counting, "_MAX_ENTRIES_PER_RANGE", visits)
    X = CooccurrenceCounter(n_jobs=n_jobs).fit(lee).cooccurrence_
    assert_same_matrix(X, expected)


def test_places_beyond_32_bits_are_counted_the_same():
    stream = np.array([-1, 0, 1, 0, -1], dtype=np.int32)
    starts = np.array([0, 2, 3])
    weights, sums = np.array([2, 1]), np.zeros(64, dtype=np.int64)
    for dtype in (np.int32, np.int64):
        positions = np.empty(3, dtype=dtype)
        ends = starts[:-1].copy()
        for place in range(5):
            _counting.sort_positions(stream, place, place + 1, ends, positions)
        assert positions.tolist() == [1, 3, 2]
        for values, expected in ((np.empty(4, dtype=np.float32), [1, 2, 2]), (np.empty(4, dtype=np.int64), [2, 4, 4])):
            touched, columns, lengths = np.zeros(8, np.uint8), np.empty(4, np.int32), np.zeros(2, np.int64)
            work = sums, touched, np.zeros(0, np.uint8)
            arguments = (
                stream,
                positions,
                starts,
                weights,
                weights,
                0,
                2,
                2,
                0.5,
                0,
                0,
                3,
                *work,
                0,
                columns,
                values,
                lengths,
            )
            state = _counting.count_rows(*arguments)
            assert state == (2, 3)
            assert lengths.tolist() == [2, 1]
            assert columns[:3].tolist() == [0, 1, 0]
            assert values[:3].tolist() == expected
            assert not sums.any()
            assert not touched.any()


def test_one_long_document_among_short_ones_does_not_cut_the_work_to_pieces(monkeypatch):
    ranges = []
    cut = row_counting.split_by_size
    monkeypatch.setattr(row_counting, "split_by_size", lambda *args: ranges.extend(cut(*args)) or cut(*args))
    random_state = np.random.RandomState(0)
    documents = [[f"w{i}" for i in random_state.randint(3000, size=30)] for _ in range(3000)] + [["a", "b"] * 2000]
    X = count(documents, window_size=10**9, weighting="flat").cooccurrence_
    assert len(ranges) < 100
    assert X.sum() == 3000 * 30 * 29 + 4000 * 3999


def test_x_that_could_be_larger_than_memory_is_not_reserved(lee, monkeypatch):
    expected = CooccurrenceCounter().fit(lee).cooccurrence_
    monkeypatch.setattr(row_counting, "available_memory", lambda: 1000.0)
    monkeypatch.setattr(row_counting, "CsrBuilder", None)
    X = CooccurrenceCounter(n_jobs=2).fit(lee).cooccurrence_
    assert_same_matrix(X, expected)


@pytest.mark.parametrize("large", [10, 1 << 18])
def test_a_large_vocabulary_is_counted_the_same(lee, monkeypatch, large):
    expected = CooccurrenceCounter(min_count=1).fit(lee).cooccurrence_
    monkeypatch.setattr(row_counting, "_LARGE_VOCABULARY", large)
    for memory_limit in (None, "20MB"):
        monkeypatch.setattr(row_counting, "_TOKEN", 8 if memory_limit is None else 3000)
        X = CooccurrenceCounter(min_count=1, memory_limit=memory_limit).fit(lee).cooccurrence_
        assert_same_matrix(X, expected)


def test_one_long_document_does_not_make_x_look_large(lee):
    """What is reserved for X goes by the windows that there are, not by the widest."""
    documents = [" ".join(f"w{i + k}" for k in range(3)) for i in range(20_000)] + [
        " ".join(f"w{i}" for i in range(2000))
    ]
    reserved = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(row_counting, "CsrBuilder", lambda shape, n: reserved.append(n) or CsrBuilder(shape, n))
        counter = CooccurrenceCounter(min_count=1, window_size=2000).fit(documents)
    assert counter.cooccurrence_.nnz <= reserved[0] <= 20_000 * 6 + 2000 * 1999


def documents_of_any_length(seed):
    random_state = np.random.RandomState(seed)
    lengths = [0, 1, 2, 3, *random_state.randint(1, 400, size=30)]
    return [[f"w{i}" for i in random_state.zipf(1.5, size=length) % 90] for length in lengths]


@pytest.mark.parametrize("context", ["symmetric", "left", "right"])
@pytest.mark.parametrize("weighting", ["flat", [0.3] * 400])
@pytest.mark.parametrize("memory_limit", [None, "1MB"])
@pytest.mark.parametrize("visits", [1, 1 << 22])
def test_whole_documents_are_counted_as_by_a_visit_to_every_neighbour(
    context, weighting, memory_limit, visits, seed, monkeypatch
):
    documents = documents_of_any_length(seed)
    parameters = {
        "context": context,
        "weighting": weighting,
        "window_size": 400,
        "vocabulary": [f"w{i}" for i in range(80)],
    }
    if weighting == "flat":
        parameters["window_size"] = None
    with monkeypatch.context() as patches:
        patches.setattr(FixedPointWeights, "are_flat", lambda weights, longest: False)
        expected = count(documents, **parameters).cooccurrence_
    monkeypatch.setattr(_counting, "count_rows", None)  # the other kernel is not called
    monkeypatch.setattr(row_counting, "_VISITS_PER_CALL", visits)
    if memory_limit is not None:
        monkeypatch.setattr(row_counting, "_TOKEN", 3000)  # several parts
    for n_jobs in (1, 2):
        found = count(documents, **parameters, memory_limit=memory_limit, n_jobs=n_jobs)
        assert_same_matrix(found.cooccurrence_, expected)


def test_a_window_that_ends_inside_a_document_is_no_whole_document(monkeypatch):
    documents = documents_of_any_length(0)
    longest = max(map(len, documents))
    monkeypatch.setattr(_counting, "count_whole_rows", None)
    count(documents, window_size=longest - 2, weighting="flat")
    count(documents, window_size=None, weighting=0.5)
    with pytest.raises(TypeError):
        count(documents, window_size=longest - 1, weighting="flat")


@pytest.mark.parametrize("context", ["symmetric", "left", "right"])
def test_pairs_of_whole_documents_by_hand(context):
    X = count([list("aabab"), list("ba")], vocabulary=["a", "b"], window_size=None, weighting="flat", context=context)
    # Pairs (earlier, later): a a three times, a b twice before the first b and three times before the second, b a once, then in
    # the second document once more.
    left = [[3, 1 + 1], [2 + 3, 1]]
    expected = {"left": left, "right": np.transpose(left), "symmetric": np.add(left, np.transpose(left))}[context]
    np.testing.assert_array_equal(X.cooccurrence_.toarray(), expected)


def test_long_documents_are_announced_and_very_long_ones_warned_of(monkeypatch, capsys):
    document = [f"w{i % 50}" for i in range(3000)]
    parameters = {"window_size": None, "weighting": 0.5}
    count([document] * 2, **parameters)
    assert capsys.readouterr().out == ""
    count([document] * 2, **parameters, verbose=1)
    expected = "counting visits 1.8e+07 neighbours, because windows reach across documents of up to 3000 tokens"
    assert expected in capsys.readouterr().out
    monkeypatch.setattr(row_counting, "_VISITS_PER_SECOND", 5e4)
    with pytest.warns(
        UserWarning, match=r"1\.8e\+07 neighbours.* with 2 threads that may take 3 minutes.*weighting='flat'"
    ):
        count([document] * 2, **parameters, n_jobs=2)
