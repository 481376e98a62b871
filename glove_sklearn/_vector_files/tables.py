r"""Tables: "csv", "tsv" and "projector".

Values are written with the fewest digits that read as the same float32. Text is UTF-8.

"csv"
    A header ``word,0,1,...``, then for each word a row: the word, and its values. Words that contain commas, quotes or line ends
    are quoted, as RFC 4180 says. When a file is read, its first row is a header if it has anything but numbers after the first
    field, or if it has the numbers 0, 1, 2, ... there, which are the names that pandas gives to columns; a file need not have
    one. It is detected by its extension, .csv.
"tsv"
    The same with tabs between the fields. It is detected by its extension, .tsv, and its header; without a header, a .tsv may be
    one of the text formats, whose words are not quoted.
"projector"
    The two files that the Embedding Projector of TensorFlow takes: ``name.tsv`` has the values of a vector on each line,
    separated by tabs, and ``name.metadata.tsv`` the words, one a line. When vectors are read, the words may also be in a
    ``metadata.tsv`` in the same folder, or in the file that `vocabulary` names. Of a table with several columns, the first row
    is a header and the first column has the words.
"""

from __future__ import annotations

import csv
import os
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from glove_sklearn._embedding.word_vectors import WordVectors, as_word_vectors
from glove_sklearn._system.files import format_suffix, open_to_write
from glove_sklearn._system.warning import warn_caller
from glove_sklearn._system.wording import number_of
from glove_sklearn._vector_files._parser import BYTES_OF_A_VALUE, format_rows
from glove_sklearn._vector_files.format import Format, ReadingOptions, Source
from glove_sklearn._vector_files.messages import shown
from glove_sklearn._vector_files.vocabulary import checked_encoding, words_beside

#: Rows that are converted together.
_CHUNK_ROWS = 1 << 12
#: The most characters of a field; the module `csv` refuses longer ones.
_FIELD_LIMIT = 1 << 24


def _detect_csv(source: Source, options: ReadingOptions) -> bool:
    return format_suffix(source.path) == ".csv"


def _detect_tsv(source: Source, options: ReadingOptions) -> bool:
    first = source.start.partition(b"\n")[0].decode(errors="replace").rstrip("\r").split("\t")
    return format_suffix(source.path) == ".tsv" and len(first) > 1 and _is_header(first)


def _detect_projector(source: Source, options: ReadingOptions) -> bool:
    if format_suffix(source.path) != ".tsv":
        return False
    first = source.start.partition(b"\n")[0].decode(errors="replace").split("\t")
    return _are_numbers(first) and (options.vocabulary is not None or _metadata_of(source.path) is not None)


def _read_table(source: Source, options: ReadingOptions, delimiter: str) -> WordVectors:
    invalid: list[str] = []
    rows = _rows(source, options, delimiter, invalid)
    number, first = next(rows, (0, []))
    if len(first) < 2:
        raise ValueError(f"{source.path}: expected a word and its values in each row, got {shown(first)} in the first")
    terms: list[str] = []
    chunks: list[np.ndarray] = []
    block: list[tuple[int, list[str]]] = [] if _is_header(first) else [(number, first)]
    while True:
        for number, row in rows:
            block.append((number, row))
            if len(block) == _CHUNK_ROWS or len(terms) + len(block) == options.limit:
                break
        block = block[: None if options.limit is None else options.limit - len(terms)]
        terms += [row[0] for _, row in block]
        chunks.append(_values(source.path, [(number, row[1:]) for number, row in block], len(first) - 1, "a word and "))
        if len(block) < _CHUNK_ROWS:
            break
        block = []
    if invalid:
        _check_different(
            source.path, terms, {row[0] for row in csv.reader(invalid, delimiter=delimiter) if row}, options
        )
    return WordVectors(terms, np.concatenate(chunks))


