"""Index arrays that point outside of their matrix are refused before SciPy follows them."""

import subprocess
import sys

import numpy as np
import pytest
from scipy import sparse

from glove_sklearn._system.sparse_matrices import check_structure


def damaged(form, name, values, dtype=np.float64):
    X = sparse.csr_array(np.eye(4, dtype=dtype)).asformat(form)
    setattr(X, name, np.array(values, dtype=np.int32))
    return X


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int64])
@pytest.mark.parametrize("form", ["csr", "csc", "bsr"])
@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("indptr", [0, 500_000_000, 2, 3, 4]),
        ("indptr", [0, -50_000_000, 2, 3, 4]),
        ("indptr", [0, 1, 2, 3, 5]),
        ("indptr", [1, 1, 2, 3, 4]),
        ("indptr", [0, 1, 2, 4]),
        ("indices", [0, 1, 2, 4]),
        ("indices", [0, -1, 2, 3]),
        ("indices", [0, 1, 2]),
    ],
)
def test_what_points_outside_is_refused(form, name, values, dtype):
    with pytest.raises(
        ValueError, match=rf"^M must be a valid sparse matrix, but its {form.upper()} arrays .* \(.+\); build"
    ):
        check_structure(damaged(form, name, values, dtype), "M")


@pytest.mark.parametrize(
    ("axis", "values", "message"),
    [
        (0, [0, 1, 2, 4], "row indices from 0 to 4 for 4 rows"),
        (0, [0, 1, 2, -1], "row indices from -1 to 2 for 4 rows"),
        (1, [0, 1, 2, 10**9], "column indices from 0 to 1000000000 for 4 columns"),
        (1, [0, 1, 2], "3 column indices for 4 values"),
    ],
)
def test_coordinates_outside_are_refused(axis, values, message):
    X = sparse.coo_matrix(np.eye(4))
    setattr(X, "row" if axis == 0 else "col", np.array(values, dtype=np.int32))
    with pytest.raises(ValueError, match=message):
        check_structure(X, "X")


@pytest.mark.parametrize("form", ["csr", "csc", "bsr", "coo", "lil", "dok", "dia"])
@pytest.mark.parametrize("make", [sparse.csr_array, sparse.csr_matrix])
@pytest.mark.parametrize("shape", [(0, 0), (0, 3), (5, 0), (7, 4)])
def test_every_valid_matrix_is_accepted_and_stays_as_it_is(form, make, shape):
    if form == "bsr" and 0 in shape:
        pytest.skip("SciPy makes no empty BSR matrix")
    X = make(np.arange(shape[0] * shape[1], dtype=float).reshape(shape) % 3).asformat(form)
    arrays = {name: getattr(X, name) for name in ("indptr", "indices", "data") if hasattr(X, name)}
    check_structure(X, "X")
    assert all(getattr(X, name) is array for name, array in arrays.items())


def test_whatever_is_not_sparse_is_left_to_others():
    for X in (None, "text", [[1, 2]], np.eye(2)):
        check_structure(X, "X")


@pytest.mark.parametrize("call", ["GloVe(2).fit(X)", "GloVe(2).fit_transform(X)", "write_cooccurrences('X.bin', X)"])
def test_no_entry_to_the_package_crashes(call, tmp_path):
    """In another process, because a crash would end this one."""
    program = f"""
import numpy as np
from scipy import sparse
from glove_sklearn import GloVe
from glove_sklearn.formats import write_cooccurrences
for dtype in ("f4", "f8", "i8"):
    X = sparse.csr_array(np.eye(9, dtype=dtype))
    X.indptr[5] = 10**6
    try:
        {call}
    except ValueError as error:
        print(error)
"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    assert run.stdout.count("X must be a valid sparse matrix") == 3
