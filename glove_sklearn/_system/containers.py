"""Compressed files and archives, whose damage is an error that names file and member, whatever their readers raise."""

from __future__ import annotations

import bz2
import errno
import gzip
import io
import lzma
import posixpath
import re
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, BinaryIO, Protocol

#: The first bytes of a compressed file, and the function that opens it.
_COMPRESSED: dict[str, tuple[bytes, Callable[..., Any]]] = {
    "gzip": (rb"\x1f\x8b\x08", gzip.open),
    "bzip2": (rb"BZh[1-9](1AY&SY|\x17rE8P\x90)", bz2.open),
    "xz": (rb"\xfd7zXZ\x00", lzma.open),
}
_ZIPS = b"PK\x03\x04", b"PK\x05\x06"
#: Bytes of a header of a tar archive.
_TAR_HEADER = 512
#: Bytes that are decompressed together.
_BUFFER = 1 << 17
#: How often data may be compressed over: gzip of gzip happens on web servers.
_MOST_LAYERS = 4
#: Members that a message names.
_N_SHOWN = 10


class _Archive(Protocol):
    """What is asked of an archive."""

    def names(self) -> Iterator[str]:
        """Yield the names of its files."""

    def open(self, name: str) -> BinaryIO:
        """Open a file by its name."""


@contextmanager
def naming(path: str) -> Iterator[None]:
    """Turn whatever the reader of a container raises about its content into an error that names the file.

    Readers are written for whole files: on damaged ones they raise errors of all kinds.
    """
    try:
        yield
    except NotImplementedError as error:  # a version, or a method of compression that Python lacks
        raise ValueError(f"{path} cannot be unpacked: {error}") from error
    except MemoryError as error:
        raise MemoryError(
            f"{path}: unpacking asks for more memory than is available; the file may be damaged"
        ) from error
    except OSError as error:
        if error.errno not in (None, errno.EINVAL):  # of the disk, and not of the content
            raise type(error)(error.errno, error.strerror, path) from error
        raise _damaged(path, error) from error
    except Exception as error:
        if type(error) is RuntimeError:  # it is encrypted
            raise ValueError(f"{path} cannot be unpacked: {error}") from error
        raise _damaged(path, error) from error


def _damaged(path: str, error: Exception) -> ValueError:
    why = str(error) or type(error).__name__
    return ValueError(f"{path}: the compressed data are damaged or incomplete ({why})")


class _Unpacked(io.RawIOBase):
    """The content of a container. Its end is found by reading: what a header says of its length may be a lie."""

    def __init__(self, plain: BinaryIO, path: str) -> None:
        self._plain, self._path, self._position = plain, path, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        with naming(self._path):
            n_bytes = self._plain.readinto(buffer)  # type: ignore[attr-defined]
        self._position += n_bytes
        return n_bytes

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        if whence == io.SEEK_END:
            buffer = bytearray(_BUFFER)
            while self.readinto(buffer):
                pass
            offset += self._position
        elif whence == io.SEEK_CUR:
            offset += self._position
        if offset != self._position:
            with naming(self._path):
                self._position = self._plain.seek(offset)
        return self._position


