"""Files are read as they are, whatever wrote them, and what is written is read back equal."""

import bz2
import gzip
import lzma
import os
import pickle
import struct
import threading
import warnings
import zipfile

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sklearn.exceptions import NotFittedError

from glove_sklearn import GloVe, GloVeVectorizer
from glove_sklearn.formats import (
    WordVectors,
    binary,
    read_vectors,
    reader,
    save_vectors,
)
from glove_sklearn.formats import text as text_formats
from tests.formats.words import READERS, SMALL, WRITERS, assert_equal, random_vectors, slowly
from tests.stanford_glove import VECTOR_SIZE

# Stanford GloVe


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


def test_binary_of_stanford_glove(stanford_glove):
    path = stanford_glove.path("vectors.005.bin")
    words, contexts = stanford_glove.parameters("vectors.005.bin")[:, :, :VECTOR_SIZE]
    terms = stanford_glove.terms()
    for combine, expected in {
        "sum": words + contexts,
        "word": words,
        "context": contexts,
        "concat": np.hstack([words, contexts]),
    }.items():
        found = read_vectors(path, combine=combine)
        assert_equal(found, WordVectors(terms, expected.astype(np.float32)))
        assert found.counts.tolist() == stanford_glove.counts()
    found = read_vectors(path, format="glove-binary", vocabulary=terms, limit=5)
    assert_equal(found, WordVectors(terms[:5], (words + contexts)[:5].astype(np.float32)))
    assert found.counts is None


@pytest.mark.parametrize("combine", ["sum", "word", "context", "concat"])
def test_all_parameters_as_text_are_the_binary_to_the_printed_digits(stanford_glove, combine):
    text = read_vectors(stanford_glove.path("vectors.005.model0.txt"), combine=combine, format="glove-model0")
    binary = read_vectors(stanford_glove.path("vectors.005.bin"), format="glove-binary", combine=combine)
    assert text.terms == binary.terms
    np.testing.assert_allclose(text.vectors, binary.vectors, rtol=1e-6, atol=1.1e-6)


def test_counts_come_from_the_vocabulary(stanford_glove, write):
    vocabulary = stanford_glove.path("vocab.txt")
    found = read_vectors(stanford_glove.path("vectors.005.txt"), vocabulary=vocabulary, unknown=True)
    assert found.counts.tolist() == [*stanford_glove.counts(), 0]
    path = write(b"zebroid 1 2\n")
    with pytest.raises(ValueError, match="the vocabulary has no count for 'zebroid'"):
        read_vectors(path, vocabulary=vocabulary)
    with pytest.raises(ValueError, match="without counts it is for 'glove-binary' only"):
        read_vectors(path, vocabulary=["zebroid"])


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


def test_binary_of_another_vocabulary_is_refused(stanford_glove, write):
    path = stanford_glove.path("vectors.005.bin")
    with pytest.raises(ValueError, match=r"14464 bytes are not two rows of float64 for each of 3 words"):
        read_vectors(path, vocabulary=["a", "b", "c"])
    with pytest.raises(ValueError, match="give its vocabulary"):
        read_vectors(write(path.read_bytes(), "elsewhere.bin"))
    with pytest.raises(ValueError, match="an even number of values, got 3"):
        read_vectors(write(b"the 1 2 3\n"), format="glove-model0")
    with pytest.raises(ValueError, match=r"vocab, line 2: the count of 'of' must be an integer, got 'many'"):
        read_vectors(path, format="glove-binary", vocabulary=write(b"the 5\nof many\n", "vocab"))


# What is written is read back


@pytest.mark.parametrize("suffix", ["", ".gz", ".bz2", ".xz", ".zip"])
@pytest.mark.parametrize("name", ["a.txt", "a.vec", "a.w2v", "a.bin"])
def test_formats_by_extension_plain_or_compressed(tmp_path, name, suffix):
    save_vectors(tmp_path / (name + suffix), SMALL)
    assert_equal(read_vectors(tmp_path / (name + suffix)), SMALL)


