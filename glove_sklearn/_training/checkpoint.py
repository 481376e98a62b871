"""A file that keeps the state of training, so that an interrupted run can resume and end with the same bits."""

from __future__ import annotations

import hashlib
import json
import math
import os
import zipfile
from collections.abc import Iterator
from typing import Any, Literal

import numpy as np

from glove_sklearn._system.files import open_to_write, remove_abandoned
from glove_sklearn._system.wording import number_of
from glove_sklearn._training.packed_parameters import PackedParameters
from glove_sklearn._training.state import ModelState, ParameterSet

#: Identifies a checkpoint, and the version of its layout.
_FORMAT = "glove_sklearn checkpoint 2"
_KEYS = {"format", "settings", "loss_curve", "is_stopped", "random_state", "digest", "origin", "shape"}
#: The generator of random numbers whose state a checkpoint may hold, and the numbers of its state.
_GENERATOR = "MT19937"
_GENERATOR_SIZE = 624
#: Bytes of an array that are read together.
_CHUNK = 1 << 22


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
        remove_abandoned(self.path)
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
            with zipfile.ZipFile(self.path) as file:
                metadata = json.loads(str(_read_array(file, "metadata")))
                parameters = ParameterSet(*(_read_array(file, f"{side}_{field}") for field in ParameterSet._fields))
        except MemoryError as error:
            raise MemoryError(f"checkpoint={self.path!r}: its arrays do not fit in memory") from error
        except PermissionError:
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
                f"checkpoint={self.path!r} holds {number_of(len(self.loss_curve), 'epoch')}, more than the {n_epochs} that "
                "max_iter asks for; raise max_iter, remove the file or give another name."
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
        if random_state["bit_generator"] != _GENERATOR:
            raise ValueError(
                f"checkpoint={self.path!r} needs random numbers of {_GENERATOR}, and random_state is a RandomState of "
                f"{random_state['bit_generator']}; give an integer, or np.random.RandomState(seed)."
            )
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
                open_to_write(self.path, compress=False) as file,
                zipfile.ZipFile(file, "w") as zip_file,
            ):
                for name, array in _arrays(text, words, contexts):
                    with zip_file.open(f"{name}.npy", "w", force_zip64=True) as member:
                        np.lib.format.write_array(member, array, allow_pickle=False)
        except OSError as error:
            raise type(error)(error.errno, f"{error.strerror}: checkpoint={self.path!r} cannot be written") from error
        self._metadata = json.loads(text)

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
        with zipfile.ZipFile(path) as file:
            metadata = json.loads(str(_read_array(file, "metadata")))
        return metadata if _is_complete(metadata) else None
    except PermissionError:
        raise
    except Exception:  # reading other kinds of files, or damaged ones, raises all kinds of errors
        return None


def _read_array(file: zipfile.ZipFile, name: str) -> np.ndarray:
    """Read an array. Nothing is allocated that the file could not hold: its headers may lie."""
    info = file.getinfo(f"{name}.npy")
    assert file.fp is not None
    size = min(info.file_size, file.fp.seek(0, os.SEEK_END))
    with file.open(info) as member:
        if info.compress_type != zipfile.ZIP_STORED or np.lib.format.read_magic(member) != (1, 0):
            raise ValueError(f"{name} is not written as in a checkpoint")
        shape, is_transposed, dtype = np.lib.format.read_array_header_1_0(member)
        if dtype.hasobject or is_transposed or math.prod(shape) * dtype.itemsize > size:
            raise ValueError(f"{name} is not an array of numbers, or not complete")
        array = np.empty(shape, dtype)
        into, n_bytes = array.reshape(-1).view(np.uint8).data, 0
        while n_bytes < array.nbytes:
            n_read = member.readinto(into[n_bytes : n_bytes + _CHUNK])  # type: ignore[attr-defined]
            if not n_read:
                raise ValueError(f"{name} is not complete")
            n_bytes += n_read
    return array


def _is_complete(metadata: Any) -> bool:
    """Return whether what a file says about its run is what a checkpoint says; anybody may have written the file."""
    if not (isinstance(metadata, dict) and metadata.keys() >= _KEYS and metadata["format"] == _FORMAT):
        return False
    settings, losses, shape = metadata["settings"], metadata["loss_curve"], metadata["shape"]
    return (
        isinstance(settings, dict)
        and all(value is None or isinstance(value, str | int | float) for value in settings.values())
        and _is_integer(settings.get("n_components"), 1)
        and isinstance(losses, list)
        and bool(losses)
        and all(_is_number(loss) for loss in losses)
        and isinstance(metadata["is_stopped"], bool)
        and isinstance(metadata["digest"], str)
        and isinstance(metadata["origin"], str)
        and isinstance(shape, list)
        and len(shape) == 2
        and all(_is_integer(n, 1) for n in shape)
        and _is_generator_state(metadata["random_state"])
    )


def _is_generator_state(state: Any) -> bool:
    """Return whether this is the state of a generator of random numbers, as JSON has it."""
    if not (isinstance(state, dict) and state.keys() == {"bit_generator", "state", "has_gauss", "gauss"}):
        return False
    inner = state["state"]
    return (
        state["bit_generator"] == _GENERATOR
        and isinstance(inner, dict)
        and inner.keys() == {"key", "pos"}
        and isinstance(inner["key"], list)
        and len(inner["key"]) == _GENERATOR_SIZE
        and all(_is_integer(number, 0, (1 << 32) - 1) for number in inner["key"])
        and _is_integer(inner["pos"], 0, _GENERATOR_SIZE)
        and _is_integer(state["has_gauss"], 0, 1)
        and _is_number(state["gauss"])
    )


def _is_integer(value: Any, least: int, most: float = math.inf) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _arrays(metadata: str, words: PackedParameters, contexts: PackedParameters) -> Iterator[tuple[str, np.ndarray]]:
    """Yield the arrays of the file, each of them unpacked only when it is written."""
    yield "metadata", np.array(metadata)
    for side, parameters in (("words", words), ("contexts", contexts)):
        for field in ParameterSet._fields:
            yield f"{side}_{field}", getattr(parameters, field)()


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
