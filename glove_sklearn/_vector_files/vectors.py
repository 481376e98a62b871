"""Read and write word vectors in any of the formats."""

from __future__ import annotations

import codecs
import os
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from glove_sklearn._embedding.combination import COMBINATIONS
from glove_sklearn._embedding.gensim_bridge import make_keyed_vectors
from glove_sklearn._embedding.word_vectors import WordVectors, as_word_vectors
from glove_sklearn._system.files import COMPRESSIONS, StrPath, format_suffix
from glove_sklearn._system.recognition import recognise, recognise_markup
from glove_sklearn._system.warning import warn_caller
from glove_sklearn._system.wording import number_of
from glove_sklearn._vector_files._parser import keep_rows, not_finite
from glove_sklearn._vector_files.format import Format, ReadingOptions, Source
from glove_sklearn._vector_files.gensim import load_keyed_vectors
from glove_sklearn._vector_files.messages import shown
from glove_sklearn._vector_files.reader import open_source
from glove_sklearn._vector_files.registry import DETECTED, FORMAT_OF_SUFFIX, FORMATS, REGISTRY
from glove_sklearn._vector_files.tables import CSV, is_comma_separated
from glove_sklearn._vector_files.text import UNKNOWN
from glove_sklearn._vector_files.vocabulary import checked_encoding, words_and_counts

if TYPE_CHECKING:
    from gensim.models import KeyedVectors


def load_vectors(
    path: StrPath,
    *,
    format: str | None = None,
    vocabulary: Any = None,
    combine: str = "sum",
    unicode_errors: str = "replace",
    encoding: str = "utf-8",
    unknown: bool = False,
    limit: int | None = None,
) -> KeyedVectors:
    """Read word vectors from a file of any of the formats, as gensim's object.

    Parameters
    ----------
    path : str or path
        Plain or compressed. A member of a zip file is a path too: ``"glove.6B.zip/glove.6B.50d.txt"``.
    format : {"glove", "glove-model0", "glove-binary", "word2vec", "word2vec-binary", "gensim", "csv", "tsv", \
"projector", "npy", "parquet"} or None
        None, the default, detects the format: by the extension, if it is .kv, .model, .csv or .tsv; else from the beginning of
        the file: an array of NumPy; a table of Parquet; a first line of two integers and then lines of text, or bytes; lines that
        end in numbers, as many as most of the first hundred have; or else "glove-binary", if there is a vocabulary that fits its
        size. "glove-model0" looks like "glove" with vectors of 2 d + 2 values, and must be named. "gensim" is a pickle, which can
        run any program: load only what you trust.
    vocabulary : str, path, list of str or None, default=None
        A file with a line ``word count`` for each word, such as Stanford GloVe's ``vocab.txt``: it has the words of
        "glove-binary", "projector" and "npy", and the counts of the words of the other formats. For "projector" and "npy", also a
        file with a word on each line; for these three, also a list of words. None takes the ``vocab.txt``, ``name.metadata.tsv``
        or ``name.words.txt`` beside the file.
    combine : {"sum", "word", "context", "concat"}, default="sum"
        For "glove-binary" and "glove-model0": which of the two vectors of a word make its vector; "concat" doubles the values.
    unicode_errors : str, default="replace"
        What to do with words that are not valid in the encoding, as in :meth:`bytes.decode`; a warning says how many there are.
        "strict" raises an error. Words that differ only in what is replaced are an error, too.
    encoding : str, default="utf-8"
        Of the words, and of those of `vocabulary`; one that extends ASCII, such as "latin-1", "cp1251" or "gb18030".
    unknown : bool, default=False
        Keep the last row of Stanford GloVe's text if its word is ``<unk>``. An ``<unk>`` elsewhere is a word like any other.
    limit : int or None, default=None
        Read only this many vectors, from the beginning.

    Returns
    -------
    keyed_vectors : gensim.models.KeyedVectors
        The words in the order of the file, with the attribute "count" if their counts are known. For a gensim model, its word
        vectors.

    Raises
    ------
    ValueError
        If a line has too few or too many values, or one that is not a number; if there are more or fewer words than the header
        says; if different words would be read as the same; or if the file does not hold word vectors. The message names file,
        line and word.
    ImportError
        If gensim is not installed: :func:`read_vectors` works without it.

    Warns
    -----
    UserWarning
        If words are not UTF-8, if words occur twice (the first counts), if vectors have infinite values or NaN, and if text ends
        without a line feed, because it may have been cut inside its last number.

    Examples
    --------
    A download of Stanford, which need not be unpacked (not run here)::

        vectors = load_vectors("glove.6B.zip/glove.6B.100d.txt", limit=100_000)
        vectors.most_similar("ice")
    """
    options = _checked_options(vocabulary, combine, unicode_errors, encoding, unknown, limit)
    with open_source(path) as source:
        chosen = _choose_format(source, format, options)
        if chosen.name == "gensim" and vocabulary is None and limit is None:
            return load_keyed_vectors(path)
        words, key_to_index = _read(source, chosen, options)
        return make_keyed_vectors(*words, key_to_index)


