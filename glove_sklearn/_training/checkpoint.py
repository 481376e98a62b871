"""The file that keeps the state of training, from which a run that was killed goes on to the same bits."""

from __future__ import annotations

import glob
import hashlib
import json
import os
import re
import threading
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from itertools import chain
from typing import Any

import numpy as np

from glove_sklearn._system.files import open_to_write
from glove_sklearn._training.blocks import Blocks
from glove_sklearn._training.state import ModelState, ParameterSet

#: Says that a file is a checkpoint, and how it is laid out.
_FORMAT = "glove_sklearn checkpoint 1"


class Checkpoint:
    """A file that keeps the state of one run of training.

    The file is an uncompressed ``.npz``: float32 arrays `words_vectors`, `words_biases` and `words_accumulators`, the same of the
    contexts, and `about`, a JSON text. A new one takes the place of the last when it is complete, so that there is always
    one, whenever the process ends.

    What was read or written last is the state: `words`, `contexts`, `loss_curve`, `random_state`.

    Parameters
    ----------
    path : str or path
    settings : dict of str to number, str or None
        The parameters that the result depends on. A file of a run with others is refused.
    """

    def __init__(self, path: Any, settings: dict[str, Any]) -> None:
        self.path = os.path.abspath(os.fsdecode(path))
        self._settings = settings
        folder = os.path.dirname(self.path)
        if not os.path.isdir(folder):
            raise FileNotFoundError(f"checkpoint={path!r}: there is no folder {folder!r}")
        if os.path.isdir(self.path):
            raise IsADirectoryError(f"checkpoint={path!r} is a folder: give the name of a file in it")
        if os.path.exists(self.path) and not os.path.isfile(self.path):
            raise OSError(f"checkpoint={path!r} is not a regular file")
        self._remove_partial_files_of_the_dead()
        self._about: dict[str, Any] = self._read_about() if os.path.exists(self.path) else {}

    @property
    def exists(self) -> bool:
        """Whether there is something to go on from."""
        return bool(self._about)

    @property
    def is_stopped(self) -> bool:
        """Whether the callback stopped the run after these passes."""
        return self._about["is_stopped"]

    @property
    def words(self) -> ParameterSet:
        """Parameters of the words, read from the file."""
        return self._side("words")

    @property
    def contexts(self) -> ParameterSet:
        """Parameters of the contexts, read from the file."""
        return self._side("contexts")

    @property
    def loss_curve(self) -> np.ndarray:
        """(n_iter,), float64."""
        return np.array(self._about["loss_curve"])

    @property
    def random_state(self) -> dict[str, Any]:
        """As in :class:`~glove_sklearn._training.state.ModelState`."""
        return _with_arrays(self._about["random_state"])

    def check_origin(self, start: ModelState | None, last: int) -> None:
        """Refuse a file of a run that began elsewhere, or that has made more passes than it should.

        Parameters
        ----------
        start : ModelState or None
            Where this run begins.
        last : int
            Number of passes to make, those before the beginning included.
        """
        theirs = self._about["loss_curve"]
        # A run that goes on from one that wrote the same file has its losses, and its own beginning.
        earlier = [] if start is None else start.loss_curve.tolist()
        if theirs[: len(earlier)] != earlier or (not earlier and self._about["start"] != origin_digest(start)):
            raise ValueError(
                f"checkpoint={self.path!r} is of a run that does not go on from this fitted estimator; remove the file or "
                "give another name."
            )
        if len(theirs) > last:
            raise ValueError(
                f"checkpoint={self.path!r} has made {len(theirs)} passes, more than the {last} that max_iter asks for; raise "
                "max_iter, remove the file or give another name."
            )

    def check_data(self, digest: str, shape: tuple[int, int]) -> None:
        """Refuse a file of a run on another X."""
        theirs = tuple(self._about["shape"])
        if (self._about["digest"], theirs) != (digest, shape):
            raise ValueError(
                f"checkpoint={self.path!r} is of a run on other data: X of shape {theirs} there, of shape {shape} here"
                f"{' with other entries' if theirs == shape else ''}; remove the file or give another name."
            )

    def write(
        self,
        arrays: Iterator[tuple[str, np.ndarray]],
        *,
        loss_curve: list[float],
        random_state: dict[str, Any],
        is_stopped: bool,
        digest: str,
        start: str,
        shape: tuple[int, int],
    ) -> None:
        """Replace the file by one with this state.

        Parameters
        ----------
        arrays : iterator of (str, ndarray)
            One at a time: "words_vectors", ...
        loss_curve, random_state
            As in :class:`~glove_sklearn._training.state.ModelState`.
        is_stopped : bool
            Whether the callback has stopped training.
        digest : str
            Of the records, in the order in which they are visited.
        start : str
            Digest of where the run began.
        shape : (int, int)
            Of X.
        """
        about = {
            "format": _FORMAT,
            "settings": self._settings,
            "loss_curve": loss_curve,
            "is_stopped": is_stopped,
            "random_state": random_state,
            "digest": digest,
            "start": start,
            "shape": shape,
        }
        text = json.dumps(about, default=lambda array: array.tolist())
        try:
            with (
                open_to_write(self.path, compress=False, partial=self._partial()) as file,
                zipfile.ZipFile(file, "w") as zip_file,
            ):
                for name, array in chain([("about", np.array(text))], arrays):
                    with zip_file.open(f"{name}.npy", "w", force_zip64=True) as member:
                        np.lib.format.write_array(member, array, allow_pickle=False)
        except OSError as error:
            raise type(error)(error.errno, f"{error.strerror}: checkpoint={self.path!r} cannot be written") from error
        self._about = json.loads(text)

    def _partial(self) -> str:
        """Where the next state is written: a name that no other writer has, and that tells whose it is."""
        return f"{self.path}.{os.getpid()}-{threading.get_ident()}.partial"

    def _remove_partial_files_of_the_dead(self) -> None:
        """Remove what processes of this machine have left behind that were killed while they wrote."""
        for path in glob.glob(f"{glob.escape(self.path)}.*-*.partial"):
            found = re.fullmatch(r"\.(\d+)-\d+\.partial", path[len(self.path) :])
            if found and not _is_alive(int(found[1])):
                with suppress(OSError):
                    os.unlink(path)

    def _side(self, name: str) -> ParameterSet:
        try:
            with open(self.path, "rb") as opened, np.load(opened, allow_pickle=False) as file:
                about = json.loads(str(file["about"]))
                side = ParameterSet(*(file[f"{name}_{field}"] for field in ParameterSet._fields))
        except (MemoryError, PermissionError):
            raise
        except Exception as error:
            raise self._damaged() from error
        if about != self._about:
            raise ValueError(f"checkpoint={self.path!r} is being written by another run; give each its own.")
        n, d = self._about["shape"][name == "contexts"], int(self._about["settings"]["n_components"])
        shapes = tuple(array.shape for array in side)
        if shapes != ((n, d), (n,), (n, d + 1)) or any(
            array.dtype != np.float32 or not np.isfinite(array).all() for array in side
        ):
            raise self._damaged()
        return side

    def _read_about(self) -> dict[str, Any]:
        about = read_metadata(self.path)
        if about is None:
            raise self._damaged()
        theirs = about["settings"]
        for name, value in self._settings.items():
            if theirs.get(name) != value:
                raise ValueError(
                    f"checkpoint={self.path!r} is of a run with {name}={theirs.get(name)!r}, not {value!r}; remove the file or "
                    "give another name."
                )
        return about

    def _damaged(self) -> ValueError:
        return ValueError(
            f"checkpoint={self.path!r} is no checkpoint of this version of glove_sklearn, or it is damaged; remove the file or "
            "give another name."
        )


