"""The parameter files of Stanford GloVe, vectors.bin and gradsq.bin, read and written."""

import pickle

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError

from glove_sklearn import CooccurrenceCounter, GloVe, GloVeVectorizer
from glove_sklearn.formats import read_cooccurrences, read_parameters, write_parameters, write_vocabulary
from tests._training.runs import DOCUMENTS
from tests.reference import STANFORD_DEMO
from tests.stanford_glove import LEARNING_RATE, VECTOR_SIZE

WARM = ("word_vectors_", "context_vectors_", "word_biases_", "context_biases_")
ACCUMULATORS = ("word_accumulators_", "context_accumulators_")


@pytest.fixture(scope="module")
def X():
    return CooccurrenceCounter(min_count=1).fit(DOCUMENTS).cooccurrence_


@pytest.fixture
def glove(X):
    return GloVe(5, max_iter=3, warm_start=True, random_state=0, learning_rate=0.1).fit(X)


def test_layout_is_words_then_contexts_each_row_a_vector_and_its_bias(tmp_path, glove):
    write_parameters(tmp_path / "vectors.bin", glove, tmp_path / "gradsq.bin")
    words, contexts = np.fromfile(tmp_path / "vectors.bin", "<f8").reshape(2, 20, 6)
    np.testing.assert_array_equal(words, np.column_stack([glove.word_vectors_, glove.word_biases_]))
    np.testing.assert_array_equal(contexts, np.column_stack([glove.context_vectors_, glove.context_biases_]))
    # Accumulators of vectors begin with 1 there, and with 1 / learning_rate**2 here; those of biases with 1.
    _, contexts = np.fromfile(tmp_path / "gradsq.bin", "<f8").reshape(2, 20, 6)
    np.testing.assert_allclose(contexts[:, :5], glove.context_accumulators_[:, :5] * 0.01, rtol=1e-6)
    np.testing.assert_array_equal(contexts[:, 5], glove.context_accumulators_[:, 5])


@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_what_is_written_is_read_back_and_resumed(tmp_path, X, glove, suffix):
    paths = tmp_path / f"vectors.bin{suffix}", tmp_path / f"gradsq.bin{suffix}"
    write_parameters(paths[0], glove, paths[1])
    read = read_parameters(*paths, n_words=20, learning_rate=0.1)
    for name in WARM:
        np.testing.assert_array_equal(getattr(read, name), getattr(glove, name), strict=True)
    for name in ACCUMULATORS:
        np.testing.assert_array_equal(getattr(read, name), getattr(glove, name), strict=True)
    assert read.get_params()["n_components"] == 5
    assert (read.n_iter_, read.n_features_in_, len(read.loss_curve_)) == (0, 20, 0)
    np.testing.assert_array_equal(read.embedding_, glove.word_vectors_ + glove.context_vectors_)
    read.set_params(**STANFORD_DEMO, random_state=0).set_params(max_iter=2).fit(X)
    glove.set_params(**STANFORD_DEMO).set_params(max_iter=2).fit(X)
    assert read.n_iter_ == 2
    np.testing.assert_array_equal(read.loss_curve_, glove.loss_curve_[3:])
    np.testing.assert_array_equal(read.embedding_, glove.embedding_)


def test_a_checkpoint_of_a_run_that_began_elsewhere_is_refused(tmp_path, X, glove):
    write_parameters(tmp_path / "vectors.bin", glove, tmp_path / "gradsq.bin")
    start = read_parameters(tmp_path / "vectors.bin", tmp_path / "gradsq.bin", n_words=20, learning_rate=0.1)
    start.set_params(checkpoint=tmp_path / "run", random_state=0, max_iter=1)
    clone(start).fit(X)
    with pytest.raises(ValueError, match="does not resume from this fitted estimator"):
        start.fit(X)
    (tmp_path / "run").unlink()
    saved = pickle.dumps(start)
    once = start.fit(X).embedding_
    np.testing.assert_array_equal(pickle.loads(saved).fit(X).embedding_, once)
    with pytest.raises(ValueError, match="does not resume from this fitted estimator"):
        clone(start).fit(X)


def test_without_accumulators_they_begin_anew(tmp_path, glove):
    write_parameters(tmp_path / "vectors.bin", glove)
    read = read_parameters(tmp_path / "vectors.bin", n_components=5, learning_rate=0.5)
    for name in ACCUMULATORS:
        np.testing.assert_array_equal(getattr(read, name), np.tile(np.float32([4, 4, 4, 4, 4, 1]), (20, 1)))


def test_size_of_the_vocabulary_is_looked_up_beside_the_file(tmp_path, glove):
    write_parameters(tmp_path / "vectors.bin", glove)
    with pytest.raises(ValueError, match=r"n_words or n_components must be given, because there is no vocab\.txt"):
        read_parameters(tmp_path / "vectors.bin")
    write_vocabulary(tmp_path / "vocab.txt", [f"w{i}" for i in range(20)], range(20, 0, -1))
    assert read_parameters(tmp_path / "vectors.bin").n_components == 5


def test_a_vectorizer_is_written_too(tmp_path):
    vectorizer = GloVeVectorizer(4, min_count=1, max_iter=1, random_state=0).fit(DOCUMENTS)
    with pytest.raises(
        ValueError, match="the fitted GloVeVectorizer has no word_vectors_; fit it with warm_start=True"
    ):
        write_parameters(tmp_path / "vectors.bin", vectorizer)
    vectorizer.set_params(warm_start=True)
    vectorizer = GloVeVectorizer(**vectorizer.get_params()).fit(DOCUMENTS)
    write_parameters(tmp_path / "vectors.bin", vectorizer, tmp_path / "gradsq.bin")
    read = read_parameters(tmp_path / "vectors.bin", tmp_path / "gradsq.bin", n_words=20)
    np.testing.assert_array_equal(read.embedding_, vectorizer.word_vectors_ + vectorizer.context_vectors_)


