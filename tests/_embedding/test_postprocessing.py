"""What is taken out of word vectors after training."""

import numpy as np
import pytest

from glove_sklearn._embedding.postprocessing import learn_postprocessing, postprocess
from glove_sklearn._system.threads import ThreadTeam

WAYS = ["center", "level", "flatten", "all-but-the-top"]


def processed(vectors, weights, how, n_jobs=2):
    with ThreadTeam(n_jobs) as team:
        return postprocess(vectors, weights, how, team)


@pytest.fixture(params=[2, 10, 40])
def words(request, seed):
    """Vectors that have much in common, and how often their words occur."""
    random_state = np.random.RandomState(seed)
    n, d = 9000, request.param
    weights = random_state.pareto(1, n)
    scales = np.linspace(3, 0.1, d)
    vectors = random_state.normal(size=(n, d)) * scales + 2 * random_state.normal(size=d)
    return vectors.astype(np.float32), weights


def moments(vectors, weights):
    exact, shares = vectors.astype(np.float64), weights / weights.sum()
    mean = shares @ exact
    return mean, (exact - mean).T * shares @ (exact - mean)


def cosines(vectors):
    directions = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return directions @ directions.T


@pytest.mark.parametrize("how", WAYS)
def test_tokens_have_mean_0_and_standard_deviation_of_a_half(words, how):
    vectors, weights = words
    found = processed(vectors, weights, how)
    mean, covariance = moments(found, weights)
    np.testing.assert_allclose(mean, 0, atol=1e-6)
    assert covariance.trace() / len(mean) == pytest.approx(1 / 4, rel=1e-5)
    assert found.dtype == np.float32
    assert found.shape == vectors.shape


def test_the_first_component_of_the_tokens_is_gone(words):
    vectors, weights = words
    covariance = moments(vectors, weights)[1]
    first = np.linalg.eigh(covariance)[1][:, -1]
    found = processed(vectors, weights, "all-but-the-top").astype(np.float64)
    np.testing.assert_allclose(found @ first, 0, atol=1e-5 * np.abs(found).max())
    assert np.linalg.matrix_rank(found, tol=1e-4 * np.linalg.norm(found)) == vectors.shape[1] - 1


@pytest.mark.parametrize(("how", "n", "power"), [("level", 1, 1), ("flatten", 3, 3 / 4)])
def test_the_first_components_become_as_large_as_the_next(words, how, n, power):
    vectors, weights = words
    mean, covariance = moments(vectors, weights)
    variances, directions = np.linalg.eigh(covariance)
    variances **= power
    n = min(n, len(mean) - 1)  # the last component stays
    variances[-n:] = variances[-n - 1]
    scale = len(mean) / 4 / variances.sum()
    expected = scale * (directions * variances) @ directions.T
    found = moments(processed(vectors, weights, how), weights)[1]
    np.testing.assert_allclose(found, expected, atol=1e-5 * np.abs(expected).max())


def test_all_but_the_top_takes_out_nothing_else(words):
    vectors, weights = words
    mean, covariance = moments(vectors, weights)
    first = np.linalg.eigh(covariance)[1][:, -1]
    some = vectors[:50].astype(np.float64) - mean
    expected = some - np.multiply.outer(some @ first, first)
    found = processed(vectors, weights, "all-but-the-top")[:50]
    np.testing.assert_allclose(cosines(found), cosines(expected), atol=1e-4)


def test_cosines_of_center_are_those_of_plainly_centred_vectors(words):
    vectors, weights = words
    expected = cosines(vectors[:50] - moments(vectors, weights)[0])
    np.testing.assert_allclose(cosines(processed(vectors, weights, "center")[:50]), expected, atol=1e-4)


def test_none_gives_the_vectors_themselves(words):
    assert processed(*words, None) is words[0]


@pytest.mark.parametrize("how", WAYS)
def test_scale_of_vectors_and_of_weights_does_not_matter(words, how):
    vectors, weights = words
    expected = processed(vectors, weights, how)
    for scale in (1e-6, 1e6):
        np.testing.assert_allclose(processed(np.float32(scale) * vectors, weights, how), expected, rtol=0.01, atol=1e-4)
        np.testing.assert_allclose(processed(vectors, scale * weights, how), expected, rtol=0.01, atol=1e-4)


