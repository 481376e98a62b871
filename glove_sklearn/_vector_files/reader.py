"""Read words and vectors in chunks: lines of text, or records of bytes."""

from __future__ import annotations

import codecs
import os
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np

from glove_sklearn._system.files import StrPath, open_to_read
from glove_sklearn._system.warning import warn_caller
from glove_sklearn._vector_files._parser import PADDING, decode, is_number, parse_lines, parse_records
from glove_sklearn._vector_files.format import ReadingOptions, Source
from glove_sklearn._vector_files.messages import shown
from glove_sklearn._vector_files.vocabulary import checked_encoding

#: Bytes that are read together.
CHUNK = 1 << 20
#: Lines from which the number of values is estimated.
SAMPLE = 100
#: The most bytes of a word; a longer line does not consist of a word and values.
_MAX_WORD = 1 << 24

_BLANKS = re.compile(rb"[ \t]+")
_HEADER = re.compile(rb"(\d{1,15})[ \t]+(\d{1,15})[ \t\r]*")


@dataclass(frozen=True)
class Layout:
    """How words and vectors follow each other in a file."""

    unit: str
    """What a word and its vector are called in messages."""
    parse: Callable[..., tuple[int, int, int]]
    value_size: int
    """The fewest bytes of a value."""
    is_text: bool
    """Whether each unit ends with a newline, and whether parsing looks at bytes behind the text."""


#: A line has at least a digit and a blank for each value.
LINES = Layout("line", parse_lines, 2, is_text=True)
RECORDS = Layout("record", parse_records, 4, is_text=False)


@contextmanager
def open_source(path: StrPath) -> Iterator[Source]:
    """Open a file and read at least two lines of it."""
    path = os.fsdecode(path)
    with open_to_read(path) as file:
        start = file.read(CHUNK)
        while start and start.count(b"\n") < 2 and len(start) < _MAX_WORD:
            more = file.read(len(start))
            start += more
            if not more:
                break
        yield Source(path, start.removeprefix(codecs.BOM_UTF8), file)


def read_units(
    source: Source,
    start: bytes,
    layout: Layout,
    d: int,
    options: ReadingOptions,
    *,
    limit: int | None,
    n_before: int = 0,
) -> tuple[list[str], np.ndarray, bytes]:
    """Read lines or records, chunk by chunk.

    Vectors are parsed straight into an array that grows in place.

    Parameters
    ----------
    source : Source
    start : bytes
        What has been read of the file already, without its header.
    layout : Layout
    d : int
        Number of values of a vector.
    options : ReadingOptions
    limit : int or None
        Number of vectors after which to stop.
    n_before : int, default=0
        Number of lines before `start`, for messages.

    Returns
    -------
    terms : list of str
    vectors : ndarray of shape (n_words, d), float32
    rest : bytes
        What was read beyond them.
    """
    terms: list[str] = []
    vectors = np.empty((0, d), dtype=np.float32)
    text, n_units = start, n_before
    encoding = checked_encoding(options.encoding)
    #: The bytes of words that are not valid in the encoding, by their rows, and where the first is.
    invalid: dict[int, bytes] = {}
    first_invalid = 0
    at_end = lacks_newline = False
    while not at_end and (limit is None or len(terms) < limit):
        # As much as is left over, so that a long line is not assembled from many chunks.
        more = source.file.read(max(CHUNK, len(text)))
        at_end = not more
        lacks_newline = at_end and layout.is_text and bool(text.strip()) and not text.endswith(b"\n")
        text = b"".join((text, more, b"\n" if at_end and layout.is_text and text else b"", PADDING))
        n_rows = (len(text) - len(PADDING)) // (layout.value_size * d + 1)
        n_rows = n_rows if limit is None else min(n_rows, limit - len(terms))
        if len(terms) + n_rows > len(vectors):
            vectors.resize((len(terms) + n_rows, d), refcheck=False)
        tokens = np.empty((n_rows, 3), dtype=np.int64)
        data = text if layout.is_text else memoryview(text)[: -len(PADDING)]
        n_read, n_parsed, n_bytes = layout.parse(data, vectors, len(terms), tokens)
        tokens = tokens[:n_read]
        n_decoded = len(terms)
        errors = "replace" if options.unicode_errors == "strict" else options.unicode_errors
        decoded = (
            decode(text, tokens, terms, errors)
            if encoding == "UTF-8"
            else _decode(text, tokens, terms, encoding, errors)
        )
        for i in decoded:
            token = text[tokens[i, 0] : tokens[i, 1]]
            first_invalid = first_invalid or n_units + 1 + int(tokens[i, 2])
            invalid[n_decoded + i] = token
            if options.unicode_errors == "strict":
                raise ValueError(f"{_where(source, layout, first_invalid)}: {shown(token)} is not valid {encoding}")
        text = text[n_bytes : -len(PADDING)]
        n_units += n_parsed
        if layout.is_text and len(terms) != limit and b"\n" in text:
            line, _, behind = text.partition(b"\n")
            is_last = not behind.strip() and (at_end or not source.file.read(1))
            raise _malformed_line(source.path, n_units + 1, line, d, is_last)
        if len(text) > _MAX_WORD + 64 * d and (layout.is_text or b" " not in text[:_MAX_WORD]):
            raise ValueError(
                f"{_where(source, layout, n_units + 1)}: no end after {len(text)} bytes; is the file of this format?"
            )
    vectors.resize((len(terms), d), refcheck=False)
    if lacks_newline and limit is None:
        warn_caller(f"{source.path}: the last line has no line feed; is the file truncated?")
    if invalid:
        where = _where(source, layout, first_invalid)
        _check_different(terms, invalid, where, encoding, options.unicode_errors)
        what = "word is" if len(invalid) == 1 else "words are"
        warn_caller(
            f"{where}: {len(invalid)} {what} not valid {encoding}, of which this is the first; is it another encoding?"
        )
    return terms, vectors, text


