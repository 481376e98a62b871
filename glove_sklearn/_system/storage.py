"""Arrays that are kept in memory or, if they do not fit, in temporary files."""

from __future__ import annotations

import copy
import errno
import math
import os
import re
import shutil
import tempfile
import threading
from collections.abc import Callable
from numbers import Real
from typing import Any, Protocol

import numpy as np

from glove_sklearn._system.memory import Reserved, available_memory, in_own_pages, resident_memory
from glove_sklearn._system.warning import warn_caller

_UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12, "ki": 2**10, "mi": 2**20, "gi": 2**30, "ti": 2**40}
_DISK_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
#: Bytes that are read or written by one call: macOS and Windows refuse 2 GiB and more.
_AT_ONCE = 1 << 30


def parse_size(memory_limit: Any) -> float:
    """Return the number of bytes of a `memory_limit`; infinity for None.

    Parameters
    ----------
    memory_limit : number, str or None
        Bytes, or a number with a unit: "2GB" is 2 * 10**9 bytes, "2GiB" is 2 * 2**30.
    """
    if memory_limit is None:
        return float("inf")
    if isinstance(memory_limit, Real) and not isinstance(memory_limit, bool):
        try:
            n_bytes = float(memory_limit)
        except OverflowError:
            n_bytes = math.inf if memory_limit > 0 else 0  # type: ignore[operator]
    else:
        match = re.fullmatch(r"\s*(\d+(?:\.\d*)?(?:e\d+)?|\.\d+)\s*([kmgt]i?)?b?\s*", str(memory_limit), re.IGNORECASE)
        n_bytes = float(match[1]) * _UNITS[(match[2] or "").lower()] if match else 0
    if not n_bytes >= 1:
        raise ValueError(f"memory_limit must be None, a number of bytes or a str such as '2GB', got {memory_limit!r}.")
    return n_bytes


def readable_size(n_bytes: float) -> str:
    """Format a number of bytes for messages."""
    return f"{n_bytes / 1e9:.2f} GB" if n_bytes >= 1e8 else f"{n_bytes / 1e6:.2f} MB"


def _default_folder() -> str:
    """Return the system's folder for temporary files, or the one for large files if that is in memory."""
    folder = os.path.abspath(tempfile.gettempdir())
    if "TMPDIR" not in os.environ and _is_in_memory(folder) and os.access("/var/tmp", os.W_OK):
        folder = "/var/tmp" if not _is_in_memory("/var/tmp") else folder
    return folder


def _is_in_memory(folder: str, mounts: str = "/proc/mounts") -> bool:
    """Whether the file system of a folder is known to be in memory."""
    try:
        with open(mounts, encoding="utf-8", errors="surrogateescape") as file:
            systems = {fields[1]: fields[2] for fields in map(str.split, file)}
    except (OSError, IndexError):
        return False
    inner = os.path.realpath(folder)
    while inner not in systems and inner != os.path.dirname(inner):
        inner = os.path.dirname(inner)
    return systems.get(inner) in ("tmpfs", "ramfs")


class TempFile:
    """A temporary file that disappears when it is closed, or when the process ends in whatever way.

    It has no name, except on Windows, where the system removes it at the end.

    Parameters
    ----------
    folder : str
    """

    def __init__(self, folder: str) -> None:
        self._folder = folder
        try:
            self._file = tempfile.TemporaryFile(dir=folder, buffering=0)  # noqa: SIM115
        except OSError as error:
            raise type(error)(error.errno, f"{error.strerror}: no temporary file in temp_dir={folder!r}") from error
        self._lock = threading.Lock()
        self._position_lock = threading.Lock()
        self._end = 0

    def allocate(self, n_bytes: int) -> int:
        """Reserve bytes at the end, and return their offset."""
        with self._lock:
            offset = self._end
            self._end += n_bytes
        return offset

    def release(self, offset: int) -> None:
        """Give back all bytes from an offset on."""
        with self._lock:
            self._end = offset
            self._file.truncate(offset)

    def write(self, offset: int, array: np.ndarray) -> None:
        """Write a contiguous array."""
        data = array.view(np.uint8).data
        try:
            while data:
                n_bytes = self._write_some(data[:_AT_ONCE], offset)
                data, offset = data[n_bytes:], offset + n_bytes
        except OSError as error:
            if error.errno not in _DISK_FULL:
                raise
            free = shutil.disk_usage(self._folder).free
            raise OSError(
                error.errno,
                f"{error.strerror}: temporary files need more room than temp_dir={self._folder!r} has "
                f"({readable_size(self._end)} in this file, {readable_size(free)} free); give another temp_dir, or raise "
                "memory_limit",
            ) from error

    def read(self, offset: int, array: np.ndarray) -> np.ndarray:
        """Fill a contiguous array, and return it."""
        data = array.view(np.uint8).data
        while data:
            n_bytes = self._read_some(data[:_AT_ONCE], offset)
            if n_bytes == 0:
                raise OSError(
                    errno.EIO, f"a temporary file in temp_dir={self._folder!r} is shorter than it was written"
                )
            data, offset = data[n_bytes:], offset + n_bytes
        return array

    # Windows lacks the functions that take an offset, so there threads take turns to use the position of the file.

    def _write_some(self, data: memoryview, offset: int) -> int:
        if hasattr(os, "pwrite"):
            return os.pwrite(self._file.fileno(), data, offset)
        with self._position_lock:
            self._file.seek(offset)
            return self._file.write(data)

    def _read_some(self, data: memoryview, offset: int) -> int:
        if hasattr(os, "preadv"):
            return os.preadv(self._file.fileno(), [data], offset)
        with self._position_lock:
            self._file.seek(offset)
            return self._file.readinto(data)

    def prefetch(self, offset: int, n_bytes: int) -> None:
        """Ask the system to read what will soon be needed."""
        # Windows and macOS, which read ahead by themselves, lack the function. A length of 0 would mean: to the end.
        if hasattr(os, "posix_fadvise") and n_bytes:
            os.posix_fadvise(self._file.fileno(), offset, n_bytes, os.POSIX_FADV_WILLNEED)

    def close(self) -> None:
        """Release the disk space."""
        self._file.close()


