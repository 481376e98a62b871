"""Files of word vectors: read and written in the formats that others use.

The vectors of n words with d values each, by the names that ``format=`` takes:

=================  ================================================================================================
"glove"            The C program's text, no header: a line for each word, ``word value ... value``. The last line
                   may be ``<unk>``, the mean of its rarest words. What Stanford offers for download.
"glove-model0"     Its text with ``-model 0``: ``word``, vector, bias, context vector, context bias on a line.
"glove-binary"     Its binary: 2 n rows of d + 1 float64, little-endian; first the n words, then the n contexts,
                   each a vector and its bias. The words are in another file, ``vocab.txt``.
"word2vec"         Text with a header: the line ``n d``, then as "glove". Also what fastText calls ``.vec``.
"word2vec-binary"  The line ``n d``, then for each word: the word, a space, d float32, little-endian, a newline.
"gensim"           What ``KeyedVectors.save`` and the models of gensim write: a pickle.
=================  ================================================================================================

All but the last may be compressed: .gz, .bz2, .xz and .zip. Text is UTF-8, and its lines end with a newline, or a carriage
return and a newline. Spaces or tabs stand between word and values, and may stand at the end of a line; empty lines mean nothing.

Which words a format can carry; others are refused, with the word in the message. No format but the last carries empty words, or
lone surrogates, which have no UTF-8.

- "glove": no newline. Spaces and tabs inside, as Stanford's files have them (gensim and other programs do not read such lines),
  but not at the ends of a word, nor with a number after the last of them, which would be one value too many. Not ``<unk>`` in the
  last row.
- "word2vec": no white space of ASCII, so that every program reads them.
- "word2vec-binary": no space and no newline.
- "gensim": any.

Values are float32. Text has the fewest digits that read as the same float32: what is written is read back equal, bit for bit.
"""

from __future__ import annotations

import codecs
import os
import re
import sys
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

import numpy as np

from glove_sklearn._embedding.gensim_bridge import make_keyed_vectors
from glove_sklearn._embedding.word_vectors import WordVectors, as_word_vectors
from glove_sklearn._system.files import COMPRESSIONS, format_suffix, open_to_read, open_to_write
from glove_sklearn.formats._parser import (
    BYTES_OF_A_VALUE,
    PADDING,
    decode,
    format_rows,
    is_number,
    keep_rows,
    not_finite,
    parse_lines,
    parse_records,
)
from glove_sklearn.formats.cooccurrences import read_vocabulary

if TYPE_CHECKING:
    from gensim.models import KeyedVectors

#: Formats of vectors that are read.
FORMATS = ("glove", "glove-model0", "glove-binary", "word2vec", "word2vec-binary", "gensim")
#: The format that is written, by the extension of the file.
_FORMAT_OF_SUFFIX = {
    ".txt": "glove",
    ".vec": "word2vec",
    ".w2v": "word2vec",
    ".bin": "word2vec-binary",
    ".kv": "gensim",
    ".model": "gensim",
}
_COMBINE = ("sum", "word", "context", "concat")

#: What the C program calls the mean of its rarest words, and how many they are.
_UNKNOWN = "<unk>"
_N_RAREST = 100

#: Bytes read at a time.
_CHUNK = 1 << 20
#: Lines from which the number of values is taken.
_SAMPLE = 100
#: Characters that a word has at most; a longer line is no word with values.
_LONGEST = 1 << 24

_BLANKS = re.compile(rb"[ \t]+")
_HEADER = re.compile(rb"(\d{1,15})[ \t]+(\d{1,15})[ \t\r]*")
_NOT_IN_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1f]")
#: What a word must not have, in each format.
_REFUSED = {
    "glove": re.compile(r"\A\Z|\A[ \t]|[ \t]\Z|\n"),
    "word2vec": re.compile(r"\A\Z|[ \t\n\r\v\f]"),
    "word2vec-binary": re.compile(r"\A\Z|[ \n]"),
}


