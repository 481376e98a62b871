"""Stanford GloVe's ``vocab.txt``: words and their counts."""

from __future__ import annotations

import codecs
import os
import re
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from glove_sklearn._system.files import StrPath, open_to_read, open_to_write
from glove_sklearn._system.recognition import N_BYTES, recognise
from glove_sklearn._text.vocabulary import terms_by_row
from glove_sklearn._vector_files.format import ReadingOptions
from glove_sklearn._vector_files.messages import shown

#: Bytes of the longest word that Stanford GloVe reads.
_MAX_WORD = 999
#: A NUL ends its strings, and white space its words.
_ENDS_WORD = re.compile(rb"[\0 \t\n\v\f\r]")


def checked_encoding(encoding: str) -> str:
    """Return the name of an encoding for messages; refuse it if its spaces, digits and line ends are not those of ASCII."""
    ascii_text = " \t\r\n+-.0123456789Ee"
    try:
        if codecs.lookup(encoding).name in ("utf-8", "utf-8-sig"):
            return "UTF-8"
        extends_ascii = ascii_text.encode(encoding) == ascii_text.encode("ascii")
    except (LookupError, UnicodeError, TypeError):
        extends_ascii = False
    if not extends_ascii:
        raise ValueError(
            f"encoding must be one that extends ASCII, such as 'latin-1' or 'gb18030', got {encoding!r}; convert a file in "
            "another one to UTF-8, for example with iconv."
        )
    return encoding


def read_vocabulary(
    path: StrPath, *, unicode_errors: str = "strict", encoding: str = "utf-8"
) -> tuple[list[str], np.ndarray | None]:
    r"""Read Stanford GloVe's ``vocab.txt``, or a list of words.

    Each line is a word, white space, and how often the word occurs, in decimal digits. The first line is the word of row 0 of X,
    which has the id 1 in files of co-occurrences. Stanford GloVe writes words by falling count, ties in the order of their bytes;
    any order is read. Words are UTF-8, unless `encoding` says otherwise. White space is that of C (space and
    ``\t \n \v \f \r``), so that a word may contain a no-break space. Blank lines are skipped.

    Parameters
    ----------
    path : str or path
        May be compressed.
    unicode_errors : str, default="strict"
        What to do with words that are not valid in the encoding: see :meth:`bytes.decode`.
    encoding : str, default="utf-8"
        Of the words; one that extends ASCII.

    Returns
    -------
    terms : list of str
    counts : ndarray of shape (n_words,), int64, or None
        None if all lines hold a word only.

    Raises
    ------
    ValueError
        If a line is not a word and a count, if a word is not valid in the encoding or occurs twice, or if there is no word.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from glove_sklearn.formats import read_vocabulary
    >>> with TemporaryDirectory() as folder:
    ...     with open(f"{folder}/vocab.txt", "w") as file:
    ...         _ = file.write("ice 7\nsteam 3\n")
    ...     terms, counts = read_vocabulary(f"{folder}/vocab.txt")
    >>> terms, counts.tolist()
    (['ice', 'steam'], [7, 3])
    """
    name = checked_encoding(encoding)
    row_of: dict[str, int] = {}
    counts: list[int] = []
    lines: list[int] = []
    n_fields = 0
    with open_to_read(path) as file:
        if foreign := recognise(file.peek(N_BYTES)):  # type: ignore[attr-defined]
            raise ValueError(f"{os.fsdecode(path)} is {foreign.what}, and not a vocabulary; {foreign.advice}.")
        for line, content in enumerate(file, 1):
            fields = (content.removeprefix(codecs.BOM_UTF8) if line == 1 else content).split()
            if not fields:
                continue
            where = f"{os.fsdecode(path)}, line {line}"
            try:
                term = fields[0].decode(encoding, unicode_errors)
            except UnicodeDecodeError as error:
                raise ValueError(
                    f"{where}: the word {fields[0]!r} is not {name} ({error.reason}); give encoding= if it has another, or "
                    "unicode_errors='backslashreplace'."
                ) from error
            n_fields = n_fields or min(len(fields), 2)
            if len(fields) != n_fields:
                expected = "a word and its count" if n_fields == 2 else "a word, as on the lines before"
                raise ValueError(f"{where}: expected {expected}, got {shown(content)}.")
            if n_fields == 2:
                if not fields[1].isdigit() or len(fields[1]) > 19 or int(fields[1]) >= 1 << 63:
                    raise ValueError(f"{where}: the count of {term!r} must be an integer, got {shown(fields[1])}.")
                counts.append(int(fields[1]))
            if term in row_of:
                raise ValueError(f"{where}: the word {term!r} is on line {lines[row_of[term]]} already.")
            row_of[term] = len(lines)
            lines.append(line)
    if not lines:
        raise ValueError(f"{os.fsdecode(path)}: expected a word and its count on each line, got no word.")
    return list(row_of), np.array(counts, dtype=np.int64) if n_fields == 2 else None


