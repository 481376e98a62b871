"""vocab.txt of Stanford GloVe."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glove_sklearn.formats import (
    read_vocabulary,
    write_vocabulary,
)


def test_vocabulary_line_by_line(tmp_path):
    path = tmp_path / "vocab.txt"
    write_vocabulary(path, ["the", "of", "naïve", "no\u00a0break", "東京"], [120, 7, 7, 1, 0])
    assert path.read_bytes() == "the 120\nof 7\nnaïve 7\nno\u00a0break 1\n東京 0\n".encode()
    terms, counts = read_vocabulary(path)
    assert terms == ["the", "of", "naïve", "no\u00a0break", "東京"]
    assert counts.dtype == np.int64
    assert counts.tolist() == [120, 7, 7, 1, 0]


def test_other_encodings(tmp_path):
    path = tmp_path / "vocab.txt"
    path.write_bytes("мир 3\nжди 1\n".encode("cp1251"))
    assert read_vocabulary(path, encoding="cp1251")[0] == ["мир", "жди"]
    with pytest.raises(ValueError, match="is not UTF-8"):
        read_vocabulary(path)
    with pytest.raises(ValueError, match="the word '���' is on line 1 already"):
        read_vocabulary(path, unicode_errors="replace")
    with pytest.raises(ValueError, match=r"encoding must be one that extends ASCII, .* got 'utf-16'; convert"):
        read_vocabulary(path, encoding="utf-16")
    path.write_bytes(b"SQLite format 3\0")
    with pytest.raises(ValueError, match="is an SQLite database, and not a vocabulary; export"):
        read_vocabulary(path)


@given(
    terms=st.lists(st.text(min_size=1, max_size=20), min_size=1, max_size=5, unique=True),
    counts=st.lists(st.integers(0, (1 << 63) - 1), min_size=5, max_size=5),
)
def test_words_are_read_back_or_refused(terms, counts, tmp_path_factory):
    path = tmp_path_factory.getbasetemp() / "words.txt"
    forbidden = [
        term for term in terms if set(term) & set("\0 \t\n\v\f\r") or any(0xD800 <= ord(c) < 0xE000 for c in term)
    ]
    if forbidden:
        with pytest.raises(ValueError, match=re.escape(repr(forbidden[0]))):
            write_vocabulary(path, terms, counts[: len(terms)])
    else:
        write_vocabulary(path, terms, counts[: len(terms)])
        assert read_vocabulary(path)[0] == terms
        assert read_vocabulary(path)[1].tolist() == counts[: len(terms)]


def test_lines_of_other_programs(tmp_path):
    path = tmp_path / "vocab.txt"
    path.write_bytes(b"the\t120\r\n\n  of   7 \r\n\nand 007")
    terms, counts = read_vocabulary(path)
    assert (terms, counts.tolist()) == (["the", "of", "and"], [120, 7, 7])
    path.write_text("the\nof\n\nand\n")
    assert read_vocabulary(path) == (["the", "of", "and"], None)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", r"vocab\.txt: expected a word and its count on each line, got no word"),
        (b" \n\n", r"got no word"),
        (b"the 12\nof\n", r"line 2: expected a word and its count, got 'of\\n'"),
        (b"the 12\nNew York 3\n", r"line 2: expected a word and its count, got 'New York 3\\n'"),
        (b"the\nof 3\n", r"line 2: expected a word, as on the lines before, got 'of 3\\n'"),
        (b"the 12\n\nof 3.5\n", r"line 3: the count of 'of' must be an integer, got '3\.5'"),
        (b"the -1\n", r"line 1: the count of 'the' must be an integer, got '-1'"),
        (b"the 9223372036854775808\n", r"line 1: the count of 'the' must be an integer"),
        (b"the " + b"9" * 5000, r"line 1: the count of 'the' must be an integer, got '9+\.\.\.'"),
        (b"the 12\nof 7\nthe 3\n", r"line 3: the word 'the' is on line 1 already"),
        (
            b"the 12\ncaf\xe9 7\n",
            r"line 2: the word b'caf\\xe9' is not UTF-8 .*give encoding= .*unicode_errors='backslashreplace'",
        ),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_wrong_lines_are_errors_that_name_them(tmp_path, content, message):
    path = tmp_path / "vocab.txt"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=message):
        read_vocabulary(path)


def test_words_that_are_not_utf8_can_be_replaced(tmp_path):
    path = tmp_path / "vocab.txt"
    path.write_bytes(b"caf\xe9 7\n")
    assert read_vocabulary(path, unicode_errors="replace")[0] == ["caf\ufffd"]


@pytest.mark.parametrize(
    ("terms", "counts", "message"),
    [
        (["a", "New York"], [2, 1], "'New York' has white space"),
        (["a\0b"], [2], r"'a\\x00b' has white space or a NUL"),
        (["a", ""], [2, 1], "'' is empty"),
        (["<unk>"], [2], "'<unk>' is Stanford GloVe's name for unknown words"),
        (["é" * 500], [2], r"'é+\.\.\.' has 1000 bytes, more than 999"),
        (["\ud800"], [2], r"'\\ud800' cannot be written as UTF-8"),
        (["a", "b", "a"], [2, 1, 1], "got 'a' twice"),
        (["a", 7], [2, 1], r"terms must be str, got 7 \(int\)"),
        (["a", "b"], [2], "for each of the 2 words, got array"),
        (["a"], [2.0], "counts must be a non-negative integer"),
        (["a"], [-2], "non-negative"),
        ([], np.zeros(0, dtype=int), "at least one word"),
        ({"a": 1, "b": 2}, [2, 1], r"must be 0 to 1, each once, got \[1, 2\]"),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_words_that_the_stanford_glove_could_not_read_are_refused(tmp_path, terms, counts, message):
    with pytest.raises(ValueError, match=message):
        write_vocabulary(tmp_path / "vocab.txt", terms, counts)
    assert not list(tmp_path.iterdir())


def test_words_of_a_dict_are_in_the_order_of_their_rows(tmp_path):
    write_vocabulary(tmp_path / "vocab.txt", {"b": 1, "a": 0}, [2, 1])
    assert (tmp_path / "vocab.txt").read_text() == "a 2\nb 1\n"
