"""Files of document vectors, written part by part."""

import gzip

import numpy as np
import pandas as pd
import pytest

from glove_sklearn.formats.features import check_features_path, open_features

NAMES = ["one", "two", "three"]
ROWS = np.array(
    [[0.1, -2, 3e-8], [0, 1e30, 7], [-0.0, 1 / 3, 5], [1, 2, 3], [np.pi, 1e-38, 12345678]], dtype=np.float32
)


def write(path, parts=(2, 0, 3), rows=ROWS, n_rows=None):
    with open_features(path, NAMES, len(rows) if n_rows is None else n_rows) as append:
        start = 0
        for n in parts:
            append(rows[start : start + n])
            start += n


@pytest.mark.parametrize("parts", [(5,), (2, 0, 3), (1, 1, 1, 1, 1)])
def test_an_array_is_what_numpy_saves(tmp_path, parts):
    write(tmp_path / "features.npy", parts)
    np.save(tmp_path / "expected.npy", ROWS)
    assert (tmp_path / "features.npy").read_bytes() == (tmp_path / "expected.npy").read_bytes()


@pytest.mark.parametrize("name", ["features.csv", "features.csv.gz", "features.csv.xz"])
def test_text_reads_as_the_same_numbers(tmp_path, name):
    write(tmp_path / name)
    assert list(pd.read_csv(tmp_path / name).columns) == NAMES
    np.testing.assert_array_equal(np.loadtxt(tmp_path / name, np.float32, delimiter=",", skiprows=1), ROWS)


def test_text_has_a_line_of_names_and_a_line_for_each_row(tmp_path):
    write(tmp_path / "features.csv.gz", rows=ROWS[3:4], parts=(1,))
    assert gzip.decompress((tmp_path / "features.csv.gz").read_bytes()) == b"one,two,three\n1.0,2.0,3.0\n"
    write(tmp_path / "features.csv", rows=ROWS[:0], parts=())
    assert (tmp_path / "features.csv").read_bytes() == b"one,two,three\n"


def test_parquet_has_named_columns(tmp_path):
    pytest.importorskip("pyarrow")
    write(tmp_path / "features.parquet")
    frame = pd.read_parquet(tmp_path / "features.parquet")
    assert list(frame.columns) == NAMES
    assert (frame.dtypes == np.float32).all()
    np.testing.assert_array_equal(frame.to_numpy(), ROWS)


def test_parquet_says_what_it_needs(tmp_path, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(ImportError, match="pip install pyarrow"):
        check_features_path(tmp_path / "features.parquet")


@pytest.mark.parametrize(
    ("name", "message"),
    [("features.txt", "the extension must be one of"), ("features", "extension"), ("features.npy.gz", "only .csv is")],
)
def test_names_of_other_files_are_refused(tmp_path, name, message):
    with pytest.raises(ValueError, match=message):
        check_features_path(tmp_path / name)


@pytest.mark.parametrize("n_rows", [4, 6])
def test_a_wrong_number_of_rows_leaves_the_old_file(tmp_path, n_rows):
    path = tmp_path / "features.npy"
    write(path)
    before = path.read_bytes()
    with pytest.raises(ValueError, match=f"expected {n_rows} rows, got 5"):
        write(path, n_rows=n_rows)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]