def test_bytes_that_are_written(tmp_path):
    path = tmp_path / "vectors"
    save_vectors(path, SMALL, format="glove")
    assert path.read_bytes() == "the 0.5 -0.25\nof 1e-07 3.0\nnaïve -0.0 1e+30\n".encode()
    save_vectors(path, SMALL, format="word2vec")
    assert path.read_bytes() == "3 2\nthe 0.5 -0.25\nof 1e-07 3.0\nnaïve -0.0 1e+30\n".encode()
    save_vectors(path, SMALL, format="word2vec-binary")
    values = [struct.pack("<2f", *row) for row in SMALL.vectors]
    assert path.read_bytes() == b"3 2\nthe %b\nof %b\nna\xc3\xafve %b\n" % tuple(values)


TERMS = st.lists(
    st.one_of(
        st.text(max_size=8),
        st.text("a1. \t\n\r-e", max_size=6),
        st.sampled_from(
            ["2", "0.5", "1 2", "a b", "a 1", "<unk>", "nan", "inf", ". .", "\x00", "\x85", "\u2028", "\xa0"]
        ),
    ),
    min_size=1,
    max_size=5,
)


@pytest.mark.parametrize("format", ["glove", "word2vec", "word2vec-binary"])
@given(terms=TERMS, d=st.integers(1, 4), data=st.data())
@example(terms=["2", "1"], d=1, data=None)
@example(terms=["5"], d=2, data=None)
def test_any_words_and_any_bits_are_read_back_or_refused_with_the_word(tmp_path_factory, format, terms, d, data):
    n = len(terms) * d
    bits = [0x40400000] * n if data is None else data.draw(st.lists(st.integers(0, 2**32 - 1), min_size=n, max_size=n))
    words = WordVectors(terms, np.array(bits, dtype=np.uint32).view(np.float32).reshape(-1, d))
    path = tmp_path_factory.mktemp("any") / {"glove": "a.txt", "word2vec": "a.vec", "word2vec-binary": "a.bin"}[format]
    refused = None
    try:
        WRITERS[format](path, words)
    except ValueError as error:
        refused = str(error)
    if refused:
        assert any(repr(term) in refused for term in terms)
        assert not path.exists()
        return
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "(?s).*have infinite values or NaN")
        assert_equal(read_vectors(path), words)
        assert_equal(READERS[format](path), words)


@pytest.mark.parametrize(
    ("term", "refusing"),
    [
        ("", ["glove", "word2vec", "word2vec-binary"]),
        ("a\nb", ["glove", "word2vec", "word2vec-binary"]),
        ("\ud800", ["glove", "word2vec", "word2vec-binary"]),
        (" a", ["glove", "word2vec", "word2vec-binary"]),
        ("a\t", ["glove", "word2vec"]),
        ("new york", ["word2vec", "word2vec-binary"]),
        ("version 2.0", ["glove", "word2vec", "word2vec-binary"]),
        ("a\rb", ["word2vec"]),
        ("a\xa0b", []),
        ("a\x85b\u2028c", []),
        ("\0", []),
        ("2", []),
    ],
)
def test_words_that_a_format_cannot_carry_are_refused(tmp_path, term, refusing):
    words = WordVectors(["a", term, "b"], random_vectors(3, 2))
    for format, writer in WRITERS.items():
        path = tmp_path / format
        if format in refusing:
            with pytest.raises(ValueError, match=r"cannot hold the word") as caught:
                writer(path, words)
            assert repr(term) in str(caught.value)
            assert not path.exists()
        else:
            writer(path, words)
            assert_equal(read_vectors(path), words)


