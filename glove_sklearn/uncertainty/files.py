"""A file with X and a fitted model, from which the uncertainty of any word can be computed later."""

from __future__ import annotations

import json
import math
import os
import struct
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO, NamedTuple

import numpy as np
from scipy import sparse

from glove_sklearn._counting.row_store import CsrRows, RowSource, cumulative_offsets
from glove_sklearn._system.files import StrPath, open_to_write
from glove_sklearn._variance.factors import RegressionModel

#: Identifies a file, and the version of its layout.
_FORMAT = "glove_sklearn uncertainty 1"
#: Entries of X that are written together.
_CHUNK = 1 << 22
#: The arrays of a file, and their dtypes: those of X, and the others.
_ROWS = {"indptr": np.int64, "columns": np.int32, "values": np.float32}
_PARAMETERS = {
    "words": np.float32,
    "word_biases": np.float32,
    "contexts": np.float32,
    "context_biases": np.float32,
    "embedding": np.float32,
}


class Content(NamedTuple):
    """What a file holds."""

    terms: list[str]
    rows: CsrRows
    """X; its arrays are mapped, so that only the rows that are asked for are read."""
    model: RegressionModel
    """Its `with_bias` is True."""
    embedding: np.ndarray
    combine: str


class Writer:
    """Writes the file: first X, which training consumes, then the model.

    Parameters
    ----------
    archive : zipfile.ZipFile
    """

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    def add_rows(self, rows: RowSource) -> None:
        """Write X, a part at a time."""
        self._add("indptr", cumulative_offsets(rows.lengths))
        for name in ("columns", "values"):
            with self._open(name, (rows.n_entries,)) as member:
                for first, last in rows.ranges(_CHUNK):
                    part = getattr(rows.read(first, last), name)
                    member.write(np.ascontiguousarray(part, dtype=_ROWS[name]))

    def add_model(self, terms: list[str], model: RegressionModel, embedding: np.ndarray, combine: str) -> None:
        """Write the model."""
        arrays = {**{name: getattr(model, name) for name in _PARAMETERS if name != "embedding"}, "embedding": embedding}
        for name, array in arrays.items():
            self._add(name, np.ascontiguousarray(array, dtype=_PARAMETERS[name]))
        metadata = {
            "format": _FORMAT, "combine": combine, "x_max": float(model.x_max), "alpha": float(model.alpha), "terms": terms,
        }  # fmt: skip
        self._archive.writestr("metadata.json", json.dumps(metadata))

    @contextmanager
    def _open(self, name: str, shape: tuple[int, ...], dtype: Any = None) -> Iterator[Any]:
        with self._archive.open(f"{name}.npy", "w", force_zip64=True) as member:
            header = {
                "descr": np.dtype(dtype or _ROWS[name]).newbyteorder("<").str,
                "fortran_order": False,
                "shape": shape,
            }
            np.lib.format.write_array_header_1_0(member, header)
            yield member

    def _add(self, name: str, array: np.ndarray) -> None:
        with self._open(name, array.shape, array.dtype) as member:
            member.write(array.reshape(-1).view(np.uint8).data)


@contextmanager
def open_writer(path: StrPath) -> Iterator[Writer]:
    """Open a file to write. It replaces an earlier one when the model is in it, and not at all after an error."""
    with open_to_write(path, compress=False) as file, zipfile.ZipFile(file, "w") as archive:
        yield Writer(archive)


def is_file_of_uncertainty(path: StrPath) -> bool:
    """Return whether a file is one that :func:`read` takes, damaged or not."""
    try:
        with zipfile.ZipFile(os.fsdecode(path)) as archive:
            return json.loads(archive.read("metadata.json"))["format"] == _FORMAT
    except Exception:  # any file, damaged in any way
        return False


def read(path: StrPath) -> Content:
    """Read a file.

    Raises
    ------
    ValueError
        If it is not such a file, or is damaged.
    OSError
        If it cannot be read.
    """
    path = os.fsdecode(path)
    try:
        with open(path, "rb") as file, zipfile.ZipFile(file) as archive:
            metadata = json.loads(archive.read("metadata.json"))
            if metadata["format"] != _FORMAT:
                raise ValueError(metadata["format"])
            arrays = {
                name: _mapped(path, file, archive.getinfo(f"{name}.npy"), np.dtype(dtype))
                for name, dtype in (_ROWS | _PARAMETERS).items()
            }
        content = _content(metadata, arrays)
    except OSError:
        raise
    except Exception as error:
        raise ValueError(
            f"{path} is not a file that `train --save-uncertainty` or WordUncertainty.save wrote, or it is damaged."
        ) from error
    return content


def _content(metadata: dict[str, Any], arrays: dict[str, np.ndarray]) -> Content:
    """Check that everything fits together."""
    terms, indptr = metadata["terms"], np.array(arrays["indptr"])
    (n_rows,), (n_columns,) = arrays["word_biases"].shape, arrays["context_biases"].shape
    d = arrays["words"].shape[1]
    n_entries = len(arrays["columns"])
    shapes = {
        "words": (n_rows, d), "contexts": (n_columns, d), "indptr": (n_rows + 1,), "values": (n_entries,),
        "columns": (n_entries,), "embedding": (n_rows, d * (2 if metadata["combine"] == "concat" else 1)),
    }  # fmt: skip
    if any(arrays[name].shape != shape for name, shape in shapes.items()) or len(terms) != n_rows:
        raise ValueError("shapes")
    if indptr[0] != 0 or indptr[-1] != n_entries or (np.diff(indptr) < 0).any():
        raise ValueError("indptr")
    if not isinstance(terms, list) or not all(isinstance(term, str) for term in terms) or len(set(terms)) < n_rows:
        raise ValueError("terms")
    if metadata["combine"] not in ("sum", "word", "concat") or (metadata["combine"] == "concat" and n_columns < n_rows):
        raise ValueError("combine")
    if not 0 < float(metadata["x_max"]) < math.inf or not 0 <= float(metadata["alpha"]) < math.inf:
        raise ValueError("weights")
    parameters = {name: np.array(arrays[name]) for name in _PARAMETERS}
    embedding = parameters.pop("embedding")
    if not all(np.isfinite(array).all() for array in (*parameters.values(), embedding)):
        raise ValueError("parameters")
    model = RegressionModel(
        **parameters, x_max=float(metadata["x_max"]), alpha=float(metadata["alpha"]), with_bias=True
    )
    matrix = sparse.csr_array((arrays["values"], arrays["columns"], indptr), shape=(n_rows, n_columns))
    return Content(terms, CsrRows(matrix), model, embedding, str(metadata["combine"]))


def _mapped(path: str, file: BinaryIO, info: zipfile.ZipInfo, dtype: np.dtype) -> np.ndarray:
    """Map an array of an uncompressed zip file into memory."""
    if info.compress_type != zipfile.ZIP_STORED:
        raise ValueError("compressed")
    file.seek(info.header_offset + 26)
    file.seek(sum(struct.unpack("<HH", file.read(4))), os.SEEK_CUR)  # the name, and further fields
    start = file.tell()
    np.lib.format.read_magic(file)
    shape, fortran_order, found = np.lib.format.read_array_header_1_0(file)
    size = int(np.prod(shape, dtype=object)) * dtype.itemsize
    if fortran_order or found != dtype or file.tell() - start + size != info.file_size:
        raise ValueError("header")
    if size == 0:
        return np.zeros(shape, dtype=dtype)
    return np.memmap(path, dtype, "r", file.tell(), shape)
