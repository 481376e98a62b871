import numpy as np
import numpy.typing as npt

STRIP_WIDTH: int

def use_instruction_set(index: int) -> None: ...
def add_product(
    left: npt.NDArray[np.float64], right: npt.NDArray[np.float64], product: npt.NDArray[np.float64], lower: bool
) -> None: ...
def tridiagonalise(
    matrix: npt.NDArray[np.float64],
    diagonal: npt.NDArray[np.float64],
    off_diagonal: npt.NDArray[np.float64],
    factors: npt.NDArray[np.float64],
    work: npt.NDArray[np.float64],
    negligible: float,
) -> None: ...
def diagonalise(
    diagonal: npt.NDArray[np.float64],
    off_diagonal: npt.NDArray[np.float64],
    first: int,
    negligible: float,
    rotations: npt.NDArray[np.float64],
    sweeps: npt.NDArray[np.int64],
) -> tuple[int, int, int]: ...
def rotate_back(
    rotations: npt.NDArray[np.float64], sweeps: npt.NDArray[np.int64], strip: npt.NDArray[np.float64]
) -> None: ...
def reflect_back(
    reflections: npt.NDArray[np.float64], factors: npt.NDArray[np.float64], strip: npt.NDArray[np.float64]
) -> None: ...
def orthonormalise(
    gram: npt.NDArray[np.float64],
    negligible: float,
    factor: npt.NDArray[np.float64],
    coefficients: npt.NDArray[np.float64],
) -> None: ...
