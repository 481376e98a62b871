"""Read files of analogy questions, and of pairs of words with their similarities."""

from __future__ import annotations

import csv
import math
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from glove_sklearn._system.files import COMPRESSIONS, open_to_read

#: Files that gensim ships.
GOOGLE_QUESTIONS = "questions-words.txt"
SIMILARITY_SETS = "wordsim353.tsv", "simlex999.txt"


class Section(NamedTuple):
    """A section of a file of questions."""

    name: str
    questions: list[list[str]]


def read_questions(path: str) -> list[Section]:
    """Read questions of four words, and the sections they are in."""
    sections = []
    for where, line in _lines(path):
        if line.startswith(":"):
            sections.append(Section(line.lstrip(": ").strip(), []))
            continue
        words = [word.strip() for word in line.split("\t")]
        if len(words) != 4:
            words = line.split()
        if len(words) != 4 or not all(words):
            raise ValueError(
                f"{where}: expected four words between white space, or between tabs, or a section (': name'), got {line!r:.200}."
            )
        if not sections:
            sections.append(Section(name_of(path), []))
        sections[-1].questions.append(words)
    return sections


def read_pairs(path: str) -> list[tuple[str, str, float]]:
    """Read pairs of words with their similarities, at least one."""
    lines = list(_lines(path))
    if not lines:
        raise ValueError(f"{path}: expected pairs of words with their similarity, got no line.")
    first = lines[0][1]
    delimiter = next((delimiter for delimiter in "\t," if delimiter in first), None)
    fields = [(where, line, _split(line, delimiter)) for where, line in lines]
    # The first line may be a header, whose names may be numbers: the second line shows which column has the similarity.
    column = next(
        (column for column, field in enumerate(fields[min(1, len(fields) - 1)][2]) if column > 1 and _is_number(field)),
        2,
    )
    if (
        len(fields) > 1
        and len(fields[0][2]) > 2
        and (column >= len(fields[0][2]) or not _is_number(fields[0][2][column]))
    ):
        del fields[0]
    pairs = []
    between = {"\t": "tabs", ",": "commas", None: "white space"}[delimiter]
    for where, line, words in fields:
        if len(words) <= column or not (words[0] and words[1]):
            raise ValueError(
                f"{where}: expected two words and, in column {column + 1}, their similarity, between {between} as in the first "
                f"line, got {line!r:.200}."
            )
        if not _is_number(words[column]):
            raise ValueError(f"{where}: expected a number in column {column + 1}, got {words[column]!r:.200}.")
        pairs.append((words[0], words[1], float(words[column])))
    if all(_is_number(second) for _, second, _ in pairs):
        raise ValueError(
            f"{path}: expected pairs of words with their similarity, but the second of each pair is a number, such as "
            f"{pairs[0][1]!r:.200}; is it a file of word vectors?"
        )
    return pairs


def _split(line: str, delimiter: str | None) -> list[str]:
    try:
        fields = next(csv.reader([line])) if delimiter == "," else line.split(delimiter)
    except csv.Error:  # a field that is absurdly long
        fields = line.split(delimiter)
    return [field.strip() for field in fields]


def _is_number(field: str) -> bool:
    try:
        return math.isfinite(float(field))
    except ValueError:
        return False


def _lines(path: str) -> Iterator[tuple[str, str]]:
    """Yield the lines that are neither empty nor comments, stripped, each with a description of where it is."""
    with open_to_read(path) as file:
        data = file.read()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        number = data.count(b"\n", 0, error.start) + 1
        raise ValueError(
            f"{path}, line {number}: expected text in UTF-8, got the byte 0x{data[error.start]:02x}; convert the file to UTF-8."
        ) from error
    # Not splitlines, which also splits at characters that words may contain.
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
        line = line.strip()
        if line and not line.startswith("#"):
            yield f"{path}, line {number}", line


def name_of(path: str) -> str:
    """Return the name of a file in tables: without its folder and extensions."""
    name = Path(path)
    return Path(name.stem).stem if name.suffix.lower() in COMPRESSIONS else name.stem


def checked_paths(pairs: Any) -> list[str]:
    """Return the paths that the argument `pairs` stands for."""
    if pairs is None:
        return [shipped_file(name) for name in SIMILARITY_SETS]
    if isinstance(pairs, (str, bytes, os.PathLike)) or not isinstance(pairs, Iterable):
        pairs = [pairs]
    paths = [checked_path(path, "pairs") for path in pairs]
    if not paths:
        raise ValueError("pairs is empty; give a path, a list of paths, or None for the files that gensim ships.")
    return paths


def checked_path(path: Any, argument: str) -> str:
    """Return a path as str, and refuse anything else that was given as `argument`."""
    if not isinstance(path, (str, bytes, os.PathLike)):
        several = " or a list of paths" if argument == "pairs" else ""
        raise TypeError(f"{argument} must be the path of a file{several}, got {path!r:.200}.")
    return os.fsdecode(path)


def shipped_file(name: str) -> str:
    """Return the path of a file that gensim ships."""
    try:
        from gensim.test.utils import datapath
    except ImportError as error:
        raise ImportError(
            f"{name} comes with gensim, which is not installed: pip install gensim, or give the path of a file"
        ) from error
    return datapath(name)
