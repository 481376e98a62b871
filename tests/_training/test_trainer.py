"""The callback, and the snapshots it can take."""

import warnings

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import ConvergenceWarning

from glove_sklearn import GloVeVectorizer
from tests._training.runs import DOCUMENTS, PARAMETERS, assert_same_bits, attributes


def test_callback_gets_number_loss_and_a_fitted_copy(case):
    estimator, X = case
    seen = []

    def callback(n_iter, loss, snapshot):
        seen.append((n_iter, loss, snapshot()))

    estimator.set_params(callback=callback, max_iter=3).fit(X)
    assert [n_iter for n_iter, _, _ in seen] == [1, 2, 3]
    assert [loss for _, loss, _ in seen] == estimator.loss_curve_.tolist()
    for n_iter, _, copy in seen:
        assert_same_bits(copy, clone(estimator).set_params(callback=None, max_iter=n_iter).fit(X))
    assert type(seen[0][2]) is type(estimator)


def test_a_snapshot_is_taken_in_the_callback(case):
    estimator, X = case
    kept = []
    estimator.set_params(callback=lambda n_iter, loss, snapshot: kept.append(snapshot), max_iter=2).fit(X)
    with pytest.raises(RuntimeError, match="the snapshot of epoch 1 must be taken in the callback"):
        kept[0]()


def test_snapshot_of_a_vectorizer_can_transform_and_query():
    neighbours = []

    def callback(n_iter, loss, snapshot):
        vectorizer = snapshot()
        assert vectorizer.transform(["a b", ""]).shape == (2, 6)
        pytest.importorskip("gensim")
        neighbours.append(vectorizer.to_keyed_vectors().most_similar("a")[0])

    GloVeVectorizer(**PARAMETERS, min_count=1, max_iter=2, callback=callback).fit(DOCUMENTS)
    assert len(neighbours) == 2


@pytest.mark.parametrize(("answer", "n_iter"), [(True, 2), (np.True_, 2), (False, 4), (None, 4), (1.5, 4), ("no", 4)])
def test_only_true_stops(case, answer, n_iter):
    estimator, X = case
    estimator.set_params(max_iter=4, tol=1e-9, callback=lambda n_iter, loss, snapshot: answer if n_iter == 2 else False)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        estimator.fit(X)
    assert estimator.n_iter_ == n_iter
    # Who stops training knows that it did not converge.
    assert [warning.category for warning in caught] == ([] if n_iter == 2 else [ConvergenceWarning])


def test_an_error_in_the_callback_is_the_users_and_changes_nothing(case):
    estimator, X = case
    estimator.set_params(max_iter=2).fit(X)
    before = attributes(estimator)

    def callback(n_iter, loss, snapshot):
        raise ZeroDivisionError("mine")

    with pytest.raises(ZeroDivisionError, match="mine"):
        estimator.set_params(callback=callback).fit(X)
    assert attributes(estimator) == before or all(attributes(estimator)[name] is before[name] for name in before)


def test_a_snapshot_shares_nothing_that_can_change():
    def callback(n_iter, loss, snapshot):
        vectorizer = snapshot()
        vectorizer.vocabulary_.clear()
        vectorizer.embedding_[:] = vectorizer.counts_[:] = 0

    vectorizer = GloVeVectorizer(**PARAMETERS, min_count=1, max_iter=2)
    alone = clone(vectorizer).fit(DOCUMENTS)
    assert_same_bits(vectorizer.set_params(callback=callback).fit(DOCUMENTS), alone)
