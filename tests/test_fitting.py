"""Training that begins at given vectors and stays near them, by the estimators."""

import pickle

import numpy as np
import pandas as pd
import pytest
import skops.io
from scipy.optimize import minimize
from sklearn.base import clone

from glove_sklearn import CooccurrenceCounter, GloVe, GloVeVectorizer
from glove_sklearn.formats import WordVectors, save_vectors

D = 4
STILL = {"learning_rate": 1e-15, "postprocess": None, "max_iter": 1}


@pytest.fixture
def X():
    generator = np.random.RandomState(0)
    return np.rint(np.exp(generator.standard_normal((12, 12)))) + np.eye(12)


@pytest.fixture
def given(seed):
    return np.random.RandomState(seed).standard_normal((12, D)).astype(np.float32)


def words_of(lee, seed=0):
    terms = list(CooccurrenceCounter().fit(lee[:100]).vocabulary_)
    return terms, np.random.RandomState(seed).standard_normal((len(terms), D)).astype(np.float32)


@pytest.mark.parametrize("combine", ["sum", "word", "context", "concat"])
def test_training_begins_at_the_given_vectors(X, given, combine):
    if combine == "concat":
        given = np.hstack([given, given[::-1]])
    glove = GloVe(D, init=given, combine=combine, random_state=0, **STILL).fit(X)
    np.testing.assert_allclose(glove.embedding_, given, rtol=1e-6, atol=1e-6)


def test_rows_of_an_x_that_is_not_square_begin_at_the_given_vectors(X, given):
    glove = GloVe(D, init=given, random_state=0, **STILL).fit(X[:, :7])
    np.testing.assert_allclose(glove.embedding_, given, rtol=1e-6, atol=1e-6)
    assert np.abs(glove.context_vectors_).max() > 0.01, "the columns do not fit the rows"


def test_the_first_epoch_is_no_worse_than_from_nothing_when_the_vectors_are_those_of_an_earlier_fit(lee):
    earlier = GloVeVectorizer(20, postprocess=None, max_iter=8, random_state=0).fit(lee)
    again = GloVeVectorizer(20, init=earlier, random_state=1).fit(lee)
    assert again.loss_curve_[0] < earlier.loss_curve_[0]


def objective(X, w, c, b, b2, r, anchor, x_max=100.0, alpha=0.75):
    """The sum of f(X) (w.c + b + b' - log X)^2 over the nonzero entries, and the anchor."""
    i, j = np.nonzero(X)
    difference = (w[i] * c[j]).sum(axis=1) + b[i] + b2[j] - np.log(X[i, j])
    return (np.minimum(1, (X[i, j] / x_max) ** alpha) * difference**2).sum() + anchor * ((w + c - r) ** 2).sum()


@pytest.mark.parametrize("anchor", [0.1, 5.0])
def test_a_general_optimiser_finds_hardly_anything_to_gain_after_training(X, given, anchor):
    n, sizes = len(X), np.cumsum([12 * D, 12 * D, 12])

    def unpack(x):
        w, c, b, b2 = np.split(x, sizes)
        return w.reshape(n, D), c.reshape(n, D), b, b2

    def loss(x):
        w, c, b, b2 = unpack(x)
        difference = w @ c.T + b[:, np.newaxis] + b2 - np.log(np.where(X > 0, X, 1))
        weighted = np.where(X > 0, np.minimum(1, (X / 10) ** 0.75), 0) * difference
        pull = anchor * (w + c - given)
        gradient = [weighted @ c + pull, weighted.T @ w + pull, weighted.sum(axis=1), weighted.sum(axis=0)]
        value = objective(X, w, c, b, b2, given, anchor, x_max=10.0)
        return value, 2 * np.concatenate([part.ravel() for part in gradient])

    model = {"x_max": 10.0, "negative_ratio": 0, "postprocess": None}
    glove = GloVe(D, init=given, anchor=anchor, **model, learning_rate=0.2, max_iter=3000, random_state=0).fit(X)
    parts = glove.word_vectors_, glove.context_vectors_, glove.word_biases_, glove.context_biases_
    start = np.concatenate([part.ravel() for part in parts]).astype(float)
    best = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 5000, "maxfun": 10000}).fun
    assert loss(start)[0] < 1.02 * best
    assert best < 0.5 * loss(np.concatenate([given.ravel() / 2, given.ravel() / 2, np.zeros(24)]))[0]


