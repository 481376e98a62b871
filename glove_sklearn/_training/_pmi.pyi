from typing import Final

import numpy as np
import numpy.typing as npt

WIDTH_MULTIPLE: Final[int]

def add_sums(
    records: npt.NDArray[np.void], rows: npt.NDArray[np.float64], columns: npt.NDArray[np.float64]
) -> None: ...
def add_products(
    records: npt.NDArray[np.void],
    rows: npt.NDArray[np.float32],
    columns: npt.NDArray[np.float32],
    factor: npt.NDArray[np.float32],
    product: npt.NDArray[np.float32],
    transposed: bool,
) -> None: ...
