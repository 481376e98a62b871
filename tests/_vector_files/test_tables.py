"""Tables: what pandas, polars and the Embedding Projector write and read, and what is refused."""

import io

import numpy as np
import pytest

from glove_sklearn._vector_files import tables
from glove_sklearn.formats import WordVectors, read_vectors, save_vectors
from tests._vector_files.words import SMALL, assert_equal, random_vectors

WORDS = WordVectors(["new york", 'a "b"', "x,y", "null"], random_vectors(4, 3))


def test_layout_of_each_format(tmp_path):
    words = WordVectors(['say "hi"', "a,b"], np.array([[0.5, -1], [1e-7, 3]], dtype=np.float32))
    for name, expected in {
        "v.csv": 'word,0,1\n"say ""hi""",0.5,-1.0\n"a,b",1e-07,3.0\n',
        "v.tsv": 'word\t0\t1\n"say ""hi"""\t0.5\t-1.0\na,b\t1e-07\t3.0\n',
    }.items():
        save_vectors(tmp_path / name, words)
        assert (tmp_path / name).read_bytes().decode() == expected
    save_vectors(tmp_path / "p.tsv", words, format="projector")
    assert (tmp_path / "p.tsv").read_text() == "0.5\t-1.0\n1e-07\t3.0\n"
    assert (tmp_path / "p.metadata.tsv").read_text() == 'say "hi"\na,b\n'


@pytest.mark.parametrize(("name", "separator"), [("v.csv", ","), ("v.tsv", "\t")])
def test_pandas_reads_what_is_written_and_the_other_way(tmp_path, name, separator):
    pandas = pytest.importorskip("pandas")
    save_vectors(tmp_path / name, WORDS)
    frame = pandas.read_csv(
        tmp_path / name, sep=separator, index_col=0, keep_default_na=False, dtype={str(i): np.float32 for i in range(3)}
    )
    assert list(frame.index) == WORDS.terms
    np.testing.assert_array_equal(frame.to_numpy(), WORDS.vectors)
    frame.to_csv(tmp_path / f"again-{name}", sep=separator)
    assert_equal(read_vectors(tmp_path / f"again-{name}"), WORDS)
    WORDS.to_frame().rename_axis(None).to_csv(tmp_path / f"unnamed-{name}", sep=separator)
    assert_equal(read_vectors(tmp_path / f"unnamed-{name}"), WORDS)


def test_a_csv_without_a_header_and_one_with_names_of_columns(write):
    for data in (b"a,0.5,1\nb,2,3\n", b"word,x,y\na,0.5,1\nb,2,3\n", b'"","V1","V2"\r\n"a",0.5,1\r\n"b",2,3\r\n'):
        words = read_vectors(write(data, "v.csv"))
        assert words.terms == ["a", "b"]
        assert words.vectors.tolist() == [[0.5, 1], [2, 3]]
    assert read_vectors(write(b"\xef\xbb\xbfa,0.5\n", "v.csv")).terms == ["a"]


def test_words_that_contain_line_ends_survive(tmp_path):
    words = WordVectors(["a\nb", "c\r\nd", "\r"], random_vectors(3, 2))
    for name in ("v.csv", "v.tsv.gz"):
        save_vectors(tmp_path / name, words)
        assert_equal(read_vectors(tmp_path / name), words)


@pytest.mark.parametrize("n_rows", [1, 2, 3, 4, 100])
@pytest.mark.parametrize("limit", [None, 1, 3, 4, 5, 9])
def test_limit_and_size_of_chunks_do_not_change_values(tmp_path, monkeypatch, n_rows, limit):
    words = WordVectors([f"w{i}" for i in range(4)], random_vectors(4, 2))
    monkeypatch.setattr(tables, "_CHUNK_ROWS", n_rows)
    for name, format in (("v.csv", None), ("v.tsv", None), ("p.tsv", "projector")):
        save_vectors(tmp_path / name, words, format=format)
        assert_equal(
            read_vectors(tmp_path / name, limit=limit), WordVectors(words.terms[:limit], words.vectors[:limit])
        )


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"word,0,1\na,1,2\nb,1\n", "line 3: 1 value instead of 2"),
        (
            b"word,0,1\na,1,2\nb,1,x\n",
            "line 3: 'x' is not a number; expected a word and the values of a vector in each row",
        ),
        (b"id,text\n1,A text.\n", "line 2: 'A text.' is not a number; expected a word and the values"),
        (b'word,0,1\n"a,1,2\n', "not a table"),
        (b"a\nb\n", "expected a word and its values in each row, got .* in the first"),
        (b"word,0\n\xff,1\n", "is not valid UTF-8"),
    ],
)
def test_damaged_tables_are_refused_with_their_line(write, data, message):
    with pytest.raises(ValueError, match=rf"v\.csv.*{message}"):
        read_vectors(write(data, "v.csv"), unicode_errors="strict")


