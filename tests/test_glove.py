"""GloVe: X -> word vectors."""

import pickle

import numpy as np
import pytest
from scipy import sparse
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils.estimator_checks import parametrize_with_checks

from glove_sklearn import CooccurrenceCounter, GloVe
from glove_sklearn._embedding.postprocessing import postprocess
from glove_sklearn._system.threads import ThreadTeam
from glove_sklearn._training import _adagrad
from glove_sklearn._training.blocks import NegativeSampling, build_blocks, choose_n_partitions
from tests.reference import STANFORD_DEMO
from tests.test_counter import SENTENCE

FITTED = ("word_vectors_", "context_vectors_", "word_biases_", "context_biases_", "embedding_", "loss_curve_")


@pytest.fixture(scope="module")
def X(lee):
    return CooccurrenceCounter().fit(lee).cooccurrence_


def assert_same_bits(one, other):
    for name in FITTED:
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), strict=True)
    assert one.n_iter_ == other.n_iter_


@parametrize_with_checks([GloVe(n_components=3, max_iter=2)])
def test_estimator_checks(estimator, check):
    check(estimator)


@pytest.mark.parametrize("n_jobs", [2, 4, -1])
def test_vectors_do_not_depend_on_the_number_of_threads(X, n_jobs, seed):
    one = GloVe(20, max_iter=3, random_state=seed, n_jobs=1).fit(X)
    assert_same_bits(one, GloVe(20, max_iter=3, random_state=seed, n_jobs=n_jobs).fit(X))


def test_the_test_of_threads_trains_many_blocks(X):
    assert choose_n_partitions(X.shape, X.nnz, 256) >= 4


def test_same_seed_same_bits_other_seed_other_vectors(X):
    fits = [GloVe(20, max_iter=2, random_state=seed).fit(X) for seed in (0, 0, 1)]
    assert_same_bits(fits[0], fits[1])
    assert not np.array_equal(fits[0].embedding_, fits[2].embedding_)


@pytest.mark.parametrize(("x_max", "learning_rate"), [(1, 0.05), (10, 0.5)])
def test_sentence_of_the_paper_summary_is_explained(x_max, learning_rate, seed):
    X = CooccurrenceCounter(min_count=1, window_size=5).fit([SENTENCE]).cooccurrence_
    model = GloVe(20, x_max=x_max, learning_rate=learning_rate, max_iter=100, random_state=seed).fit(X)
    entries = X.tocoo()
    predicted = (
        np.einsum("ij,ij->i", model.word_vectors_[entries.row], model.context_vectors_[entries.col])
        + model.word_biases_[entries.row]
        + model.context_biases_[entries.col]
    )
    log_x, f = np.log(entries.data), np.minimum(1, (entries.data / x_max) ** 0.75)
    residual = np.sum(f * (predicted - log_x) ** 2)
    total = np.sum(f * (log_x - np.average(log_x, weights=f)) ** 2)
    assert 1 - residual / total > 0.99


def test_loss_falls_and_is_the_mean_weighted_squared_error(X):
    model = GloVe(20, max_iter=6, random_state=0).fit(X)
    assert model.loss_curve_.shape == (6,)
    assert model.loss_curve_.dtype == np.float64
    assert (np.diff(model.loss_curve_) < 0).all()
    # Almost no learning: the loss of the epoch is that of the initial vectors, when w.c is next to nothing.
    slow = GloVe(20, **{**STANFORD_DEMO, "max_iter": 1}, learning_rate=1e-9, random_state=0)
    still = slow.fit(sparse.csr_array(([9.0], ([0], [1])), shape=(2, 2)))
    expected = (9 / 10) ** 0.75 * np.log(9) ** 2
    assert still.loss_curve_[0] == pytest.approx(expected, rel=0.05)


