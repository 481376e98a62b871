"""A file that keeps the state of training, so that an interrupted run can resume and end with the same bits."""

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
from typing import Any, Literal

import numpy as np

from glove_sklearn._system.files import open_to_write
from glove_sklearn._training.blocks import Blocks
from glove_sklearn._training.packed_parameters import PackedParameters
from glove_sklearn._training.state import ModelState, ParameterSet

#: Identifies a checkpoint, and the version of its layout.
_FORMAT = "glove_sklearn checkpoint 1"
_KEYS = {"format", "settings", "loss_curve", "is_stopped", "random_state", "digest", "origin", "shape"}


class Checkpoint:
    """A file with the state of one run of training.

    The file is an uncompressed ``.npz``: the float32 arrays `words_vectors`, `words_biases` and `words_accumulators`, the same
    for `contexts`, and `metadata`, a JSON text. A new state replaces the previous one only when it is complete, so that there is
    always a usable file, whenever the process ends.

    Parameters
    ----------
    path : str or path
    settings : dict of str to number, str or None
        The parameters that the result depends on. A file of a run with other settings is refused.
    """

    def __init__(self, path: str | os.PathLike[str], settings: dict[str, Any]) -> None:
        self.path = os.path.abspath(os.fsdecode(path))
        self._settings = settings
        self._run: dict[str, Any] = {}
        folder = os.path.dirname(self.path)
        if not os.path.isdir(folder):
            raise FileNotFoundError(f"checkpoint={path!r}: the folder {folder!r} does not exist")
        if os.path.isdir(self.path):
            raise IsADirectoryError(f"checkpoint={path!r} is a folder: give the name of a file in it")
        if os.path.exists(self.path) and not os.path.isfile(self.path):
            raise OSError(f"checkpoint={path!r} is not a regular file")
        self._remove_stale_partials()
        self._metadata: dict[str, Any] = self._read_metadata() if os.path.exists(self.path) else {}

    @property
    def exists(self) -> bool:
        """Whether there is a state to resume from."""
        return bool(self._metadata)

    @property
    def is_stopped(self) -> bool:
        """Whether the callback stopped the run after the epochs in the file."""
        return self._metadata["is_stopped"]

    @property
    def loss_curve(self) -> list[float]:
        """The loss of each epoch in the file."""
        return self._metadata["loss_curve"]

    @property
    def random_state(self) -> dict[str, Any]:
        """As in :class:`~glove_sklearn._training.state.ModelState`."""
        return _with_arrays(self._metadata["random_state"])

    def load(self, side: Literal["words", "contexts"]) -> ParameterSet:
        """Read the parameters of one side; both together may be too large for memory."""
        try:
            with open(self.path, "rb") as opened, np.load(opened, allow_pickle=False) as file:
                metadata = json.loads(str(file["metadata"]))
                parameters = ParameterSet(*(file[f"{side}_{field}"] for field in ParameterSet._fields))
        except (MemoryError, PermissionError):
            raise
        except Exception as error:
            raise self._damaged() from error
        if metadata != self._metadata:
            raise ValueError(f"checkpoint={self.path!r} is being written by another run; give each run its own file.")
        n, d = self._metadata["shape"][side == "contexts"], int(self._metadata["settings"]["n_components"])
        shapes = tuple(array.shape for array in parameters)
        if shapes != ((n, d), (n,), (n, d + 1)) or any(
            array.dtype != np.float32 or not np.isfinite(array).all() for array in parameters
        ):
            raise self._damaged()
        return parameters

    def check_origin(self, origin: ModelState | None, n_epochs: int) -> None:
        """Refuse a file of a run that started from another state, or that is already longer than this run is to be.

        Parameters
        ----------
        origin : ModelState or None
            The state that this run starts from.
        n_epochs : int
            Number of epochs to reach, those of `origin` included.
        """
        # A run that resumes one that wrote the same file finds the losses of that one, and the digest of its origin.
        earlier = [] if origin is None else origin.loss_curve.tolist()
        is_same_run = self.loss_curve[: len(earlier)] == earlier
        if not is_same_run or (not earlier and self._metadata["origin"] != origin_digest(origin)):
            raise ValueError(
                f"checkpoint={self.path!r} belongs to a run that does not resume from this fitted estimator; remove the file or "
                "give another name."
            )
        if len(self.loss_curve) > n_epochs:
            raise ValueError(
                f"checkpoint={self.path!r} holds {len(self.loss_curve)} epochs, more than the {n_epochs} that max_iter asks for; "
                "raise max_iter, remove the file or give another name."
            )

    def begin(self, *, digest: str, origin: str, shape: tuple[int, int], random_state: dict[str, Any]) -> None:
        """Say what all states of this run have in common, and refuse a file of a run on another X.

        Parameters
        ----------
        digest : str
            Of the records, in the order in which they are visited.
        origin : str
            Digest of the state that the run starts from.
        shape : (int, int)
            Of X.
        random_state : dict
            As in :class:`~glove_sklearn._training.state.ModelState`.
        """
        if self.exists:
            theirs = tuple(self._metadata["shape"])
            if (self._metadata["digest"], theirs) != (digest, shape):
                raise ValueError(
                    f"checkpoint={self.path!r} belongs to a run on other data: X of shape {theirs} there, of shape {shape} here"
                    f"{' with other entries' if theirs == shape else ''}; remove the file or give another name."
                )
        self._run = {"digest": digest, "origin": origin, "shape": shape, "random_state": random_state}

    def write(
        self, words: PackedParameters, contexts: PackedParameters, loss_curve: list[float], *, is_stopped: bool
    ) -> None:
        """Replace the state in the file.

        Parameters
        ----------
        words, contexts : PackedParameters
        loss_curve : list of float
            The loss of each epoch so far.
        is_stopped : bool
            Whether the callback has stopped training.
        """
        metadata = {
            "format": _FORMAT,
            "settings": self._settings,
            "loss_curve": loss_curve,
            "is_stopped": is_stopped,
            **self._run,
        }
        text = json.dumps(metadata, default=lambda array: array.tolist())
        try:
            with (
                open_to_write(self.path, compress=False, partial=self._partial()) as file,
                zipfile.ZipFile(file, "w") as zip_file,
            ):
                for name, array in _arrays(text, words, contexts):
                    with zip_file.open(f"{name}.npy", "w", force_zip64=True) as member:
                        np.lib.format.write_array(member, array, allow_pickle=False)
        except OSError as error:
            raise type(error)(error.errno, f"{error.strerror}: checkpoint={self.path!r} cannot be written") from error
        self._metadata = json.loads(text)

    def _partial(self) -> str:
        """Name of the unfinished file, which no other writer uses, and which tells whose it is."""
        return f"{self.path}.{os.getpid()}-{threading.get_ident()}.partial"

    def _remove_stale_partials(self) -> None:
        """Remove the unfinished files of processes of this machine that were killed while writing."""
        for path in glob.glob(f"{glob.escape(self.path)}.*-*.partial"):
            match = re.fullmatch(r"\.(\d+)-\d+\.partial", path[len(self.path) :])
            if match and not _pid_exists(int(match[1])):
                with suppress(OSError):
                    os.unlink(path)

    def _read_metadata(self) -> dict[str, Any]:
        metadata = read_metadata(self.path)
        if metadata is None:
            raise self._damaged()
        theirs = metadata["settings"]
        for name, value in self._settings.items():
            if theirs.get(name) != value:
                raise ValueError(
                    f"checkpoint={self.path!r} belongs to a run with {name}={theirs.get(name)!r}, not {value!r}; remove the file "
                    "or give another name."
                )
        return metadata

    def _damaged(self) -> ValueError:
        return ValueError(
            f"checkpoint={self.path!r} is damaged, or not a checkpoint of this version of glove_sklearn; remove the file or give "
            "another name."
        )


