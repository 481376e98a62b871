import numpy as np
import numpy.typing as npt

def renumber(ids: npt.NDArray[np.int32], lengths: npt.NDArray[np.int64], new_ids: npt.NDArray[np.int32]) -> int: ...
def document_frequencies(
    ids: npt.NDArray[np.int32],
    lengths: npt.NDArray[np.int64],
    first: int,
    frequencies: npt.NDArray[np.int64],
    last: npt.NDArray[np.int64],
) -> None: ...
