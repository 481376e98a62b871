"""Open files to read and write: plain or compressed, and never half written."""

from __future__ import annotations

import bz2
import errno
import gzip
import io
import lzma
import os
import re
import secrets
import shutil
import stat
import sys
import time
import zipfile
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

from glove_sklearn._system.containers import unpack, unpack_each
from glove_sklearn._system.processes import process_exists

if sys.platform != "win32":
    import fcntl

StrPath = str | os.PathLike[str]

#: How long to wait, on Windows, until others have closed a file that is to be replaced, in seconds.
PATIENCE = 5.0


def _gzip_file(file: BinaryIO) -> gzip.GzipFile:
    """Write gzip without name and time, so that the same content gives the same bytes."""
    return gzip.GzipFile("", "wb", fileobj=file, mtime=0)


_OPENERS: dict[str, Callable[[BinaryIO], Any]] = {
    ".gz": _gzip_file,
    ".bz2": lambda file: bz2.BZ2File(file, "wb"),
    ".xz": lambda file: lzma.LZMAFile(file, "wb"),  # noqa: SIM115
}
#: Extensions of compressed files.
COMPRESSIONS = (*_OPENERS, ".zip")
#: The earliest time that a zip file can hold.
_NO_TIME = (1980, 1, 1, 0, 0, 0)
#: Folders of the streams that a process has open.
_STREAMS = re.compile(r"/dev/fd|/proc/\d+(/task/\d+)?/fd")
#: Bytes of the name of a file that are part of the name of its unfinished version.
_PART_OF_NAME = 100
#: Links that are followed to find out what a path is; systems follow as many.
_MOST_LINKS = 40


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
        A member of a zip file or a tar archive is a path too: ``"glove.6B.zip/glove.6B.50d.txt"``. For an archive with one
        member, the path of the archive is enough.

    Yields
    ------
    file : binary file
        Buffered.

    Raises
    ------
    OSError
        As from :func:`open`.
    ValueError
        If the compressed data are damaged or incomplete, or an archive has several members and none was named.
    """
    archive, member = _split(os.fsdecode(path))
    with ExitStack() as stack:
        file = stack.enter_context(_opened(archive))
        if member is None and not file.seekable():
            yield file  # a pipe
        else:
            yield unpack(file, archive, member, stack)


def open_each_to_read(path: StrPath) -> Generator[tuple[str, BinaryIO], None, None]:
    """Open a file to read as :func:`open_to_read` does, or all members of an archive, one after the other.

    Parameters
    ----------
    path : str or path

    Yields
    ------
    path : str
        The path of the member, or that of the file.
    file : binary file
        Buffered; open until the next is asked for.
    """
    archive, member = _split(os.fsdecode(path))
    with ExitStack() as stack:
        file = stack.enter_context(_opened(archive))
        if member is not None:
            yield f"{archive}/{member}", unpack(file, archive, member, stack)
        elif not file.seekable():
            yield archive, file
        else:
            yield from unpack_each(file, archive, stack)


def _opened(path: str) -> BinaryIO:
    if os.path.isdir(path):
        raise IsADirectoryError(f"{path!r} is a folder: give the name of a file in it")
    if re.match(r"[a-z][a-z0-9+.-]+://", path, re.IGNORECASE) and not os.path.exists(path):
        raise FileNotFoundError(f"{path!r} is an address: download the file first, and give its name")
    return open(path, "rb")


def file_of(path: StrPath) -> str:
    """Return the path of the file that :func:`open_to_read` opens: the archive, if `path` is that of a member."""
    return _split(os.fsdecode(path))[0]


def _split(path: str) -> tuple[str, str | None]:
    """Split the path of a member of an archive into that of the archive and the name of the member."""
    if os.path.exists(path):
        return path, None
    parent = Path(path).parent
    for folder in (parent, *parent.parents):
        if folder.is_file():
            return str(folder), Path(path).relative_to(folder).as_posix()
    return path, None


@contextmanager
def open_to_write(path: StrPath, *, compress: bool = True) -> Iterator[BinaryIO]:
    """Open a file to write it as a whole, compressed if its extension says so.

    It is written under another name in the same folder, and replaces an earlier file when it is complete: whatever happens,
    `path` holds either all of the old data or all of the new. What is no regular file (a pipe, a device, or a stream that is
    already open, such as ``/dev/stdout``) is appended to.

    Parameters
    ----------
    path : str or path
    compress : bool, default=True
        False to ignore the extension.

    Yields
    ------
    file : binary file

    Raises
    ------
    OSError
        As from :func:`open`, or if the disk is full; the message names `path`.
    """
    given = os.path.abspath(os.fsdecode(path))
    target = os.path.realpath(given)
    if os.path.isdir(target):
        raise IsADirectoryError(f"{target!r} is a folder: give the name of a file")
    suffix = Path(target).suffix.lower() if compress else ""
    if not _is_replaced(given):
        with io.BufferedWriter(_Output(given, "ab", given)) as file, _compressed(file, target, suffix) as plain:
            yield plain
        return
    _check_folder(target, given)
    mode = stat.S_IMODE(os.stat(target).st_mode) if os.path.exists(target) else None
    remove_abandoned(target)
    partial = _unfinished(target)
    try:
        with io.BufferedWriter(_Output(partial, "xb", given)) as file:
            _lock(file.fileno())
            if mode is not None:
                os.chmod(partial, mode)
            with _compressed(file, target, suffix) as plain:
                yield plain
            file.flush()
            with _naming_output(given):
                os.fsync(file.fileno())
            if sys.platform == "win32":  # where what is open cannot be renamed, nor is anything locked
                file.close()
            _replace(partial, target)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(partial)
        raise


@contextmanager
def open_folder_to_write(path: StrPath) -> Iterator[str]:
    """Make files whose names begin with that of `path`, which replace earlier ones when all of them are complete.

    Parameters
    ----------
    path : str or path
        The main file. It is replaced last, so that those beside it are there when it is.

    Yields
    ------
    path : str
        The main file in a folder for the new files, beside the old ones.
    """
    given = os.path.abspath(os.fsdecode(path))
    if os.path.isdir(given):
        raise IsADirectoryError(f"{given!r} is a folder: give the name of a file")
    if not _is_replaced(given):
        yield given
        return
    parent, name = os.path.split(given)
    _check_folder(given, given)
    remove_abandoned(given)
    folder = _unfinished(given)
    try:
        with _naming_output(given):
            os.mkdir(folder)
        with _locked(folder):
            with _naming_output(given):
                yield os.path.join(folder, name)
            names = sorted(os.listdir(folder), key=lambda made: (made == name, made))
            for made in names:
                with _naming_output(given), open(os.path.join(folder, made), "rb+") as file:
                    os.fsync(file.fileno())
            for made in names:
                new, old = os.path.join(folder, made), os.path.realpath(os.path.join(parent, made))
                if os.path.exists(old):
                    os.chmod(new, stat.S_IMODE(os.stat(old).st_mode))
                _replace(new, old)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def remove_abandoned(path: StrPath) -> None:
    """Remove the unfinished versions of a file that processes left behind when they were killed while writing.

    A process that writes has locked its unfinished file, also against processes that do not see it, such as those of another
    container.
    """
    folder, name = os.path.split(os.path.abspath(os.fsdecode(path)))
    unfinished = re.compile(re.escape(f".{name[:_PART_OF_NAME]}.") + r"(\d+)-[0-9a-f]+\.partial")
    for found in os.listdir(folder):
        match = unfinished.fullmatch(found)
        partial = os.path.join(folder, found)
        if match is None or process_exists(int(match[1])) or not _is_unlocked(partial):
            continue
        with suppress(OSError):
            shutil.rmtree(partial) if os.path.isdir(partial) else os.unlink(partial)


def _unfinished(path: str) -> str:
    """Return a name for the unfinished version of a file, which no other writer uses, and which tells whose it is."""
    folder, name = os.path.split(path)
    return os.path.join(folder, f".{name[:_PART_OF_NAME]}.{os.getpid()}-{secrets.token_hex(6)}.partial")


def _replace(new: str, old: str) -> None:
    """Rename a file, in the place of an earlier one.

    Windows refuses this while the earlier one is open: in another thread that replaces it, too, in a virus scanner, or in
    a program that indexes or copies files. Most of them close it soon.
    """
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            os.replace(new, old)
            return
        except PermissionError:
            if sys.platform != "win32" or time.monotonic() > deadline:
                raise
        time.sleep(0.01)


def _is_replaced(path: str) -> bool:
    """Return whether a path is that of a regular file, or of none yet, and not that of a stream that is open already."""
    if os.path.exists(path) and not os.path.isfile(path):
        return False
    for _ in range(_MOST_LINKS):
        folder = os.path.realpath(os.path.dirname(path))
        if _STREAMS.fullmatch(folder):
            return False
        if not os.path.islink(path):
            break
        path = os.path.join(folder, os.readlink(path))
    return True


def _check_folder(path: str, given: str) -> None:
    """Refuse to write into a folder that is none."""
    folder = os.path.dirname(path)
    if not os.path.isdir(folder):
        what = "is not a folder" if os.path.exists(folder) else "does not exist"
        error = NotADirectoryError if os.path.exists(folder) else FileNotFoundError
        raise error(f"{given} cannot be written: the folder {folder!r} {what}")


class _Output(io.FileIO):
    """A file whose errors name the output, and not the unfinished version of it."""

    def __init__(self, path: str, mode: str, output: str) -> None:
        self._output = output
        with _naming_output(output):
            super().__init__(path, mode)

    def write(self, data: Any) -> int:
        with _naming_output(self._output):
            return super().write(data)

    def close(self) -> None:
        with _naming_output(self._output):
            super().close()


@contextmanager
def _naming_output(path: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno is None or isinstance(error, BrokenPipeError):
            raise
        raise type(error)(error.errno, error.strerror, path) from error


def _lock(descriptor: int) -> None:
    """Lock an unfinished file as long as it is open, if the file system can."""
    if sys.platform != "win32":
        with suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def _locked(folder: str) -> Iterator[None]:
    """Lock an unfinished folder; on Windows a folder cannot be opened."""
    if sys.platform == "win32":
        yield
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        _lock(descriptor)
        yield
    finally:
        os.close(descriptor)


def _is_unlocked(path: str) -> bool:
    if sys.platform == "win32":
        return True
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    except OSError as error:
        return error.errno not in (errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES)
    finally:
        os.close(descriptor)


@contextmanager
def _compressed(file: BinaryIO, path: str, suffix: str) -> Iterator[BinaryIO]:
    if suffix == ".zip":
        member = zipfile.ZipInfo(Path(path).stem, _NO_TIME)
        member.compress_type = zipfile.ZIP_DEFLATED
        member.external_attr = 0o644 << 16
        with zipfile.ZipFile(file, "w") as zip_file, zip_file.open(member, "w", force_zip64=True) as plain:
            yield plain  # type: ignore[misc]
    elif suffix in _OPENERS:
        with _OPENERS[suffix](file) as plain:
            yield plain
    else:
        yield file
