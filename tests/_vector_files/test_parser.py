"""Numbers in text, against Python and NumPy."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from glove_sklearn._vector_files._parser import BYTES_OF_A_VALUE, PADDING, format_rows, is_number, parse_lines


def texts(values):
    """What is written for each value."""
    column = np.ascontiguousarray(values, dtype=np.float32).reshape(-1, 1)
    out = np.empty(len(column) * (BYTES_OF_A_VALUE + 2), dtype=np.uint8)
    lines = out[: format_rows(column, b"x\n" * len(column), out)].tobytes().splitlines()
    return [line[2:] for line in lines]


def parsed(numbers):
    """What is read of each number."""
    vectors, tokens = np.empty((len(numbers), 1), dtype=np.float32), np.empty((len(numbers), 3), dtype=np.int64)
    text = b"".join(b"x %b\n" % number for number in numbers)
    assert parse_lines(text + PADDING, vectors, 0, tokens) == (len(numbers), len(numbers), len(text))
    return vectors[:, 0]


def n_digits(text):
    return len(text.split("e")[0].replace(".", "").replace("-", "").strip("0"))


NUMBERS = st.from_regex(rb"\A[+-]?(\d{1,25}\.?\d{0,25}|\.\d{1,25})([eE][+-]?\d{1,3})?\Z")


def test_every_float32_is_written_so_that_python_reads_it(seed):
    bits = np.random.RandomState(seed).randint(0, 2**32, 50_000, dtype=np.uint32)
    # Small ones, around powers of two, and all exponents.
    bits = np.concatenate(
        [bits, np.arange(2000), (np.arange(512) << 23)[:, np.newaxis].ravel(), (np.arange(512) << 23) - 1]
    )
    values = bits.astype(np.uint32).view(np.float32)
    values = values[~np.isnan(values)]
    written = texts(values)
    with np.errstate(over="ignore"):
        read = np.array([float(text) for text in written]).astype(np.float32)
    np.testing.assert_array_equal(read.view(np.uint32), values.view(np.uint32))
    np.testing.assert_array_equal(parsed(written).view(np.uint32), values.view(np.uint32))
    assert max(map(len, written)) < BYTES_OF_A_VALUE


@pytest.mark.parametrize("exponent", range(-46, 39))
def test_every_power_of_ten_is_written_and_read(exponent):
    values = np.array([min(float(f"{m}e{exponent}"), 3.4e38) for m in (1, 1.5, 3.3333333, 9.9999999)], dtype=np.float32)
    written = texts(values)
    assert [np.float32(float(text)) for text in written] == values.tolist()
    for value, text in zip(values, written, strict=True):
        assert n_digits(text.decode()) <= n_digits(np.format_float_scientific(value, unique=True)), text


def test_no_more_digits_than_numpy_writes(seed):
    random = np.random.RandomState(seed)
    values = np.concatenate([random.standard_normal(3000), random.standard_normal(3000).round(4)]).astype(np.float32)
    for value, text in zip(values, texts(values), strict=True):
        assert n_digits(text.decode()) <= n_digits(np.format_float_scientific(value, unique=True)), text


def test_what_numbers_look_like():
    values = [
        0,
        -0.0,
        1,
        0.1,
        123456.7,
        0.0001,
        0.00001234,
        16777216,
        9.999e15,
        1e16,
        3.4028235e38,
        1e-45,
        np.inf,
        np.nan,
    ]
    assert b" ".join(texts(values)).decode() == (
        "0.0 -0.0 1.0 0.1 123456.7 0.0001 1.234e-05 16777216.0 9999000000000000.0 1e+16 3.4028235e+38 1e-45 inf nan"
    )


@given(numbers=st.lists(st.one_of(NUMBERS, st.floats(width=64).map(lambda x: repr(x).encode())), min_size=1))
@example(
    numbers=[b"0." + b"0" * 60 + b"1e60", b"1" * 400, b"1e400", b"1e-400", b"-0e999999999999", b"Infinity", b"-nAn"]
)
def test_numbers_are_read_as_python_and_numpy_do(numbers):
    with np.errstate(over="ignore"):
        expected = np.array([float(number) for number in numbers]).astype(np.float32)
    found = parsed(numbers)
    nan = np.isnan(expected)
    np.testing.assert_array_equal(np.isnan(found), nan)
    np.testing.assert_array_equal(found[~nan].view(np.uint32), expected[~nan].view(np.uint32))


def test_numbers_next_to_the_middle_of_two_float32(seed):
    bits = np.random.RandomState(seed).randint(0x00000001, 0x7F7FFFFF, 1000).astype(np.uint32)
    numbers = []
    for low, high in zip(bits.view(np.float32), (bits + 1).astype(np.uint32).view(np.float32), strict=True):
        middle = (Fraction(float(low)) + Fraction(float(high))) / 2
        # The middle has a power of two as denominator, so its decimals end.
        for scale in (17, 18, 19, 20, 25):
            exponent = int(np.floor(np.log10(float(middle)))) - scale
            digits = int(middle / Fraction(10) ** exponent)
            numbers += [f"{digits + step}e{exponent}".encode() for step in (-1, 0, 1)]
    expected = np.array([float(number) for number in numbers]).astype(np.float32)
    np.testing.assert_array_equal(parsed(numbers).view(np.uint32), expected.view(np.uint32))


@pytest.mark.parametrize(
    "field",
    [b"", b"-", b".", b"e5", b"1e", b"1e+", b"--1", b"+-1", b"1_0", b"0x10", b"1,5", b"1.2.3", b"in", b"nano", b"1\0"],
)
def test_what_is_no_number(field):
    assert not is_number(field)