def test_words_twice_words_that_are_no_str_and_shapes_that_do_not_fit_are_refused(tmp_path):
    path = tmp_path / "vectors.vec"
    for words, message in [
        (WordVectors(["a", "b", "a"], random_vectors(3, 2)), "the word 'a' occurs twice"),
        (WordVectors(["a", 7], random_vectors(2, 2)), "words of vectors must be str, but the one at index 1 is 7"),
        (WordVectors(["a"], random_vectors(2, 2)), "got 1 words and 2 vectors"),
        (WordVectors(["a"], random_vectors(1, 2)[:, :0]), r"got shape \(1, 0\)"),
        (WordVectors(["a"], random_vectors(1, 2), np.array([1, 2])), "got 1 words and 2 counts"),
    ]:
        with pytest.raises(TypeError if 7 in words.terms else ValueError, match=message):
            save_vectors(path, words)
    assert os.listdir(tmp_path) == []


def test_no_words_at_all(tmp_path):
    none = WordVectors([], np.empty((0, 3), dtype=np.float32))
    for name in ("a.vec", "a.bin"):
        save_vectors(tmp_path / name, none)
        assert (tmp_path / name).read_bytes() == b"0 3\n"
        assert_equal(read_vectors(tmp_path / name), none)
    with pytest.raises(ValueError, match="cannot say that there are no vectors: write 'word2vec'"):
        save_vectors(tmp_path / "a.txt", none)


def test_a_short_binary_is_told_from_text_whatever_its_bytes(tmp_path, seed):
    bits = np.random.RandomState(seed).randint(0x21, 0xFF, (200, 1, 4), dtype=np.uint8) | np.array(
        [0, 0, 0x80, 0], np.uint8
    )
    for value in bits.view(np.float32):
        for suffix in ("", ".bin"):
            words = WordVectors(["a"], value if np.isfinite(value).all() else np.ones((1, 1), dtype=np.float32))
            save_vectors(tmp_path / f"vectors{suffix}", words, format="word2vec-binary")
            assert_equal(read_vectors(tmp_path / f"vectors{suffix}"), words)


@pytest.mark.parametrize("chunk", [1, 7, 64, 1000])
@pytest.mark.parametrize("format", WRITERS)
def test_result_does_not_depend_on_how_much_is_read_at_a_time(tmp_path, monkeypatch, format, chunk):
    words = WordVectors([f"{'ü' * (i % 7)}{i}x" for i in range(100)], random_vectors(100, 3))
    WRITERS[format](tmp_path / "whole", words)
    for module in (reader, text_formats, binary):
        monkeypatch.setattr(module, "CHUNK", chunk)
    WRITERS[format](tmp_path / "chunks", words)
    assert (tmp_path / "chunks").read_bytes() == (tmp_path / "whole").read_bytes()
    assert_equal(READERS[format](tmp_path / "whole"), words)
    assert_equal(READERS[format](tmp_path / "whole", limit=50), WordVectors(words.terms[:50], words.vectors[:50]))


# Numbers


