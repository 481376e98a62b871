import os
import zipfile
from pathlib import Path

import pytest

from glove_sklearn._system.files import format_suffix, open_to_read, open_to_write

TEXT = b"the 0.1 0.2\nof 0.3 0.4\n" * 1000


def read(path):
    with open_to_read(path) as file:
        return file.read()


def write(path, data=TEXT, error=None):
    with open_to_write(path) as file:
        file.write(data)
        if error is not None:
            raise error


@pytest.mark.parametrize("suffix", ["", ".gz", ".bz2", ".xz", ".zip"])
def test_what_is_written_is_read_whatever_the_name_becomes(tmp_path, suffix):
    path = tmp_path / f"vectors.txt{suffix}"
    write(path)
    assert read(path) == TEXT
    assert path.stat().st_size < len(TEXT) or not suffix
    assert os.listdir(tmp_path) == [path.name]
    path.rename(tmp_path / "renamed")
    assert read(str(tmp_path / "renamed")) == TEXT


@pytest.mark.parametrize("suffix", [".gz", ".bz2", ".xz", ".zip"])
@pytest.mark.parametrize("data", [b"", b"x"])
def test_nearly_nothing_is_compressed_too(tmp_path, suffix, data):
    write(tmp_path / f"a{suffix}", data)
    assert read(tmp_path / f"a{suffix}") == data


def test_text_that_begins_like_a_compressed_file_is_text(tmp_path):
    (tmp_path / "a").write_bytes(b"BZh9 0.1 0.2\n")
    assert read(tmp_path / "a") == b"BZh9 0.1 0.2\n"


@pytest.mark.parametrize("suffix", [".gz", ".bz2", ".xz", ".zip"])
def test_damage_is_an_error_that_names_the_file(tmp_path, suffix):
    path = tmp_path / f"vectors.txt{suffix}"
    write(path, os.urandom(100_000))
    whole = path.read_bytes()
    for damaged in (whole[: len(whole) // 2], whole[:5000] + b"\0" * 50 + whole[5050:]):
        path.write_bytes(damaged)
        with pytest.raises(ValueError, match=r"vectors\.txt.*damaged or incomplete"):
            read(path)


def test_members_of_zip_files_are_paths(tmp_path):
    archive = tmp_path / "glove.6B.zip"
    with zipfile.ZipFile(archive, "w") as zip_file:
        zip_file.writestr("glove.6B.50d.txt", "fifty")
        zip_file.writestr("more/glove.6B.100d.txt", "hundred")
    assert read(archive / "glove.6B.50d.txt") == b"fifty"
    assert read(f"{archive}/more/glove.6B.100d.txt") == b"hundred"
    with pytest.raises(ValueError, match=r"has 2 members; name one of: .*glove\.6B\.zip/glove\.6B\.50d\.txt, "):
        read(archive)
    with pytest.raises(ValueError, match=r"has no member 'glove\.6B\.300d\.txt'; name one of"):
        read(archive / "glove.6B.300d.txt")
    plain = tmp_path / "vectors.txt"
    plain.write_bytes(TEXT)
    with pytest.raises(NotADirectoryError, match="neither a folder nor a zip file"):
        read(plain / "member")
    with pytest.raises(FileNotFoundError):
        read(tmp_path / "missing" / "file")


def test_an_error_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "vectors.txt"
    write(path, b"old")
    with pytest.raises(KeyboardInterrupt):
        write(path, b"new", KeyboardInterrupt())
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["vectors.txt"]


def test_files_that_are_there_keep_their_mode_and_their_neighbours(tmp_path):
    path, neighbour = tmp_path / "mine.txt", tmp_path / "mine.txt.partial"
    path.write_bytes(b"old")
    path.chmod(0o600)
    neighbour.write_bytes(b"other")
    write(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert neighbour.read_bytes() == b"other"
    write(tmp_path / "new.txt")
    (tmp_path / "plain").touch()
    assert (tmp_path / "new.txt").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_zip_files_that_cannot_be_unpacked_are_errors(tmp_path):
    path = tmp_path / "a.zip"
    write(path)
    data = bytearray(path.read_bytes())
    for place, value, message in ((6, 1, "encrypted"), (8, 99, "compression")):
        changed = data.copy()
        changed[place] |= value  # in the header of the member, and in the directory
        changed[changed.index(b"PK\x01\x02") + place + 2] |= value
        path.write_bytes(changed)
        with pytest.raises(ValueError, match=rf"a\.zip cannot be unpacked: .*{message}"):
            read(path)


def test_folders_links_and_pipes(tmp_path):
    with pytest.raises(IsADirectoryError, match="is a folder"):
        write(tmp_path)
    link = tmp_path / "link.txt"
    link.symlink_to(tmp_path / "target.txt")
    write(link)
    assert link.is_symlink()
    assert (tmp_path / "target.txt").read_bytes() == TEXT
    write(Path("/dev/null"))
    assert not os.path.isfile("/dev/null")


def test_format_suffix():
    names = ["a.txt", "A.TXT.GZ", "a.b.bin.zip", "a", "a.gz", Path("x.d/vectors.vec.xz")]
    assert [format_suffix(name) for name in names] == [".txt", ".txt", ".bin", "", "", ".vec"]
