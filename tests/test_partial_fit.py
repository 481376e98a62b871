"""One text after another: `partial_fit` of `CooccurrenceCounter` and of `GloVeVectorizer`."""

import pickle

import numpy as np
import pytest
import skops.io
from hypothesis import given
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.utils.validation import check_is_fitted

from glove_sklearn import CooccurrenceCounter, GloVeVectorizer

PARAMETERS = [
    {}, {"min_df": 3, "max_df": 0.5}, {"max_features": 100}, {"stop_words": "english"}, {"window_size": None},
    {"vocabulary": ["the", "of", "unheard", "to"]}, {"n_jobs": 3}, {"memory_limit": "20MB"}, {"context": "left"},
    {"analyzer": str.split, "weighting": "flat"},
]  # fmt: skip


def parts_of(documents, size=70):
    return [documents[first : first + size] for first in range(0, len(documents), size)]


def assert_same_counts(one, other):
    assert one.vocabulary_ == other.vocabulary_
    np.testing.assert_array_equal(one.counts_, other.counts_)
    for name in ("indptr", "indices", "data"):
        np.testing.assert_array_equal(getattr(one.cooccurrence_, name), getattr(other.cooccurrence_, name))


@pytest.mark.parametrize("parameters", PARAMETERS, ids=str)
def test_counting_in_parts_has_the_bits_of_counting_at_once(lee, parameters):
    expected = CooccurrenceCounter(**parameters).fit(lee)
    counter = CooccurrenceCounter(**parameters)
    for part in parts_of(lee):
        counter.partial_fit(iter(part))
        if len(part) == 70:
            counter.counts_  # noqa: B018  (asking meanwhile changes nothing)
    assert_same_counts(counter, expected)
    assert counter.n_documents_seen_ == len(lee)


def message_of(action):
    """The message of the error that an action raises, or None."""
    try:
        action()
    except ValueError as error:
        return str(error)
    return None


@given(
    st.lists(st.lists(st.text("ab c", max_size=12), min_size=1, max_size=4), min_size=1, max_size=5), st.integers(1, 3)
)
def test_counting_in_parts_is_counting_at_once_on_any_text(parts, min_count):
    parameters = {"min_count": min_count, "window_size": 3}
    counters = [CooccurrenceCounter(**parameters) for _ in range(2)]
    for part in parts:
        counters[1].partial_fit(part)
    documents = [document for part in parts for document in part]
    message = message_of(lambda: counters[0].fit(documents))
    assert message == message_of(lambda: counters[1].cooccurrence_)
    if not message:
        assert_same_counts(*counters)


def test_words_are_rare_only_in_the_end():
    """A word that no part has often enough counts, and until then it takes up no distance."""
    counter = CooccurrenceCounter(min_count=2, weighting="harmonic").partial_fit(["a rare b", "a b"])
    assert set(counter.vocabulary_) == {"a", "b"}
    a, b = counter.vocabulary_["a"], counter.vocabulary_["b"]
    assert counter.cooccurrence_[a, b] == 2
    counter.partial_fit(["rare a"])
    assert set(counter.vocabulary_) == {"a", "b", "rare"}
    assert counter.cooccurrence_[counter.vocabulary_["a"], counter.vocabulary_["b"]] == 1.5


def test_an_interrupted_part_leaves_the_counter_as_it_was(lee):
    def documents():
        yield from lee[100:] * 30
        raise KeyboardInterrupt

    counter = CooccurrenceCounter()
    with pytest.raises(KeyboardInterrupt):
        counter.partial_fit(documents())
    with pytest.raises(NotFittedError):
        check_is_fitted(counter)
    counter.partial_fit(lee[:100])
    with pytest.raises(KeyboardInterrupt):
        counter.partial_fit(documents())
    assert_same_counts(counter, CooccurrenceCounter().fit(lee[:100]))


@pytest.mark.parametrize(
    "estimator", [CooccurrenceCounter(), GloVeVectorizer(4, max_iter=1)], ids=["counter", "vectorizer"]
)
def test_fit_starts_afresh_and_keeps_nothing_to_continue_from(estimator, lee):
    estimator = clone(estimator).partial_fit(lee[:100]).fit(lee[100:])
    assert estimator.vocabulary_ == clone(estimator).fit(lee[100:]).vocabulary_
    assert not hasattr(estimator, "n_documents_seen_")
    with pytest.raises(ValueError, match="partial_fit continues partial_fit, but the earlier fit kept no tokens"):
        estimator.partial_fit(lee)


def test_a_changed_vocabulary_is_refused(lee):
    counter = CooccurrenceCounter(vocabulary=["the", "of"]).partial_fit(lee)
    with pytest.raises(ValueError, match="the parameter vocabulary has changed"):
        counter.set_params(vocabulary=["the", "to"]).partial_fit(lee)


