import numpy as np
import numpy.typing as npt

def add_sums(
    indptr: npt.NDArray[np.int64],
    columns: npt.NDArray[np.int32] | npt.NDArray[np.int64],
    values: npt.NDArray[np.float32],
    row_sums: npt.NDArray[np.float64],
    column_sums: npt.NDArray[np.float64],
) -> None: ...
def scale(
    indptr: npt.NDArray[np.int64],
    columns: npt.NDArray[np.int32] | npt.NDArray[np.int64],
    values: npt.NDArray[np.float32],
    row_factors: npt.NDArray[np.float32],
    column_factors: npt.NDArray[np.float32],
    scaled: npt.NDArray[np.float32],
) -> None: ...