class _InSmallReads:
    """A file that allocates no more than it holds, however many bytes a damaged header makes its reader ask for."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.seek, self.tell, self.seekable = file.seek, file.tell, file.seekable

    def read(self, n_bytes: int = -1) -> bytes:
        if 0 <= n_bytes <= _BUFFER:
            return self._file.read(n_bytes)
        chunks: list[bytes] = []
        while n_bytes and (chunk := self._file.read(_BUFFER if n_bytes < 0 else min(n_bytes, _BUFFER))):
            chunks.append(chunk)
            n_bytes -= len(chunk) if n_bytes > 0 else 0
        return b"".join(chunks)


class _Zip:
    def __init__(self, file: BinaryIO, stack: ExitStack) -> None:
        self._zip = stack.enter_context(zipfile.ZipFile(_InSmallReads(file)))

    def names(self) -> Iterator[str]:
        return (info.filename for info in self._zip.infolist() if not info.is_dir())

    def open(self, name: str) -> BinaryIO:
        return self._zip.open(name)  # type: ignore[return-value]


class _TarInfo(tarfile.TarInfo):
    @classmethod
    def frombuf(cls, buf: Any, encoding: str, errors: str) -> _TarInfo:
        member = super().frombuf(buf, encoding, errors)
        if member.size < 0:  # older versions of Python would read it again and again
            raise tarfile.InvalidHeaderError("negative size")  # type: ignore[attr-defined]
        return member


class _Tar:
    def __init__(self, file: BinaryIO, stack: ExitStack) -> None:
        self._tar = stack.enter_context(
            tarfile.TarFile(fileobj=_InSmallReads(file), tarinfo=_TarInfo, errorlevel=2)  # type: ignore[arg-type]
        )
        self._members: dict[str, tarfile.TarInfo] = {}

    def names(self) -> Iterator[str]:
        last = -1
        while (member := self._tar.next()) is not None:
            if member.offset_data <= last:
                raise tarfile.ReadError("a member does not follow the one before it")
            last = member.offset_data
            if member.isreg():
                name = posixpath.normpath(member.name)
                self._members[name] = member
                yield name

    def open(self, name: str) -> BinaryIO:
        file = self._tar.extractfile(self._members[name])
        assert file is not None
        return file  # type: ignore[return-value]


_ARCHIVES: dict[str, Callable[[BinaryIO, ExitStack], _Archive]] = {"zip": _Zip, "tar": _Tar}


def container_of(start: bytes) -> str | None:
    """Return which container begins with some bytes: "gzip", "bzip2", "xz", "zip" or "tar"; None if it is none."""
    if start.startswith(_ZIPS):
        return "zip"
    for kind, (magic, _) in _COMPRESSED.items():
        if re.match(magic, start):
            return kind
    if len(start) >= _TAR_HEADER:
        try:
            tarfile.TarInfo.frombuf(start[:_TAR_HEADER], "utf-8", "surrogateescape")
        except Exception:  # the sum of its bytes is not what it says
            return "tar" if start[257:262] == b"ustar" else None
        return "tar"
    return None


def unpack(file: BinaryIO, archive: str, member: str | None, stack: ExitStack) -> BinaryIO:
    """Return what is in a file: itself, what is compressed in it, or a member of an archive.

    Parameters
    ----------
    file : binary file
        Seekable, at its beginning.
    archive : str
        Its path.
    member : str or None
        Name of a member; None for the only one.
    stack : ExitStack
        Closes what is opened.

    Raises
    ------
    ValueError
        If a container is damaged, or an archive has several members and none was named. The message names file and member.
    NotADirectoryError
        If a member was named, and the file is no archive.
    """
    file, kind = _decompressed(file, archive, stack)
    if kind is not None:
        opened = _opened(file, kind, archive, stack)
        return _content(opened, archive, _choose(opened, kind, archive, member), stack)
    if member is not None:
        raise NotADirectoryError(
            f"{archive!r} is neither a folder nor a zip file or tar archive: there is no {f'{archive}/{member}'!r}"
        )
    return file


def unpack_each(file: BinaryIO, archive: str, stack: ExitStack) -> Iterator[tuple[str, BinaryIO]]:
    """Yield what is in a file with its path, as :func:`unpack`; of an archive, all members in their order."""
    file, kind = _decompressed(file, archive, stack)
    if kind is None:
        yield archive, file
        return
    opened = _opened(file, kind, archive, stack)
    names, is_empty = opened.names(), True
    while True:
        with naming(archive):
            name = next(names, None)
        if name is None:
            break
        if _is_visible(name):
            is_empty = False
            with ExitStack() as inner:
                yield f"{archive}/{name}", _content(opened, archive, name, inner)
    if is_empty:
        raise ValueError(f"{archive}: there is no file in this {kind} archive")


def _decompressed(file: BinaryIO, path: str, stack: ExitStack) -> tuple[BinaryIO, str | None]:
    """Return what is compressed in a file, and the kind of archive that it is, if it is one."""
    layers: list[str] = []
    while (kind := container_of(_start(file))) in _COMPRESSED:
        assert kind is not None
        layers.append(kind)
        if len(layers) > _MOST_LAYERS:
            raise ValueError(f"{path} is compressed {len(layers)} times over; decompress it first")
        with naming(path):
            plain = stack.enter_context(_COMPRESSED[kind][1](file))
        file = stack.enter_context(io.BufferedReader(_Unpacked(plain, path), _BUFFER))
    if kind == "zip" and layers:
        raise ValueError(f"{path} is a zip file that is compressed by {layers[-1]}; {_undone(layers[-1])} first")
    return file, kind


def _opened(file: BinaryIO, kind: str, path: str, stack: ExitStack) -> _Archive:
    with naming(path):
        opened = _ARCHIVES[kind](file, stack)
    if isinstance(opened, _Zip) and "[Content_Types].xml" in opened.names():
        raise ValueError(f"{path} is a document of an office program; save it as plain text")
    return opened


def _content(opened: _Archive, archive: str, name: str, stack: ExitStack) -> BinaryIO:
    """Open a member of an archive, and decompress it."""
    path = f"{archive}/{name}"
    with naming(path):
        plain = stack.enter_context(opened.open(name))
    file, kind = _decompressed(stack.enter_context(io.BufferedReader(_Unpacked(plain, path), _BUFFER)), path, stack)
    if kind is not None:
        raise ValueError(f"{path} is a {kind} archive in another archive; unpack the outer one first")
    return file


def _undone(compression: str) -> str:
    return {"gzip": "run gunzip", "bzip2": "run bunzip2", "xz": "run unxz"}[compression]


def _start(file: BinaryIO) -> bytes:
    start = file.read(_TAR_HEADER)
    file.seek(0)
    return start


def _choose(archive: _Archive, kind: str, path: str, wanted: str | None) -> str:
    """Return the name of the member that is wanted, or of the only one."""
    names = []
    with naming(path):
        for name in archive.names():
            if name == wanted:
                return name
            names.append(name)
    names = [name for name in names if _is_visible(name)]
    if wanted is None and len(names) == 1:
        return names[0]
    if not names:
        raise ValueError(f"{path}: there is no file in this {kind} archive")
    if wanted is None and all(name.endswith(".npy") for name in names):
        raise ValueError(f"{path} is a file of NumPy's arrays (.npz); load it with numpy.load")
    what = f"has {len(names)} members" if wanted is None else f"has no member {wanted!r}"
    shown = ", ".join(f"{path}/{name}" for name in names[:_N_SHOWN])
    more = f" and {len(names) - _N_SHOWN} more" if len(names) > _N_SHOWN else ""
    raise ValueError(f"{path} {what}; name one of: {shown}{more}")


def _is_visible(name: str) -> bool:
    """Return whether a member is more than what an operating system adds, such as macOS its resources."""
    return not name.startswith("__MACOSX/") and not posixpath.basename(name).startswith(".")
