import numpy as np

WIDTH_MULTIPLE: int
DESIGN_ROWS: int

def factor_rows(
    indptr: np.ndarray,
    columns: np.ndarray,
    log_x: np.ndarray,
    f: np.ndarray,
    contexts: np.ndarray,
    context_biases: np.ndarray,
    words: np.ndarray,
    word_biases: np.ndarray,
    with_bias: bool,
    design: np.ndarray,
    gram: np.ndarray,
    factors: np.ndarray,
    losses: np.ndarray,
) -> None: ...
def variances_of_directions(
    factors: np.ndarray, directions: np.ndarray, solution: np.ndarray, variances: np.ndarray
) -> None: ...
