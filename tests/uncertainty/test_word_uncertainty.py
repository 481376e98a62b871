"""Variances of the embedding against NumPy, and of what is computed from it against numerical derivatives and draws."""

import json
import pickle
import zipfile

import numpy as np
import pytest
from scipy import sparse
from scipy.stats import norm
from sklearn.exceptions import NotFittedError

from glove_sklearn import CooccurrenceCounter, GloVe, GloVeVectorizer
from glove_sklearn._counting.counting import count_cooccurrences
from glove_sklearn._system.storage import Storage
from glove_sklearn.uncertainty import WordUncertainty
from glove_sklearn.uncertainty.statistics import weat as weat_statistic


@pytest.fixture(scope="module")
def counted(lee):
    return CooccurrenceCounter().fit(lee)


def covariance_of_w(glove, X, row, bias_is_known):
    """The formula of the paper, in NumPy."""
    entries = X[[row]].tocoo()
    x, columns = entries.data.astype(float), entries.col
    f = np.minimum(1, (x / glove.x_max_) ** glove.alpha)
    z = glove.context_vectors_[columns].astype(float)
    residuals = np.log(x) - z @ glove.word_vectors_[row] - glove.word_biases_[row] - glove.context_biases_[columns]
    if not bias_is_known:
        z = np.column_stack([z, np.ones(len(z))])
    variance = (f * residuals**2).sum() / (len(x) - z.shape[1])
    d = glove.word_vectors_.shape[1]
    return variance * np.linalg.inv(z.T @ (f[:, np.newaxis] * z))[:d, :d]


def scaled_by_frequency(X, sample):
    """X as training sees it with the parameter `sample`."""
    rows, columns = (np.asarray(X.sum(axis=axis, dtype=float)) for axis in (1, 0))
    p, q = (np.sqrt(np.minimum(1, sample * sums.sum() / np.maximum(sums, 1e-30))) for sums in (rows, columns))
    return sparse.csr_array(X.multiply(p[:, np.newaxis]).multiply(q))


@pytest.mark.parametrize("word_bias", ["estimated", "known"])
@pytest.mark.parametrize("how", ["sum", "word"])
def test_covariance_is_that_of_weighted_least_squares(counted, word_bias, how):
    X = counted.cooccurrence_
    glove = GloVe(12, random_state=0, combine=how, postprocess=None).fit(X)
    uncertainty = WordUncertainty.from_cooccurrences(glove, X, counted.vocabulary_, word_bias=word_bias)
    for row in range(0, X.shape[0], 101):
        expected = covariance_of_w(glove, X, row, word_bias == "known")
        found = uncertainty.covariance(uncertainty.terms[row])
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-6 * np.abs(expected).max())


@pytest.mark.parametrize("postprocess", [None, "center", "level", "all-but-the-top"])
@pytest.mark.parametrize("combination", ["sum", "word", "concat"])
def test_variances_pass_through_combination_and_postprocessing(counted, postprocess, combination):
    X = counted.cooccurrence_
    glove = GloVe(6, random_state=0, combine=combination, postprocess=postprocess).fit(X)
    uncertainty = WordUncertainty.from_cooccurrences(glove, X, counted.vocabulary_)
    # The map, from the vectors before and after: it is affine, so that differences of vectors are mapped linearly.
    before = {
        "sum": glove.word_vectors_ + glove.context_vectors_,
        "word": glove.word_vectors_,
        "concat": np.hstack([glove.word_vectors_, glove.context_vectors_]),
    }[combination].astype(float)
    design = np.column_stack([before, np.ones(len(before))])
    map_of_w = np.linalg.lstsq(design, glove.embedding_.astype(float), rcond=None)[0][:6]
    for row in (0, 500):
        expected = map_of_w.T @ covariance_of_w(glove, X, row, False) @ map_of_w
        np.testing.assert_allclose(
            uncertainty.covariance(uncertainty.terms[row]), expected, rtol=0, atol=1e-5 * np.abs(expected).max()
        )