def _check_different(path: str, terms: list[str], invalid: set[str], options: ReadingOptions) -> None:
    """Refuse to read different words as one, because they differ only in what was replaced; warn of what was replaced."""
    encoding = checked_encoding(options.encoding)
    repeated = next((term for term, n in Counter(terms).items() if n > 1 and term in invalid), None)
    if repeated is not None:
        raise ValueError(
            f"{path}: words are not valid {encoding}, and with unicode_errors={options.unicode_errors!r} several are read as "
            f"{shown(repeated)}; give the encoding, such as 'latin-1', or unicode_errors='backslashreplace'"
        )
    what = "1 word is" if len(invalid) == 1 else f"{len(invalid)} words are"
    warn_caller(f"{path}: {what} not valid {encoding}, such as {shown(min(invalid))}; is it another encoding?")


def _rows(
    source: Source, options: ReadingOptions, delimiter: str, invalid: list[str] | None = None
) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a table that are not empty, and the numbers of their lines; add lines that are not valid to `invalid`."""
    limit = csv.field_size_limit(_FIELD_LIMIT)
    try:
        reader = csv.reader(_lines(source, options, invalid), delimiter=delimiter, strict=True)
        for row in reader:
            if row:
                yield reader.line_num, row
    except csv.Error as error:
        raise ValueError(f"{source.path}, line {reader.line_num}: not a table ({error})") from error
    finally:
        csv.field_size_limit(limit)


def _lines(source: Source, options: ReadingOptions, invalid: list[str] | None) -> Iterator[str]:
    *lines, last = source.start.split(b"\n")
    first = (line + b"\n" for line in lines)
    for line in chain(first, [last + source.file.readline()], source.file):
        try:
            yield line.decode(options.encoding)
        except UnicodeDecodeError as error:
            if options.unicode_errors == "strict":
                raise ValueError(
                    f"{source.path}: {shown(line)} is not valid {checked_encoding(options.encoding)} ({error.reason})"
                ) from error
            text = line.decode(options.encoding, options.unicode_errors)
            if invalid is not None:
                invalid.append(text)
            yield text


def _values(path: str, rows: Sequence[tuple[int, list[str]]], d: int, others: str = "") -> np.ndarray:
    """Convert fields to float32, shape (n_rows, d); `others` says what else is in each row."""
    for number, row in rows:
        if len(row) != d:
            raise ValueError(f"{path}, line {number}: {number_of(len(row), 'value')} instead of {d}")
    try:
        return np.array([row for _, row in rows], dtype=np.float32).reshape(len(rows), d)
    except ValueError:
        for number, row in rows:
            for field in row:
                if not _are_numbers([field]):
                    raise ValueError(
                        f"{path}, line {number}: {shown(field)} is not a number; expected {others}the values of a vector in "
                        "each row"
                    ) from None
        raise


def _is_header(fields: Sequence[str]) -> bool:
    names = fields[1:]
    return not _are_numbers(names) or list(names) == [str(column) for column in range(len(names))]


def is_comma_separated(start: bytes) -> bool:
    """Return whether a file begins with rows of a word and numbers, with commas between them, the first perhaps a header."""
    lines = [line.decode(errors="replace") for line in start.split(b"\n", 2)[:2]]
    try:
        rows = [row for row in csv.reader(lines) if row]
    except csv.Error:
        return False
    return bool(rows) and len(rows[0]) == len(rows[-1]) > 2 and _are_numbers(rows[-1][1:])


def _are_numbers(fields: Sequence[str]) -> bool:
    try:
        np.array(fields, dtype=np.float32)
    except ValueError:
        return False
    return True


def _read_csv(source: Source, options: ReadingOptions) -> WordVectors:
    return _read_table(source, options, ",")


def _read_tsv(source: Source, options: ReadingOptions) -> WordVectors:
    return _read_table(source, options, "\t")


def _read_projector(source: Source, options: ReadingOptions) -> WordVectors:
    terms, counts = words_beside(source.path, options, _metadata_of(source.path), "name.metadata.tsv", has_columns=True)
    rows = _rows(source, options, "\t")
    wanted = len(terms) if options.limit is None else min(len(terms), options.limit)
    block = [row for row, _ in zip(rows, range(wanted + (options.limit is None)), strict=False)]
    if len(block) != wanted:
        has = "more" if len(block) > wanted else f"only {len(block)} of them"
        raise ValueError(f"{source.path}: the metadata have {number_of(len(terms), 'word')}, and the vectors are {has}")
    vectors = _values(source.path, block, len(block[0][1]) if block else 0)
    return WordVectors(terms[:wanted], vectors, None if counts is None else counts[:wanted])


def _metadata_of(path: str) -> str | None:
    """Return the file with the words of a projector's vectors, or None."""
    for name in (_metadata_path(path), os.path.join(os.path.dirname(path), "metadata.tsv")):
        if os.path.isfile(name) and not os.path.samefile(name, path):
            return name
    return None


