"""The format "npy": an array of NumPy, and its words in a file beside it.

``name.npy`` holds an array of shape (n_words, d), real numbers of any type; float32 is written. ``name.words.txt`` holds the
words in UTF-8, one a line. When vectors are read, `vocabulary` may have the words instead.
"""

from __future__ import annotations

import math
import os
import re
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from glove_sklearn._embedding.word_vectors import WordVectors, as_word_vectors
from glove_sklearn._system.files import open_to_read, open_to_write
from glove_sklearn._system.wording import number_of
from glove_sklearn._vector_files.format import Format, ReadingOptions, Source
from glove_sklearn._vector_files.vocabulary import words_beside


def _detect(source: Source, options: ReadingOptions) -> bool:
    return source.start.startswith(np.lib.format.MAGIC_PREFIX)


def _read(source: Source, options: ReadingOptions) -> WordVectors:
    path = source.path
    words_path = _words_path(path)
    terms, counts = words_beside(
        path,
        options,
        words_path if os.path.isfile(words_path) else None,
        os.path.basename(words_path),
        has_columns=False,
    )
    some = slice(options.limit)
    with open_to_read(path) as file:
        vectors = _read_array(path, file)
    if len(vectors) != len(terms):
        raise ValueError(f"{path} has {number_of(len(vectors), 'vector')}, for {number_of(len(terms), 'word')}")
    with np.errstate(over="ignore"):
        vectors = np.ascontiguousarray(vectors[some], dtype=np.float32)
    return WordVectors(terms[some], vectors, None if counts is None else counts[some])


def _read_array(path: str, file: BinaryIO) -> np.ndarray:
    """Read an array of real numbers with two dimensions, once the file is known to be long enough for it."""
    try:
        version = np.lib.format.read_magic(file)
        read_header = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, is_fortran, dtype = read_header(file)
    except Exception as error:  # a damaged header raises errors of all kinds
        raise ValueError(f"{path} is not an array of NumPy: {error}") from error
    if len(shape) != 2 or min(shape) < 0 or shape[1] == 0 or dtype.kind not in "fiu":
        raise ValueError(f"{path}: expected real numbers of shape (n_words, d), got {dtype} of shape {shape}")
    start = file.tell()
    size = file.seek(0, os.SEEK_END) - start
    if size != math.prod(shape) * dtype.itemsize:
        raise ValueError(
            f"{path}: {size} bytes are not {dtype} of shape {shape}, as its header says; is the file truncated?"
        )
    file.seek(start)
    array = np.frombuffer(file.read(size), dtype)
    return array.reshape(shape, order="F" if is_fortran else "C")


def _write(path: str, vectors: Any, unknown: bool) -> None:
    terms, rows, _ = as_word_vectors(vectors)
    with open_to_write(_words_path(path)) as file:
        file.write("".join(f"{term}\n" for term in terms).encode())
    with open_to_write(path) as file:
        np.lib.format.write_array(file, np.ascontiguousarray(rows, dtype="<f4"), allow_pickle=False)


def _words_path(path: str) -> str:
    return str(Path(path).with_suffix(".words.txt"))


NPY = Format(
    "npy",
    "an array of NumPy, and a .words.txt",
    detect=_detect,
    read=_read,
    write=_write,
    suffixes=(".npy",),
    refused=re.compile(r"[\n\r]"),
    is_compressible=False,
    is_text=True,
    beside=".words.txt",
    takes_words_from_vocabulary=True,
)
