"""Files of document vectors, written part by part: .npy, .csv and Parquet."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, BinaryIO

import numpy as np

from glove_sklearn._system.files import COMPRESSIONS, StrPath, format_suffix, open_to_write
from glove_sklearn._vector_files._parser import BYTES_OF_A_VALUE, format_rows

_Write = Callable[[np.ndarray], Any]


def check_features_path(path: StrPath) -> None:
    """Refuse the name of a file that :func:`open_features` cannot write.

    Raises
    ------
    ValueError
        If the extension is not one of those that are known, or if it asks for a compression that the format has no use for.
    ImportError
        If the file is Parquet, and pyarrow is not installed.
    """
    path = os.fsdecode(path)
    suffix = format_suffix(path)
    if suffix not in _WRITERS:
        raise ValueError(f"{path}: the extension must be one of {', '.join(_WRITERS)}, or .csv and a compression")
    if suffix != ".csv" and path.lower().endswith(COMPRESSIONS):
        raise ValueError(f"{path}: only .csv is compressed; leave {os.path.splitext(path)[1]} out")
    if suffix == ".parquet" and importlib.util.find_spec("pyarrow") is None:
        raise ImportError(f"{path}: Parquet needs pyarrow (pip install pyarrow); .npy and .csv need nothing")


@contextmanager
def open_features(path: StrPath, names: Sequence[str], n_rows: int) -> Iterator[_Write]:
    """Open a file of features, which replaces an earlier one when it is complete.

    Parameters
    ----------
    path : str or path
        The extension decides: .npy is an array, .csv text with a line of names (also .csv.gz and the like), .parquet Parquet.
    names : sequence of str
        Names of the columns; .npy has none.
    n_rows : int
        Rows that will be written.

    Yields
    ------
    write : callable
        Appends an array of shape (n, n_columns), float32.

    Raises
    ------
    ValueError, ImportError
        As from :func:`check_features_path`; also a ValueError if there were other than `n_rows` rows.
    """
    check_features_path(path)
    n_written = 0
    with (
        open_to_write(path, compress=format_suffix(path) == ".csv") as file,
        _WRITERS[format_suffix(path)](file, names, n_rows) as write,
    ):

        def write_part(rows: np.ndarray) -> None:
            nonlocal n_written
            n_written += len(rows)
            write(np.ascontiguousarray(rows, dtype=np.float32))

        yield write_part
        if n_written != n_rows:
            raise ValueError(
                f"{os.fsdecode(path)}: expected {n_rows} rows, got {n_written}; did the corpus change meanwhile?"
            )


@contextmanager
def _npy(file: BinaryIO, names: Sequence[str], n_rows: int) -> Iterator[_Write]:
    header = {"descr": "<f4", "fortran_order": False, "shape": (n_rows, len(names))}
    np.lib.format.write_array_header_1_0(file, header)
    yield lambda rows: file.write(rows.astype("<f4", copy=False).data)


@contextmanager
def _csv(file: BinaryIO, names: Sequence[str], n_rows: int) -> Iterator[_Write]:
    file.write(",".join(names).encode() + b"\n")

    def write(rows: np.ndarray) -> None:
        text = np.empty(len(rows) + BYTES_OF_A_VALUE * rows.size, dtype=np.uint8)
        # A space stands before each value: the lines have no words.
        lines = text[: format_rows(rows, b"\n" * len(rows), text)].tobytes()
        file.write(lines.replace(b"\n ", b"\n").removeprefix(b" ").replace(b" ", b","))

    yield write


@contextmanager
def _parquet(file: BinaryIO, names: Sequence[str], n_rows: int) -> Iterator[_Write]:
    import pyarrow
    from pyarrow import parquet

    schema = pyarrow.schema([(name, pyarrow.float32()) for name in names])
    with parquet.ParquetWriter(file, schema) as writer:
        yield lambda rows: writer.write_table(
            pyarrow.table([np.ascontiguousarray(column) for column in rows.T], schema=schema)
        )


_WRITERS = {".npy": _npy, ".csv": _csv, ".parquet": _parquet}
