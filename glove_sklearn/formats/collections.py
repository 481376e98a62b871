"""Files of any kind and place -> a Dask collection of documents."""

from __future__ import annotations

import codecs
import csv
import io
import json
import os
from collections.abc import Iterator, Sequence
from typing import Any

from glove_sklearn._system.recognition import N_BYTES
from glove_sklearn._system.wording import all_or_some
from glove_sklearn.formats.documents import WIDE, check_text, decoded, lines, wide_lines

#: Extensions of compressed files, and what fsspec calls the compression.
_COMPRESSIONS = {".gz": "gzip", ".bz2": "bz2", ".xz": "xz", ".zst": "zstd", ".lz4": "lz4"}
_COMPRESSED = tuple(_COMPRESSIONS)
_KINDS = {
    **{".parquet": "Parquet", ".pq": "Parquet"},
    **{".jsonl": "JSON", ".ndjson": "JSON", ".json": "JSON"},
    **{".csv": "CSV", ".tsv": "TSV"},
}
#: Of tables, those that are tried: in many countries, programs write ";" into files called .csv.
_SEPARATORS = {"CSV": (",", ";", "\t", "|"), "TSV": ("\t",)}
#: Rows of a table whose other columns are in memory together.
_N_ROWS = 1 << 14


def read_collection(
    paths: Sequence[str],
    column: str | None = None,
    *,
    document_per_file: bool = False,
    encoding: str = "utf-8",
    decode_error: str = "strict",
    block_size: int = 1 << 26,
) -> Any:
    """Make a Dask collection of the documents of files, which are read when it is computed, by those who compute it.

    Parameters
    ----------
    paths : sequence of str
        Files, patterns such as ``"news/*.parquet"``, and folders, of which all files are read; on this machine, or wherever
        fsspec finds them, such as ``"s3://bucket/news"``. All are of the same kind: Parquet (.parquet, .pq), JSON Lines (.jsonl,
        .ndjson, .json: an object a line), CSV (.csv) or TSV (.tsv), whose first line names the columns, or text, with any other
        name. Fields of CSV are separated by commas, or by whichever of ``;``, tab and ``|`` separates the names of the columns.
        All but Parquet may be compressed (.gz, .bz2, .xz, .zst): then a file is a partition, as one of CSV or TSV always
        is, because its texts may have several lines.
    column : str or None, default=None
        Of Parquet, CSV and TSV: the column of text. Of JSON Lines: the key.
    document_per_file, encoding, decode_error
        As for :func:`~glove_sklearn.formats.documents.iterate_documents`; Parquet has none of them.
    block_size : int
        Bytes of a partition of text, or of JSON Lines, that is not compressed.

    Returns
    -------
    documents : dask.dataframe.Series or dask.bag.Bag

    Raises
    ------
    FileNotFoundError
        If there are no such files.
    ImportError
        If Dask is not installed, or what fsspec needs for a place.
    ValueError
        If the files are of several kinds, or their kind and `column` do not go together.
    """
    try:
        import dask.bag as db
        import dask.dataframe as dd
        from dask import delayed
        from dask.bytes import read_bytes
    except ImportError as error:
        raise ImportError(
            "tables, JSON Lines and files that are not on this machine are read by Dask: "
            'pip install "dask[dataframe]" distributed'
        ) from error
    files = [file for path in paths for file in _files(path)]
    kinds = {_KINDS.get(_suffix(file), "text") for file in files}
    if len(kinds) > 1:
        raise ValueError(
            f"{', '.join(paths)}: expected files of one kind, got {' and '.join(sorted(kinds))}; read each by itself."
        )
    kind = kinds.pop()
    if (kind == "text") != (column is None):
        expected = "a column of text, such as 'text'" if column is None else "no column"
        raise ValueError(f"{', '.join(paths)}: {kind} files need {expected}, got {column!r}.")
    if kind == "Parquet":
        try:
            return dd.read_parquet(files, columns=[column])[column]
        except KeyError as error:
            raise ValueError(_no_column(", ".join(paths), column, dd.read_parquet(files).columns)) from error
    try:
        codec = codecs.lookup(encoding).name
    except LookupError as error:
        raise ValueError(f"{error}; an encoding is named like 'utf-8' or 'latin-1'.") from None
    if kind in _SEPARATORS:
        assert column is not None
        separators = [_separator(file, column, kind, codec, decode_error) for file in files]
        empty = _empty_column(column)
        return dd.from_map(
            _read_table, files, separators, column=column, codec=codec, decode_error=decode_error, meta=empty
        )
    is_whole = document_per_file or codec.startswith(WIDE)
    partitions = []
    read = delayed(_read_block, pure=False, traverse=False)
    for file in files:
        splits = not is_whole and not file.endswith(_COMPRESSED)
        _, [blocks] = read_bytes(
            file,
            delimiter=b"\n" if splits else None,
            blocksize=block_size if splits else None,
            compression=None if splits else "infer",
            sample=False,
        )
        partitions += [
            read(block, i == 0, file, column, document_per_file, codec, decode_error) for i, block in enumerate(blocks)
        ]
    return db.from_delayed(partitions)


