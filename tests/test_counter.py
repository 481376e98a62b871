"""Documents -> X."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glove_sklearn import CooccurrenceCounter
from tests import reference
from tests.assertions import assert_same_matrix, count
from tests.stanford_glove import MIN_COUNT, WINDOW_SIZE

SENTENCE = "we are what we repeatedly do excellence then is not an act but a habit"

documents_of_few_words = st.lists(st.lists(st.sampled_from("abcdefgh"), max_size=30), min_size=1, max_size=8)


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


def test_counts_do_not_depend_on_the_order_of_documents(lee):
    X = CooccurrenceCounter().fit(lee).cooccurrence_
    Y = CooccurrenceCounter().fit(lee[::-1]).cooccurrence_
    assert (X != Y).nnz == 0


def test_window_may_be_wider_than_every_document(lee):
    expected = CooccurrenceCounter(window_size=1000).fit(lee).cooccurrence_
    assert max(len(document.split()) for document in lee) < 1000
    X = CooccurrenceCounter(window_size=10_000_000).fit(lee).cooccurrence_
    assert (expected != X).nnz == 0


def test_vocabulary_is_that_of_stanford_glove(stanford_glove):
    counter = CooccurrenceCounter(analyzer=str.split, min_count=MIN_COUNT).fit(stanford_glove.lines("text.txt"))
    lines = [f"{word} {counter.counts_[row]}" for word, row in counter.vocabulary_.items()]
    assert lines == stanford_glove.lines("vocab.txt")


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("cooccurrence.bin", {"weighting": "harmonic"}),
        ("cooccurrence.flat.bin", {"weighting": "flat"}),
        # What Stanford GloVe calls the left context has the word on the left as the row.
        ("cooccurrence.left.bin", {"weighting": "harmonic", "context": "right"}),
    ],
)
def test_cooccurrences_are_those_of_stanford_glove(stanford_glove, name, parameters):
    parameters = {"analyzer": str.split, "min_count": MIN_COUNT, "window_size": WINDOW_SIZE, **parameters}
    counter = CooccurrenceCounter(**parameters).fit(stanford_glove.lines("text.txt"))
    records = stanford_glove.records(name)
    X = counter.cooccurrence_.tocoo()
    np.testing.assert_array_equal(X.row, records["word1"] - 1)
    np.testing.assert_array_equal(X.col, records["word2"] - 1)
    # Where an overflow file is empty, Stanford GloVe reads the first record of another file twice (merge_files of cooccur.c:
    # fread leaves the record of the file before it). Its first record is therefore twice that of the double loop.
    values = records["value"].copy()
    values[0] /= 2
    np.testing.assert_allclose(X.data, values, rtol=1e-6)
    texts = stanford_glove.lines("text.txt")
    weights = np.ones(WINDOW_SIZE) if parameters["weighting"] == "flat" else None
    context = parameters.get("context", "symmetric")
    one_word = reference.cooccurrences([text.split() for text in texts], {"the": 0}, WINDOW_SIZE, context, weights)
    assert one_word > 0
    counter.set_params(vocabulary=["the"]).fit(texts)
    np.testing.assert_allclose(counter.cooccurrence_.toarray(), one_word, rtol=1e-6)
