from typing import TypeAlias

import numpy as np
import numpy.typing as npt

_Int32: TypeAlias = npt.NDArray[np.int32]
_Int64: TypeAlias = npt.NDArray[np.int64]
_Float32: TypeAlias = npt.NDArray[np.float32]
_Flags: TypeAlias = npt.NDArray[np.uint8]

def lay_out(ids: _Int32, lengths: _Int64, stream: _Int32) -> None: ...
def lay_out_distinct(
    ids: _Int32, lengths: _Int64, slots: _Int64, first: int, stream: _Int32, multiplicities: _Int32
) -> int: ...
def count_tokens(stream: _Int32, counts: _Int64) -> None: ...
def sort_positions(stream: _Int32, first: int, last: int, ends: _Int64, positions: _Int32 | _Int64) -> None: ...
def count_rows(
    stream: _Int32,
    positions: _Int32 | _Int64,
    starts: _Int64,
    left: _Int64,
    right: _Int64,
    near: int,
    near_left: int,
    near_right: int,
    unit: float,
    row: int,
    first: int,
    last: int,
    sums: _Int64,
    touched: _Flags,
    regions: _Flags,
    n_written: int,
    columns: _Int32,
    values: _Float32 | _Int64,
    row_lengths: _Int64,
) -> tuple[int, int]: ...
def count_whole_rows(
    stream: _Int32,
    multiplicities: _Int32,
    positions: _Int32 | _Int64,
    starts: _Int64,
    weight: int,
    unit: float,
    row: int,
    first: int,
    last: int,
    max_visits: int,
    sums: _Int64,
    touched: _Flags,
    regions: _Flags,
    n_written: int,
    columns: _Int32,
    values: _Float32 | _Int64,
    row_lengths: _Int64,
) -> tuple[int, int, int]: ...
def add_rows(
    columns: _Int32,
    values: _Int64,
    starts: _Int64,
    unit: float,
    sums: _Int64,
    touched: _Flags,
    regions: _Flags,
    sum_columns: _Int32,
    sum_values: _Float32 | _Int64,
    row_lengths: _Int64,
) -> int: ...