def test_a_stronger_anchor_keeps_words_nearer_and_the_strongest_keeps_them_where_they_are(X, given):
    distances = []
    for anchor in (0, 1, 100, 1e6):
        glove = GloVe(D, init=given, anchor=anchor, max_iter=20, postprocess=None, random_state=0).fit(X)
        distances.append(np.linalg.norm(glove.embedding_ - given))
    assert distances == sorted(distances, reverse=True)
    assert distances[-1] < 1e-3 < 0.5 < distances[0]


def test_without_an_anchor_nothing_is_pulled(X, given):
    one, other = (GloVe(D, init=given, random_state=0, **more).fit(X) for more in ({}, {"anchor": 0.0}))
    np.testing.assert_array_equal(one.embedding_, other.embedding_)


def test_vectors_have_the_same_bits_for_any_number_of_threads_and_memory_limit(lee, instruction_set):
    words = words_of(lee)
    expected = GloVeVectorizer(D, init=words, anchor=0.5, random_state=0).fit(lee).embedding_
    for more in ({"n_jobs": 3}, {"memory_limit": "8MB"}):
        found = GloVeVectorizer(D, init=words, anchor=0.5, random_state=0, **more).fit(lee).embedding_
        np.testing.assert_array_equal(found, expected)


def test_a_file_a_tuple_keyed_vectors_and_a_vectorizer_are_the_same(lee, tmp_path):
    pytest.importorskip("gensim")
    vectorizer = GloVeVectorizer(D, max_iter=1, random_state=0).fit(lee[:150])
    keyed_vectors = vectorizer.to_keyed_vectors()
    save_vectors(tmp_path / "vectors.txt", keyed_vectors)
    forms = [
        vectorizer, keyed_vectors, tmp_path / "vectors.txt", str(tmp_path / "vectors.txt"),
        (keyed_vectors.index_to_key, keyed_vectors.vectors), WordVectors(keyed_vectors.index_to_key, keyed_vectors.vectors),
    ]  # fmt: skip
    found = [GloVeVectorizer(D, init=form, max_iter=2, random_state=0).fit(lee).embedding_ for form in forms]
    for other in found[1:]:
        np.testing.assert_array_equal(other, found[0])


def test_rows_of_a_frame_are_named_by_its_index_or_by_its_columns(X, given):
    names = [f"word{i}" for i in range(12)]
    expected = GloVe(D, init=given, random_state=0).fit(X).embedding_
    shuffled = names[::-1], given[::-1].copy()
    for frame in (pd.DataFrame(X, index=names), pd.DataFrame(X, columns=names), pd.DataFrame(X, names, names)):
        np.testing.assert_array_equal(GloVe(D, init=shuffled, random_state=0).fit(frame).embedding_, expected)


def test_words_that_do_not_occur_keep_their_vectors_and_are_processed_like_the_others(lee):
    earlier = GloVeVectorizer(20, postprocess=None, max_iter=2, random_state=0).fit(lee)
    terms = ["aardvark", *earlier.vocabulary_, "zebra"]
    ends = np.random.RandomState(0).standard_normal((2, 20)).astype(np.float32)
    vectors = np.vstack([ends[:1], earlier.embedding_, ends[1:]])
    fitted = {
        how: GloVeVectorizer(20, init=(terms, vectors), vocabulary=terms, postprocess=how, max_iter=2, random_state=0).fit(lee)
        for how in (None, "center")
    }  # fmt: skip
    np.testing.assert_array_equal(fitted[None].embedding_[[0, -1]], ends)
    # Centring and rescaling keep all differences, but for the scale.
    differences = [np.diff(fitted[how].embedding_, axis=0) for how in (None, "center")]
    scale = np.linalg.norm(differences[1]) / np.linalg.norm(differences[0])
    np.testing.assert_allclose(differences[1], scale * differences[0], atol=1e-4)


def test_words_without_a_vector_fit_the_others(lee):
    """Of a word whose vector was taken away, the new vector is nearer to the old one than to those of other words."""
    earlier = GloVeVectorizer(20, postprocess=None, max_iter=10, random_state=0).fit(lee)
    terms = list(earlier.vocabulary_)
    hidden = slice(20, 60)
    kept = [row for row in range(len(terms)) if not 20 <= row < 60]
    init = [terms[row] for row in kept], earlier.embedding_[kept]
    vectors = GloVeVectorizer(20, init=init, random_state=0, **STILL).fit(lee).embedding_
    cosines = np.corrcoef(np.vstack([vectors[hidden], earlier.embedding_[hidden]]))[:40, 40:]
    assert (cosines.argmax(axis=1) == np.arange(40)).mean() > 0.5