def _metadata_path(path: str) -> str:
    return str(Path(path).with_suffix(".metadata.tsv"))


def _write_table(path: str, vectors: Any, delimiter: str) -> None:
    terms, rows, _ = as_word_vectors(vectors)
    separator = delimiter.encode()
    with open_to_write(path) as file:
        file.write(separator.join([b"word", *(b"%d" % column for column in range(rows.shape[1]))]) + b"\n")
        for first, lines in _formatted(rows, separator):
            words = [_quoted(term, delimiter).encode() for term in terms[first : first + len(lines)]]
            file.write(b"".join(word + separator + line + b"\n" for word, line in zip(words, lines, strict=True)))


def _quoted(field: str, delimiter: str) -> str:
    return '"' + field.replace('"', '""') + '"' if re.search(f'[{delimiter}"\r\n]', field) else field


def _formatted(vectors: np.ndarray, separator: bytes) -> Iterator[tuple[int, list[bytes]]]:
    """Yield the values of some rows as lines of text without line ends, and the index of the first of these rows."""
    for first in range(0, len(vectors), _CHUNK_ROWS):
        rows = np.ascontiguousarray(vectors[first : first + _CHUNK_ROWS], dtype=np.float32)
        empty_words = b"\n" * len(rows)
        text = np.empty(len(empty_words) + BYTES_OF_A_VALUE * rows.size, dtype=np.uint8)
        lines = text[: format_rows(rows, empty_words, text)].tobytes().splitlines()
        yield first, [line[1:].replace(b" ", separator) for line in lines]


def _write_csv(path: str, vectors: Any, unknown: bool) -> None:
    _write_table(path, vectors, ",")


def _write_tsv(path: str, vectors: Any, unknown: bool) -> None:
    _write_table(path, vectors, "\t")


def _write_projector(path: str, vectors: Any, unknown: bool) -> None:
    terms, rows, _ = as_word_vectors(vectors)
    with open_to_write(_metadata_path(path)) as file:
        file.write("".join(f"{term}\n" for term in terms).encode())
    with open_to_write(path) as file:
        for _, lines in _formatted(rows, b"\t"):
            file.write(b"".join(line + b"\n" for line in lines))


CSV = Format(
    "csv",
    "a table with a header",
    detect=_detect_csv,
    read=_read_csv,
    write=_write_csv,
    suffixes=(".csv",),
)
TSV = Format(
    "tsv",
    "a table with a header and tabs",
    detect=_detect_tsv,
    read=_read_tsv,
    write=_write_tsv,
    suffixes=(".tsv",),
)
PROJECTOR = Format(
    "projector",
    "a .tsv and a .metadata.tsv for the Embedding Projector",
    detect=_detect_projector,
    read=_read_projector,
    write=_write_projector,
    refused=re.compile(r"\A\Z|[\t\n\r]"),
    is_compressible=False,
    is_text=True,
    beside=".metadata.tsv",
    takes_words_from_vocabulary=True,
)