def read_metadata(path: str) -> dict[str, Any] | None:
    """What a checkpoint says of itself: `settings`, `loss_curve`, `shape`; None if the file is none."""
    try:
        with open(path, "rb") as opened, np.load(opened, allow_pickle=False) as file:
            about = json.loads(str(file["about"]))
        is_whole = (
            about["format"] == _FORMAT
            and {"settings", "loss_curve", "is_stopped", "random_state", "digest", "start", "shape"} <= set(about)
            and len(about["loss_curve"]) > 0
            and len(about["shape"]) == 2
            and "n_components" in about["settings"]
        )
        return about if is_whole else None
    except (MemoryError, PermissionError):
        raise
    except Exception:  # whatever reading another kind of file, or half of one, raises
        return None


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        pass
    return True


def records_digest(blocks: Blocks) -> str:
    """Digest of the records, in the order in which they are visited."""
    digest = hashlib.blake2b(np.ascontiguousarray(blocks.ends).data, digest_size=16)
    for i, j in blocks.order:
        for records in blocks.chunks(i, j):
            digest.update(records.view(np.uint8).data)
    return digest.hexdigest()


def origin_digest(start: ModelState | None) -> str:
    """Digest of where a run begins that has made no passes; of nothing, if it begins as `init` says."""
    digest = hashlib.blake2b(digest_size=16)
    if start is not None and not len(start.loss_curve):
        for array in (*start.words, *start.contexts):
            digest.update(np.ascontiguousarray(array).view(np.uint8).data)
    return digest.hexdigest()


def _with_arrays(state: Any) -> Any:
    """Arrays where JSON has lists."""
    if isinstance(state, dict):
        return {name: _with_arrays(value) for name, value in state.items()}
    return np.array(state, dtype=np.uint64) if isinstance(state, list) else state
