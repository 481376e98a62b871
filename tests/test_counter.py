"""Documents -> X."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glove_sklearn import CooccurrenceCounter
from glove_sklearn._counting import _counting, row_counting
from glove_sklearn._counting.weights import FixedPointWeights
from glove_sklearn._system.storage import Storage
from glove_sklearn._text.corpus import Corpus
from tests import reference

SENTENCE = "we are what we repeatedly do excellence then is not an act but a habit"

documents_of_few_words = st.lists(st.lists(st.sampled_from("abcdefgh"), max_size=30), min_size=1, max_size=8)


def count(documents, **parameters):
    return CooccurrenceCounter(**{"analyzer": list, "min_count": 1, **parameters}).fit(documents)


def assert_same_matrix(X, expected):
    for name in ("indptr", "indices", "data"):
        np.testing.assert_array_equal(getattr(X, name), getattr(expected, name), strict=True)


def test_counts_of_a_sentence_are_those_of_a_double_loop():
    counter = count([SENTENCE.split()], window_size=5, weighting="harmonic")
    expected = reference.cooccurrences([SENTENCE.split()], counter.vocabulary_, 5)
    np.testing.assert_allclose(counter.cooccurrence_.toarray(), expected, rtol=1e-6)


@pytest.mark.parametrize(
    ("context", "weighting"),
    [
        *[(context, weighting) for context in ("symmetric", "left", "right") for weighting in (0.3, [0.25, 0.0, 7.0])],
        *[("symmetric", weighting) for weighting in ("harmonic", "flat", 2)],
    ],
)
def test_counts_are_those_of_a_double_loop(context, weighting):
    if not isinstance(weighting, list):
        power = {"harmonic": 1, "flat": 0}.get(weighting, weighting)
        weights = np.arange(1.0, 4) ** -power
    else:
        weights = weighting

    @given(documents_of_few_words)
    def check(documents):
        vocabulary = dict.fromkeys(sorted({word for document in documents for word in document}))
        vocabulary = {word: row for row, word in enumerate(vocabulary)}
        expected = reference.cooccurrences(documents, vocabulary, 3, context, weights)
        if not expected.any():
            with pytest.raises(ValueError, match=r"no co-occurrences|empty vocabulary|vocabulary"):
                count(documents, window_size=3, context=context, weighting=weighting)
            return
        counter = count(documents, window_size=3, context=context, weighting=weighting, vocabulary=vocabulary)
        X = counter.cooccurrence_
        np.testing.assert_allclose(X.toarray(), expected, rtol=1e-6)
        assert X.nnz == np.count_nonzero(expected)
        assert X.has_canonical_format

    check()


@pytest.mark.parametrize(("name", "power"), [("flat", 0), ("flat", 0.0), ("harmonic", 1), ("harmonic", 1.0)])
def test_names_stand_for_powers(lee, name, power):
    one, other = (CooccurrenceCounter(weighting=weighting).fit(lee).cooccurrence_ for weighting in (name, power))
    assert_same_matrix(one, other)


@pytest.mark.parametrize("power", [0, 0.25, 0.3, 0.5, 0.6, 0.75, 0.9, 1, 1.5, 2.75, 10])
def test_weights_are_powers_of_the_distance(power):
    """One word among others that all differ: its row of X is the weight of each distance."""
    words = [f"w{i:03}" for i in range(200)]
    counter = count([words], window_size=150, weighting=power)
    row = counter.cooccurrence_[0, 1:].toarray().ravel()
    distances = np.arange(1.0, 200)
    # What is less than 2**-40 of the largest weight is nothing.
    expected = np.where((distances <= 150) & (distances**-power >= 2.0**-40), distances**-power, 0)
    np.testing.assert_allclose(row, expected, rtol=1e-6, atol=2.0**-40)
    np.testing.assert_array_equal(row > 0, expected > 0)


def test_an_array_of_the_weights_counts_the_same(lee):
    """To a unit of the fixed-point sums: weights by roots and by NumPy's powers may differ in the last bit."""
    for power in (0.5, 0.75):
        expected = CooccurrenceCounter(window_size=20, weighting=power).fit(lee).cooccurrence_
        X = CooccurrenceCounter(window_size=20, weighting=np.arange(1.0, 21) ** -power).fit(lee).cooccurrence_
        np.testing.assert_array_equal(X.indices, expected.indices)
        np.testing.assert_allclose(X.data, expected.data, rtol=2e-7)


