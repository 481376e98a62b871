"""Files and folders -> documents."""

from __future__ import annotations

import codecs
import io
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from typing import Any, BinaryIO

from glove_sklearn._system.files import open_to_read


def iterate_documents(
    paths: Iterable[Any], *, document_per_file: bool = False, encoding: str = "utf-8", decode_error: str = "strict"
) -> Iterator[str]:
    r"""Documents of text files, one a line.

    Parameters
    ----------
    paths : iterable of str or path
        Files, plain or compressed (.gz, .bz2, .xz, .zip); folders, of which all files are read, in the order of their names,
        those in folders inside them too, but for names that begin with a dot and for folders that are links; "-" for standard
        input.
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
        no file in it; where there is no such encoding.

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
    for path in paths:
        for file_path in _files(os.fspath(path)):
            with nullcontext(sys.stdin.buffer) if file_path == "-" else open_to_read(file_path) as file:
                if document_per_file:
                    yield _decoded(file.read(), codec, decode_error, file_path, None)
                elif codec.startswith(("utf-16", "utf-32")):
                    yield from _wide_lines(file, codec, decode_error, file_path)
                else:
                    yield from _lines(file, codec, decode_error, file_path)


def _lines(file: BinaryIO, codec: str, decode_error: str, path: str) -> Iterator[str]:
    for number, line in enumerate(file, 1):
        yield _decoded(line.rstrip(b"\r\n"), codec, decode_error, path, number)


def _wide_lines(file: BinaryIO, codec: str, decode_error: str, path: str) -> Iterator[str]:
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


def _decoded(data: bytes, codec: str, decode_error: str, path: str, line: int | None) -> str:
    try:
        text = data.decode(codec, decode_error)
    except UnicodeError as error:
        where = path if line is None else f"{path}, line {line}"
        raise ValueError(
            f"{where}: {error}; give another encoding, or 'replace' or 'ignore' for decode_error."
        ) from None
    return text.removeprefix("\ufeff") if line in (None, 1) else text


def _files(path: str) -> Iterator[str]:
    if not os.path.isdir(path):
        yield path
        return
    is_empty = True
    for folder, folders, names in os.walk(path, onerror=_raise):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith("."):
                is_empty = False
                yield os.path.join(folder, name)
    if is_empty:
        raise ValueError(f"{path}: there is no file in this folder.")


def _raise(error: OSError) -> None:
    raise error
