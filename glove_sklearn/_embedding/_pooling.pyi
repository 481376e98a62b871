import numpy as np
import numpy.typing as npt

def sum_pool(
    ids: npt.NDArray[np.int32],
    offsets: npt.NDArray[np.int64],
    table: npt.NDArray[np.float32],
    weights: npt.NDArray[np.float32] | None,
    sums: npt.NDArray[np.float32],
    total: npt.NDArray[np.float64],
) -> None: ...
def max_pool(
    ids: npt.NDArray[np.int32],
    offsets: npt.NDArray[np.int64],
    table: npt.NDArray[np.float32],
    maxima: npt.NDArray[np.float32],
) -> None: ...