class Spool:
    """A list of one-dimensional arrays, which moves to a file when it outgrows its share of memory.

    Parameters
    ----------
    folder : str or callable
        Folder of the file, or a function that returns it and is called when it is needed.
    share : float
        Bytes that it may take in memory.
    """

    def __init__(self, folder: str | Callable[[], str], share: float) -> None:
        self._folder, self._share = folder, share
        self._arrays: list[Any] = []
        self._file: TempFile | None = None
        self._lock = threading.Lock()
        self._n_bytes = 0

    def __getstate__(self) -> dict[str, Any]:
        state = {name: value for name, value in self.__dict__.items() if name != "_lock"}
        return {**state, "_folder": ""}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state, _lock=threading.Lock())

    @property
    def memory(self) -> int:
        """Bytes that are in memory."""
        return 0 if self._file is not None else sum(array.nbytes for array in self._arrays)

    def append(self, array: np.ndarray) -> int:
        """Append an array and return its index. Any thread may call it."""
        return self._append(array, lambda: array)

    def append_copy(self, array: np.ndarray) -> int:
        """Append a copy of an array and return its index. Any thread may call it."""
        return self._append(array, lambda: in_own_pages(array))

    def _append(self, array: np.ndarray, kept: Callable[[], np.ndarray]) -> int:
        with self._lock:
            self._n_bytes += array.nbytes
            if self._file is None and self._n_bytes > self._share:
                self._file = TempFile(self._folder() if callable(self._folder) else self._folder)
                for index, earlier in enumerate(self._arrays):
                    self._arrays[index] = self._allocated(self._file, earlier)
                    self._file.write(self._arrays[index][0], earlier)
            self._arrays.append(kept() if self._file is None else self._allocated(self._file, array))
            index = len(self._arrays) - 1
        if self._file is not None:
            self._file.write(self._arrays[index][0], array)
        return index

    @staticmethod
    def _allocated(file: TempFile, array: np.ndarray) -> tuple[int, int, np.dtype]:
        return file.allocate(array.nbytes), len(array), array.dtype

    def read(self, index: int, start: int = 0, stop: int | None = None) -> np.ndarray:
        """Return ``array[start:stop]`` of the array at this index."""
        kept = self._arrays[index]
        if self._file is None:
            return kept[start:stop]
        offset, length, dtype = kept
        stop = length if stop is None else stop
        return self._file.read(offset + start * dtype.itemsize, np.empty(stop - start, dtype))

    def replace(self, index: int, array: np.ndarray) -> None:
        """Replace an array by one that is not longer and has the same dtype."""
        if self._file is None:
            self._arrays[index] = array
        else:
            self._file.write(self._arrays[index][0], array)
            self._arrays[index] = self._arrays[index][0], len(array), array.dtype

    def truncate(self, n: int) -> None:
        """Keep only the first `n` arrays."""
        dropped, self._arrays = self._arrays[n:], self._arrays[:n]
        if self._file is None:
            self._n_bytes -= sum(array.nbytes for array in dropped)
        elif dropped:
            self._file.release(dropped[0][0])

    def close(self) -> None:
        """Release memory and disk space."""
        self._arrays = []
        if self._file is not None:
            self._file.close()


