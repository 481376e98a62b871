"""What is written is read back equal, in every format."""

import codecs
import os
import struct
import warnings

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sklearn.exceptions import NotFittedError

from glove_sklearn import GloVe, GloVeVectorizer
from glove_sklearn.formats import (
    WordVectors,
    read_vectors,
    save_vectors,
)
from tests._vector_files.words import FILES, READERS, SMALL, WRITERS, assert_equal, random_vectors


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
    path = tmp_path_factory.mktemp("any") / FILES[format]
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
        warnings.filterwarnings("ignore", "(?s).*ha(s|ve) infinite values or NaN")
        assert_equal(read_vectors(path), words)
        assert_equal(READERS[format](path), words)


@pytest.mark.parametrize(
    ("term", "refusing"),
    [
        ("", ["glove", "word2vec", "word2vec-binary", "projector"]),
        ("a\nb", ["glove", "word2vec", "word2vec-binary", "projector", "npy"]),
        ("\ud800", list(FILES)),
        (" a", ["glove", "word2vec", "word2vec-binary"]),
        ("a\t", ["glove", "word2vec", "projector"]),
        ("new york", ["word2vec", "word2vec-binary"]),
        ("version 2.0", ["glove", "word2vec", "word2vec-binary"]),
        ("a\rb", ["word2vec", "projector", "npy"]),
        ("a\xa0b", []),
        ("a\x85b\u2028c", []),
        ("\0", []),
        ("2", []),
        ('a"b', []),
        ('"', []),
        ("a,b", []),
    ],
)
def test_words_that_a_format_cannot_carry_are_refused(tmp_path, term, refusing):
    words = WordVectors(["a", term, "b"], random_vectors(3, 2))
    for format, writer in WRITERS.items():
        path = tmp_path / FILES[format]
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
        (WordVectors(["a", 7.5], random_vectors(2, 2)), "words of vectors must be str, but the one at index 1 is 7.5"),
        (WordVectors(["a"], random_vectors(2, 2)), "got 1 words and 2 vectors"),
        (WordVectors(["a"], random_vectors(1, 2)[:, :0]), r"got shape \(1, 0\)"),
        (WordVectors(["a"], random_vectors(1, 2), np.array([1, 2])), "got 1 words and 2 counts"),
    ]:
        with pytest.raises(TypeError if 7.5 in words.terms else ValueError, match=message):
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


# Numbers


# Files of others


def test_errors_of_names(tmp_path):
    with pytest.raises(FileNotFoundError, match="missing"):
        read_vectors(tmp_path / "missing.txt")
    with pytest.raises(IsADirectoryError):
        read_vectors(tmp_path)
    with pytest.raises(ValueError, match=r"extension must be one of \.txt, \.vec, .*format="):
        save_vectors(tmp_path / "vectors.npz", SMALL)
    with pytest.raises(
        ValueError,
        match=r"format must be one of glove, word2vec, word2vec-binary, gensim, csv, tsv, .*, got 'glove-binary'",
    ):
        save_vectors(tmp_path / "vectors.bin", SMALL, format="glove-binary")
    with pytest.raises(ValueError, match="unknown=True is for 'glove', and the format is 'word2vec'"):
        save_vectors(tmp_path / "vectors.vec", SMALL, unknown=True)
    with pytest.raises(
        TypeError, match=r"KeyedVectors, a fitted GloVeVectorizer, WordVectors, .* or a tuple .* got dict"
    ):
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


def test_of_words_that_occur_twice_the_first_counts(write):
    path = write(b"a 1 2\nb 3 4\na 5 6\nc 7 8\nb 9 9\nd 0 1\n")
    with pytest.warns(UserWarning, match="2 words occurred before, such as 'a'; the first counts") as caught:
        found = read_vectors(path)
    assert caught[0].filename == __file__
    expected = np.array([[1, 2], [3, 4], [7, 8], [0, 1]], dtype=np.float32)
    assert_equal(found, WordVectors(["a", "b", "c", "d"], expected))