def test_more_words_than_a_group_can_number():
    n = 3 * (1 << 16) + 5
    X = sparse.csr_array((np.full(n, 5.0), (np.arange(n), np.arange(n)[::-1])), shape=(n, n))
    model = GloVe(1, **{**STANFORD_DEMO, "max_iter": 1}, random_state=0, n_jobs=2).fit(X)
    # Every word has one entry. Its visit takes the bias from (-0.5, 0.5) to above 0.3, and there is no second.
    assert model.word_biases_.min() > 0.3
    assert model.word_biases_.max() < 1.7


def test_all_forms_of_X_give_the_same_vectors(X):
    X = X[:300, :300]
    expected = GloVe(5, max_iter=2, random_state=0).fit(X)
    with_zeros = sparse.csr_array((np.append(X.data, 0), np.append(X.indices, 0), np.append(X.indptr[:-1], X.nnz + 1)))
    doubled = sparse.coo_array(
        (np.tile(X.tocoo().data / 2, 2), (np.tile(X.tocoo().row, 2), np.tile(X.tocoo().col, 2))), shape=X.shape
    )
    long = X.copy()
    long.indices, long.indptr = long.indices.astype(np.int64), long.indptr.astype(np.int64)
    assert with_zeros.shape == X.shape
    for form in (
        X.toarray(),
        X.toarray().astype(np.float64),
        X.tocsc(),
        X.tocoo(),
        sparse.csr_matrix(X),
        X.toarray().tolist(),
        with_zeros,
        doubled,
        long,
    ):
        assert_same_bits(GloVe(5, max_iter=2, random_state=0).fit(form), expected)


def test_X_is_not_changed_and_may_be_read_only(X):
    X = X.copy()
    before = X.copy()
    for array in (X.data, X.indices, X.indptr):
        array.flags.writeable = False
    GloVe(5, max_iter=1).fit(X)
    np.testing.assert_array_equal(X.data, before.data)
    np.testing.assert_array_equal(X.indices, before.indices)


@pytest.mark.parametrize("learning_rate", [1e3, 1e10, 3e19])
def test_a_snapshot_is_finite(learning_rate):
    X = np.full((30, 30), 3e38, dtype=np.float32)
    taken = []
    glove = GloVe(4, learning_rate=learning_rate, callback=lambda n_iter, loss, snapshot: taken.append(snapshot()))
    with pytest.raises(FloatingPointError, match="learning_rate"):
        glove.fit(X)
    assert all(np.isfinite(model.embedding_).all() for model in taken)


def test_combine(X):
    fits = {
        combine: GloVe(5, max_iter=1, random_state=0, combine=combine, postprocess=None).fit(X)
        for combine in ("sum", "word", "context", "concat")
    }
    w, c = fits["sum"].word_vectors_, fits["sum"].context_vectors_
    np.testing.assert_array_equal(fits["sum"].embedding_, w + c)
    np.testing.assert_array_equal(fits["word"].embedding_, w)
    np.testing.assert_array_equal(fits["context"].embedding_, c)
    np.testing.assert_array_equal(fits["concat"].embedding_, np.hstack([w, c]))
    assert all(fit.embedding_.dtype == np.float32 for fit in fits.values())
    assert fits["concat"].get_feature_names_out().tolist() == [f"glove{i}" for i in range(10)]


def test_a_rectangular_X_has_word_vectors_only(X):
    X = X[:200]
    model = GloVe(5, max_iter=1, random_state=0, postprocess=None).fit(X)
    np.testing.assert_array_equal(model.embedding_, model.word_vectors_)
    assert model.embedding_.shape == (200, 5)
    assert model.context_vectors_.shape == (X.shape[1], 5)
    for combine in ("context", "concat"):
        with pytest.raises(ValueError, match="needs a square X"):
            GloVe(5, combine=combine).fit(X)