def test_sizes_and_numbers_that_do_not_fit_are_errors(tmp_path, X, glove):
    path, gradsq = tmp_path / "vectors.bin", tmp_path / "gradsq.bin"
    write_parameters(path, glove, gradsq)
    numbers = np.fromfile(path)
    for n_words, n_components in ((21, None), (None, 6), (20, 6), (240, None)):
        with pytest.raises(ValueError, match=r"has 240 numbers, and 2 \* n_words \* \(n_components \+ 1\) are needed"):
            read_parameters(path, n_words=n_words, n_components=n_components)
    for wrong in ({"n_words": 0}, {"n_words": -20}, {"n_components": -1}, {"n_words": "3"}, {"n_words": 2.0}):
        with pytest.raises(ValueError, match=r"must be None or an integer that is at least 1, got"):
            read_parameters(path, **wrong)
    path.write_bytes(path.read_bytes()[:-3])
    with pytest.raises(ValueError, match="1917 bytes are not a whole number of float64"):
        read_parameters(path, n_words=20)
    numbers[[7, 130]] = np.nan, np.inf
    numbers.tofile(path)
    with pytest.raises(ValueError, match=r"vectors\.bin: a number in row 2 is not finite"):
        read_parameters(path, n_words=20)
    np.zeros(240).tofile(path)
    with pytest.raises(ValueError, match=r"vectors\.bin: accumulators must be positive; is it a gradsq\.bin"):
        read_parameters(path, path, n_words=20)
    np.zeros(120).tofile(path)
    with pytest.raises(ValueError, match=r"gradsq\.bin has 240 numbers, and .*vectors\.bin has 120"):
        read_parameters(path, gradsq, n_words=20)
    path.write_bytes(b"")
    with pytest.raises(ValueError, match="0 bytes are not a whole number of float64"):
        read_parameters(path, n_words=20)


def test_what_cannot_be_written_is_refused(tmp_path, X):
    with pytest.raises(NotFittedError):
        write_parameters(tmp_path / "vectors.bin", GloVe())
    cold = GloVe(3, max_iter=1).fit(X)
    write_parameters(tmp_path / "vectors.bin", cold)
    with pytest.raises(ValueError, match="the fitted GloVe has no word_accumulators_; fit it with warm_start=True"):
        write_parameters(tmp_path / "vectors.bin", cold, tmp_path / "gradsq.bin")
    with pytest.raises(ValueError, match="this model has 20 words and 4 contexts"):
        write_parameters(tmp_path / "vectors.bin", GloVe(3, max_iter=1).fit(X[:, :4]))


def objective(glove, X):
    entries = X.tocoo()
    predicted = np.einsum("ij,ij->i", glove.word_vectors_[entries.row], glove.context_vectors_[entries.col])
    predicted += glove.word_biases_[entries.row] + glove.context_biases_[entries.col]
    return np.mean(np.minimum(1, (entries.data / 10) ** 0.75) * (predicted - np.log(entries.data)) ** 2)


def test_training_resumes_where_stanford_glove_stopped(stanford_glove):
    paths = [stanford_glove.path(name) for name in ("vectors.005.bin", "gradsq.005.bin", "cooccurrence.bin")]
    glove = read_parameters(*paths[:2], n_components=VECTOR_SIZE).set_params(**STANFORD_DEMO)
    expected = stanford_glove.parameters("vectors.005.bin")
    np.testing.assert_array_equal(glove.word_vectors_, expected[0, :, :VECTOR_SIZE].astype(np.float32))
    np.testing.assert_array_equal(glove.context_biases_, expected[1, :, VECTOR_SIZE].astype(np.float32))
    sums = stanford_glove.parameters("gradsq.005.bin")[0, :, :VECTOR_SIZE]
    np.testing.assert_allclose(glove.word_accumulators_[:, :VECTOR_SIZE], sums / LEARNING_RATE**2, rtol=1e-6)
    X = read_cooccurrences(paths[2])
    before = objective(glove, X)
    glove.set_params(max_iter=1, random_state=0).fit(X)
    after = objective(glove, X)
    assert 0.88 * before < after < 0.94 * before
    # As good as a model trained here for six epochs, whose records are shuffled. With new accumulators, steps are longer.
    cold = GloVe(VECTOR_SIZE, random_state=0).set_params(**STANFORD_DEMO).set_params(max_iter=6).fit(X)
    assert after == pytest.approx(objective(cold, X), rel=0.01)
    fresh = read_parameters(paths[0], n_components=VECTOR_SIZE).set_params(**STANFORD_DEMO)
    fresh.set_params(max_iter=1, random_state=0).fit(X)
    assert np.abs(fresh.word_biases_ - glove.word_biases_).max() > 0.1


def test_written_files_are_those_of_stanford_glove(tmp_path, stanford_glove):
    paths = [stanford_glove.path(name) for name in ("vectors.005.bin", "gradsq.005.bin")]
    glove = read_parameters(*paths, n_components=VECTOR_SIZE)
    written = [tmp_path / "vectors.bin", tmp_path / "gradsq.bin"]
    write_parameters(written[0], glove, written[1])
    for path, original in zip(written, paths, strict=True):
        np.testing.assert_allclose(np.fromfile(path), np.fromfile(original), rtol=2e-7)