@pytest.mark.parametrize("weighting", [0.5, "flat", "harmonic", 10])
@pytest.mark.parametrize("context", ["symmetric", "left"])
def test_no_window_is_one_as_long_as_the_longest_document(lee, weighting, context):
    lee = lee[:50]
    longest = max(len(document.split()) for document in lee)
    parameters = {"weighting": weighting, "context": context, "analyzer": str.split}
    expected = CooccurrenceCounter(window_size=longest, **parameters).fit(lee).cooccurrence_
    assert_same_matrix(CooccurrenceCounter(window_size=None, **parameters).fit(lee).cooccurrence_, expected)
    if weighting != 10:  # weights that matter up to the end
        shorter = CooccurrenceCounter(window_size=longest // 2, **parameters).fit(lee).cooccurrence_
        assert shorter.nnz < expected.nnz


def test_no_window_counts_every_pair_of_a_document():
    documents = [list("abcabd"), ["a"], [], list("ba")]
    counter = count(documents, window_size=None, weighting="flat")
    expected = reference.cooccurrences(documents, counter.vocabulary_, 100, weights=np.ones(100))
    np.testing.assert_array_equal(counter.cooccurrence_.toarray(), expected)


def test_weights_of_each_distance_need_a_window():
    with pytest.raises(ValueError, match="needs a window_size, got window_size=None"):
        count([list("abc")], window_size=None, weighting=[1, 2])


@pytest.mark.parametrize("weighting", [-0.1, 10.5, np.nan, np.inf, "linear"])
def test_other_powers_are_refused(weighting):
    with pytest.raises(ValueError, match="weighting"):
        count([list("abc")], weighting=weighting)


@pytest.mark.parametrize("n_jobs", [1, 3])
@pytest.mark.parametrize("memory_limit", [None, "1MB"])
def test_a_whole_document_is_counted_the_same_by_threads_and_in_parts(n_jobs, memory_limit):
    documents = [[f"w{i * i % 97}" for i in range(n)] for n in (500, 3, 700)]
    expected = count(documents, window_size=None, weighting=0.3).cooccurrence_
    found = count(documents, window_size=None, weighting=0.3, n_jobs=n_jobs, memory_limit=memory_limit)
    assert_same_matrix(found.cooccurrence_, expected)


def test_left_is_the_transpose_of_right_and_they_add_up(lee):
    left, right, both = (
        CooccurrenceCounter(context=context).fit(lee).cooccurrence_ for context in ("left", "right", "symmetric")
    )
    assert (right != left.T).nnz == 0
    np.testing.assert_allclose((left + right).toarray(), both.toarray(), rtol=1e-6)


def test_windows_end_with_the_document():
    assert count([["a", "b"], ["c", "d"]], window_size=10).cooccurrence_.toarray().tolist() == [
        [0, 1, 0, 0],
        [1, 0, 0, 0],
        [0, 0, 0, 1],
        [0, 0, 1, 0],
    ]


def test_removed_words_take_up_no_distance():
    counter = count([["a", "rare", "b", "a", "b"]], min_count=2, window_size=1)
    assert counter.cooccurrence_.toarray().tolist() == [[0, 3], [3, 0]]


def test_a_word_next_to_itself_counts_in_both_directions():
    assert count([["a", "a"]], window_size=1).cooccurrence_.toarray().tolist() == [[2]]


def test_words_are_in_falling_count_then_in_alphabetical_order():
    counter = count([list("ccc" + "bb" + "dd" + "a")])
    assert counter.vocabulary_ == {"c": 0, "b": 1, "d": 2, "a": 3}
    assert counter.counts_.tolist() == [3, 2, 2, 1]
    assert counter.counts_.dtype == np.int64


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"min_count": 2}, "acb"),
        ({"min_df": 2}, "ab"),
        ({"min_df": 0.7}, "a"),
        ({"max_df": 2}, "cbd"),
        ({"max_df": 0.5}, "cd"),
        ({"max_features": 2}, "ac"),
        ({"vocabulary": ["d", "b"]}, "db"),
        ({"vocabulary": {"d": 1, "b": 0}}, "bd"),
    ],
    ids=str,
)
def test_vocabulary_is_what_the_parameters_say(parameters, words):
    documents = [list("aabcccd"), list("ab"), list("a")]
    counter = count(documents, window_size=10, weighting="harmonic", **parameters)
    assert counter.vocabulary_ == {word: row for row, word in enumerate(words)}
    expected = reference.cooccurrences(documents, counter.vocabulary_, 10)
    np.testing.assert_allclose(counter.cooccurrence_.toarray(), expected, rtol=1e-6)


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


def test_counts_do_not_depend_on_the_order_of_documents(lee):
    X = CooccurrenceCounter().fit(lee).cooccurrence_
    Y = CooccurrenceCounter().fit(lee[::-1]).cooccurrence_
    assert (X != Y).nnz == 0


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
            arguments = stream, positions, starts, weights, weights, 0.5, 0, 0, 3, *work, 0, columns, values, lengths
            state = _counting.count_rows(*arguments)
            assert state == (2, 3)
            assert lengths.tolist() == [2, 1]
            assert columns[:3].tolist() == [0, 1, 0]
            assert values[:3].tolist() == expected
            assert not sums.any()
            assert not touched.any()