# Files of others


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


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "vectors is empty: expected a file of word vectors"),
        (b"\n \n", "is empty"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)) * 50, "not a file of word vectors: it has no header"),
        (b"Lorem ipsum\ndolor sit\n", "not a file of word vectors"),
        (b"a 1 2\nb 3 4\nthe 5", r"line 3 \('the'\): 1 of 2 values; is the file truncated\?"),
        (b"a 1 2\nb 3 4\nthe 5 ", r"line 3 \('the'\): 1 of 2 values; is the file truncated\?"),
        (b"a 1 2\nthe 5\nb 3 4\n", r"line 2 \('the'\): 1 of 2 values$"),
        (b"a 1 2\nb 3 4\n\nthe 5 6 7\n", r"line 4 \('the'\): 3 values where 2 are expected"),
        (b"a 1 2\nb 3 4\nthe 5 x\n", r"line 3 \('the'\): 0 of 2 values after 'x', which is not a number"),
        (b"a 1 2\nb 3 4\nthe 5 6x\nc 1 2\n", r"line 3 \('the'\): 0 of 2 values after '6x', which is not a number$"),
        (b"a 1 2\nb 3 4\n12\n", r"line 3 \('12'\): 0 of 2 values"),
        (b"3 2\na 1 2\nb 3 4\n", "the header says 3 words, and there are only 2; is the file truncated?"),
        (b"1 2\na 1 2\nb 3 4\n", "the header says 1 words, and there are more"),
        (b"2 3\na 1 2\nb 3 4\n", r"line 2 \('a'\): 2 of 3 values"),
        (b"2 1\na 1 2\nb 3 4\n", r"line 2 \('a'\): 2 values where 1 are expected"),
        (b"2 0\na\nb\n", "line 1: expected a header, .* got '2 0'"),
        (b"-2 2\na 1 2\nb 3 4\n", r"line 1 \('-2'\): 1 of 2 values"),
        (b"999999999999 300\na 1 2\n", r"line 2 \('a'\): 2 of 300 values; is the file truncated\?"),
        (b"2 999999999999\na 1 2\n", r"line 2 \('a'\): 2 of 999999999999 values"),
        (b"2 2\na \0\0\0\0\0\0\0\0b \0\0", r"record 2 \('b'\): 2 of 8 bytes; is the file truncated\?"),
        (b"2 2\na \0\0\0\0\0\0\0\0", "the header says 2 words, and there are 1; is the file truncated"),
        (b"1 2\na \0\0\0\0\0\0\0\0b \0\0", "the header says 1 words of 2 values, and there is more"),
        (b"9 999999999999\na \0\0\0\0\0\0\0\0b", r"record 1 \('a'\): 9 of 3999999999996 bytes"),
        (pickle.dumps({"a": 1}), "is a pickle, which can run any program"),
    ],
)
def test_errors_name_file_line_and_word(write, data, message):
    with pytest.raises(ValueError, match=message) as caught:
        read_vectors(write(data))
    assert "vectors" in str(caught.value)


def test_errors_of_names(tmp_path):
    with pytest.raises(FileNotFoundError, match="missing"):
        read_vectors(tmp_path / "missing.txt")
    with pytest.raises(IsADirectoryError):
        read_vectors(tmp_path)
    with pytest.raises(ValueError, match=r"extension must be one of \.txt, \.vec, .*format="):
        save_vectors(tmp_path / "vectors.npz", SMALL)
    with pytest.raises(
        ValueError, match=r"format must be one of glove, word2vec, word2vec-binary, gensim, got 'glove-binary'"
    ):
        save_vectors(tmp_path / "vectors.bin", SMALL, format="glove-binary")
    with pytest.raises(ValueError, match="unknown=True is for 'glove', and the format is 'word2vec'"):
        save_vectors(tmp_path / "vectors.vec", SMALL, unknown=True)
    with pytest.raises(TypeError, match=r"KeyedVectors, a fitted GloVeVectorizer, WordVectors, or a tuple .* got dict"):
        save_vectors(tmp_path / "vectors.txt", {"a": [1, 2]})
    for options, message in [
        ({"format": "text"}, "format must be None or one of glove, .* got 'text'"),
        ({"combine": "mean"}, "combine must be one of sum, .* got 'mean'"),
        ({"unicode_errors": "guess"}, "unicode_errors must be .* got 'guess'"),
        ({"limit": 0}, "limit must be None or at least 1, got 0"),
    ]:
        save_vectors(tmp_path / "vectors.txt", SMALL)
        with pytest.raises(ValueError, match=message):
            read_vectors(tmp_path / "vectors.txt", **options)


def test_long_words_are_cut_in_messages(write):
    with pytest.raises(ValueError, match=r"line 2 \('x{57}\.\.\.'\)"):
        read_vectors(write(b"a 1 2\n" + b"x" * 10_000 + b" 1\nb 3 4\n"))


