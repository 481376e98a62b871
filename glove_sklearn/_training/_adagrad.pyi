from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

ROW_MULTIPLE: Final[int]
BATCH_MULTIPLE: Final[int]

class RowLayout(NamedTuple):
    parameters: npt.NDArray[np.int64]
    accumulators: npt.NDArray[np.int64]

def row_layout(width: int) -> RowLayout: ...
def train_block(
    records: npt.NDArray[np.void],
    words: npt.NDArray[np.float32],
    contexts: npt.NDArray[np.float32],
    x_max: float,
    alpha: float,
) -> float: ...
def log_and_weight(
    x: npt.NDArray[np.float32],
    x_max: float,
    alpha: float,
    log_x: npt.NDArray[np.float32],
    f: npt.NDArray[np.float32],
) -> None: ...