def test_frequent_words_count_for_less_as_in_training(counted):
    X = counted.cooccurrence_
    glove = GloVe(6, random_state=0, combine="word", postprocess=None, sample=0.001).fit(X)
    scaled = scaled_by_frequency(X, 0.001)
    uncertainty = WordUncertainty.from_cooccurrences(glove, X)
    for row in (0, 500):
        expected = covariance_of_w(glove, scaled, row, False)
        np.testing.assert_allclose(
            uncertainty.covariance(str(row)), expected, rtol=0, atol=1e-5 * np.abs(expected).max()
        )


@pytest.mark.parametrize("how", ["sum", "word"])
@pytest.mark.parametrize("sample", [None, 1e-3])
def test_near_neighbours_are_regressors_of_their_own(lee, how, sample, tmp_path):
    vectorizer = GloVeVectorizer(
        12, near_size=2, sample=sample, combine=how, postprocess=None, warm_start=True, random_state=0
    ).fit(lee)
    parameters = {**CooccurrenceCounter().get_params(), "near_size": 2}
    with Storage() as storage:
        X = count_cooccurrences(lee, parameters, storage, 1, 0).rows.to_csr()
    assert X.shape == (len(vectorizer.vocabulary_), len(vectorizer.context_vectors_))
    assert X.shape[1] == 3 * X.shape[0]
    X = X if sample is None else scaled_by_frequency(X, sample)
    uncertainty = WordUncertainty.from_estimator(vectorizer, lee)
    uncertainty.save(tmp_path / "run.npz")
    loaded = WordUncertainty.load(tmp_path / "run.npz")
    np.testing.assert_array_equal(uncertainty.vectors, vectorizer.word_vectors_)
    for row in range(0, X.shape[0], 101):
        expected = covariance_of_w(vectorizer, X, row, False)
        word = uncertainty.terms[row]
        found = uncertainty.covariance(word)
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-5 * np.abs(expected).max())
        np.testing.assert_array_equal(loaded.covariance(word), found)
        assert uncertainty.n_entries(word) == X.indptr[row + 1] - X.indptr[row]


def test_least_squares_center_solves_the_normal_equations(counted):
    X = counted.cooccurrence_
    glove = GloVe(6, random_state=0, combine="word", postprocess=None).fit(X)
    uncertainty = WordUncertainty.from_cooccurrences(glove, X, center="least_squares")
    for row in (0, 500):
        entries = X[[row]].tocoo()
        root = np.sqrt(np.minimum(1, (entries.data.astype(float) / glove.x_max_) ** glove.alpha))
        z = np.column_stack([glove.context_vectors_[entries.col], np.ones(entries.nnz)])
        target = np.log(entries.data.astype(float)) - glove.context_biases_[entries.col]
        (solution, (loss,), *_) = np.linalg.lstsq(root[:, np.newaxis] * z, root * target, rcond=None)
        np.testing.assert_allclose(uncertainty.vectors[row], solution[:6], rtol=1e-4, atol=1e-5)
        trace = loss / (entries.nnz - 7) * np.linalg.inv((root[:, np.newaxis] * z).T @ (root[:, np.newaxis] * z))
        np.testing.assert_allclose(np.diag(uncertainty.covariance(str(row))), np.diag(trace)[:6], rtol=1e-4)


def test_distance_to_least_squares_is_that_of_the_vectors(counted):
    X = counted.cooccurrence_
    glove = GloVe(6, random_state=0, combine="word", postprocess=None).fit(X)
    fitted, solved = (
        WordUncertainty.from_cooccurrences(glove, X, word_bias="known", center=center)
        for center in ("fitted", "least_squares")
    )
    for row in (0, 500):
        step = solved.vectors[row] - fitted.vectors[row]
        expected = np.sqrt(step @ np.linalg.solve(fitted.covariance(str(row)), step) / 6)
        assert fitted.distance_to_least_squares(str(row)) == pytest.approx(expected, rel=1e-3)


def test_pass_over_all_words_agrees_with_each_word(uncertainty, words):
    directions = np.random.default_rng(0).normal(size=(2, uncertainty.vectors.shape[1]))
    variances = uncertainty.variances(directions)
    assert np.isfinite(variances.residual).all()
    for word in words:
        row, covariance = uncertainty.terms.index(word), uncertainty.covariance(word)
        assert variances.total[row] == pytest.approx(np.trace(covariance))
        expected = np.einsum("mi,ij,mj->m", directions, covariance, directions)
        assert variances.directions[row] == pytest.approx(expected)
        assert variances.n_entries[row] == uncertainty.n_entries(word)


