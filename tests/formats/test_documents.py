import gzip
import io
import sys
import zipfile

import pytest

from glove_sklearn.formats.documents import iterate_documents

TEXT = "one document\nfräulein\u2028 \x85 x\n\nlast"
DOCUMENTS = ["one document", "fräulein\u2028 \x85 x", "", "last"]


def documents(*paths, **options):
    return list(iterate_documents(paths, **options))


def test_files_plain_and_compressed(tmp_path):
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "b").write_bytes(gzip.compress(TEXT.encode()))
    with zipfile.ZipFile(tmp_path / "c.zip", "w") as file:
        file.writestr("c.txt", TEXT)
    for name in ("a.txt", "b", "c.zip"):
        assert documents(tmp_path / name) == DOCUMENTS
    assert documents(str(tmp_path / "a.txt"), tmp_path / "b") == DOCUMENTS * 2
    assert list(iterate_documents(tmp_path / "a.txt")) == DOCUMENTS
    assert documents(tmp_path / "a.txt", document_per_file=True) == [TEXT]


def test_folders_are_read_in_the_order_of_names(tmp_path):
    for name in ("b.txt", "a/z.txt", "a/y/1.txt", ".hidden", ".git/x", "c.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    assert documents(tmp_path) == ["b.txt", "c.txt", "a/z.txt", "a/y/1.txt"]
    (tmp_path / "empty").mkdir()
    with pytest.raises(ValueError, match="empty: there is no file in this folder"):
        documents(tmp_path / "empty")


def test_standard_input(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(TEXT.encode()), encoding="ascii"))
    assert documents("-") == DOCUMENTS


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "UTF8"])
def test_byte_order_marks_and_wide_encodings(tmp_path, encoding):
    text = "\u0a0a ਊ\nb\n"  # U+0A0A is two line feeds in UTF-16
    (tmp_path / "a").write_text("\ufeff" * (encoding == "utf-16-le") + text, encoding=encoding, newline="\n")
    assert documents(tmp_path / "a", encoding=encoding) == ["\u0a0a ਊ", "b"]
    (tmp_path / "a").write_text("a b\r\n\r\nc", encoding=encoding, newline="")
    assert documents(tmp_path / "a", encoding=encoding) == ["a b", "", "c"]
    (tmp_path / "a").write_bytes(b"\xef\xbb\xbfa\r\nb\r\n")
    if encoding.lower().startswith("utf-8") or encoding == "UTF8":
        assert documents(tmp_path / "a", encoding=encoding) == ["a", "b"]


def test_what_is_not_text_is_an_error_with_file_and_line(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"fine\nfr\xe4ulein\n")
    with pytest.raises(
        ValueError, match=r"a\.txt, line 2: 'utf-8' codec can't decode byte 0xe4 in position 2.*encoding"
    ):
        documents(path)
    with pytest.raises(ValueError, match=r"a\.txt: 'utf-8' codec can't decode"):
        documents(path, document_per_file=True)
    assert documents(path, decode_error="replace") == ["fine", "fr\ufffdulein"]
    assert documents(path, encoding="latin-1") == ["fine", "fräulein"]
    with pytest.raises(ValueError, match="unknown encoding: klingon"):
        documents(path, encoding="klingon")
    path.write_bytes("a\nb\n".encode("utf-16") + b"\x00\xd8\x00\x00")
    with pytest.raises(ValueError, match=r"a\.txt, after line \d: .*give another encoding"):
        documents(path, encoding="utf-16")
    with pytest.raises(FileNotFoundError):
        documents(tmp_path / "missing")
    with pytest.raises(ValueError, match="can be read only once"):
        documents("-", "-")
