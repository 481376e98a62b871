"""Files of any kind become a Dask collection of the same documents."""

import csv
import gzip
import json

import pytest

from glove_sklearn.formats.documents import iterate_documents

dask = pytest.importorskip("dask")
pytest.importorskip("dask.dataframe")

from glove_sklearn.formats import collections  # noqa: E402
from glove_sklearn.formats.collections import read_collection  # noqa: E402

LINES = ["ünë document", "", "another\rone", "  a third one \ufeff", "the end"]


@pytest.fixture(autouse=True)
def one_thread():
    with dask.config.set(scheduler="synchronous"):
        yield


def documents(*arguments, **options):
    return list(read_collection(*arguments, **options).compute())


def as_json(texts, key="text"):
    return "".join(json.dumps({"id": i, key: text}) + "\n" for i, text in enumerate(texts))


@pytest.mark.parametrize("block_size", [1, 7, 16, 1 << 20])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_lines_are_those_of_iterate_documents(tmp_path, block_size, end):
    (tmp_path / "a.txt").write_bytes(("\ufeff" + end.join(LINES)).encode())
    (tmp_path / "b.txt").write_bytes((end.join(LINES) + end).encode())
    expected = list(iterate_documents([tmp_path]))
    assert documents([str(tmp_path)], block_size=block_size) == expected
    assert documents([str(tmp_path / "*.txt")], block_size=block_size) == expected


def test_compressed_files_wide_encodings_and_whole_files_are_read(tmp_path):
    with gzip.open(tmp_path / "a.txt.gz", "wb") as file:
        file.write("\n".join(LINES).encode())
    assert documents([str(tmp_path / "a.txt.gz")], block_size=4) == LINES
    (tmp_path / "wide.txt").write_text("\n".join(LINES), encoding="utf-16", newline="\n")
    assert documents([str(tmp_path / "wide.txt")], encoding="utf-16", block_size=4) == LINES
    (tmp_path / "whole").mkdir()
    (tmp_path / "whole" / "a").write_text("a\nb", newline="\n")
    (tmp_path / "whole" / "b").write_text("c\n", newline="\n")
    assert documents([str(tmp_path / "whole")], document_per_file=True, block_size=1) == ["a\nb", "c\n"]


@pytest.mark.parametrize("name", ["a.jsonl", "a.json.gz", "a.ndjson"])
def test_a_key_of_json_lines_is_read(tmp_path, name):
    opened = gzip.open if name.endswith(".gz") else open
    with opened(tmp_path / name, "wb") as file:
        file.write(as_json(LINES).encode())
    assert documents([str(tmp_path / name)], "text", block_size=20) == LINES


def test_a_column_of_parquet_is_read(tmp_path):
    pandas = pytest.importorskip("pandas")
    pandas.DataFrame({"id": range(5), "text": LINES}).to_parquet(tmp_path / "a.parquet")
    assert documents([str(tmp_path / "*.parquet")], "text") == LINES


@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "a.csv.gz"])
def test_a_column_of_separated_values_is_read(tmp_path, name):
    pandas = pytest.importorskip("pandas")
    texts = [*(line.replace("\r", " ") for line in LINES), "", "NA", 'two\nlines, and "quotes"\t.']
    separator = "\t" if ".tsv" in name else ","
    pandas.DataFrame({"label": range(len(texts)), "text": texts}).to_csv(tmp_path / name, index=False, sep=separator)
    assert documents([str(tmp_path / name)], "text") == texts


def test_the_separator_of_csv_is_that_of_its_first_line(tmp_path):
    for number, separator in enumerate(",;\t|"):
        rows = [["id", "text"], ["1", f"one{separator} two"], ["2", "three"]]
        with open(tmp_path / f"{number}.csv", "w", newline="", encoding="utf-8-sig") as file:
            csv.writer(file, delimiter=separator).writerows(rows)
    texts = ["one, two", "three", "one; two", "three", "one\t two", "three", "one| two", "three"]
    assert documents([str(tmp_path)], "text") == texts
    with pytest.raises(ValueError, match=r"1\.csv: there is no column 'body'; the columns are 'id', 'text'\."):
        documents([str(tmp_path / "1.csv")], "body")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (
            'id,text\n1,"a\n',
            "EOF inside string.*; texts that contain ',', which separates the columns, must be in quotes",
        ),
        ("id,text\n1,hello, world\n", "2 columns, but 3 fields in the first row; texts that contain ','"),
        ("text\nhello, world\n", "1 columns?, but 2 fields in the first row"),
        ("id;text\n1;a\n2;b;c\n", "Expected 2 fields in line 3, saw 3.*; texts that contain ';'"),
        ("", "the file is empty"),
        ("id,text," + "x" * 200_000 + "\n", "the first lines are no table"),
    ],
)
def test_damaged_tables_are_named(tmp_path, data, message):
    (tmp_path / "a.csv").write_text(data)
    with pytest.raises(ValueError, match=rf"(?s)a\.csv: .*{message}"):
        documents([str(tmp_path / "a.csv")], "text")