@pytest.mark.parametrize("format", ["glove", "word2vec", "word2vec-binary"])
def test_invalid_utf8(write, tmp_path, format):
    save_vectors(tmp_path / "right", WordVectors(["a", "b*", "c*", "d"], random_vectors(4, 2)), format=format)
    path = write((tmp_path / "right").read_bytes().replace(b"b*", b"b\xff").replace(b"c*", b"c\xc3"))
    place = {"glove": "line 2", "word2vec": "line 3", "word2vec-binary": "record 2"}[format]
    with pytest.warns(UserWarning, match=f"{place}: 2 words are not valid UTF-8") as caught:
        assert read_vectors(path).terms == ["a", "b\ufffd", "c\ufffd", "d"]
    assert caught[0].filename == __file__
    with pytest.warns(UserWarning, match="2 words"):
        assert read_vectors(path, unicode_errors="ignore").terms == ["a", "b", "c", "d"]
    with pytest.raises(ValueError, match=rf"{place}: 'b\\\\xff' is not valid UTF-8"):
        read_vectors(path, unicode_errors="strict")
    # With a policy that loses nothing the words are no Unicode any more, and cannot be written.
    with pytest.warns(UserWarning, match="2 words"):
        words = read_vectors(path, unicode_errors="surrogateescape")
    with pytest.raises(ValueError, match=r"cannot hold the word 'b\\udcff': it is not valid Unicode"):
        save_vectors(tmp_path / "out", words, format=format)


def test_of_words_that_occur_twice_the_first_counts(write):
    path = write(b"a 1 2\nb 3 4\na 5 6\nc 7 8\nb 9 9\nd 0 1\n")
    with pytest.warns(UserWarning, match="2 words occurred before, such as 'a'; the first counts") as caught:
        found = read_vectors(path)
    assert caught[0].filename == __file__
    expected = np.array([[1, 2], [3, 4], [7, 8], [0, 1]], dtype=np.float32)
    assert_equal(found, WordVectors(["a", "b", "c", "d"], expected))


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


def test_pipes(tmp_path):
    path = tmp_path / "pipe"
    os.mkfifo(path)
    words = WordVectors([f"w{i}" for i in range(1000)], random_vectors(1000, 5))
    writer = threading.Thread(target=save_vectors, args=(path, words), kwargs={"format": "word2vec-binary"})
    writer.start()
    assert_equal(read_vectors(path), words)
    writer.join()


def test_archives_of_stanford(tmp_path):
    words = {d: WordVectors(["the", ",", "."], random_vectors(3, d)) for d in (50, 100)}
    with zipfile.ZipFile(tmp_path / "glove.6B.zip", "w") as archive:
        for d, some in words.items():
            save_vectors(tmp_path / "vectors.txt", some)
            archive.write(tmp_path / "vectors.txt", f"glove.6B.{d}d.txt")
    for d, some in words.items():
        assert_equal(read_vectors(tmp_path / f"glove.6B.zip/glove.6B.{d}d.txt"), some)
    with pytest.raises(ValueError, match="has 2 members"):
        read_vectors(tmp_path / "glove.6B.zip")


@pytest.mark.parametrize("compress", [gzip.compress, bz2.compress, lzma.compress])
def test_damaged_files(write, compress):
    whole = compress(
        b"".join(b"w%d %b\n" % (i, os.urandom(20).hex().encode()) for i in range(1000)).replace(b" ", b" 0.")
    )
    with pytest.raises(ValueError, match="damaged or incomplete"):
        read_vectors(write(whole[: len(whole) // 2]))


# gensim


def test_estimators_are_saved_by_falling_count(tmp_path):
    vectorizer = GloVeVectorizer(2, vocabulary=["rare", "absent", "frequent"], max_iter=1)
    vectorizer.fit(["frequent frequent rare frequent"])
    save_vectors(tmp_path / "vectors.txt", vectorizer)
    order = [2, 0, 1]
    expected = WordVectors(["frequent", "rare", "absent"], vectorizer.embedding_[order])
    assert_equal(read_vectors(tmp_path / "vectors.txt"), expected)
    with pytest.raises(NotFittedError):
        save_vectors(tmp_path / "vectors.txt", GloVeVectorizer())
    with pytest.raises(TypeError, match=r"got GloVe\.$"):
        save_vectors(tmp_path / "vectors.txt", GloVe(2))
