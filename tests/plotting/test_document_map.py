"""Maps of documents."""

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.decomposition import PCA, TruncatedSVD
from sklearn.pipeline import make_pipeline

from glove_sklearn.evaluation.vectors import unit_vectors
from glove_sklearn.plotting import DocumentMapDisplay


def test_documents_are_coloured_by_label(vectorizer, lee):
    labels = [f"label {len(text) % 3}" for text in lee]
    display = DocumentMapDisplay.from_estimator(vectorizer, lee, labels)
    names = [text.get_text() for text in display.ax_.get_legend().get_texts()]
    assert names == list(dict.fromkeys(labels))
    assert [len(points.get_offsets()) for points in display.points_] == [labels.count(name) for name in names]
    expected = PCA(2, svd_solver="full").fit_transform(unit_vectors(vectorizer.transform(lee)))
    np.testing.assert_allclose(display.coordinates, expected, atol=1e-12)


def test_labels_may_be_missing_numbers_or_many(vectorizer, lee):
    vectors = vectorizer.transform(lee)
    assert len(DocumentMapDisplay.from_vectors(vectors, reducer=TruncatedSVD(2)).points_) == 1
    labels = np.arange(len(lee)) % 23
    display = DocumentMapDisplay.from_vectors(vectors, labels, legend=False)
    assert len(display.points_) == 23
    assert display.ax_.get_legend() is None
    colours = {tuple(points.get_facecolor()[0]) for points in display.points_[:20]}
    assert len(colours) == 20


def test_a_pipeline_that_transforms_will_do(vectorizer, lee):
    pipeline = make_pipeline(clone(vectorizer), PCA(5, random_state=0)).fit(lee[:50])
    assert DocumentMapDisplay.from_estimator(pipeline, lee[:50]).coordinates.shape == (50, 2)


def test_errors(vectorizer, lee):
    with pytest.raises(ValueError, match="each of the 10 documents, got 9"):
        DocumentMapDisplay.from_estimator(vectorizer, lee[:10], lee[:9])
    with pytest.raises(ValueError, match="at least 2 points, got 1"):
        DocumentMapDisplay.from_estimator(vectorizer, lee[:1])
    with pytest.raises(ValueError, match=r"shape \(n_documents, 2\), got \(2, 3\)"):
        DocumentMapDisplay(np.zeros((2, 3)))
