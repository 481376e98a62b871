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
    diagonal: np.ndarray,
    factors: np.ndarray,
    losses: np.ndarray,
) -> None: ...
def solve_directions(factor: np.ndarray, q: int, directions: np.ndarray) -> None: ...