@pytest.mark.parametrize("data", [b"word,0,1\r\na,1,2\r\n", b'"x,y",1,2\na,1,2', b"a,1e-3,2"])
def test_commas_in_a_file_of_another_name_are_named(write, data):
    path = write(data, "v.txt")
    with pytest.raises(
        ValueError, match=r"v\.txt has commas between its values; name it \.csv, or give its format, 'csv'"
    ):
        read_vectors(path)
    assert "a" in read_vectors(path, format="csv").terms


@pytest.mark.parametrize("data", [b"Dear all,\n1,2\n", b"hello,1", b"a\rb,1,2\n", b"x" * 200_000 + b",1,2\n"])
def test_other_text_with_commas_is_no_table(write, data):
    with pytest.raises(ValueError, match="is not a file of word vectors"):
        read_vectors(write(data, "v.txt"))


def test_a_tsv_without_a_header_is_text_whose_words_are_not_quoted(write):
    words = read_vectors(write(b'"\t0.5\t1\nb\t2\t3\n', "v.tsv"))
    assert words.terms == ['"', "b"]


def test_words_of_a_projector(tmp_path):
    save_vectors(tmp_path / "p.tsv", SMALL, format="projector")
    assert_equal(read_vectors(tmp_path / "p.tsv"), SMALL)
    (tmp_path / "p.metadata.tsv").rename(tmp_path / "metadata.tsv")
    assert_equal(read_vectors(tmp_path / "p.tsv"), SMALL)
    (tmp_path / "metadata.tsv").write_text("Word\tCount\nthe\t7\nof\t5\nnaïve\t1\n", encoding="utf-8")
    assert_equal(read_vectors(tmp_path / "p.tsv"), SMALL)
    (tmp_path / "metadata.tsv").unlink()
    with pytest.raises(ValueError, match=r"put them into a file name\.metadata\.tsv in"):
        read_vectors(tmp_path / "p.tsv", format="projector")
    assert_equal(read_vectors(tmp_path / "p.tsv", vocabulary=SMALL.terms), SMALL)
    (tmp_path / "counted.txt").write_text("the 7\nof 5\nnaïve 1\n", encoding="utf-8")
    assert read_vectors(tmp_path / "p.tsv", vocabulary=tmp_path / "counted.txt").counts.tolist() == [7, 5, 1]
    for terms, message in ((["a"], "are more"), (["a", "b", "c", "d"], "only 3 of them")):
        with pytest.raises(ValueError, match=message):
            read_vectors(tmp_path / "p.tsv", vocabulary=terms)


def test_an_npy_has_its_words_in_a_file_or_in_vocabulary(tmp_path):
    save_vectors(tmp_path / "v.npy", SMALL)
    np.testing.assert_array_equal(np.load(tmp_path / "v.npy"), SMALL.vectors)
    assert (tmp_path / "v.words.txt").read_text(encoding="utf-8") == "the\nof\nnaïve\n"
    for dtype in (np.float16, np.float64, np.int32, ">f4"):
        np.save(tmp_path / "other.npy", np.asfortranarray(np.arange(6).reshape(3, 2).astype(dtype)))
        words = read_vectors(tmp_path / "other.npy", vocabulary=["a", "b", "c"], limit=2)
        assert words.terms == ["a", "b"]
        assert words.vectors.tolist() == [[0, 1], [2, 3]]
        assert words.vectors.dtype == np.float32
    with pytest.raises(ValueError, match=r"put them into a file other\.words\.txt in"):
        read_vectors(tmp_path / "other.npy")
    with pytest.raises(ValueError, match="3 vectors, for 1 word"):
        read_vectors(tmp_path / "other.npy", vocabulary=["a"])


@pytest.mark.parametrize(("name", "format"), [("v.npy", "npy"), ("v.tsv", "projector")])
def test_words_beside_vectors_may_look_like_words_with_counts(tmp_path, name, format):
    words = WordVectors(["route 66", "area 51"], np.eye(2, dtype=np.float32))
    save_vectors(tmp_path / name, words, format=format)
    assert_equal(read_vectors(tmp_path / name), words)


def test_words_of_an_npy_may_have_tabs(tmp_path):
    words = WordVectors(["a\tb", "c"], np.eye(2, dtype=np.float32))
    save_vectors(tmp_path / "v.npy", words)
    assert_equal(read_vectors(tmp_path / "v.npy"), words)