def _decode(text: bytes, tokens: np.ndarray, terms: list[str], encoding: str, errors: str) -> list[int]:
    """Decode each token, as the kernel does for UTF-8. Returns the indices of those that are not valid."""
    invalid = []
    for i, (begin, end) in enumerate(tokens[:, :2].tolist()):
        token = text[begin:end]
        try:
            terms.append(token.decode(encoding))
        except UnicodeDecodeError:
            terms.append(token.decode(encoding, errors))
            invalid.append(i)
    return invalid


def _check_different(terms: list[str], invalid: dict[int, bytes], where: str, encoding: str, errors: str) -> None:
    """Refuse to read different words as one, because they differ only in what was replaced or left out."""
    token_of: dict[str, bytes] = {}
    clash = next(
        (row for row, token in invalid.items() if token_of.setdefault(terms[row], token) != token),
        None,
    )
    if clash is None:
        clash = next((row for row, term in enumerate(terms) if term in token_of and row not in invalid), None)
    if clash is not None:
        first, second = shown(token_of[terms[clash]]), shown(invalid.get(clash, terms[clash]))
        raise ValueError(
            f"{where}: words are not valid {encoding}, and with unicode_errors={errors!r} both {first} and {second} are read as "
            f"{shown(terms[clash])}; give the encoding, such as 'latin-1', or unicode_errors='backslashreplace'"
        )


def parse_header(line: bytes) -> tuple[int, int] | None:
    """Return the numbers of words and of values, if a line consists of two integers."""
    header = _HEADER.fullmatch(line)
    return None if header is None else (int(header[1]), int(header[2]))


def read_header(source: Source) -> tuple[int, int, bytes]:
    """Return the numbers of words and of values, and what follows the header."""
    line, _, rest = source.start.partition(b"\n")
    header = parse_header(line)
    if header is None or header[1] == 0:
        raise ValueError(
            f"{source.path}, line 1: expected a header, the numbers of words and of values, got {shown(line)}"
        )
    return *header, rest


def most_common_width(lines: Sequence[bytes]) -> int:
    """Return how many numbers most lines end in; where several widths are as common, the largest."""
    widths = Counter(width_of(line) for line in lines if line.strip())
    return max(widths, key=lambda n: (widths[n], n)) if widths else 0


def width_of(line: bytes) -> int:
    """Return how many numbers a line ends in, not counting its first part."""
    parts = split_blanks(line)
    n = 0
    while n < len(parts) - 1 and is_number(parts[-1 - n]):
        n += 1
    return n


def split_blanks(line: bytes) -> list[bytes]:
    """Split a line at spaces and tabs."""
    return _BLANKS.split(line.rstrip(b" \t\r"))


def is_blank_from_here(rest: bytes, file: BinaryIO) -> bool:
    """Return whether nothing but empty lines is left."""
    while True:
        if rest.strip():
            return False
        rest = file.read(CHUNK)
        if not rest:
            return True


def _where(source: Source, layout: Layout, number: int) -> str:
    return f"{source.path}, {layout.unit} {number}"


def _malformed_line(path: str, number: int, line: bytes, d: int, is_last: bool) -> ValueError:
    """Say why a line is not a word and d numbers."""
    parts = split_blanks(line)
    n = width_of(line)
    where = f"{path}, line {number} ({shown(parts[0])})"
    if n > d:
        return ValueError(f"{where}: {n} values where {d} are expected")
    after = f" after {shown(parts[-1 - n])}, which is not a number" if n < len(parts) - 1 else ""
    return ValueError(f"{where}: {n} of {d} values{after}{'; is the file truncated?' if is_last else ''}")
