"""Displays take fitted estimators, and Pipelines that begin with one."""

import numpy as np
import pytest
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from glove_sklearn import CooccurrenceCounter, GloVeVectorizer
from glove_sklearn.plotting import (
    CooccurrenceDisplay,
    DocumentMapDisplay,
    LossCurveDisplay,
    NeighborsDisplay,
    WordMapDisplay,
)


@pytest.fixture(scope="module")
def pipeline(lee):
    labels = ["long" if len(document) > 1200 else "short" for document in lee]
    return make_pipeline(GloVeVectorizer(5, max_iter=2, random_state=0), LogisticRegression()).fit(lee, labels)


def test_pipelines_stand_for_their_first_step(pipeline, lee, word):
    vectorizer = pipeline[0]
    assert (
        NeighborsDisplay.from_estimator(pipeline, word).words == NeighborsDisplay.from_estimator(vectorizer, word).words
    )
    assert LossCurveDisplay.from_estimator(pipeline).loss_curve.tolist() == vectorizer.loss_curve_.tolist()
    maps = [WordMapDisplay.from_estimator(estimator, [word, "the"]) for estimator in (pipeline, vectorizer)]
    np.testing.assert_array_equal(maps[0].coordinates, maps[1].coordinates)
    counter = make_pipeline(CooccurrenceCounter()).fit(lee)
    assert CooccurrenceDisplay.from_estimator(counter, word).contexts


def test_a_map_of_documents_leaves_the_classifier_out(pipeline, lee):
    maps = [DocumentMapDisplay.from_estimator(estimator, lee) for estimator in (pipeline, pipeline[:-1], pipeline[0])]
    for other in maps[1:]:
        np.testing.assert_array_equal(maps[0].coordinates, other.coordinates)


def test_too_many_labels_have_no_legend(pipeline, lee):
    display = DocumentMapDisplay.from_estimator(pipeline, lee, range(len(lee)))
    assert display.ax_.get_legend() is None


@pytest.mark.parametrize("display", [WordMapDisplay, NeighborsDisplay])
@pytest.mark.parametrize("vectors", ["vectors.txt", {"a": [1]}, GloVeVectorizer])
def test_other_sources_are_named(display, vectors):
    with pytest.raises(
        TypeError, match=r"expected a fitted estimator, got .*; from_vectors takes files and KeyedVectors"
    ):
        display.from_estimator(vectors, "a")


def test_pipelines_must_be_fitted():
    with pytest.raises(NotFittedError):
        NeighborsDisplay.from_estimator(make_pipeline(GloVeVectorizer()), "a")
