import gzip
import io
import sys
import tarfile
import zipfile

import pytest

from glove_sklearn.formats.documents import iterate_documents

TEXT = "one document\nfräulein\u2028 \x85 x\n\nlast"
DOCUMENTS = ["one document", "fräulein\u2028 \x85 x", "", "last"]


def documents(*paths, **options):
    return list(iterate_documents(paths, **options))


def test_files_plain_and_compressed(tmp_path):
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8", newline="\n")
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


def test_archives_are_read_like_folders(tmp_path):
    members = {"b.txt": "b1\nb2\n", "__MACOSX/._b.txt": "no", "a/a.txt": "a1\n", ".DS_Store": "no"}
    with zipfile.ZipFile(tmp_path / "corpus.zip", "w") as file:
        for name, text in members.items():
            file.writestr(name, text)
    with tarfile.open(tmp_path / "corpus.tar.gz", "w:gz") as file:
        for name, text in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(text)
            file.addfile(info, io.BytesIO(text.encode()))
    for archive in (tmp_path / "corpus.zip", tmp_path / "corpus.tar.gz"):
        assert documents(archive) == ["b1", "b2", "a1"]
        assert documents(archive / "a" / "a.txt") == ["a1"]
        assert documents(archive, document_per_file=True) == ["b1\nb2\n", "a1\n"]
    assert documents(tmp_path) == ["b1", "b2", "a1"] * 2


def test_what_is_no_text_is_refused_with_what_it_is(tmp_path):
    for name, data, options, message in [
        ("a.db", b"SQLite format 3\0" + bytes(100), {}, r"a\.db is an SQLite database, and not text; export"),
        ("a.pdf", b"%PDF-1.4\n1 0 obj\n", {}, r"a\.pdf is a PDF document, and not text"),
        ("a.npy", b"\x93NUMPY\1\0", {"encoding": "latin-1"}, r"a\.npy is an array of NumPy"),
        (
            "a.txt",
            "text".encode("utf-16"),
            {},
            "is text in UTF-16, and not text; convert .* or give the encoding 'utf-16'",
        ),
        ("a.txt", "text".encode("utf-16-le"), {}, "a.txt is not text: it has NUL bytes; if it is UTF-16"),
    ]:
        (tmp_path / name).write_bytes(data)
        with pytest.raises(ValueError, match=message):
            documents(tmp_path / name, **options)
    (tmp_path / "a.txt").write_bytes(b"stray\0 NUL\n")
    assert documents(tmp_path / "a.txt", decode_error="ignore") == ["stray\0 NUL"]


def test_markup_is_read_with_a_warning(tmp_path):
    (tmp_path / "a.html").write_text("<!DOCTYPE html>\n<p>text</p>\n")
    with pytest.warns(UserWarning, match=r"a\.html is an HTML page; check the address .* extract the text"):
        assert documents(tmp_path / "a.html") == ["<!DOCTYPE html>", "<p>text</p>"]


def test_nothing_but_empty_files_is_an_error(tmp_path):
    (tmp_path / "a.txt").touch()
    (tmp_path / "b.txt").write_text("b")
    with pytest.raises(ValueError, match=r"a\.txt: expected text, got nothing: it is empty"):
        documents(tmp_path / "a.txt")
    assert documents(tmp_path / "a.txt", tmp_path / "b.txt") == ["b"]
    with pytest.raises(ValueError, match="all are empty"):
        documents(tmp_path / "a.txt", tmp_path / "a.txt")


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
