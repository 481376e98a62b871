from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

RECORD: Final[np.dtype[np.void]]

_Columns: TypeAlias = npt.NDArray[np.int32] | npt.NDArray[np.int64]

def shuffle(records: npt.NDArray[np.void], seed: int) -> None: ...
def add_negatives(
    indptr: npt.NDArray[np.int64],
    columns: _Columns,
    values: npt.NDArray[np.float32],
    first_row: int,
    seed: int,
    ratio: float,
    value: float,
    sampling_table: npt.NDArray[np.int32],
    seen: npt.NDArray[np.int64],
    new_indptr: npt.NDArray[np.int64],
    new_columns: _Columns,
    new_values: npt.NDArray[np.float32],
) -> None: ...
def count_blocks(
    indptr: npt.NDArray[np.int64],
    columns: _Columns,
    values: npt.NDArray[np.float32],
    row_partitions: npt.NDArray[np.int32],
    column_partitions: npt.NDArray[np.int32],
    counts: npt.NDArray[np.int64],
) -> None: ...
def fill_blocks(
    indptr: npt.NDArray[np.int64],
    columns: _Columns,
    values: npt.NDArray[np.float32],
    row_partitions: npt.NDArray[np.int32],
    row_indices: npt.NDArray[np.uint16],
    column_partitions: npt.NDArray[np.int32],
    column_indices: npt.NDArray[np.uint16],
    ends: npt.NDArray[np.int64],
    records: npt.NDArray[np.void],
) -> None: ...
