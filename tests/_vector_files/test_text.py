"""Vectors as text: Stanford GloVe and word2vec."""

import numpy as np
import pytest

from glove_sklearn.formats import (
    WordVectors,
    read_vectors,
    save_vectors,
)
from tests._vector_files.words import assert_equal, random_vectors, slowly
from tests.stanford_glove import VECTOR_SIZE


def test_text_of_stanford_glove(stanford_glove):
    path, lines = stanford_glove.path("vectors.005.txt"), stanford_glove.lines("vectors.005.txt")
    assert lines[-1].startswith("<unk> ")
    assert_equal(read_vectors(path), slowly(lines[:-1]))
    assert_equal(read_vectors(path, unknown=True), slowly(lines))
    assert_equal(read_vectors(path, limit=7, format="glove"), slowly(lines[:7]))


def test_text_of_stanford_glove_with_its_header(stanford_glove, write):
    lines = stanford_glove.lines("vectors.005.txt")
    path = write("\n".join([f"{len(lines) - 1} {VECTOR_SIZE}", *lines, ""]).encode())
    assert_equal(read_vectors(path), slowly(lines[:-1]))
    assert_equal(read_vectors(path, unknown=True), slowly(lines))


def test_unknown_is_the_mean_of_the_last_hundred(stanford_glove, tmp_path):
    found = read_vectors(stanford_glove.path("vectors.005.txt"))
    path = tmp_path / "vectors.txt"
    save_vectors(path, found, unknown=True)
    expected = slowly(stanford_glove.lines("vectors.005.txt")[-1:])
    written = read_vectors(path, unknown=True)
    assert written.terms == [*found.terms, "<unk>"]
    np.testing.assert_allclose(written.vectors[-1:], expected.vectors, atol=1e-6)
    assert_equal(read_vectors(path), found)

    save_vectors(tmp_path / "again.txt", written, unknown=True)
    assert (tmp_path / "again.txt").read_bytes() == path.read_bytes()


def test_unknown_elsewhere_is_a_word(write, tmp_path):
    path = write(b"a 1\n<unk> 2\nb 3\n")
    assert read_vectors(path).terms == ["a", "<unk>", "b"]
    with pytest.raises(ValueError, match="'<unk>' twice"):
        save_vectors(tmp_path / "vectors.txt", read_vectors(path), unknown=True)
    with pytest.raises(ValueError, match="last word is '<unk>'"):
        save_vectors(tmp_path / "vectors.txt", WordVectors(["a", "<unk>"], random_vectors(2, 2)))
    # Where there is a header that counts it, it is a word even at the end.
    save_vectors(tmp_path / "vectors.vec", WordVectors(["a", "<unk>"], random_vectors(2, 2)))
    assert read_vectors(tmp_path / "vectors.vec").terms == ["a", "<unk>"]


def test_lines_as_others_write_them(write):
    expected = WordVectors(["a", "b", "c"], np.array([[1, 2], [3, 4], [5, 6]], dtype=np.float32))
    for text in (
        b"\xef\xbb\xbfa 1 2\nb 3 4\nc 5 6\n",
        b"a 1 2\r\nb 3 4\r\nc 5 6\r\n",
        b"a\t1\t2\nb\t3\t4\nc\t5\t6\n",
        b"a 1 2 \nb 3 4 \nc 5 6 \n",
        b"a  1  2\nb 3 \t4\nc 5e0 +6.\n\n\n",
        b"\na 1 2\n\nb 3 4\n \r\nc 5 6\n",
    ):
        assert_equal(read_vectors(write(text)), expected)
        assert_equal(read_vectors(write(b"3 2 \r\n" + text.removeprefix(b"\xef\xbb\xbf"))), expected)
    with pytest.warns(UserWarning, match="the last line has no line feed; is the file truncated"):
        assert_equal(read_vectors(write(b"a 1 2\nb 3 4\nc 5 6")), expected)
    with pytest.raises(ValueError, match="as its first word: readers remove the byte order mark"):
        save_vectors(write(b"", "a.txt"), expected._replace(terms=["\ufeffa", "b", "c"]))


def test_words_with_spaces_among_the_first_lines(write):
    path = write(b". . 0.5 0.25\n. . . 1 2\nat name@domain.com 3 4\n\xc2\xa0 5 6\na 1 7 8 b 9 10\n")
    found = read_vectors(path)
    assert found.terms == [". .", ". . .", "at name@domain.com", "\xa0", "a 1 7 8 b"]
    assert found.vectors.tolist() == [[0.5, 0.25], [1, 2], [3, 4], [5, 6], [9, 10]]


def test_one_line_and_one_value(write):
    assert_equal(read_vectors(write(b"a 1\n")), WordVectors(["a"], np.ones((1, 1), dtype=np.float32)))
    assert_equal(read_vectors(write(b"1 1.5\n")), WordVectors(["1"], np.full((1, 1), 1.5, dtype=np.float32)))
    path = write(b"2 1\n1 7\n")
    with pytest.raises(ValueError, match=r"the header says 2 words, and there are only 1.*format='glove'"):
        read_vectors(path)
    assert read_vectors(path, format="glove").terms == ["2", "1"]


def test_a_very_long_line(write):
    d = 300_000
    values = np.arange(2 * d, dtype=np.float32).reshape(2, d)
    text = b"".join(
        b"%b %b\n" % (name, b" ".join(b"%d" % value for value in row))
        for name, row in zip((b"a", b"b"), values, strict=True)
    )
    for data in (text, b"2 300000\n" + text):
        assert_equal(read_vectors(write(data)), WordVectors(["a", "b"], values))


def test_values_that_are_not_finite(write):
    with pytest.warns(UserWarning, match="2 vectors have infinite values or NaN, first that of 'b'"):
        found = read_vectors(write(b"a 1 2\nb nan 4\nc 1e99 -inf\n"))
    assert_equal(
        found, WordVectors(["a", "b", "c"], np.array([[1, 2], [np.nan, 4], [np.inf, -np.inf]], dtype=np.float32))
    )


@pytest.mark.parametrize("header", [b"", b"100000 2\n"])
def test_limit_leaves_the_rest_unread(write, header):
    text = header + b"a 1 2\nb 3 4\n" + b"c 5 6\n" * 99_998 + b"this is no line of a file of vectors"
    for limit in (1, 2):
        assert read_vectors(write(text), limit=limit).terms == ["a", "b"][:limit]


def test_limit_beyond_the_end(write):
    assert read_vectors(write(b"a 1\nb 2\n<unk> 3\n"), limit=9).terms == ["a", "b"]
    assert read_vectors(write(b"a 1\nb 2\n<unk> 3\n"), limit=3).terms == ["a", "b"]
    assert read_vectors(write(b"a 1\n<unk> 3\nb 2\n"), limit=2).terms == ["a", "<unk>"]
    with pytest.raises(ValueError, match="the header says 5 words, and there are only 2"):
        read_vectors(write(b"5 1\na 1\nb 2\n"), limit=3)