def load_vectors(
    path: Any,
    *,
    format: str | None = None,
    vocabulary: Any = None,
    combine: str = "sum",
    unicode_errors: str = "replace",
    unknown: bool = False,
    limit: int | None = None,
) -> KeyedVectors:
    """Read word vectors from a file of any of the formats, as gensim's object.

    Parameters
    ----------
    path : str or path
        Plain or compressed. A member of a zip file is a path too: ``"glove.6B.zip/glove.6B.50d.txt"``.
    format : {"glove", "glove-model0", "glove-binary", "word2vec", "word2vec-binary", "gensim"} or None, default=None
        None finds out, from the beginning of the file: a pickle, if the extension is .kv or .model; a first line of two whole
        numbers and then lines of text, or bytes; lines that end in numbers, as many as most of the first hundred have; else
        "glove-binary", if there is a vocabulary that fits its size. "glove-model0" looks like "glove" with vectors of 2 d + 2
        values, and must be named.
        "gensim" is a pickle, which can run any program: load only what you trust.
    vocabulary : str, path, list of str or None, default=None
        A file with a line ``word count`` for each word, as the C program's ``vocab.txt``: whence "glove-binary" has its words,
        and any format the counts of its words. A list of words will do for "glove-binary"; None takes the ``vocab.txt``
        beside the file.
    combine : {"sum", "word", "context", "concat"}, default="sum"
        For "glove-binary" and "glove-model0": which of the two vectors of a word make its vector; "concat" doubles the values.
    unicode_errors : str, default="replace"
        What to do with words that are not valid UTF-8, as in :meth:`bytes.decode`; a warning says how many there are.
        "strict" is an error.
    unknown : bool, default=False
        Keep the last row of the C program's text if its word is ``<unk>``. A ``<unk>`` elsewhere is a word like another.
    limit : int or None, default=None
        Read only so many vectors, from the beginning.

    Returns
    -------
    keyed_vectors : gensim.models.KeyedVectors
        The words in the order of the file, with the attribute "count" only if it is known. Of a model of gensim, its
        word vectors.

    Raises
    ------
    ValueError
        Where a line has too few or too many values, or something that is no number; where there are more or fewer words than
        the header says; where the file is no file of word vectors. The message names file, line and word.
    ImportError
        Where gensim is not installed: :func:`read_vectors` works without.

    Warns
    -----
    UserWarning
        Of words that are not UTF-8, words that occur twice (the first counts), vectors with infinite values or NaN, and a text
        that ends without a line feed, which may have been cut inside its last number.
    """
    with _opened(path) as source:
        format = _format(source, format, vocabulary)
        if format == "gensim" and vocabulary is None and limit is None:
            return read_gensim(path)
        words, row_of = _read(source, format, vocabulary, combine, unicode_errors, unknown, limit)
        return make_keyed_vectors(*words, row_of)


def read_vectors(
    path: Any,
    *,
    format: str | None = None,
    vocabulary: Any = None,
    combine: str = "sum",
    unicode_errors: str = "replace",
    unknown: bool = False,
    limit: int | None = None,
) -> WordVectors:
    """Read word vectors from a file of any of the formats; all but "gensim" without gensim.

    Parameters
    ----------
    path, format, vocabulary, combine, unicode_errors, unknown, limit
        As for :func:`load_vectors`.

    Returns
    -------
    vectors : WordVectors
    """
    with _opened(path) as source:
        format = _format(source, format, vocabulary)
        return _read(source, format, vocabulary, combine, unicode_errors, unknown, limit)[0]


def save_vectors(path: Any, vectors: Any, *, format: str | None = None, unknown: bool = False) -> None:
    """Write word vectors to a file; :func:`load_vectors` reads it back equal.

    Parameters
    ----------
    path : str or path
        Compressed if it ends with .gz, .bz2, .xz or .zip. It holds all of the old or all of the new, whatever happens
        (but for "gensim", which gensim writes).
    vectors : gensim.models.KeyedVectors, fitted GloVeVectorizer or WordVectors
        Written in their order; those of an estimator by falling count, as `to_keyed_vectors` gives them.
    format : {"glove", "word2vec", "word2vec-binary", "gensim"} or None, default=None
        None goes by the extension: .txt is "glove"; .vec and .w2v "word2vec"; .bin "word2vec-binary"; .kv and .model
        "gensim".
    unknown : bool, default=False
        For "glove": append ``<unk>``, the mean of the last 100 vectors, as the C program does.

    Raises
    ------
    ValueError
        Where a word cannot be carried by the format, with the word in the message; where two words are equal.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> import numpy as np
    >>> from glove_sklearn.formats import WordVectors, read_vectors, save_vectors
    >>> words = WordVectors(["ice", "steam"], np.array([[0.5, -1], [0.25, 1e-8]], dtype=np.float32))
    >>> with TemporaryDirectory() as folder:
    ...     save_vectors(f"{folder}/vectors.txt.gz", words)
    ...     read_vectors(f"{folder}/vectors.txt.gz").terms
    ['ice', 'steam']
    """
    format = format_to_write(path, format, unknown)
    if format == "glove":
        write_glove_text(path, vectors, unknown=unknown)
    elif format == "word2vec":
        write_word2vec_text(path, vectors)
    elif format == "word2vec-binary":
        write_word2vec_binary(path, vectors)
    else:
        write_gensim(path, vectors)


