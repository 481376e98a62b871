r"""Binary formats: "word2vec-binary" and "glove-binary".

"word2vec-binary"
    A header ``n d\n``, then for each word: the word, a space, d float32, little-endian, and a newline, which may be missing, as
    in files of gensim. So newlines before a word do not belong to it.
"glove-binary"
    Stanford GloVe's ``vectors.bin``, which it writes with ``-binary 1``: 2 n rows of d + 1 float64, little-endian, and nothing
    else; first the n words, then the n contexts, in the order of the vocabulary; each row is a vector and its bias. The file has
    neither words nor their number: n comes from the vocabulary, and determines d. Vectors are combined in float64 and then
    rounded to float32.
"""

from __future__ import annotations

import os
import re
import sys
from typing import Any

import numpy as np

from glove_sklearn._embedding.combination import combine_into, width_factor
from glove_sklearn._embedding.word_vectors import WordVectors, as_word_vectors
from glove_sklearn._system.files import format_suffix, open_to_read, open_to_write
from glove_sklearn._system.recognition import recognise
from glove_sklearn._vector_files._parser import parse_records
from glove_sklearn._vector_files.format import Format, ReadingOptions, Source
from glove_sklearn._vector_files.messages import shown
from glove_sklearn._vector_files.reader import CHUNK, RECORDS, is_blank_from_here, parse_header, read_header, read_units
from glove_sklearn._vector_files.vocabulary import words_and_counts

_NOT_IN_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1f]")


def is_binary(path: str, start: bytes, n: int, d: int) -> bool:
    """Return whether what follows a header of n words and d values, and is not lines of d numbers, consists of records."""
    if format_suffix(path) == ".bin" or _NOT_IN_TEXT.search(start):
        return True
    # The bytes of a few values may all be letters: in a short file, see where the records end.
    if not start.isascii() and 0 < n * (4 * d + 1) <= len(start):
        *_, end = parse_records(start, np.empty((n, d), dtype=np.float32), 0, np.empty((n, 3), dtype=np.int64))
        return not start[end:].strip(b"\n")
    return False


def _detect_word2vec_binary(source: Source, options: ReadingOptions) -> bool:
    return parse_header(source.start.partition(b"\n")[0]) is not None


def _read_word2vec_binary(source: Source, options: ReadingOptions) -> WordVectors:
    n, d, start = read_header(source)
    wanted = n if options.limit is None else min(n, options.limit)
    terms, vectors, rest = read_units(source, start, RECORDS, d, options, limit=wanted)
    n_words = len(terms)
    if n_words < wanted:
        token, space, values = rest.lstrip(b"\n").partition(b" ")
        where = f", record {n_words + 1} ({shown(token)}): {len(values)} of {4 * d} bytes" if space else ""
        raise ValueError(
            f"{source.path}{where or f': the header says {n} words, and there are {n_words}'}; is the file truncated?"
        )
    if n_words == n and not is_blank_from_here(rest, source.file):
        raise ValueError(f"{source.path}: the header says {n} words of {d} values, and there is more")
    if sys.byteorder == "big":
        vectors.byteswap(inplace=True)
    return WordVectors(terms, vectors)


def _write_word2vec_binary(path: str, vectors: Any, unknown: bool) -> None:
    terms, rows, _ = as_word_vectors(vectors)
    width = 4 * rows.shape[1]
    n_rows = max(1, CHUNK // width)
    with open_to_write(path) as file:
        file.write(b"%d %d\n" % rows.shape)
        for start in range(0, len(terms), n_rows):
            values = np.ascontiguousarray(rows[start : start + n_rows], dtype="<f4").tobytes()
            parts = []
            for i, term in enumerate(terms[start : start + n_rows]):
                parts += [term.encode(), b" ", values[i * width : (i + 1) * width], b"\n"]
            file.write(b"".join(parts))


def _detect_glove_binary(source: Source, options: ReadingOptions) -> bool:
    if options.vocabulary is not None:
        return True
    if recognise(source.start) is not None:
        return False
    try:
        n_words = len(words_and_counts(source.path, options)[0])
    except FileNotFoundError:
        return False
    with open_to_read(source.path) as file:
        size = file.seek(0, os.SEEK_END)
    return size % (16 * n_words) == 0 and size > 16 * n_words


def _read_glove_binary(source: Source, options: ReadingOptions) -> WordVectors:
    path = source.path
    terms, counts = words_and_counts(path, options)
    n = len(terms)
    # Word and context vectors are read together, from the two halves of the file.
    with open_to_read(path) as words, open_to_read(path) as contexts:
        size = words.seek(0, os.SEEK_END)
        width, rest = divmod(size, 16 * n) if n else (0, size)
        if rest or width < 2:
            raise ValueError(
                f"{path}: {size} bytes are not two rows of float64 for each of {n} words; is the vocabulary that of this file?"
            )
        words.seek(0)
        contexts.seek(size // 2)
        n = n if options.limit is None else min(n, options.limit)
        vectors = np.empty((n, (width - 1) * width_factor(options.combine)), dtype=np.float32)
        n_rows = max(1, CHUNK // (8 * width))
        for start in range(0, n, n_rows):
            n_bytes = 8 * width * (min(n, start + n_rows) - start)
            word, context = (np.frombuffer(half.read(n_bytes), "<f8").reshape(-1, width) for half in (words, contexts))
            with np.errstate(over="ignore", invalid="ignore"):  # the reader warns of what is not finite
                combine_into(word[:, :-1], context[:, :-1], options.combine, vectors[start : start + n_rows])
    return WordVectors(terms[:n], vectors, None if counts is None else counts[:n])


WORD2VEC_BINARY = Format(
    "word2vec-binary",
    "a first line, then records of bytes",
    detect=_detect_word2vec_binary,
    read=_read_word2vec_binary,
    write=_write_word2vec_binary,
    suffixes=(".bin",),
    refused=re.compile(r"\A\Z|[ \n]"),
)
GLOVE_BINARY = Format(
    "glove-binary",
    "binary parameters of Stanford GloVe, with a vocab.txt",
    detect=_detect_glove_binary,
    read=_read_glove_binary,
    takes_words_from_vocabulary=True,
)