def test_weights_are_made_smaller_where_sums_could_overflow():
    tokens = Corpus(Storage(), 1.0)
    tokens.append(np.array([0, 1, 0, 1], dtype=np.int32), np.array([4]))
    for most_frequent in (2, 1 << 40, 1 << 58):  # 2**58 times 2**41 is more than 2**63
        weights = FixedPointWeights.of(np.array([1.0, 0.5]), "symmetric", most_frequent)
        assert most_frequent * int(weights.left.sum() + weights.right.sum()) < 1 << 63
        X = row_counting.count_rows(tokens, np.array([2, 2]), weights, Storage(), 1, 0).to_csr()
        assert X.toarray().tolist() == [[1, 3], [3, 1]]


def test_window_may_be_wider_than_every_document(lee):
    expected = CooccurrenceCounter(window_size=1000).fit(lee).cooccurrence_
    assert max(len(document.split()) for document in lee) < 1000
    X = CooccurrenceCounter(window_size=10_000_000).fit(lee).cooccurrence_
    assert (expected != X).nnz == 0


def test_one_long_document_among_short_ones_does_not_cut_the_work_to_pieces(monkeypatch):
    ranges = []
    cut = row_counting.split_by_size
    monkeypatch.setattr(row_counting, "split_by_size", lambda *args: ranges.extend(cut(*args)) or cut(*args))
    random_state = np.random.RandomState(0)
    documents = [[f"w{i}" for i in random_state.randint(3000, size=30)] for _ in range(3000)] + [["a", "b"] * 2000]
    X = count(documents, window_size=10**9, weighting="flat").cooccurrence_
    assert len(ranges) < 100
    assert X.sum() == 3000 * 30 * 29 + 4000 * 3999


@pytest.mark.parametrize("weighting", [[1e39, 1], [1e-310, 1e-310], [1, 1e-13]])
def test_weights_that_would_be_lost_are_refused(weighting):
    with pytest.raises(ValueError, match=r"between 2\*\*-60 and 2\*\*60"):
        count([list("abc")], window_size=2, weighting=weighting)


def test_large_and_small_weights_keep_their_ratios():
    X = count([list("abc")], window_size=2, weighting=[3e15, 1e15]).cooccurrence_.toarray()
    np.testing.assert_allclose(X, [[0, 3e15, 1e15], [3e15, 0, 3e15], [1e15, 3e15, 0]], rtol=1e-6)
    X = count([list("abc")], window_size=2, weighting=[3e-15, 1e-15]).cooccurrence_.toarray()
    np.testing.assert_allclose(X, [[0, 3e-15, 1e-15], [3e-15, 0, 3e-15], [1e-15, 3e-15, 0]], rtol=1e-6)


def test_vocabulary_is_that_of_the_c_program(c_output):
    counter = CooccurrenceCounter(analyzer=str.split).fit(c_output("sample.txt"))
    lines = [f"{word} {counter.counts_[row]}" for word, row in counter.vocabulary_.items()]
    assert lines == c_output("vocab.txt")


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("cooccurrence.bin", {"weighting": "harmonic"}),
        ("cooccurrence.flat.bin", {"weighting": "flat"}),
        # "Left" in the C program: the word on the left is the row.
        ("cooccurrence.left.bin", {"weighting": "harmonic", "context": "right"}),
    ],
)
def test_cooccurrences_are_those_of_the_c_program(c_output, name, parameters):
    counter = CooccurrenceCounter(analyzer=str.split, window_size=10, **parameters).fit(c_output("sample.txt"))
    records = c_output(name)
    X = counter.cooccurrence_.tocoo()
    np.testing.assert_array_equal(X.row, records["word1"] - 1)
    np.testing.assert_array_equal(X.col, records["word2"] - 1)
    # An empty overflow file makes the C program read the first record of another file twice (merge_files of cooccur.c: fread
    # leaves the record of the file before): its first record is the sum of two, where the double loop has one.
    values = records["value"].copy()
    values[0] /= 2
    np.testing.assert_allclose(X.data, values, rtol=1e-6)
    sample = [line.split() for line in c_output("sample.txt")]
    weights = np.ones(10) if parameters["weighting"] == "flat" else None
    one_word = reference.cooccurrences(sample[:10], {"the": 0}, 10, parameters.get("context", "symmetric"), weights)
    counter.set_params(vocabulary=["the"]).fit(c_output("sample.txt")[:10])
    np.testing.assert_allclose(counter.cooccurrence_.toarray(), one_word, rtol=1e-6)
