r"""Text formats: "glove", "glove-model0" and "word2vec".

A line is a word and the values of its vector, ``word value ... value\n``, separated by spaces or tabs, which may also stand at
its end. Lines end with a newline, or a carriage return and a newline; empty lines are skipped. Text is UTF-8.

"glove"
    Stanford GloVe's text, without a header. A line is split from the right, so that words may contain spaces, as those of
    Stanford's downloads do. The number of values is the one that most of the first hundred lines end in; where several are as
    common, the largest. The last line may be ``<unk>``, the mean of the rarest words.
"glove-model0"
    Its text with ``-model 0``: ``word``, vector, bias, context vector, context bias on a line. It looks like "glove" with vectors
    of 2 d + 2 values, and must be named.
"word2vec"
    A header ``n d\n``, then as "glove"; also what fastText calls ``.vec``. With ``-write-header 1`` Stanford GloVe does not count
    its last line, ``<unk>``, in the header; that line may be there.

Values are written with the fewest digits that read as the same float32.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

import numpy as np

from glove_sklearn._embedding.combination import combine_into, width_factor
from glove_sklearn._embedding.word_vectors import WordVectors, as_word_vectors
from glove_sklearn._system.files import open_to_write
from glove_sklearn._system.recognition import recognise
from glove_sklearn._vector_files._parser import BYTES_OF_A_VALUE, format_rows, is_number
from glove_sklearn._vector_files.binary import is_binary
from glove_sklearn._vector_files.format import Format, ReadingOptions, Source
from glove_sklearn._vector_files.messages import shown
from glove_sklearn._vector_files.reader import (
    CHUNK,
    LINES,
    SAMPLE,
    is_blank_from_here,
    most_common_width,
    parse_header,
    read_header,
    read_units,
    split_blanks,
)

#: Stanford GloVe's name of the mean of its rarest words, and the number of words it averages.
UNKNOWN = "<unk>"
_N_RAREST = 100


def _detect_glove(source: Source, options: ReadingOptions) -> bool:
    if recognise(source.start) is not None:
        return False
    return most_common_width(source.start.split(b"\n", SAMPLE + 1)[: SAMPLE + 1]) > 0


def _detect_word2vec(source: Source, options: ReadingOptions) -> bool:
    lines = source.start.split(b"\n", SAMPLE + 1)[: SAMPLE + 1]
    header = parse_header(lines[0])
    if header is None:
        return False
    n, d = header
    return most_common_width(lines[1:]) == d or not is_binary(source.path, source.start[len(lines[0]) + 1 :], n, d)


def _read_glove(source: Source, options: ReadingOptions) -> WordVectors:
    lines = source.start.split(b"\n", SAMPLE)[:SAMPLE]
    d = most_common_width(lines)
    if d == 0:
        raise ValueError(f"{source.path}: expected lines of a word and numbers, got {shown(lines[0])} in the first")
    terms, vectors, rest = read_units(source, source.start, LINES, d, options, limit=options.limit)
    if _ends_with_unknown(terms, rest, source) and not options.unknown:
        return _without_last(terms, vectors)
    return WordVectors(terms, vectors)


def _read_model0(source: Source, options: ReadingOptions) -> WordVectors:
    terms, parameters, _ = _read_glove(source, options)
    width = parameters.shape[1] // 2
    if parameters.shape[1] % 2 or width < 2:
        raise ValueError(
            f"{source.path}: 'glove-model0' has two vectors and two biases on a line, an even number of values, "
            f"got {parameters.shape[1]}"
        )
    words, contexts = parameters[:, : width - 1], parameters[:, width:-1]
    vectors = np.empty((len(terms), (width - 1) * width_factor(options.combine)), dtype=np.float32)
    combine_into(words, contexts, options.combine, vectors)
    return WordVectors(terms, vectors)


def _read_word2vec(source: Source, options: ReadingOptions) -> WordVectors:
    n, d, start = read_header(source)
    limit = options.limit
    terms, vectors, rest = read_units(source, start, LINES, d, options, limit=limit, n_before=1)
    n_words = len(terms)
    # Stanford GloVe does not count the word in its header; other programs that write it do.
    if n_words == n + 1 and _ends_with_unknown(terms, rest, source):
        return WordVectors(terms, vectors) if options.unknown else _without_last(terms, vectors)
    if n_words != n if limit is None else n_words > n or (n_words < limit and n_words < n):
        more = "more" if n_words > n else f"only {n_words}; is the file truncated?"
        headless = "; if line 1 is not a header, but a word and its value, give format='glove'" if d == 1 else ""
        raise ValueError(f"{source.path}: the header says {n} words, and there are {more}{headless}")
    return WordVectors(terms, vectors)


def _ends_with_unknown(terms: list[str], rest: bytes, source: Source) -> bool:
    return bool(terms) and terms[-1] == UNKNOWN and is_blank_from_here(rest, source.file)


def _without_last(terms: list[str], vectors: np.ndarray) -> WordVectors:
    terms.pop()
    vectors.resize((len(terms), vectors.shape[1]), refcheck=False)
    return WordVectors(terms, vectors)


def _write_glove(path: str, vectors: Any, unknown: bool) -> None:
    terms, rows, _ = as_word_vectors(vectors)
    with open_to_write(path) as file:
        _write_lines(file, terms, rows)
        if unknown and terms[-1] != UNKNOWN:
            mean = rows[-_N_RAREST:].astype(np.float64).mean(axis=0, keepdims=True)
            _write_lines(file, [UNKNOWN], mean)


def _write_word2vec(path: str, vectors: Any, unknown: bool) -> None:
    terms, rows, _ = as_word_vectors(vectors)
    with open_to_write(path) as file:
        file.write(b"%d %d\n" % rows.shape)
        _write_lines(file, terms, rows)


def _write_lines(file: BinaryIO, terms: list[str], vectors: np.ndarray) -> None:
    """Write a line for each word, in chunks."""
    d = vectors.shape[1]
    n_rows = max(1, 4 * CHUNK // (BYTES_OF_A_VALUE * d))
    text = np.empty(0, dtype=np.uint8)
    for start in range(0, len(terms), n_rows):
        rows = np.ascontiguousarray(vectors[start : start + n_rows], dtype=np.float32)
        tokens = ("\n".join(terms[start : start + n_rows]) + "\n").encode()
        size = len(tokens) + BYTES_OF_A_VALUE * rows.size
        if size > len(text):
            text = np.empty(size, dtype=np.uint8)
        file.write(text.data[: format_rows(rows, tokens, text)])


def _faults_without_header(terms: list[str], unknown: bool) -> Iterator[tuple[int, str]]:
    """Yield words whose lines would be read as something else."""
    for row, term in enumerate(terms):
        if (" " in term or "\t" in term) and is_number(split_blanks(term.encode(errors="replace"))[-1]):
            yield row, f"'glove' cannot hold the word {shown(term)}: its last part would be read as a value"
    if terms and terms[-1] == UNKNOWN and not unknown:
        yield (
            len(terms) - 1,
            f"the last word is {UNKNOWN!r}, which readers take for the mean of rare words and drop: "
            "leave it out, or write and read with unknown=True",
        )


GLOVE = Format(
    "glove",
    "text, as Stanford GloVe writes it",
    detect=_detect_glove,
    read=_read_glove,
    write=_write_glove,
    suffixes=(".txt",),
    refused=re.compile(r"\A\Z|\A[ \t]|[ \t]\Z|\n"),
    faults=_faults_without_header,
    is_text=True,
    has_unknown=True,
)
GLOVE_MODEL0 = Format(
    "glove-model0",
    "text of its -model 0, all parameters on a line, never detected",
    read=_read_model0,
)
WORD2VEC = Format(
    "word2vec",
    'text with a first line "words dimension"',
    detect=_detect_word2vec,
    read=_read_word2vec,
    write=_write_word2vec,
    suffixes=(".vec", ".w2v"),
    refused=re.compile(r"\A\Z|[ \t\n\r\v\f]"),
    is_text=True,
)
