"""Contributions of words add up to the vector, and to the prediction."""

import re
import sys
from collections import Counter

import numpy as np
import pytest
from sklearn.decomposition import PCA
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import Normalizer, StandardScaler

from glove_sklearn import GloVeVectorizer
from glove_sklearn._embedding.pooling import POOLINGS
from glove_sklearn.inspection import word_contributions

LINEAR = [name for name, pooling in POOLINGS.items() if pooling.kind == "sum"]


@pytest.fixture(scope="module")
def labels(lee):
    return ["long" if len(document) > 1200 else "short" for document in lee]


def fitted(lee, labels, *steps, **parameters):
    vectorizer = GloVeVectorizer(6, max_iter=2, random_state=0, **parameters)
    return make_pipeline(vectorizer, *steps).fit(lee, labels)


@pytest.mark.parametrize("pooling", LINEAR)
def test_terms_add_up_to_the_vector_of_a_document(lee, pooling):
    vectorizer = GloVeVectorizer(6, max_iter=2, random_state=0, pooling=pooling).fit(lee)
    words, counts, terms = vectorizer._terms_of(lee[5])
    np.testing.assert_allclose(terms.sum(axis=0), vectorizer.transform([lee[5]])[0], rtol=1e-4, atol=1e-5)
    tokens = Counter(re.findall(r"\w+", lee[5].lower()))
    assert dict(zip(words, counts, strict=True)) == {
        word: count for word, count in tokens.items() if word in vectorizer.vocabulary_
    }


@pytest.mark.parametrize("pooling", LINEAR)
def test_contributions_are_coefficients_times_terms(lee, labels, pooling):
    model = fitted(lee, labels, LogisticRegression(max_iter=1000), pooling=pooling)
    found = word_contributions(model, lee[5])
    assert found.target == "short"
    assert found.baseline == pytest.approx(model[-1].intercept_[0], abs=1e-5)
    assert found.prediction == pytest.approx(model.decision_function([lee[5]])[0], rel=1e-4)
    assert found.baseline + found.contributions.sum() == pytest.approx(found.prediction, rel=1e-3)
    words, counts, terms = model[0]._terms_of(lee[5])
    expected = dict(zip(words, terms @ model[-1].coef_[0], strict=True))
    assert set(found.words) == set(words)
    np.testing.assert_allclose(found.contributions, [expected[word] for word in found.words], rtol=1e-3, atol=1e-4)
    assert (np.diff(np.abs(found.contributions)) <= 0).all()
    assert dict(zip(found.words, found.counts, strict=True)) == dict(zip(words, counts, strict=True))


def test_affine_steps_between_and_regressors(lee):
    lengths = np.array([[len(document), 1.0] for document in lee])
    for y in (lengths[:, 0], lengths):
        model = fitted(lee, y, StandardScaler(), PCA(3), Ridge())
        found = word_contributions(model, lee[5])
        assert found.target == ("prediction" if y.ndim == 1 else 0)
        prediction = model.predict([lee[5]])[0]
        assert found.prediction == pytest.approx(prediction if y.ndim == 1 else prediction[0], rel=1e-4)
    assert word_contributions(model, lee[5], target=1).target == 1


def test_the_class_may_be_chosen_and_is_the_predicted_one_by_default(lee):
    labels = [str(len(document) // 700 % 3) for document in lee]
    model = fitted(lee, labels, LogisticRegression(max_iter=1000))
    found = word_contributions(model, lee[5])
    assert found.target == model.predict([lee[5]])[0]
    decision = model.decision_function([lee[5]])[0]
    for column, label in enumerate(model.classes_):
        assert word_contributions(model, lee[5], target=label).prediction == pytest.approx(decision[column], rel=1e-3)
    with pytest.raises(ValueError, match="target must be one of '0', '1', '2', got 'x'"):
        word_contributions(model, lee[5], target="x")


def test_shares_of_the_vector_add_up_to_one(lee):
    vectorizer = GloVeVectorizer(6, max_iter=2, random_state=0).fit(lee)
    found = word_contributions(vectorizer, lee[5])
    assert found.contributions.sum() == pytest.approx(1, abs=1e-5)
    assert found.target == "vector"


def test_a_document_without_known_words_has_no_contributions(lee, labels):
    model = fitted(lee, labels, LogisticRegression())
    found = word_contributions(model, "zzzz")
    assert found.words == []
    assert found.prediction == found.baseline
    assert len(found.to_frame()) == 0
    assert word_contributions(model[0], "").contributions.size == 0


def test_the_table_shows_the_largest_and_sums_the_rest(lee, labels):
    found = word_contributions(fitted(lee, labels, LogisticRegression()), lee[5])
    lines = str(found).splitlines()
    assert lines[0].startswith("short: ")
    assert lines[1].split()[0] == found.words[0]
    assert lines[-1].split()[:2] == ["other", "words"]
    assert float(lines[-1].split()[2]) == pytest.approx(found.contributions[20:].sum(), abs=1e-4)
    frame = found.to_frame()
    assert list(frame.index) == found.words
    np.testing.assert_array_equal(frame["contribution"], found.contributions)


def test_what_does_not_add_up_is_refused(lee, labels):
    with pytest.raises(ValueError, match="is not a sum over its words"):
        word_contributions(fitted(lee, labels, LogisticRegression(), pooling="max"), lee[5])
    with pytest.raises(ValueError, match="must be affine"):
        word_contributions(fitted(lee, labels, Normalizer(), LogisticRegression()), lee[5])
    with pytest.raises(TypeError, match="must be a regressor, or a classifier that has decision_function"):
        word_contributions(fitted(lee, labels, KNeighborsClassifier()), lee[5])
    with pytest.raises(TypeError, match="must be a vectorizer of this package"):
        word_contributions(make_pipeline(StandardScaler(), Ridge()), lee[5])
    with pytest.raises(NotFittedError):
        word_contributions(GloVeVectorizer(), lee[5])
    with pytest.raises(ValueError, match="target must be None for a model with one output, got 'long'"):
        word_contributions(fitted(lee, labels, LogisticRegression()), lee[5], target="long")


def test_several_documents_are_refused(lee, labels):
    model = fitted(lee, labels, LogisticRegression())
    for documents in (lee[:1], np.array(lee[:1], dtype=object)):
        with pytest.raises(TypeError, match=r"document must be one document, a str, got (list|ndarray)"):
            word_contributions(model, documents)


def test_without_pandas_the_error_says_what_to_install(lee, labels, monkeypatch):
    found = word_contributions(fitted(lee, labels, LogisticRegression()), lee[0])
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ImportError, match="to_frame needs pandas: pip install pandas"):
        found.to_frame()