@pytest.mark.parametrize("options", [{"n_jobs": 2}, {"memory_limit": "30MB"}])
def test_results_do_not_depend_on_threads_and_memory(fitted, lee, uncertainty, options):
    other = WordUncertainty.from_estimator(fitted, lee, **options)
    for found, expected in zip(other.variances(), uncertainty.variances(), strict=True):
        np.testing.assert_array_equal(found, expected)


def gradient(function, vectors, step=1e-6):
    """Central differences."""
    result = np.zeros_like(vectors)
    for index in np.ndindex(vectors.shape):
        change = np.zeros_like(vectors)
        change[index] = step
        result[index] = (function(vectors + change) - function(vectors - change)) / (2 * step)
    return result


def cosine(a, b):
    return a @ b / np.linalg.norm(a) / np.linalg.norm(b)


def units(vectors):
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def difference(v):
    return cosine(v[0], v[1]) - cosine(v[0], v[2])


def axis_projection(v):
    """The first of the words on the axis from the last two to the two before them."""
    axis = units(v[1:3]).mean(axis=0) - units(v[3:5]).mean(axis=0)
    return cosine(v[0], axis)


def effect_size(v):
    """WEAT of two words, two words, and two sets of two attributes."""
    cosines = units(v[:4]) @ units(v[4:]).T
    s = cosines[:, :2].mean(axis=1) - cosines[:, 2:].mean(axis=1)
    return (s[:2].mean() - s[2:].mean()) / s.std(ddof=1)


def single_effect_size(v):
    cosines = units(v[:1]) @ units(v[1:]).T
    return (cosines[0, :2].mean() - cosines[0, 2:].mean()) / cosines.std(ddof=1)


@pytest.mark.parametrize(
    ("ask", "function", "n_words", "limit"),
    [
        (lambda u, w, **o: u.similarity(*w, **o)[0], lambda v: cosine(v[0], v[1]), 2, 1),
        (lambda u, w, **o: u.compare(w[:2], (w[0], w[2]), **o)["difference"], difference, 3, 2),
        (lambda u, w, **o: u.projection(w[:1], w[1:3], w[3:], **o)[0], axis_projection, 5, 1),
        (lambda u, w, **o: u.weat(w[:2], w[2:4], w[4:6], w[6:], **o)["effect size"], effect_size, 8, np.sqrt(3)),
        (lambda u, w, **o: u.single_category_weat(w[:1], w[1:3], w[3:], **o)[0], single_effect_size, 5, np.sqrt(3)),
    ],
    ids=["similarity", "difference", "projection", "weat", "single-category"],
)  # fmt: skip
def test_estimates_are_those_of_numerical_derivatives_and_of_draws(uncertainty, words, ask, function, n_words, limit):
    chosen = words[:n_words]
    vectors = np.array([uncertainty.vectors[uncertainty.terms.index(word)] for word in chosen])
    derivatives = gradient(function, vectors)
    variance = sum(g @ uncertainty.covariance(word) @ g for g, word in zip(derivatives, chosen, strict=True))
    estimate = ask(uncertainty, chosen, level=0.9)
    assert estimate.value == pytest.approx(function(vectors))
    assert estimate.standard_error == pytest.approx(np.sqrt(variance), rel=1e-4)
    # The derivative of the function on the scale of z is that of a composed function.
    z = np.arctanh(function(vectors) / limit)
    derivatives = gradient(lambda v: np.arctanh(function(v) / limit), vectors)
    variance = sum(g @ uncertainty.covariance(word) @ g for g, word in zip(derivatives, chosen, strict=True))
    margin = norm.ppf(0.95) * np.sqrt(variance)
    assert (estimate.low, estimate.high) == pytest.approx(
        (limit * np.tanh(z - margin), limit * np.tanh(z + margin)), rel=1e-4
    )
    drawn = ask(uncertainty, chosen, method="draws", n_draws=500, random_state=0)
    # Words are drawn in the order of the cosines: the first target, all attributes, the other targets.
    order = [0, 4, 5, 6, 7, 1, 2, 3] if n_words == 8 else list(range(n_words))
    by_hand = np.empty((500, *vectors.shape))
    by_hand[:, order] = uncertainty.draw([chosen[index] for index in order], 500, random_state=0)
    by_hand = [function(v) for v in by_hand]
    assert drawn.standard_error == pytest.approx(np.std(by_hand, ddof=1))
    of_draws = np.arctanh(np.array(by_hand) / limit)
    shifted = of_draws - np.median(of_draws) + z
    expected = limit * np.tanh(np.quantile(shifted, [0.025, 0.975]))
    assert (drawn.low, drawn.high) == pytest.approx(tuple(expected))


