"""What a format of word vectors is: the type of which each file family declares its formats."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, NamedTuple

from glove_sklearn._embedding.word_vectors import WordVectors


class Source(NamedTuple):
    """A file that is being read."""

    path: str
    start: bytes
    """Its first bytes, at least two lines of it."""
    file: BinaryIO
    """The rest."""


@dataclass(frozen=True)
class ReadingOptions:
    """The parameters of :func:`~glove_sklearn.formats.load_vectors` that say how a file is read."""

    vocabulary: Any = None
    combine: str = "sum"
    unicode_errors: str = "replace"
    encoding: str = "utf-8"
    unknown: bool = False
    limit: int | None = None


@dataclass(frozen=True)
class Format:
    """A format of word vectors; :mod:`~glove_sklearn._vector_files.registry` lists all of them."""

    name: str
    """What ``format=`` takes."""
    summary: str
    """A phrase for tables and the help of the program."""
    read: Callable[[Source, ReadingOptions], WordVectors]
    detect: Callable[[Source, ReadingOptions], bool] = lambda source, options: False
    """Whether a file looks like this format, given that it looks like none of those detected before."""
    write: Callable[[str, Any, bool], None] | None = None
    """Writes vectors of any type to a path, with ``<unk>`` if the last argument is True; None if the format is only read."""
    suffixes: tuple[str, ...] = ()
    """Extensions that stand for this format when a file is written; none if the format must be named."""
    refused: re.Pattern[str] | None = None
    """What a word must not contain."""
    faults: Callable[[list[str], bool], Iterator[tuple[int, str]]] = lambda terms, unknown: iter(())
    """Yields the row of each word that a reader would take for something else, and why; with ``<unk>`` if `unknown` is True."""
    is_utf8: bool = True
    """Whether words are UTF-8, so that those that have none are refused."""
    is_text: bool = False
    """Whether readers remove a byte order mark from the first word."""
    has_unknown: bool = False
    """Whether ``<unk>`` can be appended."""
    is_compressible: bool = True
    beside: str | None = None
    """The extension of a second file, which has the words."""
    takes_words_from_vocabulary: bool = False
    """Whether the parameter `vocabulary` has the words of the vectors; in other formats it has their counts."""
