"""Files and folders -> documents."""

from __future__ import annotations

import codecs
import io
import os
import sys
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from glove_sklearn._system.files import open_each_to_read
from glove_sklearn._system.recognition import N_BYTES, is_binary, recognise, recognise_markup
from glove_sklearn._system.warning import warn_caller

#: Codecs whose characters have several bytes each, some of which may be NUL, and the marks that such text may begin with.
WIDE = "utf-16", "utf-32"
_MARKS = codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE


def iterate_documents(
    paths: Iterable[Any], *, document_per_file: bool = False, encoding: str = "utf-8", decode_error: str = "strict"
) -> Iterator[str]:
    r"""Documents of text files, one a line.

    Parameters
    ----------
    paths : iterable of str or path
        Files, plain or compressed (.gz, .bz2, .xz); zip files and tar archives, of which all files are read in the order of the
        archive, or one, by a path such as ``"corpus.tar.gz/part1.txt"``; folders, of which all files are read, in the order of
        their names, those in folders inside them too, but for names that begin with a dot and for folders that are links; "-"
        for standard input.
    document_per_file : bool, default=False
        Whether a file is one document.
    encoding : str, default="utf-8"
        Of the files. A byte order mark is not part of the text.
    decode_error : {"strict", "ignore", "replace"}, default="strict"
        What to do with bytes that are not valid in `encoding`.

    Yields
    ------
    document : str
        A line without its end ("\n" or "\r\n"), or a file.

    Raises
    ------
    OSError
        Where a file cannot be read.
    ValueError
        Where bytes are not valid in `encoding`, with the file and the line; where a compressed file is damaged, or a folder has
        no file in it; where a file is no text, or no file has any; where there is no such encoding.

    Warns
    -----
    UserWarning
        Where a file is an HTML page or an XML file.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> _ = (folder / "news.txt").write_text("one document\nanother\n")
    >>> list(iterate_documents([folder]))
    ['one document', 'another']
    """
    try:
        codec = codecs.lookup(encoding).name
    except LookupError as error:
        raise ValueError(f"{error}; an encoding is named like 'utf-8' or 'latin-1'.") from None
    if isinstance(paths, str | os.PathLike):
        paths = [paths]
    paths = list(paths)
    if paths.count("-") > 1:
        raise ValueError("'-', standard input, can be read only once.")
    if "-" in paths and sys.stdin is None:
        raise ValueError("'-', standard input, is closed.")
    is_empty = True
    for path in paths:
        for file_path, file in _files(os.fspath(path)):
            start = file.peek(N_BYTES)[:N_BYTES]  # type: ignore[attr-defined]
            is_empty = is_empty and not start
            check_text(start, codec, decode_error, file_path)
            if document_per_file:
                yield decoded(file.read(), codec, decode_error, file_path, None)
            elif codec.startswith(WIDE):
                yield from wide_lines(file, codec, decode_error, file_path)
            else:
                yield from lines(file, codec, decode_error, file_path)
    if is_empty and paths:
        names = ", ".join("standard input" if path == "-" else os.fsdecode(path) for path in paths)
        raise ValueError(f"{names}: expected text, got nothing: {'it is' if len(paths) == 1 else 'all are'} empty.")


def check_text(start: bytes, codec: str, decode_error: str, path: str) -> None:
    """Refuse a file that is no text, though its bytes may be characters, and warn of markup."""
    foreign = recognise(start)
    if foreign is not None and not (codec.startswith(WIDE) and start.startswith(_MARKS)):
        advice = foreign.advice
        if start.startswith(_MARKS):
            advice += f"; or give the encoding {'utf-32' if foreign.what.endswith('32') else 'utf-16'!r}"
        raise ValueError(f"{path} is {foreign.what}, and not text; {advice}.")
    if is_binary(start) and decode_error == "strict" and not codec.startswith(WIDE):
        raise ValueError(
            f"{path} is not text: it has NUL bytes; if it is UTF-16 or UTF-32, give this encoding; if it is text with a few NULs "
            "in it, give 'ignore' or 'replace' for decode_error."
        )
    if (markup := recognise_markup(start)) is not None:
        warn_caller(f"{path} is {markup.what}; {markup.advice}.")


def lines(file: BinaryIO, codec: str, decode_error: str, path: str, first: int = 1) -> Iterator[str]:
    """Yield the lines of a file, or of a part of it that does not begin with line 1."""
    for number, line in enumerate(file, first):
        yield decoded(line.rstrip(b"\r\n"), codec, decode_error, path, number)


def wide_lines(file: BinaryIO, codec: str, decode_error: str, path: str) -> Iterator[str]:
    """Lines where the byte of a line feed may be part of another character."""
    number = 0
    text = io.TextIOWrapper(file, codec, decode_error, newline="\n")
    try:
        for line in text:
            number += 1
            yield (line.removeprefix("\ufeff") if number == 1 else line).rstrip("\r\n")
    except UnicodeError as error:
        raise ValueError(
            f"{path}, after line {number}: {error}; give another encoding, or 'replace' or 'ignore' for decode_error."
        ) from None
    finally:
        text.detach()  # who opened the file closes it


def decoded(data: bytes, codec: str, decode_error: str, path: str, line: int | None) -> str:
    """Decode a line, or a whole file without a number of a line."""
    try:
        text = data.decode(codec, decode_error)
    except UnicodeError as error:
        where = path if line is None else f"{path}, line {line}"
        raise ValueError(
            f"{where}: {error}; give another encoding, or 'replace' or 'ignore' for decode_error."
        ) from None
    return text.removeprefix("\ufeff") if line in (None, 1) else text


def _files(path: str) -> Iterator[tuple[str, BinaryIO]]:
    """Yield the files that a path stands for, open, with the path of each."""
    if path == "-":
        buffered = io.BufferedReader(sys.stdin.buffer)  # type: ignore[type-var]
        try:
            yield path, buffered
        finally:
            buffered.detach()  # standard input stays open
        return
    if not os.path.isdir(path):
        yield from open_each_to_read(path)
        return
    is_empty = True
    for file in files_below(path):
        is_empty = False
        yield from open_each_to_read(file)
    if is_empty:
        raise ValueError(f"{path}: there is no file in this folder.")


def files_below(folder: str) -> Iterator[str]:
    """Yield the files of a folder and of the folders in it, in the order of their names; hidden ones are left out."""
    for root, folders, names in os.walk(folder, onerror=_raise):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (os.path.join(root, name) for name in sorted(names) if not name.startswith("."))


def _raise(error: OSError) -> None:
    raise error