def iterate_column(paths: Sequence[str], column: str, **how: Any) -> Iterator[Any]:
    """Yield the texts of a column, of a file at a time, in this process; see :func:`read_collection`."""
    for part in read_collection(paths, column, **how).to_delayed():
        yield from part.compute(scheduler="synchronous")


def has_columns(path: str) -> bool:
    """Whether a file is, by its name, one of those of which `read_collection` reads a column."""
    return _suffix(path) in _KINDS


def _read_table(file: str, separator: str, column: str, codec: str, decode_error: str) -> Any:
    """Return a column of a file with separated values; an empty cell is an empty document."""
    import pandas

    with _open_table(file, codec, decode_error) as text:
        how: dict[str, Any] = {"sep": separator, "dtype": str, "keep_default_na": False, "index_col": False}
        try:
            # All columns are read, because pandas cuts rows that are too long if it is to read some.
            parts = [part[column] for part in pandas.read_csv(text, chunksize=_N_ROWS, **how)]
        except UnicodeDecodeError as error:
            raise ValueError(f"{file}: {error}; name its encoding.") from error
        except ValueError as error:
            raise ValueError(f"{file}: {error}; {_advice(separator)}.") from error
    return pandas.concat(parts) if parts else _empty_column(column)


def _empty_column(column: str) -> Any:
    import pandas

    return pandas.Series([], dtype=str, name=column)


def _advice(separator: str) -> str:
    return f"texts that contain {separator!r}, which separates the columns, must be in quotes"


def _separator(file: str, column: str, kind: str, codec: str, decode_error: str) -> str:
    """Return what separates the names of the columns, one of which is `column`, in the first line of a table."""
    names: list[str] = []
    for separator in _SEPARATORS[kind]:
        try:
            with _open_table(file, codec, decode_error) as text:
                records = filter(None, csv.reader(text, delimiter=separator))
                header, first = next(records, []), next(records, [])
        except UnicodeDecodeError as error:
            raise ValueError(f"{file}: {error}; name its encoding.") from error
        except csv.Error as error:
            raise ValueError(f"{file}: the first lines are no table ({error}).") from error
        if column not in header:
            names = max(names, header, key=len)
        elif len(first) <= len(header):
            return separator
        else:
            raise ValueError(
                f"{file}: {len(header)} columns, but {len(first)} fields in the first row; {_advice(separator)}."
            )
    if not names:
        raise ValueError(f"{file}: the file is empty.")
    raise ValueError(_no_column(file, column, names))


def _open_table(file: str, codec: str, decode_error: str) -> Any:
    """Open a table, wherever it is and however it is compressed; a byte order mark of UTF-8 is no part of the first name."""
    import fsspec

    encoding = "utf-8-sig" if codec == "utf-8" else codec
    compression = _COMPRESSIONS.get(os.path.splitext(file.lower())[1])
    return fsspec.open(file, "rt", encoding=encoding, errors=decode_error, newline="", compression=compression).open()


def _no_column(where: str, column: str | None, columns: Sequence[str]) -> str:
    """Return the message about a column that a table does not have."""
    return f"{where}: there is no column {column!r}; the columns are {all_or_some(map(repr, columns))}."


def _suffix(file: str) -> str:
    stem, suffix = os.path.splitext(file.lower())
    return os.path.splitext(stem)[1] if suffix in _COMPRESSED else suffix


def _files(path: str) -> list[str]:
    """Return the files that a path stands for, in the order of their names."""
    from fsspec.core import url_to_fs
    from fsspec.implementations.local import LocalFileSystem

    system, place = url_to_fs(path)
    if system.isdir(place):
        found = [
            name
            for name in system.find(place)
            if not any(part.startswith((".", "_")) for part in name[len(place) :].strip("/").split("/"))
        ]
    else:
        found = system.glob(place) if any(character in place for character in "*?[") else [place]
        found = [name for name in found if system.isfile(name)]
    if not found:
        raise FileNotFoundError(f"{path}: there is no such file.")
    return sorted(found if isinstance(system, LocalFileSystem) else map(system.unstrip_protocol, found))


def _read_block(
    block: bytes, is_first: bool, path: str, column: str | None, document_per_file: bool, codec: str, decode_error: str
) -> list[Any]:
    """Return the documents of a block of a file."""
    if is_first:
        check_text(block[:N_BYTES], codec, decode_error, path)
    if document_per_file and column is None:
        return [decoded(block, codec, decode_error, path, None)]
    file = io.BytesIO(block)
    if codec.startswith(WIDE):
        texts = wide_lines(file, codec, decode_error, path)
    elif is_first:
        texts = lines(file, codec, decode_error, path)
    else:
        path = f"a later part of {path}"
        texts = lines(file, codec, decode_error, path, 2)
    return list(texts) if column is None else list(_values(texts, column, path))


def _values(texts: Iterator[str], column: str, path: str) -> Iterator[Any]:
    for number, text in enumerate(texts, 1):
        if not text.strip():
            continue
        try:
            record = json.loads(text)
        except ValueError:
            record = None
        if not isinstance(record, dict):
            raise ValueError(
                f"{path}, line {number}: expected a JSON object with the key {column!r}, got {text[:80]!r}; is it one object a "
                "line?"
            )
        if column not in record:
            raise ValueError(
                f"{path}, line {number}: there is no key {column!r}; the keys are {all_or_some(map(repr, record))}."
            )
        yield record[column]
