"""Questions to fitted estimators: words by name, predictions of co-occurrences, and names of gensim's methods."""

import numpy as np
import pandas as pd
import pytest
from sklearn.exceptions import NotFittedError
from sklearn.pipeline import make_pipeline

from glove_sklearn import CooccurrenceCounter, EmbeddingVectorizer, GloVe, GloVeVectorizer
from glove_sklearn._embedding.word_vectors import as_word_vectors

X = np.array([[0, 4, 1, 0], [4, 0, 2, 1], [1, 2, 0, 3], [0, 1, 3, 0]], dtype=np.float32)


@pytest.fixture(scope="module")
def vectorizer(lee):
    return GloVeVectorizer(5, max_iter=2, random_state=0, warm_start=True).fit(lee)


def test_a_vectorizer_gives_vectors_by_word(vectorizer):
    row = vectorizer.vocabulary_["two"]
    np.testing.assert_array_equal(vectorizer["two"], vectorizer.embedding_[row])
    assert "two" in vectorizer
    assert "zzzz" not in vectorizer
    for unknown in ("zzzz", 12345678, True):
        with pytest.raises(KeyError, match="is not among"):
            vectorizer[unknown]
    vectorizer["two"][:] = 0
    assert vectorizer.embedding_[row].any()
    with pytest.raises(NotFittedError):
        GloVeVectorizer()["the"]


def test_integers_are_tokens_in_questions_as_in_documents():
    baskets = [[1, 2, 3], [1, 2], [4, 5], [4, 5, 3]] * 5
    model = GloVeVectorizer(
        2, analyzer=list, window_size=None, weighting="flat", sample=None, warm_start=True, random_state=0
    ).fit(baskets)
    np.testing.assert_array_equal(model[4], model["4"])
    assert 4 in model
    assert 6 not in model
    pretrained = EmbeddingVectorizer(model, analyzer=list).fit([["4"]])
    np.testing.assert_array_equal(pretrained[np.int64(4)], pretrained["4"])
    assert 4 in pretrained
    np.testing.assert_array_equal(
        model.predict_log_cooccurrence([1, np.int64(2)]), model.predict_log_cooccurrence(["1", "2"])
    )
    with pytest.raises(KeyError, match="there is no word 7 among"):
        model.predict_log_cooccurrence([7])


def test_methods_of_gensim_are_named_and_others_are_not(vectorizer):
    for estimator in (vectorizer, GloVe()):
        with pytest.raises(AttributeError, match=r"to_keyed_vectors\(\)\.most_similar"):
            estimator.most_similar("the")
        with pytest.raises(AttributeError, match=r"has no attribute .nothing.$"):
            _ = estimator.nothing
        assert not hasattr(estimator, "wv")


def test_predictions_are_the_model_equation(vectorizer):
    glove = GloVe(3, random_state=0).fit(X)
    for model, names in ((glove, None), (vectorizer, ["the", "of", "two"])):
        rows = [vectorizer.vocabulary_[name] for name in names] if names else [2, 0]
        expected = (
            model.word_vectors_[rows] @ model.context_vectors_.T
            + model.word_biases_[rows, None]
            + model.context_biases_
        )
        found = model.predict_log_cooccurrence(names or rows)
        assert found.dtype == np.float32
        np.testing.assert_allclose(found, expected, atol=1e-5)
        np.testing.assert_array_equal(
            model.predict_log_cooccurrence(names or rows, (names or rows)[1])[:, 0], found[:, rows[1]]
        )
    np.testing.assert_array_equal(glove.predict_log_cooccurrence(1), glove.predict_log_cooccurrence()[[1]])


def test_predictions_do_not_depend_on_n_jobs(vectorizer):
    one = vectorizer.predict_log_cooccurrence()
    np.testing.assert_array_equal(vectorizer.set_params(n_jobs=2).predict_log_cooccurrence(), one)
    vectorizer.set_params(n_jobs=None)


def test_predictions_need_known_words_and_parameters(vectorizer, lee):
    with pytest.raises(KeyError, match="there is no word 'zzzz'"):
        vectorizer.predict_log_cooccurrence("zzzz")
    with pytest.raises(KeyError, match="there is no row 4 among the indices 0 to 3"):
        GloVe(2).fit(X).predict_log_cooccurrence(4)
    with pytest.raises(ValueError, match="only with warm_start=True"):
        GloVeVectorizer(2, max_iter=1).fit(lee[:20]).predict_log_cooccurrence()


