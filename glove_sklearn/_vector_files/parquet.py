"""The format "parquet": a table of Apache Parquet, which needs pyarrow.

A column "word" of text, a column "vector" of lists of d float32, and, if counts are known, a column "count" of int64. When a file
is read, the only column of text has the words, whatever its name, and the vectors are the only column of lists, or all columns of
numbers but "count".
"""

from __future__ import annotations

from typing import Any

import numpy as np

from glove_sklearn._embedding.word_vectors import WordVectors, as_word_vectors
from glove_sklearn._system.files import open_to_read, open_to_write
from glove_sklearn._vector_files.format import Format, ReadingOptions, Source

_MAGIC = b"PAR1"


def _detect(source: Source, options: ReadingOptions) -> bool:
    return source.start.startswith(_MAGIC)


def _pyarrow() -> Any:
    try:
        import pyarrow.parquet
    except ImportError as error:
        raise ImportError("Parquet files need pyarrow: pip install pyarrow") from error
    return pyarrow


def _read(source: Source, options: ReadingOptions) -> WordVectors:
    pyarrow, path = _pyarrow(), source.path
    with open_to_read(path) as file:
        try:
            table = pyarrow.parquet.read_table(pyarrow.PythonFile(file, mode="r"))
        except (pyarrow.ArrowException, OSError) as error:
            raise ValueError(f"{path} is not a file of Parquet, or damaged: {error}") from error
    table = table.slice(0, options.limit)
    kinds = {name: _kind(pyarrow, table.schema.field(name).type) for name in table.column_names}
    if len(kinds) != table.num_columns:
        raise ValueError(f"{path}: two columns have the same name")
    text = [name for name, kind in kinds.items() if kind == "text"]
    lists = [name for name, kind in kinds.items() if kind == "lists"]
    numbers = [name for name, kind in kinds.items() if kind == "numbers" and name != "count"]
    if len(text) != 1 or len(lists) > 1 or not (lists or numbers):
        raise ValueError(
            f"{path}: expected one column of words and one of lists of numbers, or several of numbers, got "
            f"{', '.join(f'{name} ({table.schema.field(name).type})' for name in list(kinds)[:8])}"
        )
    if any(table.column(name).null_count for name in (*text, *(lists or numbers))):
        raise ValueError(f"{path}: a word or a value is null")
    terms = table.column(text[0]).to_pylist()
    if lists:
        vectors = _rows_of_lists(path, table.column(lists[0]).combine_chunks(), len(terms))
    else:
        vectors = np.column_stack([table.column(name).to_numpy() for name in numbers])
    counts = table.column("count").to_numpy().astype(np.int64) if kinds.get("count") == "numbers" else None
    return WordVectors(terms, np.ascontiguousarray(vectors, dtype=np.float32), counts)


def _kind(pyarrow: Any, type: Any) -> str:
    """Say what a column can be: words, vectors, or one value of each vector."""
    types = pyarrow.types
    if types.is_dictionary(type):
        type = type.value_type
    if types.is_string(type) or types.is_large_string(type) or types.is_string_view(type):
        return "text"
    if types.is_list(type) or types.is_large_list(type) or types.is_fixed_size_list(type):
        return "lists" if _kind(pyarrow, type.value_type) == "numbers" else ""
    return "numbers" if types.is_floating(type) or types.is_integer(type) else ""


def _rows_of_lists(path: str, lists: Any, n_words: int) -> np.ndarray:
    values = lists.flatten()
    lengths = np.unique(lists.value_lengths().to_numpy(zero_copy_only=False)) if n_words else np.array([1])
    if len(lengths) != 1 or lengths[0] == 0 or values.null_count:
        raise ValueError(f"{path}: the vectors must have the same number of values, and no value may be null")
    return values.to_numpy(zero_copy_only=False).reshape(n_words, int(lengths[0]))


def _write(path: str, vectors: Any, unknown: bool) -> None:
    pyarrow = _pyarrow()
    terms, rows, counts = as_word_vectors(vectors)
    values = pyarrow.array(np.ascontiguousarray(rows, dtype=np.float32).ravel())
    columns = {
        "word": pyarrow.array(terms, pyarrow.string()),
        "vector": pyarrow.FixedSizeListArray.from_arrays(values, rows.shape[1]),
    }
    if counts is not None:
        columns["count"] = pyarrow.array(counts, pyarrow.int64())
    with open_to_write(path) as file:
        pyarrow.parquet.write_table(pyarrow.table(columns), file)


PARQUET = Format(
    "parquet",
    "a table of Apache Parquet, with pyarrow",
    detect=_detect,
    read=_read,
    write=_write,
    suffixes=(".parquet",),
    is_compressible=False,
)
