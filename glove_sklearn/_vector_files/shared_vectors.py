"""Word vectors of files that are read once, by however many estimators and processes.

Within a process, whoever asks for the same file gets the same object. Between processes, the arrays are in a folder, from which
each process maps them into its memory: the system keeps one copy of them. The folder holds arrays alone, no pickles, and an entry
is complete when it appears, because it is written under another name.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import stat
import sys
import tempfile
import threading
import weakref
import zlib
from pathlib import Path
from typing import Any

import numpy as np

from glove_sklearn._embedding.word_vectors import WordVectors
from glove_sklearn._system.files import file_of
from glove_sklearn._text.known_words import KnownWords
from glove_sklearn._vector_files.resolution import is_path, resolve_vectors

#: The layout of an entry: part of its name, so that other versions of the package do not misread it.
_LAYOUT = 1
#: Bytes of vectors from which on the default folder is used; smaller files are read as fast.
_WORTH_CACHING = 1 << 24
#: The environment variable that names the default folder.
CACHE_VARIABLE = "GLOVE_SKLEARN_CACHE"


class SharedVectors:
    """Words and vectors that estimators share and do not change.

    Parameters
    ----------
    words : WordVectors
    checksum : int or None, default=None
        A number by which it is noticed if a file holds other vectors than before.
    """

    def __init__(self, words: WordVectors, checksum: int | None = None) -> None:
        self.words, self.checksum = words, checksum
        self.known = KnownWords(words.terms)


_lock = threading.RLock()
_of_key: weakref.WeakValueDictionary[tuple, SharedVectors] = weakref.WeakValueDictionary()
#: The vectors that were read last, so that they outlive the estimators of a search, which come and go.
_last: list[SharedVectors] = []


def shared_vectors(vectors: Any, *, limit: int | None = None, cache_dir: Any = "auto") -> SharedVectors:
    """Return word vectors, and if they come from a file, those that were read before.

    Parameters
    ----------
    vectors, limit
        As for :func:`~glove_sklearn._vector_files.resolution.resolve_vectors`, which also says what is raised.
    cache_dir : str, path, "auto" or None, default="auto"
        Folder of the arrays that processes map into memory. "auto" is that of :func:`default_folder`, which is used for large
        vectors and if it can be written; None uses none.
    """
    if not is_path(vectors):
        return SharedVectors(resolve_vectors(vectors, limit=limit))
    path = os.path.abspath(os.fsdecode(vectors))
    folder = None if cache_dir is None else default_folder() if cache_dir == "auto" else Path(os.fsdecode(cache_dir))
    key = (path, limit, _version(path), folder)
    with _lock:
        found = _of_key.get(key)
        if found is None:
            if folder is None:
                words = resolve_vectors(path, limit=limit)
                found = SharedVectors(words, _checksum(words))
            else:
                found = _from_folder(folder, key, needed=cache_dir != "auto")
            _of_key[key] = found
        _last[:] = [found]
        return found


def default_folder() -> Path | None:
    """Return the folder that `GLOVE_SKLEARN_CACHE` names, or one among the user's caches; None for a user without a home."""
    if os.environ.get(CACHE_VARIABLE):
        return Path(os.environ[CACHE_VARIABLE])
    try:
        home = Path.home()
    except RuntimeError:
        return None
    if sys.platform == "darwin":
        return home / "Library" / "Caches" / "glove_sklearn"
    return Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache") / "glove_sklearn"


def _version(path: str) -> tuple:
    """Return what changes when a file changes, or one beside it that may belong to it, such as a `vocab.txt`."""
    file = file_of(path)
    status = os.stat(file)
    version = [("", status.st_mtime_ns, status.st_size)]
    stem = Path(file).stem
    if file == path and stat.S_ISREG(status.st_mode):
        with os.scandir(os.path.dirname(file)) as entries:
            for entry in entries:
                if entry.name.startswith(stem) or entry.name == "vocab.txt":
                    with contextlib.suppress(FileNotFoundError):  # it is being replaced
                        status = entry.stat()
                        version.append((entry.name, status.st_mtime_ns, status.st_size))
    return tuple(sorted(version))