@pytest.mark.parametrize(
    ("data", "texts"),
    [
        ('id,"a\nb",text\n1,2,hi\n', ["hi"]),
        ("\n\nid,text\n1,hi\n2,\n3\n", ["hi", "", ""]),
        ("text\n", []),
    ],
)
def test_unusual_tables_are_read(tmp_path, data, texts):
    (tmp_path / "a.csv").write_text(data)
    assert documents([str(tmp_path / "a.csv")], "text") == texts


def test_chunks_of_a_table_do_not_matter(tmp_path, monkeypatch):
    monkeypatch.setattr(collections, "_N_ROWS", 2)
    (tmp_path / "a.csv").write_text("id,text\n" + "".join(f"{row},text {row}\n" for row in range(7)))
    assert documents([str(tmp_path / "a.csv")], "text") == [f"text {row}" for row in range(7)]


def test_the_encoding_of_separated_values_can_be_named(tmp_path):
    (tmp_path / "a.csv").write_text("text\ncafé\n", encoding="latin-1")
    assert documents([str(tmp_path / "a.csv")], "text", encoding="latin-1") == ["café"]
    with pytest.raises(ValueError, match=r"a.csv: 'utf-8' codec can't decode .*; name its encoding"):
        documents([str(tmp_path / "a.csv")], "text")


def test_files_may_be_anywhere(tmp_path):
    fsspec = pytest.importorskip("fsspec")
    system = fsspec.filesystem("memory")
    system.pipe("/corpus/part-1.jsonl", as_json(LINES[:2]).encode())
    system.pipe("/corpus/part-0.jsonl", as_json(LINES[2:]).encode())
    system.pipe("/corpus/_SUCCESS", b"")
    for path in ("memory://corpus", "memory://corpus/*.jsonl"):
        assert documents([path], "text") == LINES[2:] + LINES[:2]
    system.rm("/corpus", recursive=True)


@pytest.mark.parametrize(
    ("names", "column", "message"),
    [
        (["no.txt"], None, r"no.txt: there is no such file"),
        (["a.txt", "a.jsonl"], "text", "expected files of one kind, got JSON and text"),
        (["a.jsonl"], None, r"a.jsonl: JSON files need a column of text, such as 'text', got None"),
        (["a.parquet"], "body", "a.parquet: there is no column 'body'; the columns are 'id', 'text'\\."),
        (["a.csv"], "body", "a.csv: there is no column 'body'; the columns are 'id', 'text'\\."),
        (["a.csv"], None, "a.csv: CSV files need a column of text"),
        (["a.txt"], "text", "a.txt: text files need no column, got 'text'"),
        (["a.jsonl"], "body", r"a.jsonl, line 1: there is no key 'body'; the keys are 'id', 'text'\."),
        (["b.jsonl"], "body", r"b.jsonl, line 2: expected a JSON object with the key 'body', got '\['"),
        (["binary.txt"], None, "binary.txt is a picture, and not text"),
    ],
)
def test_errors_name_the_file(tmp_path, names, column, message):
    (tmp_path / "a.txt").write_text("a\n")
    (tmp_path / "a.jsonl").write_text(as_json(["a"]))
    (tmp_path / "b.jsonl").write_text('{"body": "a"}\n[\n')
    (tmp_path / "a.csv").write_text("id,text\n0,a\n")
    pytest.importorskip("pandas").DataFrame({"id": [0], "text": ["a"]}).to_parquet(tmp_path / "a.parquet")
    (tmp_path / "binary.txt").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\r")
    with pytest.raises((ValueError, FileNotFoundError), match=message):
        documents([str(tmp_path / name) for name in names], column)


def test_a_line_that_cannot_be_decoded_is_named(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"a\nb\n\xff\n")
    with pytest.raises(ValueError, match=r"a.txt, line 3: 'utf-8' codec can't decode"):
        documents([str(tmp_path / "a.txt")])
    assert documents([str(tmp_path / "a.txt")], decode_error="replace") == ["a", "b", "\ufffd"]