def test_rows_of_a_frame_keep_their_names():
    pytest.importorskip("gensim")
    items = [101, 7, 300, 2]
    frame = pd.DataFrame(X, index=items, columns=items)
    glove = GloVe(2, random_state=0).fit(frame)
    assert glove.row_names_in_.tolist() == items
    keyed_vectors = glove.to_keyed_vectors()
    np.testing.assert_array_equal(keyed_vectors[7], glove.embedding_[1])
    assert {item for item, _ in keyed_vectors.most_similar(7)} == {101, 300, 2}
    assert as_word_vectors(glove).terms == ["101", "7", "300", "2"]
    np.testing.assert_array_equal(
        glove.predict_log_cooccurrence(300, 0), glove.predict_log_cooccurrence()[[2], [0]][:, None]
    )
    with pytest.raises(KeyError, match="there is no row 5 among the 4 names"):
        glove.predict_log_cooccurrence(5)
    glove.fit(X)
    assert not hasattr(glove, "row_names_in_")


def test_columns_name_the_rows_of_a_square_frame_without_an_index():
    pytest.importorskip("gensim")
    names = ["a", "b", "c", "d"]
    glove = GloVe(2).fit(pd.DataFrame(X, columns=names))
    assert glove.to_keyed_vectors().index_to_key == names
    wide = GloVe(2).fit(pd.DataFrame(X[:3], columns=names))
    with pytest.raises(ValueError, match="the rows of X had no names"):
        wide.to_keyed_vectors()


def test_names_may_be_given_and_must_fit():
    pytest.importorskip("gensim")
    glove = GloVe(2).fit(X)
    assert glove.to_keyed_vectors(["a", "b", "c", "d"]).index_to_key == ["a", "b", "c", "d"]
    for names in (["a", "b", "c"], ["a", "b", "c", "a"]):
        with pytest.raises(ValueError, match="a different name for each of the 4 rows"):
            glove.to_keyed_vectors(names)
    with pytest.raises(ValueError, match=r"must be str or int, got \['a'\] \(list\)"):
        glove.to_keyed_vectors([["a"]] * 4)


@pytest.mark.parametrize("vectorizer", [GloVeVectorizer(2), EmbeddingVectorizer((["a"], np.ones((1, 2))))])
def test_a_vectorizer_is_no_sequence_of_words(vectorizer):
    with pytest.raises(TypeError, match="not iterable"):
        list(vectorizer)


def test_counting_and_training_are_steps_of_a_pipeline(lee):
    pytest.importorskip("gensim")
    pipeline = make_pipeline(CooccurrenceCounter(), GloVe(5, random_state=0)).fit(lee)
    together = GloVeVectorizer(5, sample=None, random_state=0).fit(lee)
    np.testing.assert_array_equal(pipeline[-1].embedding_, together.embedding_)
    names = pipeline[0].get_feature_names_out()
    assert pipeline[-1].to_keyed_vectors(names).index_to_key == together.to_keyed_vectors().index_to_key


def test_glove_says_why_it_has_no_transform():
    assert not hasattr(GloVe(), "transform")
    with pytest.raises(AttributeError, match="vectors belong to the rows of X"):
        GloVe().transform(X)


def test_counting_other_documents_keeps_the_vocabulary(lee):
    counter = CooccurrenceCounter().fit(lee[:100])
    np.testing.assert_array_equal(counter.transform(lee[:100]).toarray(), counter.cooccurrence_.toarray())
    other = CooccurrenceCounter(vocabulary=counter.vocabulary_).fit(lee[100:])
    np.testing.assert_array_equal(counter.transform(lee[100:]).toarray(), other.cooccurrence_.toarray())
    with pytest.raises(NotFittedError):
        CooccurrenceCounter().transform(lee)


def test_words_that_were_inferred_have_no_estimate(lee):
    vectorizer = GloVeVectorizer(2, max_iter=1, max_features=50, warm_start=True).fit(lee[:20])
    known = list(vectorizer.vocabulary_)[:2]
    before = vectorizer.predict_log_cooccurrence(known, known)
    vectorizer.infer_vectors(lee[:20], min_count=5, extend=True)
    new = list(vectorizer.vocabulary_)[-1]
    np.testing.assert_array_equal(vectorizer.predict_log_cooccurrence(known, known), before)
    for words in ((new, known), (known, new)):
        with pytest.raises(ValueError, match=r"1 of the words or contexts .* added by infer_vectors\(extend=True\)"):
            vectorizer.predict_log_cooccurrence(*words)


def test_names_that_cannot_be_names_are_refused(lee):
    vectorizer = GloVeVectorizer(2, max_iter=1, warm_start=True).fit(lee[:20])
    with pytest.raises(KeyError, match=r"there is no word \['the'\]"):
        vectorizer.predict_log_cooccurrence([["the"]])


def test_a_range_that_does_not_count_from_0_names_rows():
    pandas = pytest.importorskip("pandas")
    X = np.array([[0, 4, 1], [4, 0, 2], [1, 2, 0]])
    glove = GloVe(2, random_state=0).fit(pandas.DataFrame(X, index=pandas.RangeIndex(100, 103)))
    np.testing.assert_array_equal(glove.predict_log_cooccurrence(102), glove.predict_log_cooccurrence()[[2]])
    assert not hasattr(GloVe(2, random_state=0).fit(pandas.DataFrame(X)), "row_names_in_")