def test_vectors_that_are_much_too_short_do_not_make_new_words_diverge(lee):
    terms, vectors = words_of(lee)
    vectorizer = GloVeVectorizer(D, init=(terms, vectors / 1000), random_state=0).fit(lee)
    assert np.isfinite(vectorizer.embedding_).all()


@pytest.mark.parametrize(
    ("init", "message"),
    [
        ((["a"], np.ones((1, D + 1))), f"init has vectors of {D + 1} values, but n_components={D}"),
        ((["zebra-crossing"], np.ones((1, D))), "init has vectors of 1 word "),
        ((["the"], np.full((1, D), np.nan)), "NaN or infinite values in 1 vector, first in that of 'the'"),
        (np.ones((3, D)), "init is an array with 3 rows, but X has"),
        (np.full((3, D), np.inf), "init has NaN or infinite values, first in row 0"),
        (np.ones(D), "init must be an array of numbers with a row for each row of X"),
        ("ppmi", "init must be 'svd', 'random', the path of a file of vectors, or vectors, got 'ppmi'"),
    ],
)
def test_vectors_that_do_not_fit_are_refused_in_one_sentence(lee, init, message):
    vectorizer = GloVeVectorizer(D, init=init)
    with pytest.raises(ValueError, match=message):
        vectorizer.fit(lee)
    assert not hasattr(vectorizer, "embedding_")


def test_a_missing_file_and_a_file_that_is_not_vectors_are_named(lee, tmp_path):
    with pytest.raises(FileNotFoundError, match=r"gone\.txt"):
        GloVeVectorizer(D, init=tmp_path / "gone.txt").fit(lee)
    (tmp_path / "letter.txt").write_text("Dear Sir or Madam,\n\nyours sincerely\n")
    with pytest.raises(ValueError, match=r"letter\.txt"):
        GloVeVectorizer(D, init=tmp_path / "letter.txt").fit(lee)


def test_vectors_of_words_need_rows_with_names(X):
    with pytest.raises(ValueError, match="init has vectors of words, but the rows of X have no names"):
        GloVe(D, init=(["a"], np.ones((1, D)))).fit(X)


def test_an_anchor_without_vectors_is_refused(X):
    with pytest.raises(ValueError, match=r"anchor=0\.1 keeps words near given vectors, but init='svd'"):
        GloVe(D, anchor=0.1).fit(X)


def test_a_checkpoint_resumes_with_the_anchor_and_refuses_other_vectors(X, given, tmp_path):
    def fit(init=given, **more):
        return GloVe(D, init=init, anchor=2, random_state=0, **more).fit(X)

    expected = fit(max_iter=6)
    fit(max_iter=2, checkpoint=tmp_path / "run")
    with pytest.raises(ValueError, match="belongs to a run with init="):
        fit(max_iter=6, checkpoint=tmp_path / "run", init=given + 1)
    resumed = fit(max_iter=6, checkpoint=tmp_path / "run")
    np.testing.assert_array_equal(resumed.embedding_, expected.embedding_)


def test_warm_start_resumes_with_the_anchor(X, given):
    expected = GloVe(D, init=given, anchor=2, random_state=0, max_iter=6).fit(X)
    resumed = GloVe(D, init=given, anchor=2, random_state=0, max_iter=2, warm_start=True).fit(X)
    resumed.set_params(max_iter=4).fit(X)
    np.testing.assert_array_equal(resumed.embedding_, expected.embedding_)


def test_clones_share_the_vectors_and_copies_train_to_the_same_bits(lee):
    earlier = GloVeVectorizer(D, max_iter=1, random_state=0).fit(lee)
    for init in (earlier, words_of(lee)):
        vectorizer = GloVeVectorizer(D, init=init, anchor=1, max_iter=1, random_state=0).set_output(transform="pandas")
        other = clone(vectorizer)
        assert other.init is init
        assert other._sklearn_output_config == {"transform": "pandas"}
        expected = vectorizer.fit(lee).embedding_
        np.testing.assert_array_equal(other.fit(lee).embedding_, expected)
        copied = pickle.loads(pickle.dumps(vectorizer))
        np.testing.assert_array_equal(copied.embedding_, expected)
        np.testing.assert_array_equal(copied.fit(lee).embedding_, expected)
        data = skops.io.dumps(vectorizer)
        loaded = skops.io.loads(data, trusted=skops.io.get_untrusted_types(data=data))
        np.testing.assert_array_equal(loaded.fit(lee).embedding_, expected)