def test_tol_stops_early_or_warns(X):
    model = GloVe(20, max_iter=200, tol=0.01, random_state=0).fit(X)
    assert model.n_iter_ < 200
    assert len(model.loss_curve_) == model.n_iter_
    falls = -np.diff(model.loss_curve_) / model.loss_curve_[:-1]
    assert falls[-1] < 0.01
    assert (falls[:-1] >= 0.01).all()
    with pytest.warns(ConvergenceWarning, match="raise max_iter"):
        GloVe(20, max_iter=2, tol=1e-6, random_state=0).fit(X)


@pytest.mark.parametrize(
    ("entry", "message"),
    [(-1.0, "Negative values"), (np.nan, "NaN"), (np.inf, "infinity"), (1e300, "infinity|too large")],
)
@pytest.mark.filterwarnings("ignore:overflow encountered in cast:RuntimeWarning")
def test_entries_that_are_no_counts_are_refused(entry, message):
    X = np.array([[0, 2.0], [entry, 0]])
    for form in (X, sparse.csr_array(X)):
        with pytest.raises(ValueError, match=message):
            GloVe().fit(form)


def test_infinite_sums_of_duplicates_are_refused():
    X = sparse.csr_array((np.array([3e38, 3e38, 1], "f"), np.array([0, 0, 1]), np.array([0, 2, 3])), shape=(2, 2))
    with pytest.raises(ValueError, match="infinity"):
        GloVe().fit(X)


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int64, np.int8])
def test_indices_that_point_nowhere_are_refused(dtype):
    X = sparse.csr_array(np.eye(6, dtype=dtype))
    X.indptr[5] = 10**6
    with pytest.raises(ValueError, match="X must be a valid sparse matrix, but its CSR arrays are malformed"):
        GloVe(2).fit(X)


def test_indices_of_any_type_are_taken(X):
    X = X[:300, :300]
    expected = GloVe(5, max_iter=1, random_state=0).fit(X)
    for indptr, indices in ((np.int64, np.int32), (np.int32, np.int64)):
        other = X.copy()
        other.indptr, other.indices = X.indptr.astype(indptr), X.indices.astype(indices)
        assert_same_bits(GloVe(5, max_iter=1, random_state=0).fit(other), expected)
    strided = X.copy()
    strided.data, strided.indices = np.repeat(X.data, 2)[::2], np.repeat(X.indices, 2)[::2]
    assert_same_bits(GloVe(5, max_iter=1, random_state=0).fit(strided), expected)


def test_numbers_of_numpy_are_numbers():
    X = np.full((3, 3), 5.0)
    expected = GloVe(4, max_iter=127, learning_rate=1, x_max=3, random_state=0).fit(X)
    numpys = {"max_iter": np.int8(127), "learning_rate": np.int64(1), "x_max": np.uint8(3)}
    assert_same_bits(GloVe(np.uint64(4), **numpys, random_state=0).fit(X), expected)


def test_nothing_but_zeros_is_refused():
    with pytest.raises(ValueError, match="no entry that is greater than 0"):
        GloVe().fit(np.zeros((3, 3)))
    with pytest.raises(ValueError, match="no entry that is greater than 0"):
        GloVe().fit(sparse.csr_array(([0.0], ([0], [1])), shape=(2, 2)))


@pytest.mark.parametrize("learning_rate", [1e3, 1e10, 1e29])
def test_a_learning_rate_that_is_too_high_is_named(X, learning_rate):
    model = GloVe(20, learning_rate=learning_rate, random_state=0)
    with pytest.raises(FloatingPointError, match=r"epoch \d+: learning_rate=1"):
        model.fit(X)
    assert not hasattr(model, "embedding_")


def test_too_many_components_are_refused_before_anything_is_allocated(X):
    with pytest.raises(
        MemoryError,
        match=r"3630 vectors of n_components=1000000000 need \d+\.\d+ GB, which is more than \d+\.\d+ GB available",
    ):
        GloVe(10**9).fit(X)