def test_p_value_is_that_of_the_normal_distribution(uncertainty, words):
    estimate = uncertainty.compare(words[:2], words[2:4])["difference"]
    half = estimate.value / 2
    error = estimate.standard_error / 2 / (1 - half**2)
    assert estimate.p_value == pytest.approx(2 * norm.sf(abs(np.arctanh(half) / error)))
    assert np.isnan(uncertainty.similarity(*words[:2])[0].p_value)


def test_draws_have_the_mean_and_the_covariance(uncertainty, words):
    drawn = uncertainty.draw(words[:2], 20000, random_state=0)
    for index, word in enumerate(words[:2]):
        covariance = uncertainty.covariance(word)
        scale = np.sqrt(np.diag(covariance))
        np.testing.assert_allclose(
            drawn[:, index].mean(axis=0),
            uncertainty.vectors[uncertainty.terms.index(word)],
            rtol=0,
            atol=0.05 * scale.max(),
        )
        np.testing.assert_allclose(np.cov(drawn[:, index].T), covariance, rtol=0, atol=0.05 * scale.max() ** 2)
    np.testing.assert_array_equal(drawn, uncertainty.draw(words[:2], 20000, random_state=0))


def test_neighbors_and_analogies_are_those_of_gensim(fitted, uncertainty, words):
    pytest.importorskip("gensim")
    vectors = fitted.to_keyed_vectors()
    found = uncertainty.neighbors(words[0], 5, random_state=0)
    expected = vectors.most_similar(words[0], topn=5)
    assert [row.name for row in found] == [word for word, _ in expected]
    np.testing.assert_allclose([row.value for row in found], [cosine for _, cosine in expected], atol=1e-5)
    answers = uncertainty.analogy(*words[:3], topn=5, random_state=0)
    expected = vectors.most_similar(positive=words[1:3], negative=words[:1], topn=5)
    assert [row.name for row in answers] == [word for word, _ in expected]
    for estimates in (found, answers):
        assert all(0 <= fraction <= 1 for fraction in estimates.more["stability"])


def test_stability_is_the_fraction_of_draws_in_which_a_word_is_among_the_nearest(uncertainty, words):
    many = uncertainty.neighbors(words[0], 3, n_draws=4000, random_state=0)
    others = uncertainty.neighbors(words[0], 15)
    names = [words[0], *(row.name for row in others)]
    drawn = uncertainty.draw(names, 4000, random_state=1)
    cosines = np.einsum(
        "nd,nkd->nk", units(drawn[:, 0]), drawn[:, 1:] / np.linalg.norm(drawn[:, 1:], axis=2, keepdims=True)
    )
    among = (np.argsort(np.argsort(-cosines, axis=1), axis=1) < 3).mean(axis=0)[:3]
    np.testing.assert_allclose(many.more["stability"], among, atol=0.06)


def test_words_with_few_entries_have_no_standard_error(lee):
    documents = [*lee[:60], "zzyzx quux"]
    vectorizer = GloVeVectorizer(12, min_count=1, warm_start=True, random_state=0).fit(documents)
    uncertainty = WordUncertainty.from_estimator(vectorizer, documents)
    assert not uncertainty.has_estimate("quux")
    assert uncertainty.n_entries("quux") == 1
    assert np.isnan(uncertainty.covariance("quux")).all()
    for method in ("delta", "draws"):
        estimates = uncertainty.similarities([("quux", "the"), ("the", "and")], method=method)
        assert np.isnan([estimates[0].standard_error, estimates[0].low, estimates[0].high]).all()
        assert estimates[1].low < estimates[1].value < estimates[1].high
        assert "no standard error for 'quux': 1 entries of X for 13 unknowns" in str(estimates)
    assert np.isnan(uncertainty.variances().residual[uncertainty.terms.index("quux")])