def words_and_counts(path: StrPath, options: ReadingOptions) -> tuple[list[str], np.ndarray | None]:
    """Return the words that belong to a file of vectors, and their counts if they are known.

    Parameters
    ----------
    path : str or path
        The file of vectors.
    options : ReadingOptions
        Its `vocabulary` is a file, or the words themselves; None for the ``vocab.txt`` beside the file of vectors. Words are
        decoded as those of the file of vectors.
    """
    vocabulary = options.vocabulary
    if vocabulary is None:
        vocabulary = os.path.join(os.path.dirname(os.fsdecode(path)), "vocab.txt")
    elif not isinstance(vocabulary, (str, bytes, os.PathLike)):
        return list(vocabulary), None
    return read_vocabulary(vocabulary, unicode_errors=options.unicode_errors, encoding=options.encoding)


def words_beside(
    path: str, options: ReadingOptions, beside: str | None, name: str, *, has_columns: bool
) -> tuple[list[str], np.ndarray | None]:
    """Return the words of a file that has vectors only, and their counts if they are known.

    Parameters
    ----------
    path : str
        The file of vectors.
    options : ReadingOptions
        Its `vocabulary` is a list of words, or a file: a ``vocab.txt``, or with a word on each line. Of a table with tabs, the
        first line is a header and the first column has the words.
    beside : str or None
        The file that belongs to the vectors, if `vocabulary` is None; None if it does not exist.
    name : str
        What this file would be called, for the message.
    has_columns : bool
        Whether tabs separate columns in it. Otherwise each of its lines is a word, whatever is in it; in both cases "route 66"
        is a word, and not one with a count.
    """
    given = beside if options.vocabulary is None else options.vocabulary
    if given is None:
        raise ValueError(
            f"{path} has vectors without words: put them into a file {name} in the same folder, or give vocabulary to "
            "read_vectors"
        )
    if not isinstance(given, (str, os.PathLike)):
        return list(given), None
    is_beside = options.vocabulary is None
    if not is_beside and looks_like_vocabulary(given):
        return read_vocabulary(given, unicode_errors=options.unicode_errors, encoding=options.encoding)
    with open_to_read(given) as file:
        data = file.read().removeprefix(codecs.BOM_UTF8)
    try:
        lines = data.decode(options.encoding, options.unicode_errors).split("\n")
    except UnicodeDecodeError as error:
        raise ValueError(f"{os.fsdecode(given)}: a word is not valid {options.encoding} ({error.reason})") from error
    if not lines[-1]:
        del lines[-1]
    lines = [line.removesuffix("\r") for line in lines]
    if lines and "\t" in lines[0] and (has_columns or not is_beside):
        return [line.partition("\t")[0] for line in lines[1:]], None
    return lines, None