def format_to_write(path: Any, format: str | None, unknown: bool = False) -> str:
    """The format in which :func:`save_vectors` writes: `format`, or what the extension says."""
    known = dict.fromkeys(_FORMAT_OF_SUFFIX.values())
    if format is None:
        format = _FORMAT_OF_SUFFIX.get(format_suffix(path))
        if format is None:
            suffixes = ", ".join(_FORMAT_OF_SUFFIX)
            raise ValueError(f"{os.fsdecode(path)}: the extension must be one of {suffixes}, or format= must be given")
    elif format not in known:
        raise ValueError(f"format must be one of {', '.join(known)}, got {format!r}")
    if format == "gensim" and os.fsdecode(path).lower().endswith(COMPRESSIONS):
        raise ValueError(
            f"{os.fsdecode(path)}: 'gensim' is several files and not compressed; take another format or extension"
        )
    if unknown and format != "glove":
        raise ValueError(f"unknown=True is for 'glove', and the format is {format!r}")
    return format


def format_to_read(path: Any) -> str:
    """The format that a file looks like, as :func:`load_vectors` finds it out."""
    with _opened(path) as source:
        return _format(source, None, None)


def read_glove_text(
    path: Any, *, unicode_errors: str = "replace", unknown: bool = False, limit: int | None = None
) -> WordVectors:
    r"""Read the C program's text: ``word value ... value\n`` for each word.

    A line is split from the right, so that words may contain spaces. There are as many values as most of the first hundred lines
    end in numbers; where that is not one number, the largest.

    Parameters
    ----------
    path, unicode_errors, unknown, limit
        As for :func:`load_vectors`.

    Returns
    -------
    vectors : WordVectors
    """
    return read_vectors(path, format="glove", unicode_errors=unicode_errors, unknown=unknown, limit=limit)


def write_glove_text(path: Any, vectors: Any, *, unknown: bool = False) -> None:
    r"""Write the C program's text: ``word value ... value\n`` for each word.

    Parameters
    ----------
    path, vectors, unknown
        As for :func:`save_vectors`.
    """
    terms, rows, _ = as_word_vectors(vectors)
    check_terms(terms, "glove", unknown)
    with open_to_write(path) as file:
        _write_lines(file, terms, rows)
        if unknown and terms[-1] != _UNKNOWN:
            mean = rows[-_N_RAREST:].astype(np.float64).mean(axis=0, keepdims=True)
            _write_lines(file, [_UNKNOWN], mean)


def read_glove_model0(
    path: Any, *, combine: str = "sum", unicode_errors: str = "replace", unknown: bool = False, limit: int | None = None
) -> WordVectors:
    r"""Read the C program's text of all parameters, which it writes with ``-model 0``.

    A line is ``word``, the d values of its vector, its bias, the d values of its context vector, the bias of that, ``\n``.

    Parameters
    ----------
    path, combine, unicode_errors, unknown, limit
        As for :func:`load_vectors`.

    Returns
    -------
    vectors : WordVectors
    """
    return read_vectors(
        path, format="glove-model0", combine=combine, unicode_errors=unicode_errors, unknown=unknown, limit=limit
    )


def read_glove_binary(
    path: Any, vocabulary: Any = None, *, combine: str = "sum", limit: int | None = None
) -> WordVectors:
    """Read the C program's binary, which it writes with ``-binary 1``.

    The file is 2 n rows of d + 1 float64, little-endian, and nothing else: first the n words, then the n contexts, in the
    order of the vocabulary; each row is a vector and its bias. So n must be known, from the vocabulary, and gives d.

    Parameters
    ----------
    path, vocabulary, combine, limit
        As for :func:`load_vectors`.

    Returns
    -------
    vectors : WordVectors
        Rounded to float32, after word and context vectors were added.
    """
    return read_vectors(path, format="glove-binary", vocabulary=vocabulary, combine=combine, limit=limit)


def read_word2vec_text(
    path: Any, *, unicode_errors: str = "replace", unknown: bool = False, limit: int | None = None
) -> WordVectors:
    r"""Read word2vec's text: ``n d\n``, then ``word value ... value\n`` for each word.

    With ``-write-header 1`` the C program of GloVe does not count its last line, ``<unk>``; that line may be there.

    Parameters
    ----------
    path, unicode_errors, unknown, limit
        As for :func:`load_vectors`.

    Returns
    -------
    vectors : WordVectors
    """
    return read_vectors(path, format="word2vec", unicode_errors=unicode_errors, unknown=unknown, limit=limit)


def write_word2vec_text(path: Any, vectors: Any) -> None:
    r"""Write word2vec's text: ``n d\n``, then ``word value ... value\n`` for each word.

    Parameters
    ----------
    path, vectors
        As for :func:`save_vectors`.
    """
    terms, rows, _ = as_word_vectors(vectors)
    check_terms(terms, "word2vec")
    with open_to_write(path) as file:
        file.write(b"%d %d\n" % rows.shape)
        _write_lines(file, terms, rows)


