import numpy as np
import numpy.typing as npt

def add_gram(
    rows: npt.NDArray[np.float64], weights: npt.NDArray[np.float64], gram: npt.NDArray[np.float64]
) -> None: ...
def add_product(
    rows: npt.NDArray[np.float64], matrix: npt.NDArray[np.float64], product: npt.NDArray[np.float64]
) -> None: ...
def orthogonalise(rows: npt.NDArray[np.float64]) -> int: ...
