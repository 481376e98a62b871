"""Warm starts: a fit that resumes yields the bits of one that was not interrupted."""

import pickle

import numpy as np
import pytest
from sklearn.base import clone

from glove_sklearn import CooccurrenceCounter, GloVe, GloVeVectorizer
from tests._training.runs import DOCUMENTS, PARAMETERS, WARM, assert_same_bits, attributes


@pytest.mark.parametrize("random_state", [3, "instance", None])
def test_ten_epochs_and_fifteen_more_are_the_same_bits_as_twenty_five(case, random_state):
    estimator, X = case
    if random_state == "instance":
        estimator.set_params(random_state=np.random.RandomState(np.random.PCG64(5)))
    estimator.set_params(warm_start=True, max_iter=10).fit(X)
    # None draws the seed from the global generator: the run in one piece is given what was drawn.
    whole = clone(estimator).set_params(max_iter=25)
    if random_state == 3:
        whole.fit(X)
    else:
        generator = np.random.RandomState(getattr(np.random, estimator.random_state_["bit_generator"])())
        generator.set_state(estimator.random_state_)
        whole.set_params(random_state=generator).fit(X)
    estimator.set_params(max_iter=15)
    assert estimator.fit(X) is estimator
    assert estimator.n_iter_ == 25
    assert_same_bits(estimator, whole)


def test_a_pickled_copy_resumes_with_other_threads_and_memory(case):
    estimator, X = case
    estimator.set_params(warm_start=True, max_iter=2).fit(X)
    other = pickle.loads(pickle.dumps(estimator))
    assert_same_bits(other.set_params(n_jobs=2, memory_limit="100KB").fit(X), estimator.fit(X))


def test_warm_start_keeps_what_it_needs_and_only_then(case):
    estimator, X = case
    estimator.set_params(max_iter=2).fit(X)
    cold = attributes(estimator)
    warm = clone(estimator).set_params(warm_start=True).fit(X)
    assert "word_accumulators_" in vars(warm)
    assert not {"word_accumulators_", "random_state_"} & cold.keys()
    assert_same_bits(warm, estimator, but=WARM)
    warm.set_params(warm_start=False).fit(X)
    assert_same_bits(warm, estimator)
    assert "random_state_" not in vars(warm)


def test_first_accumulators_hold_the_learning_rate(case):
    estimator, X = case
    estimator.set_params(warm_start=True, max_iter=1, learning_rate=0.1).fit(X)
    for accumulators in (estimator.word_accumulators_, estimator.context_accumulators_):
        assert accumulators.shape == (len(accumulators), 7)
        assert (accumulators[:, :6] >= np.float32(100)).all()
        assert (accumulators[:, 6] >= 1).all()


def test_warm_start_refuses_what_it_cannot_go_on_from(case):
    estimator, X = case
    estimator.set_params(max_iter=1).fit(X)
    with pytest.raises(ValueError, match="kept no accumulators to resume from"):
        estimator.set_params(warm_start=True).fit(X)
    warm = clone(estimator).fit(X)
    with pytest.raises(ValueError, match="resumes a fit with n_components=6, got n_components=7"):
        warm.set_params(n_components=7).fit(X)


def test_warm_start_on_another_matrix():
    X = CooccurrenceCounter(min_count=1).fit(DOCUMENTS).cooccurrence_
    glove = GloVe(**PARAMETERS, init="random", max_iter=5, warm_start=True).fit(X)
    cold = GloVe(**PARAMETERS, init="random", max_iter=1).fit(2 * X)
    assert glove.set_params(max_iter=1).fit(2 * X).loss_curve_[5] < cold.loss_curve_[0]
    with pytest.raises(ValueError, match=r"resumes a fit on X of shape \(20, 20\), got X of shape \(4, 4\)"):
        glove.fit(X[:4, :4])


def test_known_words_go_on_and_new_words_begin_in_other_documents():
    vectorizer = GloVeVectorizer(
        **PARAMETERS, min_count=1, init="random", warm_start=True, max_iter=20, learning_rate=1e-6
    )
    before = vectorizer.fit(DOCUMENTS)
    word_vectors, rows = before.word_vectors_.copy(), dict(before.vocabulary_)
    vectorizer.set_params(max_iter=1).fit([*DOCUMENTS[:24], "news news newer c1 a"] * 2)
    assert {"news", "newer"} <= vectorizer.vocabulary_.keys()
    assert vectorizer.n_iter_ == 21
    known = [term for term in vectorizer.vocabulary_ if term in rows]
    assert "c9" not in rows
    assert 10 < len(known) < len(vectorizer.vocabulary_)
    # The rate is so small that words stay where they were.
    np.testing.assert_allclose(
        vectorizer.word_vectors_[[vectorizer.vocabulary_[term] for term in known]],
        word_vectors[[rows[term] for term in known]],
        atol=1e-4,
    )
    new = vectorizer.word_vectors_[vectorizer.vocabulary_["newer"]]
    assert np.isfinite(new).all()
    assert (np.abs(new) <= 0.5 / 6 + 1e-4).all()
    assert new.any()
    with pytest.raises(ValueError, match="no word of X was in the earlier fit"):
        vectorizer.fit(["xx yy"])


@pytest.mark.parametrize("init", ["svd", "random"])
def test_new_words_stand_where_their_synonyms_do(init):
    random_state = np.random.RandomState(0)
    # Words of three subjects, and the same written otherwise.
    documents = [
        [f"{subject}{n}" for n in random_state.randint(12, size=30)] for subject in random_state.randint(3, size=90)
    ]
    otherwise = [[word + "x" * random_state.randint(2) for word in document] for document in documents]
    vectorizer = GloVeVectorizer(
        8, window_size=8, min_count=1, analyzer=list, init=init, warm_start=True, max_iter=15, random_state=0
    )
    vectorizer.fit(documents).set_params(max_iter=1).fit(otherwise)
    words = vectorizer.word_vectors_ / np.linalg.norm(vectorizer.word_vectors_, axis=1, keepdims=True)
    old = [term for term in vectorizer.vocabulary_ if not term.endswith("x")]
    cosines = (
        words[[vectorizer.vocabulary_[f"{term}x"] for term in old]] @ words[[vectorizer.vocabulary_[t] for t in old]].T
    )
    nearest = [old[row] for row in cosines.argmax(axis=1)]
    of_the_subject = np.mean([term[0] == other[0] for term, other in zip(old, nearest, strict=True)])
    # One epoch is enough for words that are not initialised at random.
    assert (of_the_subject > 0.9) == (init == "svd")


def test_post_processing_does_not_change_what_a_fit_resumes_from(case):
    estimator, X = case
    for postprocess in ("flatten", "level", "all-but-the-top", "center", None):
        resumed = clone(estimator).set_params(warm_start=True, postprocess=postprocess, max_iter=2).fit(X)
        resumed.set_params(postprocess=None).fit(X)
        whole = clone(resumed).set_params(max_iter=4).fit(X)
        assert_same_bits(resumed, whole)


@pytest.mark.parametrize(
    "parameters", [{"negative_ratio": 0}, {"negative_ratio": 1.5}, {"init": "random"}, {"x_max": 2.0}], ids=str
)
def test_any_model_resumes_to_the_same_bits(case, parameters):
    estimator, X = case
    estimator.set_params(**parameters, warm_start=True, max_iter=2).fit(X)
    whole = clone(estimator).set_params(max_iter=5).fit(X)
    assert_same_bits(estimator.set_params(max_iter=3).fit(X), whole)