def read_metadata(path: str) -> dict[str, Any] | None:
    """Read what a checkpoint says about its run: `settings`, `loss_curve`, `shape`; None if the file is not a checkpoint."""
    try:
        with open(path, "rb") as opened, np.load(opened, allow_pickle=False) as file:
            metadata = json.loads(str(file["metadata"]))
        is_complete = (
            metadata["format"] == _FORMAT
            and set(metadata) >= _KEYS
            and len(metadata["loss_curve"]) > 0
            and len(metadata["shape"]) == 2
            and "n_components" in metadata["settings"]
        )
        return metadata if is_complete else None
    except (MemoryError, PermissionError):
        raise
    except Exception:  # reading other kinds of files, or truncated ones, raises all kinds of errors
        return None


def _arrays(metadata: str, words: PackedParameters, contexts: PackedParameters) -> Iterator[tuple[str, np.ndarray]]:
    """Yield the arrays of the file, each of them unpacked only when it is written."""
    yield "metadata", np.array(metadata)
    for side, parameters in (("words", words), ("contexts", contexts)):
        for field in ParameterSet._fields:
            yield f"{side}_{field}", getattr(parameters, field)()


def _pid_exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        pass
    return True


def records_digest(blocks: Blocks) -> str:
    """Compute a digest of the records, in the order in which they are visited."""
    digest = hashlib.blake2b(np.ascontiguousarray(blocks.ends).data, digest_size=16)
    for i, j in blocks.order:
        for records in blocks.chunks(i, j):
            digest.update(records.view(np.uint8).data)
    return digest.hexdigest()


def origin_digest(origin: ModelState | None) -> str:
    """Compute a digest of the state that a run starts from, if that has no losses of its own to be recognised by."""
    digest = hashlib.blake2b(digest_size=16)
    if origin is not None and not len(origin.loss_curve):
        for array in (*origin.words, *origin.contexts):
            digest.update(np.ascontiguousarray(array).view(np.uint8).data)
    return digest.hexdigest()


def _with_arrays(state: Any) -> Any:
    """Convert lists back to arrays, which JSON does not have."""
    if isinstance(state, dict):
        return {name: _with_arrays(value) for name, value in state.items()}
    return np.array(state, dtype=np.uint64) if isinstance(state, list) else state
