"""The training kernel against NumPy and against Stanford GloVe."""

import numpy as np
import pytest

from glove_sklearn._training import _adagrad, _instruction_sets
from glove_sklearn._training.blocks import RECORD
from tests import reference
from tests.stanford_glove import ALPHA, COSTS, LEARNING_RATE, VECTOR_SIZE, X_MAX


def approximate_inverse_square_root(x):
    """What the kernel takes for 1 / sqrt(x): one step of Newton's method from an integer shift."""
    x = np.asarray(x, dtype=np.float32)
    y = (0x5F1FFFF9 - (x.view(np.int32) >> 1)).view(np.float32).astype(np.float64)
    return 0.703952253 * y * (2.38924456 - x * y * y)


def packed(vectors, bias_first):
    """Rows as the kernel wants them, from rows of a vector and a bias; see _adagrad.pyx."""
    n, d = vectors.shape[0], vectors.shape[1] - 1
    width = -(-(d + 2) // _adagrad.ROW_MULTIPLE) * _adagrad.ROW_MULTIPLE
    parameters, accumulators = np.zeros((2, n, width), dtype=np.float32)
    bias, one = (d, d + 1) if bias_first else (d + 1, d)
    parameters[:, :d], parameters[:, bias], parameters[:, one] = vectors[:, :-1], vectors[:, -1], 1
    accumulators[:] = LEARNING_RATE**-2
    accumulators[:, bias], accumulators[:, one] = 1, 1e30
    rows = np.zeros((n, 2 * width), dtype=np.float32)
    for columns, numbers in zip(_adagrad.row_layout(width), (parameters, accumulators), strict=True):
        rows[:, columns] = numbers
    return rows


def unpacked(rows, d, bias_first):
    """Vectors with biases, and the constants and zeros that must not have changed."""
    bias, one = (d, d + 1) if bias_first else (d + 1, d)
    parameters = rows[:, _adagrad.row_layout(rows.shape[1] // 2).parameters]
    return np.column_stack([parameters[:, :d], parameters[:, bias]]), parameters[:, one], parameters[:, d + 2 :]


def test_layout_uses_every_number_of_a_row_once():
    for width in (8, 16, 24, 56, 304):
        parameters, accumulators = _adagrad.row_layout(width)
        assert sorted([*parameters, *accumulators]) == list(range(2 * width))


def records_of(rows, columns, values):
    records = np.empty(len(rows), dtype=RECORD)
    records["row"], records["column"], records["value"] = rows, columns, values
    return records


def random_problem(d, n, seed):
    random_state = np.random.RandomState(seed)
    words, contexts = random_state.uniform(-0.5, 0.5, (2, 30, d + 1)) / d
    rows, columns = random_state.randint(30, size=(2, n))
    return words, contexts, rows, columns, random_state.lognormal(0, 3, n).astype(np.float32)


@pytest.mark.parametrize("d", [1, 13, 14, 15, 50, 100, 300])
@pytest.mark.parametrize("n", [1, 64, 1000])
def test_kernel_is_adagrad(instruction_set, d, n, seed):
    words, contexts, rows, columns, values = random_problem(d, n, seed)
    expected = reference.AdaGrad(
        words, contexts, LEARNING_RATE, X_MAX, ALPHA, inverse_square_root=approximate_inverse_square_root
    )
    expected_loss = expected.train(rows, columns, values)

    w, c = packed(words, True), packed(contexts, False)
    loss = _adagrad.train_block(records_of(rows, columns, values), w, c, X_MAX, ALPHA)
    assert loss == pytest.approx(expected_loss, rel=1e-5)
    for rows_, bias_first, vectors in ((w, True, expected.words), (c, False, expected.contexts)):
        found, ones, zeros = unpacked(rows_, d, bias_first)
        np.testing.assert_allclose(found, vectors, rtol=2e-5, atol=2e-5)
        assert (ones == 1).all()
        assert not zeros.any()


def test_every_instruction_set_computes_the_same_bits(seed):
    words, contexts, rows, columns, values = random_problem(37, 5000, seed)
    results = []
    before = _instruction_sets.instruction_set()
    for name in _instruction_sets.instruction_sets():
        _instruction_sets.use_instruction_set(name)
        w, c = packed(words, True), packed(contexts, False)
        loss = _adagrad.train_block(records_of(rows, columns, values), w, c, X_MAX, ALPHA)
        results.append((loss, w.tobytes(), c.tobytes()))
    _instruction_sets.use_instruction_set(before)
    assert all(result == results[0] for result in results)


@pytest.mark.parametrize(("x_max", "alpha"), [(10.0, 0.75), (100.0, 1.0), (0.5, 0.0), (1e-3, 3.0)])
def test_logarithm_and_weight_are_those_of_numpy(instruction_set, x_max, alpha):
    x = np.exp(np.linspace(np.log(1e-44), np.log(3e38), 1 << 16)).astype(np.float32)
    x[:9] = [1, 2, 10, 1.17549435e-38, 1.1754942e-38, 1e-45, 3.4028235e38, 1.0000001, 0.9999999]
    log_x, f = np.empty_like(x), np.empty_like(x)
    _adagrad.log_and_weight(x, x_max, alpha, log_x, f)
    exact = np.log(x.astype(np.float64))
    np.testing.assert_allclose(log_x, exact, rtol=3e-7, atol=1e-10)
    t = np.minimum(0, alpha * (exact - np.log(x_max)))
    np.testing.assert_allclose(f[t > -87], np.exp(t[t > -87]), rtol=4e-5)
    np.testing.assert_allclose(f[t <= -87], np.exp(-87), rtol=1e-5)


def test_no_records_change_nothing():
    words, contexts, *_ = random_problem(5, 1, 0)
    w, c = packed(words, True), packed(contexts, False)
    before = w.copy(), c.copy()
    assert _adagrad.train_block(np.empty(0, dtype=RECORD), w, c, X_MAX, ALPHA) == 0
    np.testing.assert_array_equal(w, before[0])
    np.testing.assert_array_equal(c, before[1])


def test_read_only_records_are_taken():
    words, contexts, rows, columns, values = random_problem(5, 100, 0)
    records = records_of(rows, columns, values)
    records.flags.writeable = False
    assert _adagrad.train_block(records, packed(words, True), packed(contexts, False), X_MAX, ALPHA) > 0


@pytest.fixture(scope="module")
def five_epochs(stanford_glove):
    """The NumPy version trained like Stanford GloVe: losses and parameters after each epoch, and accumulators in the end."""
    records = stanford_glove.records("cooccurrence.bin")
    rows, columns, values = records["word1"] - 1, records["word2"] - 1, records["value"]
    optimiser = reference.AdaGrad(*stanford_glove.parameters("vectors.000.bin"), LEARNING_RATE, X_MAX, ALPHA)
    losses, states = [], []
    for _ in range(5):
        losses.append(optimiser.train(rows, columns, values) / len(values))
        states.append((optimiser.words.copy(), optimiser.contexts.copy()))
    return losses, states, (optimiser.word_sums, optimiser.context_sums)


def test_numpy_version_reproduces_stanford_glove(stanford_glove, five_epochs):
    losses, states, sums = five_epochs
    for name, state in (("vectors.001.bin", states[0]), ("vectors.005.bin", states[4]), ("gradsq.005.bin", sums)):
        np.testing.assert_allclose(np.array(state), stanford_glove.parameters(name), rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(np.array(losses) / 2, COSTS, atol=1e-6)


def test_kernel_follows_stanford_glove(stanford_glove, five_epochs, instruction_set):
    """Up to the accuracy of a step, a relative 7e-4, because the kernel approximates the inverse square root."""
    losses, states, _ = five_epochs
    words, contexts = stanford_glove.parameters("vectors.000.bin")
    records = stanford_glove.records("cooccurrence.bin")
    records = records_of(records["word1"] - 1, records["word2"] - 1, records["value"])
    w, c = packed(words, True), packed(contexts, False)
    for loss, state in zip(losses, states, strict=True):
        assert _adagrad.train_block(records, w, c, X_MAX, ALPHA) / len(records) == pytest.approx(loss, rel=1e-4)
        np.testing.assert_allclose(unpacked(w, VECTOR_SIZE, True)[0], state[0], atol=1e-3)
        np.testing.assert_allclose(unpacked(c, VECTOR_SIZE, False)[0], state[1], atol=1e-3)
