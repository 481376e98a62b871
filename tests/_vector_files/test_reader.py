"""Reading in chunks, and what is said of files that are damaged."""

import bz2
import gzip
import lzma
import os
import pickle
import threading
import zipfile

import pytest

from glove_sklearn._vector_files import binary, reader
from glove_sklearn._vector_files import text as text_formats
from glove_sklearn.formats import (
    WordVectors,
    read_vectors,
    save_vectors,
)
from tests._vector_files.words import READERS, WRITERS, assert_equal, random_vectors


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


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "vectors is empty: expected a file of word vectors"),
        (b"\n \n", "is empty"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)) * 50, "is a picture, and not a file of word vectors"),
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


@pytest.mark.posix
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