@pytest.mark.parametrize(
    ("parameters", "size"),
    [
        # Of 4 vectors: parameters with accumulators are 32 GB, and initial vectors 16 more; the decomposition, of 2 directions,
        # takes next to nothing. In the end there are parameters, vectors (16) and an embedding (8), which is there twice while
        # it is post-processed.
        ({"init": "random", "postprocess": None}, "56.00 GB"),
        ({"init": "svd", "postprocess": None}, "56.00 GB"),
        ({"init": "random"}, "64.00 GB"),
        ({"init": "random", "postprocess": None, "combine": "concat"}, "64.00 GB"),
        ({"combine": "concat"}, "80.00 GB"),
        ({"init": "random", "postprocess": None, "warm_start": True}, "72.00 GB"),
    ],
    ids=str,
)
def test_memory_that_is_needed_is_that_of_the_parameters(parameters, size):
    with pytest.raises(MemoryError, match=f" need {size}"):
        GloVe(10**9, negative_ratio=0, **parameters).fit(np.ones((2, 2)))


@pytest.mark.parametrize("documents", [["a b c", "b c"], [["a", "b"], ["b", "c"]], np.array(["a b"])])
def test_documents_are_refused_with_what_takes_them(documents):
    with pytest.raises(ValueError, match=r"matrix of numbers.*GloVeVectorizer learns from documents"):
        GloVe(2).fit(documents)