def test_an_npy_that_claims_more_than_it_has_is_refused_before_memory_is_allocated(tmp_path):
    data = io.BytesIO()
    np.lib.format.write_array_header_1_0(data, {"descr": "<f4", "fortran_order": False, "shape": (10**12, 10)})
    (tmp_path / "v.npy").write_bytes(data.getvalue() + b"\0" * 40)
    with pytest.raises(ValueError, match="40 bytes are not float32"):
        read_vectors(tmp_path / "v.npy", vocabulary=["a"])
    for array in (np.zeros(3), np.array(["a"]), np.zeros((2, 0)), np.zeros((1, 2), dtype=complex)):
        np.save(tmp_path / "v.npy", array)
        with pytest.raises(ValueError, match=r"expected real numbers of shape \(n_words, d\)"):
            read_vectors(tmp_path / "v.npy", vocabulary=["a"])


def test_parquet_of_other_programs(tmp_path):
    pyarrow = pytest.importorskip("pyarrow")
    pandas, polars = pytest.importorskip("pandas"), pytest.importorskip("polars")
    words = WordVectors(WORDS.terms, WORDS.vectors, np.array([4, 3, 2, 1]))
    save_vectors(tmp_path / "v.parquet", words)
    table = pandas.read_parquet(tmp_path / "v.parquet")
    assert table["word"].tolist() == words.terms
    np.testing.assert_array_equal(np.stack(table["vector"]), words.vectors)
    read = read_vectors(tmp_path / "v.parquet")
    assert_equal(read, words)
    assert read.counts.tolist() == [4, 3, 2, 1]
    words.to_frame().to_parquet(tmp_path / "columns.parquet")
    words.to_frame("polars").write_parquet(tmp_path / "polars.parquet")
    lists = [list(map(float, row)) for row in words.vectors]
    polars.DataFrame({"token": words.terms, "emb": lists}).write_parquet(tmp_path / "lists.parquet")
    for name in ("columns", "polars", "lists"):
        assert_equal(read_vectors(tmp_path / f"{name}.parquet"), WORDS)
    ragged = pyarrow.table({"w": ["a", "b"], "v": [[1.0], [1.0, 2.0]]})
    pyarrow.parquet.write_table(ragged, tmp_path / "ragged.parquet")
    with pytest.raises(ValueError, match="the same number of values"):
        read_vectors(tmp_path / "ragged.parquet")
    pyarrow.parquet.write_table(pyarrow.table({"w": ["a", None], "v": [1.0, 2.0]}), tmp_path / "null.parquet")
    with pytest.raises(ValueError, match="is null"):
        read_vectors(tmp_path / "null.parquet")
    pyarrow.parquet.write_table(pyarrow.table({"w": ["a"], "u": ["b"]}), tmp_path / "text.parquet")
    with pytest.raises(ValueError, match=r"expected one column of words .* got w \(string\), u \(string\)"):
        read_vectors(tmp_path / "text.parquet")
    (tmp_path / "cut.parquet").write_bytes((tmp_path / "v.parquet").read_bytes()[:200])
    with pytest.raises(ValueError, match=r"cut\.parquet is not a file of Parquet, or damaged"):
        read_vectors(tmp_path / "cut.parquet")


@pytest.mark.parametrize(
    "header",
    [
        b"{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3",
        b"{'descr': '<f4', 'fortran_order': False, 'shape': (-1, -1), }",
        b"{'descr': '<f4', 'fortran_order': False, 'shape': (2, 10000000000000), }",
        b"{'descr': '|O', 'fortran_order': False, 'shape': (2, 3), }",
        b"\xff\xfe(((",
    ],
)
def test_damaged_headers_of_arrays_name_the_file(tmp_path, header):
    path = tmp_path / "a.npy"
    (tmp_path / "a.words.txt").write_text("a\nb\n")
    path.write_bytes(b"\x93NUMPY\1\0" + bytes([len(header), 0]) + header + bytes(4))
    with pytest.raises(ValueError, match=r"a\.npy"):
        read_vectors(path)


def test_words_of_tables_in_other_encodings(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes("word,0,1\nété,1,2\nàtà,3,4\n".encode("latin-1"))
    assert read_vectors(path, encoding="latin-1").terms == ["été", "àtà"]
    with pytest.raises(
        ValueError, match=r"a\.csv: words are not valid UTF-8, .* several are read as '.t.'; give the encoding"
    ):
        read_vectors(path)
    with pytest.warns(UserWarning, match="2 words are not valid UTF-8, such as .*; is it another encoding"):
        assert read_vectors(path, unicode_errors="backslashreplace").terms == ["\\xe9t\\xe9", "\\xe0t\\xe0"]
    with pytest.raises(ValueError, match="is not valid UTF-8"):
        read_vectors(path, unicode_errors="strict")
