"""Files that are neither text nor vectors are told by their content."""

import io
import pickle
import sqlite3

import numpy as np
import pytest

from glove_sklearn._system.recognition import is_binary, recognise, recognise_markup


def npy():
    file = io.BytesIO()
    np.save(file, np.zeros(3))
    return file.getvalue()


def sqlite():
    database = sqlite3.connect(":memory:")
    database.execute("CREATE TABLE texts (text)")
    return database.serialize()


@pytest.mark.parametrize(
    ("start", "what", "advice"),
    [
        (sqlite(), "an SQLite database", "export"),
        (pickle.dumps({"a": 1}), "a pickle", "if you trust it"),
        (npy(), "an array of NumPy", "numpy.load"),
        ((793712314).to_bytes(4, "little") + (12).to_bytes(4, "little"), "a binary model of fastText", r"\.vec"),
        (
            b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n",
            "a pointer of Git LFS",
            "git lfs pull",
        ),
        (b"PAR1\x15\x04\x15", "a Parquet file", "read_parquet"),
        (b"%PDF-1.7\n%", "a PDF document", "pdftotext"),
        (b"\x89HDF\r\n\x1a\n\0", "an HDF5 file", "h5py"),
        ("text".encode("utf-16"), "text in UTF-16", "iconv"),
        ("text".encode("utf-32"), "text in UTF-32", "iconv"),
        (b"\x28\xb5\x2f\xfd\x04", "compressed by Zstandard", "unzstd"),
    ],
)
def test_recognise(start, what, advice):
    found = recognise(start)
    assert found.what.startswith(what)
    assert advice.replace("\\", "") in found.advice


@pytest.mark.parametrize(
    "start",
    [b"", b"the 0.1 0.2\n", "é ü\n".encode(), "é".encode("latin-1"), b"PAR1 0.1 0.2\n", b"2 3\nabc", b"%PDF 1 2\n"],
)
def test_text_and_vectors_are_not_foreign(start):
    assert recognise(start) is None
    assert recognise_markup(start) is None
    assert not is_binary(start)


@pytest.mark.parametrize(
    ("start", "what"),
    [
        (b"\n<!DOCTYPE html>\n<html>", "an HTML page"),
        (b"<html lang=en>", "an HTML page"),
        (b'\xef\xbb\xbf<?xml version="1.0"?>', "an XML file"),
        (b"<mediawiki xmlns=", "an XML file"),
    ],
)
def test_markup(start, what):
    assert recognise_markup(start).what == what
