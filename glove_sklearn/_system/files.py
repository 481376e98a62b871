"""Open files to read and write: plain or compressed, and never half written."""

from __future__ import annotations

import bz2
import gzip
import lzma
import os
import re
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

StrPath = str | os.PathLike[str]

#: The first bytes of a compressed file, and the function that opens it.
_MAGIC: dict[bytes, Callable[..., Any]] = {
    rb"\x1f\x8b\x08": gzip.open,
    rb"BZh[1-9](1AY&SY|\x17rE8P\x90)": bz2.open,
    rb"\xfd7zXZ\x00": lzma.open,
}
_ZIPS = b"PK\x03\x04", b"PK\x05\x06"
_OPENERS: dict[str, Callable[..., Any]] = {".gz": gzip.open, ".bz2": bz2.open, ".xz": lzma.open}
#: Extensions of compressed files.
COMPRESSIONS = (*_OPENERS, ".zip")


def format_suffix(path: StrPath) -> str:
    """Return the extension that stands for the format, in lower case: ".txt" for "vectors.TXT.gz"."""
    path = Path(os.fsdecode(path))
    return Path(path.stem).suffix.lower() if path.suffix.lower() in COMPRESSIONS else path.suffix.lower()


@contextmanager
def open_to_read(path: StrPath) -> Iterator[BinaryIO]:
    """Open a file to read, and decompress it if it is compressed, whatever its extension.

    Parameters
    ----------
    path : str or path
        A member of a zip file is a path too: ``"glove.6B.zip/glove.6B.50d.txt"``. For a zip file with one member, the path of the
        zip file is enough.

    Yields
    ------
    file : binary file

    Raises
    ------
    OSError
        As from :func:`open`.
    ValueError
        If the compressed data are damaged or incomplete, or a zip file has several members and none was named.
    """
    path = os.fsdecode(path)
    archive, member = split_zip_path(path)
    try:
        with open(archive, "rb") as file:
            if member is None and not file.seekable():
                yield file  # a pipe
                return
            start = file.read(10)
            file.seek(0)
            if start.startswith(_ZIPS):
                with zipfile.ZipFile(file) as zip_file:
                    name = _member(zip_file, archive, member)
                    try:
                        plain = zip_file.open(name)
                    except (
                        RuntimeError,
                        NotImplementedError,
                    ) as error:  # encrypted, or compressed by a method that Python lacks
                        raise ValueError(f"{path} cannot be unpacked: {error}") from error
                    with plain:
                        yield plain  # type: ignore[misc]
                return
            if member is not None:
                raise NotADirectoryError(f"{archive!r} is neither a folder nor a zip file: there is no {path!r}")
            for magic, opener in _MAGIC.items():
                if re.match(magic, start):
                    with opener(file) as plain:
                        yield plain
                    return
            yield file
    except (EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, gzip.BadGzipFile) as error:
        raise ValueError(f"{path}: the compressed data are damaged or incomplete ({error})") from error
    except OSError as error:
        if error.errno is None and "data stream" in str(error):  # bz2's error for damaged data
            raise ValueError(f"{path}: the compressed data are damaged or incomplete ({error})") from error
        raise


def split_zip_path(path: str) -> tuple[str, str | None]:
    """Split the path of a member of a zip file into that of the file and the name of the member."""
    if os.path.exists(path):
        return path, None
    parent = Path(path).parent
    for folder in (parent, *parent.parents):
        if folder.is_file():
            return str(folder), Path(path).relative_to(folder).as_posix()
    return path, None


def _member(zip_file: zipfile.ZipFile, archive: str, name: str | None) -> str:
    names = [info.filename for info in zip_file.infolist() if not info.is_dir()]
    if name is None and len(names) == 1:
        return names[0]
    if name in names:
        return str(name)
    what = f"has no member {name!r}" if name else f"has {len(names)} members"
    raise ValueError(f"{archive} {what}; name one of: {', '.join(f'{archive}/{member}' for member in names)}")


@contextmanager
def open_to_write(path: StrPath, *, compress: bool = True, partial: str | None = None) -> Iterator[BinaryIO]:
    """Open a file to write it as a whole, compressed if its extension says so.

    It is written under another name in the same folder, and replaces an earlier file when it is complete: whatever happens,
    `path` holds either all of the old data or all of the new.

    Parameters
    ----------
    path : str or path
    compress : bool, default=True
        False to ignore the extension.
    partial : str or None, default=None
        The other name; None for a unique one, which a process leaves behind if it is killed.

    Yields
    ------
    file : binary file
    """
    given = os.path.abspath(os.fsdecode(path))
    path = os.path.realpath(given)
    if os.path.isdir(path):
        raise IsADirectoryError(f"{path!r} is a folder: give the name of a file")
    suffix = Path(path).suffix.lower() if compress else ""
    # A pipe, a device, or a stream that is already open, which may be a file that others write to as well.
    if given.startswith("/dev/") or (os.path.exists(path) and not os.path.isfile(path)):
        with open(given, "ab") as file, _compressed(file, path, suffix) as plain:
            yield plain
        return
    mode = os.stat(path).st_mode if os.path.exists(path) else None
    if partial is None:
        folder, name = os.path.split(path)
        descriptor, partial = tempfile.mkstemp(".partial", f".{name[:100]}.", folder)
        os.close(descriptor)
        if mode is None:
            os.umask(umask := os.umask(0))  # the umask can only be read by setting it
            mode = 0o666 & ~umask
    try:
        with open(partial, "wb") as file:
            if mode is not None:
                os.chmod(partial, stat.S_IMODE(mode))
            with _compressed(file, path, suffix) as plain:
                yield plain
            file.flush()
            os.fsync(file.fileno())
        os.replace(partial, path)
    except BaseException:
        if os.path.exists(partial):
            os.unlink(partial)
        raise


@contextmanager
def _compressed(file: BinaryIO, path: str, suffix: str) -> Iterator[BinaryIO]:
    if suffix == ".zip":
        with (
            zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as zip_file,
            zip_file.open(Path(path).stem, "w", force_zip64=True) as plain,
        ):
            yield plain  # type: ignore[misc]
    elif suffix in _OPENERS:
        with _OPENERS[suffix](file, "wb") as plain:
            yield plain
    else:
        yield file