def looks_like_vocabulary(path: StrPath) -> bool:
    """Return whether the first lines of a file are each a word and an integer."""
    with open_to_read(path) as file:
        lines = file.read(1 << 16).split(b"\n")
    # The last line may have been cut.
    fields = [line.split() for line in lines[: max(1, len(lines) - 1)] if line.strip()]
    if not fields or not all(len(parts) == 2 and parts[1].isdigit() for parts in fields):
        return False
    # A header and vectors of one integer look alike, but the header has the number of lines.
    first = fields[0][0]
    return not (first.isdigit() and int(first) == len(fields) - 1)


def write_vocabulary(path: StrPath, terms: Iterable[str], counts: Any) -> None:
    """Write Stanford GloVe's ``vocab.txt``.

    Each line is a word in UTF-8, a space, and its count; line i + 1 is the word of row i of X. The words are written in the given
    order. The order of this package (falling count, ties by code point) is that of Stanford GloVe, except for ties of words
    that are not ASCII, whose bytes it takes for negative numbers.

    Parameters
    ----------
    path : str or path
        Compressed if its extension says so; Stanford GloVe reads it uncompressed.
    terms : iterable of str, or dict
        The words in the order of their rows, or a `vocabulary_`.
    counts : array-like of shape (n_words,)
        Non-negative integers.

    Raises
    ------
    ValueError
        For a word that Stanford GloVe could not read: an empty one, one with ASCII white space or a NUL in it, with a surrogate
        (which is not UTF-8), or longer than 999 bytes; for ``<unk>``, with which it refuses to write vectors; and for one that
        occurs twice.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from glove_sklearn.formats import write_vocabulary
    >>> with TemporaryDirectory() as folder:
    ...     write_vocabulary(f"{folder}/vocab.txt", ["ice", "steam"], [7, 3])
    ...     Path(folder, "vocab.txt").read_text().splitlines()
    ['ice 7', 'steam 3']
    """
    if isinstance(terms, Mapping):
        rows = sorted(terms.values())
        if rows != list(range(len(rows))):
            raise ValueError(
                f"the rows of a vocabulary must be 0 to {len(rows) - 1}, each once, got {shown(rows, 100)}."
            )
        terms = terms_by_row(terms)
    terms = list(terms)
    counts = np.asarray(counts)
    if counts.shape != (len(terms),) or not np.issubdtype(counts.dtype, np.integer) or (counts < 0).any():
        raise ValueError(
            f"counts must be a non-negative integer for each of the {len(terms)} words, got {shown(counts, 100)}."
        )
    if not terms:
        raise ValueError("terms must hold at least one word, got none.")
    seen: set[str] = set()
    with open_to_write(path) as file:
        for term, count in zip(terms, counts.tolist(), strict=True):
            word = _encoded(term)
            if term in seen:
                raise ValueError(f"terms must be different, got {term!r} twice.")
            seen.add(term)
            file.write(b"%s %d\n" % (word, count))


def _encoded(term: str) -> bytes:
    """Encode a word so that Stanford GloVe reads it as one word."""
    if not isinstance(term, str):
        raise ValueError(f"terms must be str, got {term!r} ({type(term).__name__}).")
    try:
        word = term.encode("utf-8")
    except UnicodeEncodeError as error:
        raise ValueError(f"the word {term!r} cannot be written as UTF-8 ({error.reason}); leave it out.") from error
    problem = ""
    if not word:
        problem = "is empty"
    elif _ENDS_WORD.search(word):
        problem = "has white space or a NUL in it"
    elif len(word) > _MAX_WORD:
        problem = f"has {len(word)} bytes, more than {_MAX_WORD}"
    elif word == b"<unk>":
        problem = "is Stanford GloVe's name for unknown words, with which it would refuse to write vectors in the end"
    if problem:
        raise ValueError(f"the word {shown(term)} {problem}: Stanford GloVe could not use this file; replace the word.")
    return word