class StoredArray:
    """A one-dimensional array of fixed size, in memory or in a file.

    Parameters
    ----------
    size : int
    dtype : numpy.dtype
    folder : str or None
        Folder of the file; None for memory.
    """

    def __init__(self, size: int, dtype: np.dtype, folder: str | None) -> None:
        self.size, self.dtype = size, dtype
        #: The array, or None if it is in a file.
        self.array = Reserved(size, dtype).array if folder is None else None
        self._file = None if folder is None else TempFile(folder)
        if self._file is not None:
            self._file.allocate(size * dtype.itemsize)

    def read(self, start: int, stop: int) -> np.ndarray:
        """Return ``array[start:stop]``, a view if it is in memory."""
        if self._file is None:
            assert self.array is not None
            return self.array[start:stop]
        return self._file.read(start * self.dtype.itemsize, np.empty(stop - start, self.dtype))

    def write(self, start: int, values: np.ndarray) -> None:
        """Write entries, beginning at `start`."""
        if self._file is not None:
            self._file.write(start * self.dtype.itemsize, values)
        else:
            self.read(start, start + len(values))[:] = values

    def prefetch(self, start: int, stop: int) -> None:
        """Ask the system to read what will soon be needed."""
        if self._file is not None:
            self._file.prefetch(start * self.dtype.itemsize, (stop - start) * self.dtype.itemsize)

    def close(self) -> None:
        """Release memory and disk space."""
        self.array = None
        if self._file is not None:
            self._file.close()


class Closable(Protocol):
    """What holds memory, on this machine or on others, or files."""

    def close(self) -> None:
        """Release them."""


class Storage:
    """Decides what is kept in memory and what in files, and closes the files.

    Nothing is left behind: the files disappear with the process even if it is killed. Without a limit, what would not fit in
    the memory that is available goes to files, too, and a warning says so.

    Parameters
    ----------
    memory_limit : int, str or None
        See :func:`parse_size`. Infinity keeps everything in memory.
    temp_dir : str, path or None
        Folder of the files; None for the default of the system.
    """

    def __init__(self, memory_limit: Any = None, temp_dir: Any = None) -> None:
        self.limit = parse_size(memory_limit)
        #: Whether it decides by the memory that is available, because there is no limit.
        self.is_automatic = memory_limit is None
        #: Bytes of which each step may take its share.
        self.capacity = available_memory() if self.is_automatic else self.limit
        self._folder: str | None = None
        if temp_dir is not None:
            self._folder = os.path.abspath(os.fsdecode(temp_dir))
            if not os.path.exists(self._folder):
                raise FileNotFoundError(errno.ENOENT, f"temp_dir={self._folder!r} does not exist")
            if not os.path.isdir(self._folder):
                raise NotADirectoryError(errno.ENOTDIR, f"temp_dir={self._folder!r} is not a folder")
        self._warnings: list[str] = []
        self._kept: list[Closable] = []
        self._before = resident_memory()

    def scratch(self) -> Storage:
        """Return another storage of the same limit, for what is only needed for a while."""
        other = copy.copy(self)
        other._kept = []
        return other

    @property
    def folder(self) -> str:
        """Folder of the files."""
        if self._folder is None:
            self._folder = _default_folder()
        return self._folder

    def folder_for_overflow(self) -> str:
        """Return the folder for what does not fit, after a warning if no limit was set; it is given once."""
        if self.is_automatic and not self._warnings:
            self._warnings.append(
                f"memory does not suffice ({readable_size(self.capacity)} were available at first): what does not fit goes to "
                f"temporary files in {self.folder}, and results stay the same; set memory_limit and temp_dir to choose how much "
                "and where."
            )
            warn_caller(self._warnings[0])
        return self.folder

    def __enter__(self) -> Storage:
        return self

    def __exit__(self, *exception: object) -> None:
        for kept in self._kept:
            kept.close()

    def keep(self, kept: Closable) -> None:
        """Close something, too, when the storage is closed."""
        self._kept.append(kept)

    def spool(self, share: float) -> Spool:
        """Make a list of arrays that may take this fraction of the limit in memory."""
        kept = Spool(self.folder_for_overflow, share * self.capacity)
        self._kept.append(kept)
        return kept

    def array(self, size: int, dtype: np.dtype, in_memory: bool) -> StoredArray:
        """Make an array of fixed size."""
        kept = StoredArray(size, dtype, None if in_memory else self.folder_for_overflow())
        self._kept.append(kept)
        return kept

    @property
    def remaining(self) -> float:
        """What remains of the capacity: all memory that the process has taken since the storage was made counts, whatever for."""
        resident = resident_memory()
        if not resident:
            return self.capacity / 2  # the system does not say how much is in use
        return self.capacity - max(0, resident - self._before)

    @property
    def free_disk(self) -> float:
        """Free bytes on the disk; infinity if that is unknown."""
        try:
            return shutil.disk_usage(self.folder).free
        except OSError:
            return math.inf

    def check_disk_space(self, n_bytes: float) -> None:
        """Raise an error if the disk does not have this many free bytes."""
        if n_bytes > self.free_disk:
            raise OSError(
                errno.ENOSPC,
                f"temporary files of {readable_size(n_bytes)} are needed, and temp_dir={self.folder!r} has "
                f"{readable_size(self.free_disk)} free; give another temp_dir, or raise memory_limit",
            )