def read_vectors(
    path: StrPath,
    *,
    format: str | None = None,
    vocabulary: Any = None,
    combine: str = "sum",
    unicode_errors: str = "replace",
    encoding: str = "utf-8",
    unknown: bool = False,
    limit: int | None = None,
) -> WordVectors:
    """Read word vectors from a file of any of the formats; only "gensim" needs gensim.

    Parameters
    ----------
    path, format, vocabulary, combine, unicode_errors, encoding, unknown, limit
        As for :func:`load_vectors`.

    Returns
    -------
    vectors : WordVectors

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from glove_sklearn.formats import read_vectors
    >>> with TemporaryDirectory() as folder:
    ...     with open(f"{folder}/vectors.txt", "w") as file:
    ...         print("ice 0.5 -1", file=file)
    ...         print("steam 0.25 2", file=file)
    ...     words = read_vectors(f"{folder}/vectors.txt")
    >>> words.terms, words.vectors.tolist()
    (['ice', 'steam'], [[0.5, -1.0], [0.25, 2.0]])
    """
    options = _checked_options(vocabulary, combine, unicode_errors, encoding, unknown, limit)
    with open_source(path) as source:
        return _read(source, _choose_format(source, format, options), options)[0]


def save_vectors(
    path: StrPath, vectors: Any, *, format: str | None = None, unknown: bool = False, skip_unwritable: bool = False
) -> None:
    """Write word vectors to a file; :func:`load_vectors` reads it back with the same bits.

    Parameters
    ----------
    path : str or path
        Compressed if it ends with .gz, .bz2, .xz or .zip. Whatever happens, it holds either all of the old or all of the new
        vectors. The files of "gensim" are written beside the old ones, and then renamed one after the other.
    vectors : gensim.models.KeyedVectors, fitted GloVeVectorizer, WordVectors, data frame, or tuple of words and array
        Written in their order; those of an estimator by falling count, as `to_keyed_vectors` returns them. A frame of pandas or
        polars has one column of words, or an index of words, and numbers in all other columns.
    format : {"glove", "word2vec", "word2vec-binary", "gensim", "csv", "tsv", "projector", "npy", "parquet"} or None
        None, the default, decides by the extension: .txt is "glove"; .vec and .w2v "word2vec"; .bin "word2vec-binary"; .kv and
        .model "gensim"; .csv, .tsv, .npy and .parquet the formats of these names.
    unknown : bool, default=False
        For "glove": append ``<unk>``, the mean of the last 100 vectors, as Stanford GloVe does.
    skip_unwritable : bool, default=False
        Leave out the words that the format cannot hold, such as those with a space in "word2vec"; a warning says how many.

    Raises
    ------
    ValueError
        If the format cannot hold some words, which the message counts and of which it names the first, or two words are equal.

    Warns
    -----
    UserWarning
        If words are left out.

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
    name = format_to_write(path, format, unknown)
    if not (name == "gensim" and hasattr(vectors, "index_to_key")):
        vectors = as_word_vectors(vectors)
        if skip_unwritable:
            vectors = _writable(vectors, name, unknown)
        check_terms(vectors.terms, name, unknown)
    write = REGISTRY[name].write
    assert write is not None
    write(os.fsdecode(path), vectors, unknown)


def format_to_write(path: StrPath, format: str | None, unknown: bool = False) -> str:
    """Return the format in which :func:`save_vectors` writes: `format`, or the one of the extension."""
    path = os.fsdecode(path)
    writable = [name for name, known in REGISTRY.items() if known.write is not None]
    if format is None:
        format = FORMAT_OF_SUFFIX.get(format_suffix(path))
        if format is None:
            raise ValueError(
                f"{path}: the extension must be one of {', '.join(FORMAT_OF_SUFFIX)}, or format= must be given"
            )
    elif format not in writable:
        raise ValueError(f"format must be one of {', '.join(writable)}, got {format!r}")
    if not REGISTRY[format].is_compressible and path.lower().endswith(COMPRESSIONS):
        raise ValueError(f"{path}: files of {format!r} cannot be compressed; choose another format or extension")
    if unknown and not REGISTRY[format].has_unknown:
        raise ValueError(f"unknown=True is for 'glove', and the format is {format!r}")
    return format


def files_of(path: StrPath, format: str | None) -> list[str]:
    """Return the files that hold vectors of a format, or of the one of the extension: the path, and that of the words."""
    path = os.fsdecode(path)
    known = REGISTRY.get(format or FORMAT_OF_SUFFIX.get(format_suffix(path), ""))
    return [path] if known is None or known.beside is None else [path, str(Path(path).with_suffix(known.beside))]


def detect_format(path: StrPath) -> str:
    """Return the format that :func:`load_vectors` detects in a file."""
    with open_source(path) as source:
        return _choose_format(source, None, ReadingOptions()).name


def check_terms(terms: list[str], format: str, unknown: bool = False) -> None:
    """Refuse words that a format cannot hold, and words that occur twice."""
    for term in terms:
        if not isinstance(term, str):
            raise ValueError(f"words must be str, got {term!r}")
    if faults := _faults(terms, format, unknown):
        more = len(faults) - 1
        others = f", nor {number_of(more, 'other word')}" if more else ""
        raise ValueError(
            f"{next(iter(faults.values()))}{others}; choose another format, or leave such words out with skip_unwritable=True"
        )
    if len(set(terms)) < len(terms):
        repeated = Counter(terms).most_common(1)[0][0]
        raise ValueError(f"the word {shown(repeated)} occurs twice")
    if REGISTRY[format].has_unknown:
        if not terms:
            raise ValueError("a file without a header cannot say that there are no vectors: write 'word2vec'")
        if unknown and UNKNOWN in terms[:-1]:
            raise ValueError(f"unknown=True would write {UNKNOWN!r} twice: it is a word already")


def _faults(terms: list[str], format: str, unknown: bool) -> dict[int, str]:
    """Return the rows of words that a format cannot hold, with the reason, in order."""
    known = REGISTRY[format]
    faults = dict(known.faults(terms, unknown))
    if known.is_text and terms and terms[0].startswith("\ufeff"):
        faults[0] = f"{format!r} cannot hold {shown(terms[0])} as its first word: readers remove the byte order mark"
    try:
        "".join(terms if known.is_utf8 else []).encode()
    except UnicodeEncodeError:
        for row, term in enumerate(terms):
            try:
                term.encode()
            except UnicodeEncodeError:
                faults[row] = f"{format!r} cannot hold the word {shown(term)}: it is not valid Unicode"
    if known.refused is not None:
        for row, term in enumerate(terms):
            if known.refused.search(term):
                faults[row] = f"{format!r} cannot hold the word {shown(term)}"
    return dict(sorted(faults.items()))


def _writable(words: WordVectors, format: str, unknown: bool) -> WordVectors:
    """Leave out the words that a format cannot hold."""
    terms, rows = words.terms, np.arange(len(words.terms))
    first = None
    while faults := _faults(terms, format, unknown):  # another word may be the first now, or the last
        first = first or shown(terms[next(iter(faults))])
        kept = [row for row in range(len(terms)) if row not in faults]
        terms, rows = [terms[row] for row in kept], rows[kept]
    n_left_out = len(words.terms) - len(terms)
    if not n_left_out:
        return words
    warn_caller(f"left out {number_of(n_left_out, 'word')} that {format!r} cannot hold, such as {first}")
    return WordVectors(terms, words.vectors[rows], None if words.counts is None else words.counts[rows])


def _checked_options(
    vocabulary: Any, combine: str, unicode_errors: str, encoding: str, unknown: bool, limit: int | None
) -> ReadingOptions:
    if limit is not None and limit < 1:
        raise ValueError(f"limit must be None or at least 1, got {limit!r}")
    if combine not in COMBINATIONS:
        raise ValueError(f"combine must be one of {', '.join(COMBINATIONS)}, got {combine!r}")
    try:
        codecs.lookup_error(unicode_errors)
    except LookupError as error:
        raise ValueError(
            f"unicode_errors must be what bytes.decode takes, such as 'replace', got {unicode_errors!r}"
        ) from error
    checked_encoding(encoding)
    return ReadingOptions(vocabulary, combine, unicode_errors, encoding, unknown, limit)


def _choose_format(source: Source, format: str | None, options: ReadingOptions) -> Format:
    """Return the format that the caller names, or the one that the file looks like."""
    if format is not None:
        if format not in REGISTRY:
            raise ValueError(f"format must be None or one of {', '.join(FORMATS)}, got {format!r}")
        return REGISTRY[format]
    if not source.start.strip():
        raise ValueError(f"{source.path} is empty: expected a file of word vectors")
    for known in DETECTED:
        if known.detect(source, options):
            return known
    if foreign := recognise(source.start) or recognise_markup(source.start):
        raise ValueError(f"{source.path} is {foreign.what}, and not a file of word vectors; {foreign.advice}")
    if is_comma_separated(source.start):
        raise ValueError(f"{source.path} has commas between its values; name it .csv, or give its format, {CSV.name!r}")
    raise ValueError(
        f"{source.path} is not a file of word vectors: it has no header, and most lines do not end in numbers; if it is Stanford "
        "GloVe's binary, give its vocabulary"
    )


def _read(source: Source, format: Format, options: ReadingOptions) -> tuple[WordVectors, dict[str, int]]:
    """Read a file of a known format; also return the row of each word."""
    path = source.path
    words = format.read(source, options)
    # A dict and not a set, because gensim's object needs it.
    row_of = {term: row for row, term in enumerate(words.terms)}
    if len(row_of) < len(words.terms):
        words = _without_repetitions(path, words)
        row_of = {term: row for row, term in enumerate(words.terms)}
    n_bad, first = not_finite(words.vectors)
    if n_bad:
        what = "1 vector has" if n_bad == 1 else f"{n_bad} vectors have"
        warn_caller(f"{path}: {what} infinite values or NaN, first that of {shown(words.terms[first])}")
    if options.vocabulary is not None and not format.takes_words_from_vocabulary:
        words = words._replace(counts=_counts(path, words.terms, options))
    return words, row_of


def _without_repetitions(path: str, words: WordVectors) -> WordVectors:
    """Keep the first vector of each word."""
    terms, vectors, counts = words
    first = {term: row for row, term in reversed([*enumerate(terms)])}
    rows = np.array(sorted(first.values()), dtype=np.int64)
    kept = set(rows.tolist())
    repeated = next(term for row, term in enumerate(terms) if row not in kept)
    warn_caller(
        f"{path}: {number_of(len(terms) - len(rows), 'word')} occurred before, such as {shown(repeated)}; the first counts"
    )
    keep_rows(vectors, rows)
    vectors.resize((len(rows), vectors.shape[1]), refcheck=False)
    return WordVectors([terms[row] for row in rows], vectors, None if counts is None else counts[rows])


def _counts(path: str, terms: list[str], options: ReadingOptions) -> np.ndarray:
    """Return the counts of words in a vocabulary; 0 for the mean of rare words."""
    words, counts = words_and_counts(path, options)
    if counts is None:
        raise ValueError(
            "vocabulary must be a file with the counts of words; without counts it is only for formats without words: "
            f"{', '.join(name for name, known in REGISTRY.items() if known.takes_words_from_vocabulary)}"
        )
    count_of = dict(zip(words, counts.tolist(), strict=True))
    missing = next((term for term in terms if term not in count_of and term != UNKNOWN), None)
    if missing is not None:
        raise ValueError(f"{path}: the vocabulary has no count for {shown(missing)}")
    return np.array([count_of.get(term, 0) for term in terms], dtype=np.int64)