def read_word2vec_binary(path: Any, *, unicode_errors: str = "replace", limit: int | None = None) -> WordVectors:
    r"""Read word2vec's binary: ``n d\n``, then for each word: the word, a space, d float32, little-endian, ``\n``.

    The newline may be missing, as it is in files of gensim. So newlines before a word are no part of it.

    Parameters
    ----------
    path, unicode_errors, limit
        As for :func:`load_vectors`.

    Returns
    -------
    vectors : WordVectors
    """
    return read_vectors(path, format="word2vec-binary", unicode_errors=unicode_errors, limit=limit)


def write_word2vec_binary(path: Any, vectors: Any) -> None:
    r"""Write word2vec's binary: ``n d\n``, then for each word: the word, a space, d float32, little-endian, ``\n``.

    Parameters
    ----------
    path, vectors
        As for :func:`save_vectors`.
    """
    terms, rows, _ = as_word_vectors(vectors)
    check_terms(terms, "word2vec-binary")
    width = 4 * rows.shape[1]
    n_rows = max(1, _CHUNK // width)
    with open_to_write(path) as file:
        file.write(b"%d %d\n" % rows.shape)
        for start in range(0, len(terms), n_rows):
            values = np.ascontiguousarray(rows[start : start + n_rows], dtype="<f4").tobytes()
            parts = []
            for i, term in enumerate(terms[start : start + n_rows]):
                parts += [term.encode(), b" ", values[i * width : (i + 1) * width], b"\n"]
            file.write(b"".join(parts))


def read_gensim(path: Any) -> KeyedVectors:
    """Read what gensim saved: KeyedVectors, or a model that has word vectors, such as Word2Vec, FastText or Doc2Vec.

    The file is a pickle, with large arrays in files beside it whose names begin with its own. A pickle can run any program:
    read only what you trust.

    Parameters
    ----------
    path : str or path

    Returns
    -------
    keyed_vectors : gensim.models.KeyedVectors
        Of a model, its attribute `wv`.

    Raises
    ------
    ValueError
        Where it is something else.
    """
    try:
        from gensim.models import KeyedVectors
        from gensim.utils import SaveLoad
    except ImportError as error:
        raise ImportError("what gensim saved needs gensim: pip install gensim, 4.4 or newer") from error
    path = os.fsdecode(path)
    try:
        loaded = SaveLoad.load(path)
    except (OSError, MemoryError):
        raise
    except Exception as error:  # a pickle may raise anything
        raise ValueError(f"{path} holds no vectors or model of gensim ({type(error).__name__}: {error})") from error
    found = getattr(loaded, "wv", loaded)
    if not isinstance(found, KeyedVectors):
        raise ValueError(f"{path} holds a {type(loaded).__name__}, and not KeyedVectors or a model that has them")
    return found


def write_gensim(path: Any, vectors: Any) -> None:
    """Write what ``gensim.models.KeyedVectors.save`` writes: a pickle, and large arrays in files beside it.

    Parameters
    ----------
    path : str or path
    vectors : gensim.models.KeyedVectors, fitted GloVeVectorizer or WordVectors
    """
    format_to_write(path, "gensim")
    path = os.fsdecode(path)
    if not hasattr(vectors, "index_to_key"):
        words = as_word_vectors(vectors)
        check_terms(words.terms, "gensim")
        vectors = make_keyed_vectors(words.terms, words.vectors.astype(np.float32, copy=False), words.counts)
    vectors.save(path)


# Reading


class _Source(NamedTuple):
    """A file that is being read: its name, what was looked at of its beginning, and the rest."""

    path: str
    start: bytes
    file: BinaryIO


@contextmanager
def _opened(path: Any) -> Iterator[_Source]:
    """Open a file, and look at two lines of it at least."""
    path = os.fsdecode(path)
    with open_to_read(path) as file:
        start = file.read(_CHUNK)
        while start and start.count(b"\n") < 2 and len(start) < _LONGEST:
            more = file.read(len(start))
            start += more
            if not more:
                break
        yield _Source(path, start.removeprefix(codecs.BOM_UTF8), file)


def _format(source: _Source, format: str | None, vocabulary: Any) -> str:
    """The format of a file: what the caller says, or what it looks like."""
    path, start, _ = source
    if format is not None:
        if format not in FORMATS:
            raise ValueError(f"format must be None or one of {', '.join(FORMATS)}, got {format!r}")
        return format
    if start[:1] == b"\x80" and start[1:2] in (b"\2", b"\3", b"\4", b"\5"):
        # What a pickle runs when it is read, its name must promise at least.
        if _FORMAT_OF_SUFFIX.get(format_suffix(path)) != "gensim":
            raise ValueError(
                f"{path} is a pickle, which can run any program when it is read, and its extension is not .kv or .model; if you "
                "trust it, give the format 'gensim'"
            )
        return "gensim"
    if not start.strip():
        raise ValueError(f"{path} is empty: expected a file of word vectors")
    lines = start.split(b"\n", _SAMPLE + 1)[: _SAMPLE + 1]
    header = _HEADER.fullmatch(lines[0])
    if header:
        n, d = int(header[1]), int(header[2])
        is_text = _most_values(lines[1:]) == d or not _is_binary(path, start[len(lines[0]) + 1 :], n, d)
        return "word2vec" if is_text else "word2vec-binary"
    if _most_values(lines):
        return "glove"
    if vocabulary is not None or _could_be_parameters(path):
        return "glove-binary"
    raise ValueError(
        f"{path} is no file of word vectors: it has no header, and most lines do not end in numbers; if it is the C "
        "program's binary, give its vocabulary"
    )


def _could_be_parameters(path: str) -> bool:
    """Whether there is a vocabulary beside a file that fits its size."""
    try:
        n_words = len(_vocabulary(path, None)[0])
    except FileNotFoundError:
        return False
    with open_to_read(path) as file:
        size = file.seek(0, os.SEEK_END)
    return size % (16 * n_words) == 0 and size > 16 * n_words


def _is_binary(path: str, start: bytes, n: int, d: int) -> bool:
    """Whether what follows a header, and is not lines of d numbers, is records."""
    if format_suffix(path) == ".bin" or _NOT_IN_TEXT.search(start):
        return True
    # A few values may have nothing but letters: of a short file, see where the records end.
    if not start.isascii() and 0 < n * (4 * d + 1) <= len(start):
        *_, end = parse_records(start, np.empty((n, d), dtype=np.float32), 0, np.empty((n, 3), dtype=np.int64))
        return not start[end:].strip(b"\n")
    return False


def _read(
    source: _Source,
    format: str,
    vocabulary: Any,
    combine: str,
    unicode_errors: str,
    unknown: bool,
    limit: int | None,
) -> tuple[WordVectors, dict[str, int]]:
    """Read a file of a known format; and the row of each word."""
    path = source.path
    if limit is not None and limit < 1:
        raise ValueError(f"limit must be None or at least 1, got {limit!r}")
    if combine not in _COMBINE:
        raise ValueError(f"combine must be one of {', '.join(_COMBINE)}, got {combine!r}")
    try:
        codecs.lookup_error(unicode_errors)
    except LookupError as error:
        raise ValueError(
            f"unicode_errors must be what bytes.decode takes, such as 'replace', got {unicode_errors!r}"
        ) from error
    if format == "glove-binary":
        words = _binary_parameters(path, vocabulary, combine, limit)
    elif format == "gensim":
        loaded = read_gensim(path)
        words = as_word_vectors(loaded)
        words = words._replace(vectors=np.ascontiguousarray(words.vectors, dtype=np.float32))
        if limit is not None:
            words = WordVectors(
                words.terms[:limit], words.vectors[:limit], None if words.counts is None else words.counts[:limit]
            )
    elif format == "word2vec-binary":
        words = _records(source, unicode_errors, limit)
    else:
        words = _lines(source, format == "word2vec", unicode_errors, unknown, limit)
        if format == "glove-model0":
            words = WordVectors(words.terms, _of_both(path, words.vectors, combine))
    # A dict and not a set, since gensim's object will want it.
    row_of = {term: row for row, term in enumerate(words.terms)}
    if len(row_of) < len(words.terms):
        words = _without_repetitions(path, words)
        row_of = {term: row for row, term in enumerate(words.terms)}
    n_bad, first = not_finite(words.vectors)
    if n_bad:
        _warn(f"{path}: {n_bad} vectors have infinite values or NaN, the first is that of {_shown(words.terms[first])}")
    if vocabulary is not None and format != "glove-binary":
        words = words._replace(counts=_counts(path, words.terms, vocabulary))
    return words, row_of


def _most_values(lines: Sequence[bytes]) -> int:
    """How many numbers most lines end in."""
    found = Counter(_n_values(line) for line in lines if line.strip())
    return max(found, key=lambda n: (found[n], n)) if found else 0


def _n_values(line: bytes) -> int:
    """How many numbers a line ends in; its first part is none."""
    parts = _BLANKS.split(line.rstrip(b" \t\r"))
    n = 0
    while n < len(parts) - 1 and is_number(parts[-1 - n]):
        n += 1
    return n


def _header(source: _Source) -> tuple[int, int, bytes]:
    """Numbers of words and of values, and what follows the header."""
    line, _, rest = source.start.partition(b"\n")
    header = _HEADER.fullmatch(line)
    if header is None or header[2].strip(b"0") == b"":
        raise ValueError(
            f"{source.path}, line 1: expected a header, the numbers of words and of values, got {_shown(line)}"
        )
    return int(header[1]), int(header[2]), rest


def _rows(
    source: _Source,
    start: bytes,
    parse: Callable[..., tuple[int, int, int]],
    d: int,
    limit: int | None,
    unicode_errors: str,
    n_before: int,
) -> tuple[list[str], np.ndarray, bytes]:
    """Words and vectors of lines or records, read some at a time, and what was read beyond them.

    The vectors go straight into an array that grows as they come.
    """
    of_lines = parse is parse_lines
    # A line has at least a digit and a blank for each value, and a newline; a record four bytes, and a space.
    smallest = 2 * d + 1 if of_lines else 4 * d + 1
    terms: list[str] = []
    vectors = np.empty((0, d), dtype=np.float32)
    text, n_lines = start, n_before
    invalid: list[int] = []
    ended = is_cut = False
    while not ended and (limit is None or len(terms) < limit):
        # As much again, so that a long line is not put together from many pieces.
        more = source.file.read(max(_CHUNK, len(text)))
        ended = not more
        is_cut = ended and of_lines and bool(text.strip()) and not text.endswith(b"\n")
        text = b"".join((text, more, b"\n" if ended and of_lines and text else b"", PADDING))
        n_rows = (len(text) - len(PADDING)) // smallest
        n_rows = n_rows if limit is None else min(n_rows, limit - len(terms))
        if len(terms) + n_rows > len(vectors):
            vectors.resize((len(terms) + n_rows, d), refcheck=False)
        tokens = np.empty((n_rows, 3), dtype=np.int64)
        n_read, n_passed, n_bytes = parse(
            text if of_lines else memoryview(text)[: -len(PADDING)], vectors, len(terms), tokens
        )
        tokens = tokens[:n_read]
        for i in decode(text, tokens, terms, "replace" if unicode_errors == "strict" else unicode_errors):
            invalid.append(n_lines + 1 + int(tokens[i, 2]))
            if unicode_errors == "strict":
                token = text[tokens[i, 0] : tokens[i, 1]]
                raise ValueError(f"{_place(source, of_lines, invalid[0])}: {_shown(token)} is not valid UTF-8")
        text = text[n_bytes : -len(PADDING)]
        n_lines += n_passed
        if of_lines and len(terms) != limit and b"\n" in text:
            line, _, behind = text.partition(b"\n")
            is_last = not behind.strip() and (ended or not source.file.read(1))
            raise _wrong(source.path, n_lines + 1, line, d, is_last)
        if len(text) > _LONGEST + 64 * d and (of_lines or b" " not in text[:_LONGEST]):
            raise ValueError(
                f"{_place(source, of_lines, n_lines + 1)}: no end after {len(text)} bytes: is it of this format?"
            )
    vectors.resize((len(terms), d), refcheck=False)
    if is_cut and limit is None:
        _warn(f"{source.path}: the last line has no line feed; is the file truncated?")
    if invalid:
        where = _place(source, of_lines, invalid[0])
        _warn(f"{where}: {len(invalid)} words are not valid UTF-8, of which this is the first")
    return terms, vectors, text


def _place(source: _Source, of_lines: bool, number: int) -> str:
    return f"{source.path}, {'line' if of_lines else 'record'} {number}"


def _wrong(path: str, number: int, line: bytes, d: int, is_last: bool) -> ValueError:
    """What is wrong with a line that is not a word and d numbers."""
    parts = _BLANKS.split(line.rstrip(b" \t\r"))
    n = _n_values(line)
    where = f"{path}, line {number} ({_shown(parts[0])})"
    if n > d:
        return ValueError(f"{where}: {n} values where {d} are expected")
    after = f" after {_shown(parts[-1 - n])}, which is not a number" if n < len(parts) - 1 else ""
    return ValueError(f"{where}: {n} of {d} values{after}{': the file is truncated?' if is_last else ''}")


def _lines(source: _Source, has_header: bool, unicode_errors: str, unknown: bool, limit: int | None) -> WordVectors:
    """Read text with or without a header."""
    path, start, _ = source
    n = None
    if has_header:
        n, d, start = _header(source)
    else:
        lines = start.split(b"\n", _SAMPLE)[:_SAMPLE]
        d = _most_values(lines)
        if d == 0:
            raise ValueError(f"{path}: expected lines of a word and numbers, got {_shown(lines[0])} in the first")
    terms, vectors, rest = _rows(source, start, parse_lines, d, limit, unicode_errors, int(has_header))
    n_words = len(terms)
    if n_words and terms[-1] == _UNKNOWN and _is_blank(rest, source.file):
        # The C program does not count it in its header; others that have it, do.
        uncounted = n in (None, n_words - 1)
        n = None if uncounted else n
        if uncounted and not unknown:
            terms.pop()
            vectors.resize((len(terms), d), refcheck=False)
    if n is not None and (n_words != n if limit is None else n_words > n or (n_words < limit and n_words < n)):
        more = "more" if n_words > n else f"only {n_words}: the file is truncated?"
        headless = "; if line 1 is no header, but a word and its value, give format='glove'" if d == 1 else ""
        raise ValueError(f"{path}: the header says {n} words, and there are {more}{headless}")
    return WordVectors(terms, vectors)


def _is_blank(rest: bytes, file: BinaryIO) -> bool:
    """Whether nothing but empty lines is left."""
    while True:
        if rest.strip():
            return False
        rest = file.read(_CHUNK)
        if not rest:
            return True


def _records(source: _Source, unicode_errors: str, limit: int | None) -> WordVectors:
    """Read word2vec's binary."""
    path = source.path
    n, d, start = _header(source)
    wanted = n if limit is None else min(n, limit)
    terms, vectors, rest = _rows(source, start, parse_records, d, wanted, unicode_errors, 0)
    n_words = len(terms)
    if n_words < wanted:
        token, space, values = rest.lstrip(b"\n").partition(b" ")
        where = f", record {n_words + 1} ({_shown(token)}): {len(values)} of {4 * d} bytes" if space else ""
        raise ValueError(
            f"{path}{where or f': the header says {n} words, and there are {n_words}'}: the file is truncated?"
        )
    if n_words == n and not _is_blank(rest, source.file):
        raise ValueError(f"{path}: the header says {n} words of {d} values, and there is more")
    if sys.byteorder == "big":
        vectors.byteswap(inplace=True)
    return WordVectors(terms, vectors)


def _binary_parameters(path: str, vocabulary: Any, combine: str, limit: int | None) -> WordVectors:
    """Read the C program's binary."""
    terms, counts = _vocabulary(path, vocabulary)
    n = len(terms)
    # Both vectors of a word at a time, from the two halves of the file.
    with open_to_read(path) as words, open_to_read(path) as contexts:
        size = words.seek(0, os.SEEK_END)
        width, rest = divmod(size, 16 * n) if n else (0, size)
        if rest or width < 2:
            raise ValueError(
                f"{path}: {size} bytes are not two rows of float64 for each of {n} words: is the vocabulary of this file?"
            )
        words.seek(0)
        contexts.seek(size // 2)
        n = n if limit is None else min(n, limit)
        vectors = np.empty((n, (width - 1) * (2 if combine == "concat" else 1)), dtype=np.float32)
        n_rows = max(1, _CHUNK // (8 * width))
        for start in range(0, n, n_rows):
            n_bytes = 8 * width * (min(n, start + n_rows) - start)
            word, context = (np.frombuffer(half.read(n_bytes), "<f8").reshape(-1, width) for half in (words, contexts))
            _combine(word[:, :-1], context[:, :-1], combine, vectors[start : start + n_rows])
    return WordVectors(terms[:n], vectors, None if counts is None else counts[:n])


def _of_both(path: str, parameters: np.ndarray, combine: str) -> np.ndarray:
    """The vectors of words, of rows of vector, bias, context vector and context bias."""
    width = parameters.shape[1] // 2
    if parameters.shape[1] % 2 or width < 2:
        raise ValueError(
            f"{path}: 'glove-model0' has two vectors and two biases on a line, an even number of values, "
            f"got {parameters.shape[1]}"
        )
    vectors = np.empty((len(parameters), (width - 1) * (2 if combine == "concat" else 1)), dtype=np.float32)
    _combine(parameters[:, : width - 1], parameters[:, width:-1], combine, vectors)
    return vectors


def _combine(words: np.ndarray, contexts: np.ndarray, combine: str, vectors: np.ndarray) -> None:
    """Make vectors of words of their two vectors."""
    with np.errstate(over="ignore"):
        if combine == "sum":
            np.add(words, contexts, out=vectors, casting="same_kind", dtype=words.dtype)
        elif combine == "concat":
            vectors[:, : words.shape[1]], vectors[:, words.shape[1] :] = words, contexts
        else:
            vectors[:] = words if combine == "word" else contexts


def _without_repetitions(path: str, words: WordVectors) -> WordVectors:
    """Keep the first vector of each word."""
    terms, vectors, counts = words
    first = {term: row for row, term in reversed([*enumerate(terms)])}
    rows = np.array(sorted(first.values()), dtype=np.int64)
    kept = set(rows.tolist())
    repeated = next(term for row, term in enumerate(terms) if row not in kept)
    _warn(f"{path}: {len(terms) - len(rows)} words occurred before, such as {_shown(repeated)}; the first counts")
    keep_rows(vectors, rows)
    vectors.resize((len(rows), vectors.shape[1]), refcheck=False)
    return WordVectors([terms[row] for row in rows], vectors, None if counts is None else counts[rows])


def _vocabulary(path: str, vocabulary: Any) -> tuple[list[str], np.ndarray | None]:
    """Words, and their counts where a file says them; None is the ``vocab.txt`` beside `path`."""
    if vocabulary is None:
        vocabulary = os.path.join(os.path.dirname(path), "vocab.txt")
    elif not isinstance(vocabulary, (str, bytes, os.PathLike)):
        return list(vocabulary), None
    return read_vocabulary(vocabulary, unicode_errors="replace")


def _counts(path: str, terms: list[str], vocabulary: Any) -> np.ndarray:
    """The counts of words by a vocabulary; 0 for the mean of rare words."""
    words, counts = _vocabulary(path, vocabulary)
    if counts is None:
        raise ValueError("vocabulary must be a file with the counts of words; without them it is for 'glove-binary'")
    count_of = dict(zip(words, counts.tolist(), strict=True))
    missing = next((term for term in terms if term not in count_of and term != _UNKNOWN), None)
    if missing is not None:
        raise ValueError(f"{path}: the vocabulary has no count for {_shown(missing)}")
    return np.array([count_of.get(term, 0) for term in terms], dtype=np.int64)


# Writing


def check_terms(terms: list[str], format: str, unknown: bool = False) -> None:
    """Refuse words that a format cannot carry, and words that are there twice."""
    refused = _REFUSED[format].search if format in _REFUSED else None
    for term in terms:
        if not isinstance(term, str):
            raise ValueError(f"words must be str, got {term!r}")
        if refused is not None and refused(term):
            raise ValueError(f"{format!r} cannot carry the word {_shown(term)}")
    if len(set(terms)) < len(terms):
        repeated = Counter(terms).most_common(1)[0][0]
        raise ValueError(f"the word {_shown(repeated)} is there twice")
    if format == "gensim":
        return
    if format in ("glove", "word2vec") and terms and terms[0].startswith("\ufeff"):
        raise ValueError(f"{format!r} cannot carry {_shown(terms[0])} as its first word: readers take the mark off")
    try:
        "".join(terms).encode()
    except UnicodeEncodeError:
        for term in terms:
            try:
                term.encode()
            except UnicodeEncodeError as error:
                raise ValueError(f"{format!r} cannot carry the word {_shown(term)}: it is not valid Unicode") from error
    if format != "glove":
        return
    if not terms:
        raise ValueError("a file without header cannot say that there are no vectors: write 'word2vec'")
    for term in terms:
        if (" " in term or "\t" in term) and is_number(_BLANKS.split(term.encode())[-1]):
            raise ValueError(f"'glove' cannot carry the word {_shown(term)}: its last part would be read as a value")
    if unknown and _UNKNOWN in terms[:-1]:
        raise ValueError(f"unknown=True would write {_UNKNOWN!r} twice: it is a word already")
    if terms[-1] == _UNKNOWN and not unknown:
        raise ValueError(
            f"the last word is {_UNKNOWN!r}, which readers take for the mean of rare words and drop: "
            "leave it out, or write and read with unknown=True"
        )


def _write_lines(file: BinaryIO, terms: list[str], vectors: np.ndarray) -> None:
    """Write a line for each word, some at a time."""
    d = vectors.shape[1]
    n_rows = max(1, 4 * _CHUNK // (BYTES_OF_A_VALUE * d))
    text = np.empty(0, dtype=np.uint8)
    for start in range(0, len(terms), n_rows):
        rows = np.ascontiguousarray(vectors[start : start + n_rows], dtype=np.float32)
        tokens = ("\n".join(terms[start : start + n_rows]) + "\n").encode()
        room = len(tokens) + BYTES_OF_A_VALUE * rows.size
        if room > len(text):
            text = np.empty(room, dtype=np.uint8)
        file.write(text.data[: format_rows(rows, tokens, text)])


def _shown(word: str | bytes) -> str:
    """A word as messages show it."""
    if isinstance(word, bytes):
        word = word[:200].decode(errors="backslashreplace")
    return repr(word if len(word) <= 60 else word[:57] + "...")


def _warn(message: str) -> None:
    """Warn whoever called this module."""
    level, frame = 1, sys._getframe()
    while frame.f_back is not None and frame.f_globals is globals():
        level, frame = level + 1, frame.f_back
    warnings.warn(message, stacklevel=level)