def test_files_hold_everything(uncertainty, words, tmp_path):
    uncertainty.save(tmp_path / "run.npz")
    loaded = WordUncertainty.load(tmp_path / "run.npz")
    assert loaded.terms == uncertainty.terms
    np.testing.assert_array_equal(loaded.vectors, uncertainty.vectors)
    for word in words:
        np.testing.assert_array_equal(loaded.covariance(word), uncertainty.covariance(word))


@pytest.mark.parametrize("damage", ["cut", "other", "bytes"])
def test_damaged_files_are_refused(uncertainty, tmp_path, damage):
    path = tmp_path / "run.npz"
    if damage == "other":
        np.savez(path, columns=np.zeros(3))
    else:
        uncertainty.save(path)
        content = path.read_bytes()
        path.write_bytes(
            content[: len(content) // 2] if damage == "cut" else content.replace(b"uncertainty 1", b"uncertainty 9")
        )
    with pytest.raises(ValueError, match="is not a file that `train --save-uncertainty`"):
        WordUncertainty.load(path)


@pytest.mark.parametrize(
    "changes",
    [
        {"combine": "banana"},
        {"x_max": 0},
        {"x_max": float("nan")},
        {"alpha": float("inf")},
        {"terms": "one"},
        {"terms": "string"},
    ],
)
def test_files_with_damaged_metadata_are_refused(uncertainty, tmp_path, changes):
    n = len(uncertainty.terms)
    if "terms" in changes:
        changes = {"terms": ["the"] * n if changes["terms"] == "one" else "x" * n}
    uncertainty.save(tmp_path / "run.npz")
    with zipfile.ZipFile(tmp_path / "run.npz") as old, zipfile.ZipFile(tmp_path / "damaged.npz", "w") as new:
        for member in old.infolist():
            content = old.read(member)
            if member.filename == "metadata.json":
                content = json.dumps(json.loads(content) | changes)
            new.writestr(member.filename, content)
    with pytest.raises(ValueError, match="is not a file that `train --save-uncertainty`"):
        WordUncertainty.load(tmp_path / "damaged.npz")


def test_fit_without_warm_start_is_refused(lee):
    with pytest.raises(ValueError, match="fit it with warm_start=True"):
        WordUncertainty.from_estimator(GloVeVectorizer(2, max_iter=1).fit(lee[:20]), lee[:20])
    with pytest.raises(NotFittedError):
        WordUncertainty.from_estimator(GloVeVectorizer(), lee)


def test_other_documents_are_refused(fitted, lee):
    with pytest.raises(ValueError, match="must be those of the fit"):
        WordUncertainty.from_estimator(fitted, lee[1:])


def test_changed_estimators_are_refused(fitted, lee):
    other = pickle.loads(pickle.dumps(fitted))
    other.embedding_ = other.embedding_[::-1]
    with pytest.raises(ValueError, match="was a parameter, or an attribute, changed"):
        WordUncertainty.from_estimator(other, lee)


def test_parameters_that_are_changed_after_fit_have_no_part(fitted, lee, uncertainty, words):
    changed = pickle.loads(pickle.dumps(fitted))
    changed.set_params(sample=1e-3, alpha=0.1, anchor=0.5, combine="context", near_size=3, window_size=2)
    np.testing.assert_array_equal(
        WordUncertainty.from_estimator(changed, lee).covariance(words[0]), uncertainty.covariance(words[0])
    )


def test_fits_without_variances_are_refused(lee):
    given = GloVeVectorizer(2, random_state=0).fit(lee[:20])
    for parameters, message in (
        ({"init": given, "anchor": 0.5}, r"anchor=0.5 keeps vectors near given ones"),
        ({"combine": "context"}, "combine='context' has no variances"),
    ):
        vectorizer = GloVeVectorizer(2, random_state=0, warm_start=True, **parameters).fit(lee[:20])
        vectorizer.set_params(init="svd", anchor=0, combine="sum")
        with pytest.raises(ValueError, match=message):
            WordUncertainty.from_estimator(vectorizer, lee[:20])
    extended = GloVeVectorizer(2, random_state=0, warm_start=True).fit(lee[:20]).infer_vectors(lee[:20], extend=True)
    with pytest.raises(ValueError, match=r"infer_vectors\(extend=True\) added words"):
        WordUncertainty.from_estimator(extended, lee[:20])
    with pytest.raises(TypeError, match="vectorizer must be a fitted GloVeVectorizer, got GloVe; for GloVe, there is"):
        WordUncertainty.from_estimator(GloVe(), lee[:20])


def test_pickles_hold_everything(uncertainty, words):
    loaded = pickle.loads(pickle.dumps(uncertainty))
    np.testing.assert_array_equal(loaded.covariance(words[0]), uncertainty.covariance(words[0]))


def test_context_of_other_shapes_and_names_is_refused(counted):
    X = counted.cooccurrence_
    glove = GloVe(3, random_state=0).fit(X)
    with pytest.raises(ValueError, match="X must be of the shape of the fit"):
        WordUncertainty.from_cooccurrences(glove, X[:, :-1])
    with pytest.raises(ValueError, match="got 2 terms"):
        WordUncertainty.from_cooccurrences(glove, X, ["a", "b"])
    with pytest.raises(ValueError, match=r"terms must be different str, got 0 \(int\); convert names with str\(\)"):
        WordUncertainty.from_cooccurrences(glove, X, range(X.shape[0]))
    with pytest.raises(ValueError, match="terms must be different str, got one twice"):
        WordUncertainty.from_cooccurrences(glove, X, ["a"] * X.shape[0])


def test_errors_of_queries(uncertainty, words):
    with pytest.raises(KeyError, match="is not in the vocabulary"):
        uncertainty.similarity("zzyzx", words[0])
    for options, message in (
        ({"level": 1}, "level must be between 0 and 1, got 1"),
        ({"level": "high"}, "level must be between 0 and 1, got 'high'"),
        ({"method": "draws", "n_draws": 1}, "n_draws must be an integer of at least 2, got 1"),
        ({"method": "draws", "n_draws": 9.5}, "n_draws must be an integer of at least 2, got 9.5"),
        ({"method": "jackknife"}, "method must be 'delta' or 'draws', got 'jackknife'"),
    ):
        with pytest.raises(ValueError, match=message):
            uncertainty.similarity(*words[:2], **options)
    for topn in (0, -2, 2.5, "5"):
        with pytest.raises(ValueError, match=f"topn must be an integer of at least 1, got {topn!r}"):
            uncertainty.neighbors(words[0], topn)
    with pytest.raises(ValueError, match="pairs must be a sequence of at least one pair of words, got none"):
        uncertainty.similarities([])
    for pair in ("police", (words[0],), (words[0],) * 3):
        with pytest.raises(ValueError, match="a pair must be a tuple of two words, got"):
            uncertainty.similarities([pair])
    with pytest.raises(KeyError, match="is not in the vocabulary"):
        uncertainty.similarity(words[0], [words[1]])
    with pytest.raises(ValueError, match="words must be a sequence of at least one word, got 'police'"):
        uncertainty.draw("police", 2)
    with pytest.raises(ValueError, match="words must be a sequence of at least one word, got 'police'"):
        uncertainty.projection("police", words[:1], words[1:2])
    with pytest.raises(ValueError, match="A must be a sequence of at least one word"):
        uncertainty.weat(words[:2], words[2:4], [], words[4:6])
    with pytest.raises(ValueError, match=r"directions must be of shape \(n_directions, 12\), got shape \(2, 3\)"):
        uncertainty.variances(np.zeros((2, 3)))


def test_large_association_tests_are_differentiated_in_parts():
    statistic = weat_statistic([0, 1, 2], [3, 4, 5], list(range(6, 20)), list(range(20, 34)))
    cosines = np.random.default_rng(0).uniform(-1, 1, len(statistic.pairs))
    assert len(cosines) > 128
    numerical = np.array([
        (statistic.function(cosines + change) - statistic.function(cosines - change)) / 2e-6
        for change in 1e-6 * np.eye(len(cosines))
    ])  # fmt: skip
    np.testing.assert_allclose(statistic.jacobian(cosines), numerical.T, atol=1e-7)