@pytest.mark.parametrize(
    ("negative_ratio", "n_records"), [(0, "50"), (0.5, r"95 entries of X \(negative pairs included\)"), (9, "400")]
)
def test_memory_that_is_needed_includes_the_zeros(monkeypatch, negative_ratio, n_records):
    monkeypatch.setattr("glove_sklearn._training.memory_plan._disk_has", lambda n_bytes, storage: False)
    X = sparse.csr_array((np.ones(50), (np.arange(50) % 20, np.arange(50) // 20)), shape=(20, 20))
    with pytest.raises(MemoryError, match=f" and {n_records}"):
        GloVe(10**9, negative_ratio=negative_ratio).fit(X)


@pytest.mark.parametrize(
    "parameters",
    [
        {"n_components": 0},
        {"n_components": 2.5},
        {"x_max": 0},
        {"x_max": np.nan},
        {"alpha": -1},
        {"learning_rate": -0.1},
        {"learning_rate": 1e-40},
        {"max_iter": 0},
        {"tol": -1},
        {"combine": "mean"},
        {"n_jobs": "all"},
        {"random_state": "seed"},
        {"x_max": "large"},
        {"negative_ratio": -0.1},
        {"negative_ratio": 101},
        {"negative_ratio": np.inf},
        {"negative_ratio": "some"},
        {"init": "ppmi"},
        {"postprocess": "top"},
    ],
    ids=str,
)
def test_bad_parameters_are_refused(parameters):
    (name,) = parameters
    with pytest.raises(ValueError, match=name):
        GloVe(**parameters).fit(np.ones((2, 2)))


def test_pickle(X):
    model = GloVe(5, max_iter=1, random_state=0).fit(X)
    assert_same_bits(pickle.loads(pickle.dumps(model)), model)


def test_the_global_random_state_is_left_alone(X):
    np.random.seed(0)  # noqa: NPY002
    expected = np.random.RandomState(0).random_sample()
    GloVe(5, max_iter=1, random_state=1).fit(X)
    assert np.random.random_sample() == expected  # noqa: NPY002


def test_silent_by_default_and_shows_the_loss_when_asked(X, capfd):
    GloVe(5, max_iter=2, random_state=0).fit(X)
    assert capfd.readouterr() == ("", "")
    model = GloVe(5, max_iter=2, random_state=0, verbose=1).fit(X)
    shown = capfd.readouterr().err
    assert "training: 100%" in shown
    assert f"iteration=2, loss={model.loss_curve_[1]:.5f}" in shown


# Defaults


def test_x_max_of_the_entries_is_that_which_is_given(X):
    chosen = GloVe(5, random_state=0).fit(X)
    # One in a hundred is larger.
    assert np.mean(X.data > chosen.x_max_ * (1 + 1 / 128)) == pytest.approx(0.01, abs=0.002)
    assert_same_bits(GloVe(5, x_max=chosen.x_max_, random_state=0).fit(X), chosen)
    # It is relative to the entries: twice the counts, twice x_max.
    assert GloVe(5, random_state=0).fit(2 * X).x_max_ == 2 * chosen.x_max_
    given = GloVe(5, x_max=7, random_state=0).fit(X)
    assert given.x_max_ == 7.0
    assert isinstance(given.x_max_, float)
    assert isinstance(chosen.x_max_, float)


def test_zeros_are_half_of_what_is_rare(X, monkeypatch):
    seen = []

    def arranged(*args, negatives, **options):
        seen.append(negatives)
        return build_blocks(*args, negatives=negatives, **options)

    monkeypatch.setattr("glove_sklearn._training.trainer.build_blocks", arranged)
    GloVe(5, max_iter=1).fit(X)
    GloVe(5, max_iter=1, negative_ratio=2, x_max=5).fit(X)
    rare = np.quantile(X.data, 0.01)
    assert seen == [NegativeSampling(share, pytest.approx(rare / 2, rel=1 / 128)) for share in (0.5, 2)]


@pytest.mark.parametrize("negative_ratio", [0, 1])
def test_loss_is_the_mean_over_all_that_is_trained_on(X, monkeypatch, negative_ratio):
    losses, n_records = [], []

    def trained(records, *args):
        losses.append(train_block(records, *args))
        n_records.append(len(records))
        return losses[-1]

    train_block = _adagrad.train_block
    monkeypatch.setattr("glove_sklearn._training._adagrad.train_block", trained)
    model = GloVe(5, max_iter=1, negative_ratio=negative_ratio, random_state=0).fit(X)
    assert (sum(n_records) > 1.1 * X.nnz) if negative_ratio else (sum(n_records) == X.nnz)
    assert model.loss_curve_[0] == pytest.approx(sum(losses) / sum(n_records), rel=1e-12)


def test_post_processing_is_all_that_happens_to_the_vectors_after_training(X):
    plain = GloVe(5, negative_ratio=0, random_state=0, postprocess=None).fit(X)
    np.testing.assert_array_equal(plain.embedding_, plain.word_vectors_ + plain.context_vectors_)
    for how in ("flatten", "level", "center", "all-but-the-top"):
        model = GloVe(5, negative_ratio=0, random_state=0, postprocess=how).fit(X)
        np.testing.assert_array_equal(model.word_vectors_, plain.word_vectors_)
        weights = np.asarray(X.sum(axis=1, dtype=np.float64))
        with ThreadTeam(1) as team:
            expected = postprocess(plain.embedding_, weights, how, team)
        np.testing.assert_allclose(model.embedding_, expected, rtol=1e-3, atol=1e-4)
        assert not np.allclose(model.embedding_, plain.embedding_)


@pytest.mark.parametrize("combine", ["sum", "word", "context", "concat"])
def test_embedding_of_any_combination_is_centred_and_of_one_scale(X, combine):
    X = sparse.csr_array(sparse.triu(X))  # words have other sums than contexts
    model = GloVe(6, negative_ratio=0, combine=combine, random_state=0).fit(X)
    shares = X.sum(axis=0 if combine == "context" else 1, dtype=np.float64) / X.sum(dtype=np.float64)
    np.testing.assert_allclose(shares @ model.embedding_, 0, atol=1e-5)
    assert np.mean(shares @ model.embedding_.astype(np.float64) ** 2) == pytest.approx(1 / 4, rel=1e-4)


@pytest.mark.parametrize(
    "parameters", [{"init": "random"}, {"negative_ratio": 0}, {"postprocess": None}, {"x_max": 3.0}], ids=str
)
def test_each_default_makes_a_difference(X, parameters):
    assert not np.array_equal(
        GloVe(5, random_state=0).fit(X).embedding_, GloVe(5, random_state=0, **parameters).fit(X).embedding_
    )


def test_the_initialisation_saves_epochs(X):
    """By the loss that both minimise: the first epoch is farther than the second after random initialisation, and stays ahead."""
    one, other = (GloVe(20, init=init, max_iter=6, random_state=0).fit(X).loss_curve_ for init in ("svd", "random"))
    assert one[0] < other[1]
    assert (one < other).all()


def test_pairs_that_never_occur_are_kept_apart(X):
    """What is predicted for them is lower when some of them were trained on."""
    random_state = np.random.RandomState(1)
    rows, columns = random_state.randint(X.shape[0], size=(2, 20_000))
    never = X[rows, columns] == 0
    means = []
    for negative_ratio in (0, 1):
        model = GloVe(10, negative_ratio=negative_ratio, max_iter=10, random_state=0).fit(X)
        predicted = np.einsum("ij,ij->i", model.word_vectors_[rows], model.context_vectors_[columns])
        predicted += model.word_biases_[rows] + model.context_biases_[columns]
        means.append(predicted[never].mean())
    assert means[1] < means[0]


@pytest.mark.parametrize("negative_ratio", [0.25, 2])
def test_entries_stored_as_zero_are_nothing(X, negative_ratio):
    X = X[:300, :300]
    random_state = np.random.RandomState(0)
    rows, columns = random_state.randint(300, size=(2, 3000))
    new = sparse.csr_array((np.ones(3000, "f"), (rows, columns)), shape=X.shape)
    with_zeros = sparse.csr_array(X + new)  # where there are entries now, some are to be 0
    pairs = with_zeros.tocoo()
    with_zeros.data[:] = X[pairs.row, pairs.col]
    assert with_zeros.nnz > X.nnz
    before = with_zeros.copy()
    expected = GloVe(5, negative_ratio=negative_ratio, random_state=0).fit(X)
    assert_same_bits(GloVe(5, negative_ratio=negative_ratio, random_state=0).fit(with_zeros), expected)
    np.testing.assert_array_equal(with_zeros.data, before.data)


def test_minus_zero_is_zero():
    X = sparse.csr_array(np.full((3, 3), 2, dtype=np.float32))
    X.data[1] = -0.0
    expected = GloVe(2, random_state=0).fit(X.toarray())
    assert_same_bits(GloVe(2, random_state=0).fit(X), expected)


@pytest.mark.parametrize(
    "X",
    [
        [[1.0]],
        [[0.0, 1], [1, 0]],
        [[1.0, 1], [1, 1]],
        [[1.0, 2, 3]],
        [[1.0], [2], [3]],
        [[1.0, 0, 0], [0, 0, 0], [0, 0, 5]],
        [[1e-45, 1], [1, 3e38]],
        [[3e38, 3e38], [3e38, 3e38]],
    ],
    ids=str,
)
@pytest.mark.parametrize("n_components", [1, 2, 40])
def test_the_smallest_matrices_have_finite_vectors(X, n_components):
    for how in ("all-but-the-top", "center", None):
        model = GloVe(n_components, postprocess=how, random_state=0).fit(np.array(X))
        for name in FITTED:
            assert np.isfinite(getattr(model, name)).all()
        assert model.embedding_.shape == (len(X), n_components)


def test_rows_without_entries_have_finite_vectors(X):
    empty = sparse.lil_array(X[:100, :100])
    empty[[3, 50]] = 0
    model = GloVe(5, random_state=0).fit(sparse.csr_array(empty))
    assert np.isfinite(model.embedding_).all()
    assert np.isfinite(model.word_biases_).all()