@pytest.mark.parametrize("how", WAYS)
def test_a_word_that_counts_twice_is_as_two_words(how):
    vectors = np.array([[1, 0, 0], [0, 2, 0], [1, 1, 3], [4, 4, 1]], dtype=np.float32)
    twice = processed(vectors[[0, 1, 1, 2, 3]], np.ones(5), how)
    np.testing.assert_allclose(processed(vectors, np.array([1.0, 2, 1, 1]), how), twice[[0, 1, 3, 4]], rtol=1e-5)


@pytest.mark.parametrize("how", WAYS)
def test_words_that_never_occur_are_not_centred(words, how):
    """Their vectors, next to nothing, stay so; of words that occur nothing changes."""
    vectors, weights = words
    expected = processed(vectors, weights, how)
    never = np.float32(1e-4) * vectors[:50]
    found = processed(np.vstack([vectors, never]), np.append(weights, np.zeros(50)), how)
    np.testing.assert_allclose(found[:-50], expected, rtol=1e-5, atol=1e-6)
    lengths = np.linalg.norm(found, axis=1)
    assert lengths[-50:].max() < 0.01 * np.median(lengths[:-50])


@pytest.mark.parametrize("how", WAYS)
@pytest.mark.parametrize(
    ("vectors", "weights"),
    [
        ([[1, 2, 3]], [5]),
        ([[1, 2, 3]] * 4, [1, 2, 3, 4]),
        ([[0, 0, 0]] * 3, [1, 1, 1]),
        ([[7]], [1]),
        ([[1, 2], [3, 4]], [1, 0]),  # only one occurs
    ],
    ids=["one word", "equal words", "zeros", "one number", "one that counts"],
)
def test_what_would_leave_nothing_is_not_done(how, vectors, weights):
    vectors = np.array(vectors, dtype=np.float32)
    np.testing.assert_array_equal(processed(vectors, np.array(weights, dtype=np.float64), how), vectors)


def test_the_last_component_stays():
    """One column, or words on a line, are centred and scaled, and that is all."""
    column = np.array([[1], [2], [6]], dtype=np.float32)
    expected = (column - 3) / np.sqrt(14 / 3) / 2
    for how in WAYS:
        np.testing.assert_allclose(processed(column, np.ones(3), how), expected, rtol=1e-6)
        on_a_line = column * np.array([[3, 4]], dtype=np.float32) + np.array([[10, 20]], dtype=np.float32)
        found = processed(on_a_line, np.ones(3), how)
        np.testing.assert_allclose(found, expected * np.sqrt(2) * [[0.6, 0.8]], rtol=1e-5)


@pytest.mark.parametrize("how", WAYS)
def test_any_number_of_threads_gives_the_same_bits_and_arguments_stay(words, how):
    vectors, weights = words
    before = vectors.copy(), weights.copy()
    one = processed(vectors, weights, how, n_jobs=1)
    np.testing.assert_array_equal(processed(vectors, weights, how, n_jobs=3), one, strict=True)
    np.testing.assert_array_equal(vectors, before[0])
    np.testing.assert_array_equal(weights, before[1])


@pytest.mark.parametrize("how", WAYS)
def test_what_was_learnt_can_be_applied_to_words_one_by_one(words, how):
    vectors, weights = words
    with ThreadTeam(1) as team:
        learnt = learn_postprocessing(vectors, weights, how, team)
    expected = processed(vectors, weights, how)[:200]
    found = learnt.apply(vectors[:200])
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5 * np.abs(expected).max())
    np.testing.assert_array_equal(np.concatenate([learnt.apply(vectors[i : i + 1]) for i in range(200)]), found)


def test_nothing_is_learnt_where_nothing_is_to_be_done(words):
    vectors, weights = words
    with ThreadTeam(1) as team:
        assert learn_postprocessing(vectors, weights, None, team) is None
        assert learn_postprocessing(np.ones_like(vectors), weights, "level", team) is None