@pytest.mark.parametrize(
    "changed", [{"lowercase": False}, {"analyzer": "char"}, {"stop_words": ["the"]}, {"token_pattern": r"\w"}], ids=str
)
@pytest.mark.parametrize(
    "estimator", [CooccurrenceCounter(), GloVeVectorizer(4, max_iter=1)], ids=["counter", "vectorizer"]
)
def test_changed_parameters_of_the_tokens_are_refused_also_after_a_pickle(estimator, changed, lee):
    first = clone(estimator).partial_fit(lee[:50])
    for estimator in (first, pickle.loads(pickle.dumps(first))):
        seen = estimator.n_documents_seen_
        with pytest.raises(ValueError, match=f"the parameter {next(iter(changed))} has changed since the first text"):
            estimator.set_params(**changed).partial_fit(lee[50:])
        assert estimator.n_documents_seen_ == seen


def test_texts_may_be_read_in_different_ways(tmp_path, lee):
    (tmp_path / "more.txt").write_text(lee[1], encoding="utf-8")
    counter = CooccurrenceCounter(min_count=1).partial_fit(lee[:1])
    counter.set_params(input="filename").partial_fit([str(tmp_path / "more.txt")])
    together = CooccurrenceCounter(min_count=1).fit(lee[:2])
    assert counter.vocabulary_ == together.vocabulary_
    assert (counter.cooccurrence_ != together.cooccurrence_).nnz == 0


def test_an_unfitted_counter_has_no_counts():
    with pytest.raises(AttributeError, match="no attribute 'cooccurrence_'"):
        CooccurrenceCounter().cooccurrence_  # noqa: B018


def state_of(vectorizer):
    return {
        name: value
        for name, value in vars(vectorizer).items()
        if name.endswith("_") and name not in ("random_state_", "n_documents_seen_", "fit_time_")
    }


def assert_same_state(one, other):
    ours, theirs = state_of(one), state_of(other)
    assert ours.keys() == theirs.keys()
    for name in ours:
        np.testing.assert_array_equal(ours[name], theirs[name], err_msg=name)


@pytest.mark.parametrize(
    "parameters",
    [{}, {"pooling": "sif"}, {"pooling": "idf"}, {"n_jobs": 2}, {"memory_limit": "30MB"}, {"init": "random"}],
    ids=str,
)
def test_partial_fit_is_a_warm_start_on_all_documents_so_far(lee, parameters):
    model = {"n_components": 8, "max_iter": 2, "random_state": 0}
    one = GloVeVectorizer(**model, **parameters)
    other = GloVeVectorizer(**model, **parameters, warm_start=True)
    for n in (100, 200, 300):
        one.partial_fit(iter(lee[n - 100 : n]))
        other.fit(lee[:n])
        assert_same_state(one, other)
    assert one.n_documents_seen_ == 300
    np.testing.assert_array_equal(one.transform(lee), other.transform(lee))


def test_an_interrupted_call_leaves_the_vectorizer_as_it_was(lee):
    vectorizer = GloVeVectorizer(8, max_iter=2, random_state=0).partial_fit(lee[:150])
    before = {name: np.copy(value) for name, value in state_of(vectorizer).items()}

    def interrupt(n_iter, loss, snapshot):
        snapshot().transform(lee[:1])
        raise KeyboardInterrupt

    vectorizer.callback = interrupt
    with pytest.raises(KeyboardInterrupt):
        vectorizer.partial_fit(lee[150:])
    vectorizer.callback = None
    for name, value in state_of(vectorizer).items():
        np.testing.assert_array_equal(value, before[name])
    assert vectorizer.n_documents_seen_ == 150
    expected = GloVeVectorizer(8, max_iter=2, random_state=0).partial_fit(lee[:150]).partial_fit(lee[200:])
    assert_same_state(vectorizer.partial_fit(lee[200:]), expected)


def test_another_dimension_is_refused(lee):
    vectorizer = GloVeVectorizer(4, max_iter=1).partial_fit(lee)
    with pytest.raises(ValueError, match="partial_fit resumes a fit with n_components=4, got n_components=5"):
        vectorizer.set_params(n_components=5).partial_fit(lee)


@pytest.mark.parametrize("limit", [None, "20MB"])
@pytest.mark.parametrize("kind", ["counter", "vectorizer"])
def test_a_copy_continues_where_the_original_was(lee, kind, limit):
    def make():
        if kind == "counter":
            return CooccurrenceCounter(memory_limit=limit)
        return GloVeVectorizer(8, max_iter=1, random_state=0, memory_limit=limit)

    estimator = make().partial_fit(lee[:150])
    data = skops.io.dumps(estimator)
    copies = [
        pickle.loads(pickle.dumps(estimator)),
        skops.io.loads(data, trusted=skops.io.get_untrusted_types(data=data)),
    ]
    estimator.partial_fit(lee[150:])
    for copied in copies:
        copied.partial_fit(lee[150:])
        if kind == "counter":
            assert_same_counts(copied, estimator)
        else:
            assert_same_state(copied, estimator)
    assert not hasattr(clone(estimator), "n_documents_seen_")


def test_new_words_enter_and_words_that_become_rare_by_comparison_leave():
    vectorizer = GloVeVectorizer(2, min_count=1, max_features=2, max_iter=1).partial_fit(["a b a b"])
    assert set(vectorizer.vocabulary_) == {"a", "b"}
    vectorizer.partial_fit(["c a c a c a"])
    assert set(vectorizer.vocabulary_) == {"a", "c"}
    assert np.isfinite(vectorizer.embedding_).all()