@pytest.mark.parametrize("encoding", ["latin-1", "cp1251", "gb18030", "shift-jis", "euc-kr", "utf-8-sig"])
@pytest.mark.parametrize("header", [b"", b"3 2\n"])
def test_other_encodings(write, encoding, header):
    terms = {
        "latin-1": ["été", "Ärger", "x"],
        "cp1251": ["мир", "жди", "x"],
        "gb18030": ["世界", "語", "x"],
        "shift-jis": ["表示", "ソ", "x"],  # whose second byte is a backslash
        "euc-kr": ["사랑", "물", "x"],
        "utf-8-sig": ["été", "世界", "x"],
    }[encoding]
    plain = "utf-8" if encoding == "utf-8-sig" else encoding
    text = b"".join(term.encode(plain) + b" 1 2\n" for term in terms)
    path = write((codecs.BOM_UTF8 if encoding == "utf-8-sig" else b"") + header + text)
    assert read_vectors(path, encoding=encoding).terms == terms
    counted = path.with_name("words.txt")
    counted.write_bytes(b"".join(term.encode(plain) + b" %d\n" % i for i, term in enumerate(terms)))
    assert read_vectors(path, encoding=encoding, vocabulary=counted).counts.tolist() == [0, 1, 2]
    binary = b"3 1\n" + b"".join(term.encode(plain) + b" \0\0\x80\x3f\n" for term in terms)
    assert read_vectors(write(binary), format="word2vec-binary", encoding=encoding).terms == terms


def test_an_encoding_that_does_not_extend_ascii_is_refused(write):
    path = write(b"a 1 2\n")
    for encoding in ("utf-16", "cp037", "klingon", "rot13", "base64"):
        with pytest.raises(ValueError, match=f"encoding must be one that extends ASCII, .* got '{encoding}'"):
            read_vectors(path, encoding=encoding)


@pytest.mark.parametrize(
    ("words", "errors", "message"),
    [
        (["été", "àtà", "x"], "replace", r"line 1: .* both '\\\\xe9t\\\\xe9' and '\\\\xe0t\\\\xe0' are read as '.t.'"),
        (["caf", "x", "café"], "ignore", "line 3: .* and 'caf' are read as 'caf'"),
    ],
)
def test_different_words_are_not_read_as_one(write, words, errors, message):
    path = write("".join(f"{word} 1 2\n" for word in words).encode("latin-1"))
    with pytest.raises(ValueError, match=message):
        read_vectors(path, unicode_errors=errors)
    assert read_vectors(path, encoding="latin-1").terms == words
    with pytest.warns(UserWarning, match="not valid UTF-8, of which this is the first; is it another encoding"):
        assert len(read_vectors(path, unicode_errors="backslashreplace").terms) == 3


def test_words_that_cannot_be_written_are_counted_and_left_out_if_asked(tmp_path):
    words = WordVectors(["new york", "a", "b", "los angeles", ""], random_vectors(5, 2), np.arange(5))
    path = tmp_path / "a.vec"
    with pytest.raises(
        ValueError, match=r"'word2vec' cannot hold the word 'new york', nor 2 other words; .*skip_unwritable"
    ):
        save_vectors(path, words)
    with pytest.warns(UserWarning, match="left out 3 words that 'word2vec' cannot hold, such as 'new york'"):
        save_vectors(path, words, skip_unwritable=True)
    assert_equal(read_vectors(path), WordVectors(["a", "b"], words.vectors[1:3]))
    for unknown, kept in ((False, ["a"]), (True, ["a", "<unk>"])):
        words = WordVectors(["a", "\ud800", "x 1", "<unk>"], random_vectors(4, 2))
        with pytest.warns(UserWarning, match="left out"):
            save_vectors(path, words, format="glove", unknown=unknown, skip_unwritable=True)
        assert read_vectors(path, unknown=True).terms == kept
    words = WordVectors(["\ufeffa", "\ufeffb", "c"], random_vectors(3, 2))
    with pytest.warns(UserWarning, match="left out 2 words"):
        save_vectors(path, words, skip_unwritable=True)
    assert read_vectors(path).terms == ["c"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"SQLite format 3\0" + bytes(100), "is an SQLite database, and not a file of word vectors; export"),
        ((793712314).to_bytes(4, "little") + bytes(60), "is a binary model of fastText, .* take the .vec file"),
        (
            b"version https://git-lfs.github.com/spec/v1\noid sha256:4d\nsize 12\n",
            "is a pointer of Git LFS, .* git lfs pull",
        ),
        (b"<!DOCTYPE html>\n<p>404 0.1</p>\n", "is an HTML page, .* check the address"),
        (b"\x89HDF\r\n\x1a\n" + bytes(50), "is an HDF5 file"),
        (b"%PDF-1.4\n1 0 obj\n2 0 obj\n", "is a PDF document"),
        (("a 1 2\n" * 9).encode("utf-16"), "is text in UTF-16, .* convert it to UTF-8"),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_foreign_files_are_told(write, data, message):
    path = write(data)
    (path.parent / "vocab.txt").write_text("a 1\n")  # which might be that of a "glove-binary"
    with pytest.raises(ValueError, match=message):
        read_vectors(path)


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
    with pytest.raises(NotFittedError):
        save_vectors(tmp_path / "vectors.txt", GloVe(2))