def _from_folder(folder: Path, key: tuple, needed: bool) -> SharedVectors:
    """Map the entry of a file, which is made if it is missing; the file is read into memory if that fails and is not needed."""
    path, limit, version, _ = key
    of_file = hashlib.sha256(repr((path, limit)).encode("utf-8", "surrogateescape")).hexdigest()[:24]
    of_version = hashlib.sha256(repr((version, _LAYOUT)).encode()).hexdigest()[:16]
    entry = folder / f"{of_file}-{of_version}"
    mapped = _map(entry)
    if mapped is not None:
        return mapped
    words = resolve_vectors(path, limit=limit)
    loaded = SharedVectors(words, _checksum(words))
    if not needed and words.vectors.nbytes < _WORTH_CACHING:
        return loaded
    try:
        _write(folder, entry, loaded)
    except OSError as error:
        if needed:
            raise OSError(error.errno, f"cannot keep vectors in cache_dir={str(folder)!r}: {error.strerror}") from error
        return loaded
    for old in folder.glob(f"{of_file}-*"):
        if old != entry:
            shutil.rmtree(old, ignore_errors=True)
    return _map(entry) or loaded


def _map(entry: Path) -> SharedVectors | None:
    """Map the arrays of an entry, or return None if it is missing or damaged."""
    try:
        vectors = np.load(entry / "vectors.npy", mmap_mode="r", allow_pickle=False)
        text = np.load(entry / "text.npy", allow_pickle=False).tobytes()
        ends = np.load(entry / "ends.npy", allow_pickle=False).tolist()
        checksum = int(np.load(entry / "checksum.npy", allow_pickle=False))
        counts = np.load(entry / "counts.npy", allow_pickle=False) if (entry / "counts.npy").exists() else None
        terms = [text[start:end].decode("utf-8", "surrogatepass") for start, end in zip([0, *ends], ends, strict=False)]
    except (OSError, ValueError, EOFError, TypeError):
        return None
    belongs_together = (
        (vectors.ndim, vectors.dtype, len(vectors), ends[-1:]) == (2, np.float32, len(terms), [len(text)])
        and len(set(terms)) == len(terms)
        and (counts is None or counts.shape == (len(terms),))
    )
    if not belongs_together:
        return None
    # The view is an ndarray, which kernels and scikit-learn take without a look at its class.
    return SharedVectors(WordVectors(terms, np.asarray(vectors), counts), checksum)


def _write(folder: Path, entry: Path, loaded: SharedVectors) -> None:
    """Write an entry; another process may write the same one at the same time."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    terms, vectors, counts = loaded.words
    encoded = [term.encode("utf-8", "surrogatepass") for term in terms]
    unfinished = Path(tempfile.mkdtemp(".partial", entry.name, folder))
    try:
        np.save(unfinished / "vectors.npy", vectors)
        np.save(unfinished / "text.npy", np.frombuffer(b"".join(encoded), dtype=np.uint8))
        np.save(unfinished / "ends.npy", np.cumsum([len(term) for term in encoded], dtype=np.int64))
        np.save(unfinished / "checksum.npy", np.array(loaded.checksum, dtype=np.int64))
        if counts is not None:
            np.save(unfinished / "counts.npy", counts)
        if entry.exists() and _map(entry) is None:
            shutil.rmtree(entry)  # damaged
        try:
            os.rename(unfinished, entry)
        except OSError:
            if not entry.exists():  # otherwise another process was faster
                raise
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _checksum(words: WordVectors) -> int:
    """Return a number by which other vectors are noticed."""
    checksum = zlib.crc32("\n".join(words.terms).encode("utf-8", "surrogatepass"))
    return zlib.crc32(words.vectors.view(np.uint8).reshape(-1).data, checksum)
