import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from glove_sklearn._system import files
from glove_sklearn._system.files import (
    file_of,
    format_suffix,
    open_folder_to_write,
    open_to_read,
    open_to_write,
    remove_abandoned,
)
from tests.disk import limit_of_file_size

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


@pytest.mark.posix
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
        with pytest.raises(ValueError, match=rf"a\.zip/a cannot be unpacked: .*{message}"):
            read(path)


@pytest.mark.posix
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


@pytest.mark.skipif(not os.access("/dev/shm", os.W_OK), reason="this system has no /dev/shm")
def test_files_in_dev_shm_are_replaced(request):
    path = Path(f"/dev/shm/glove_sklearn-{os.getpid()}")
    request.addfinalizer(lambda: path.unlink(missing_ok=True))
    for data in (b"old and long", b"new"):
        write(path, data)
        assert path.read_bytes() == data


@pytest.mark.posix
def test_streams_that_are_open_are_appended_to(tmp_path):
    script = (
        "import os, sys\n"
        "from glove_sklearn._system.files import open_to_write\n"
        "for path in sys.argv[1:]:\n"
        "    with open_to_write(path) as file: file.write(b'new ')\n"
    )
    path = tmp_path / "out"
    (tmp_path / "link").symlink_to("/dev/stdout")
    path.write_bytes(b"old ")
    with path.open("ab") as out:
        subprocess.run(
            [sys.executable, "-c", script, "/dev/stdout", "/dev/fd/1", tmp_path / "link"], stdout=out, check=True
        )
    assert path.read_bytes() == b"old new new new "
    done = subprocess.run([sys.executable, "-c", script, "/dev/stdout"], stdout=subprocess.PIPE, check=True)
    assert done.stdout == b"new "


@pytest.mark.posix
def test_a_pipe_is_written_to(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    write(pipe, b"data")
    assert os.read(reader, 100) == b"data"
    os.close(reader)
    assert pipe.is_fifo()


@pytest.mark.parametrize("suffix", [".gz", ".bz2", ".xz", ".zip"])
def test_the_same_content_gives_the_same_bytes(tmp_path, suffix):
    (tmp_path / "later").mkdir()
    paths = tmp_path / f"vectors.txt{suffix}", tmp_path / "later" / f"vectors.txt{suffix}"
    for path in paths:
        write(path)
    first, second = (path.read_bytes() for path in paths)
    assert first == second
    if suffix == ".gz":
        assert first[:10] == b"\x1f\x8b\x08\0\0\0\0\0\x02\xff"  # no name, no time


def test_a_folder_that_does_not_exist_is_named(tmp_path):
    with pytest.raises(
        FileNotFoundError, match=r"missing.a\.txt cannot be written: the folder '.*missing' does not exist"
    ):
        write(tmp_path / "missing" / "a.txt")
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(NotADirectoryError, match=r"the folder '.*file' is not a folder"):
        write(tmp_path / "file" / "a.txt")


def test_a_full_disk_names_the_output_and_leaves_the_old_file(tmp_path):
    path = tmp_path / "a.txt"
    write(path, b"old")
    with limit_of_file_size(10_000), pytest.raises(OSError, match=r"File too large: '.*/a\.txt'"):
        write(path)
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["a.txt"]


KILLED = """
import os, sys
from glove_sklearn._system.files import open_folder_to_write, open_to_write
with (open_to_write if sys.argv[2] == "file" else open_folder_to_write)(sys.argv[1]) as made:
    if sys.argv[2] == "folder":
        open(made + ".npy", "w").close()
    os.kill(os.getpid(), 9)  # SIGKILL, and on Windows TerminateProcess
"""


@pytest.mark.parametrize("kind", ["file", "folder"])
def test_what_a_killed_process_left_is_removed_by_the_next_writer(tmp_path, kind):
    path = tmp_path / "vocab.txt"
    other = tmp_path / ".other.txt.1-abcdef.partial"
    for name in ("vocab.txt", "vocab.txt.gz"):
        subprocess.run([sys.executable, "-c", KILLED, tmp_path / name, kind])
    assert len(os.listdir(tmp_path)) == 2
    other.touch()
    if kind == "file":
        write(path)
    else:
        with open_folder_to_write(path) as made:
            Path(made).write_bytes(b"")
    left = sorted(os.listdir(tmp_path))
    assert [name for name in left if name.startswith(".vocab.txt.gz.")] == left[1:2]  # another file
    assert left[::2] == [other.name, "vocab.txt"]


@pytest.mark.posix
def test_what_a_living_process_writes_is_not_removed(tmp_path):
    path = tmp_path / "a.txt"
    with open_to_write(path) as file:
        file.write(b"mine")
        remove_abandoned(path)
        # As it looks in a container that does not see the process.
        (partial,) = tmp_path.glob(".*.partial")
        partial.rename(partial.with_name(f".a.txt.{2**22 + 1}-abc.partial"))
        remove_abandoned(path)
        (renamed,) = tmp_path.glob(".*.partial")
        renamed.rename(partial)
    assert path.read_bytes() == b"mine"


def test_several_files_replace_their_predecessors_together(tmp_path):
    path = tmp_path / "a.kv"
    for text in ("old", "new"):
        with open_folder_to_write(path) as made:
            Path(made).write_text(text)
            Path(f"{made}.vectors.npy").write_text(text * 2)
            if text == "new":
                assert (path.read_text(), (tmp_path / "a.kv.vectors.npy").read_text()) == ("old", "oldold")
        assert (path.read_text(), (tmp_path / "a.kv.vectors.npy").read_text()) == (text, text * 2)
    with limit_of_file_size(10_000), pytest.raises(OSError, match=r"'.*/a\.kv'"), open_folder_to_write(path) as made:
        Path(made).write_bytes(bytes(100_000))
    assert sorted(os.listdir(tmp_path)) == ["a.kv", "a.kv.vectors.npy"]
    assert path.read_text() == "new"


def test_the_file_of_a_member_is_its_archive(tmp_path):
    archive = tmp_path / "a.zip"
    write(archive)
    assert file_of(archive / "x" / "y.txt") == str(archive)
    assert file_of(archive) == str(archive)
    assert file_of(tmp_path / "missing") == str(tmp_path / "missing")


@pytest.mark.parametrize("address", ["https://example.org/vectors.txt", "s3://bucket/v.txt.gz"])
def test_an_address_must_be_downloaded_first(address):
    with pytest.raises(FileNotFoundError, match="is an address: download the file first"):
        read(address)


def test_format_suffix():
    names = ["a.txt", "A.TXT.GZ", "a.b.bin.zip", "a", "a.gz", Path("x.d/vectors.vec.xz")]
    assert [format_suffix(name) for name in names] == [".txt", ".txt", ".bin", "", "", ".vec"]


@pytest.mark.posix
def test_files_and_folders_are_written_where_nothing_can_be_locked(tmp_path, monkeypatch):
    """As on Windows, which lacks fcntl, opens no folders, and renames no file that is open."""
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr("glove_sklearn._system.windows.process_exists", lambda pid: False)
    monkeypatch.delattr("glove_sklearn._system.files.fcntl", raising=False)
    original, rename = os.open, os.replace

    def open_only_for_rmtree(path, flags, **options):
        if "dir_fd" not in options and os.path.isdir(path):
            raise PermissionError(13, "Permission denied", str(path))
        return original(path, flags, **options)

    monkeypatch.setattr("os.open", open_only_for_rmtree)

    def rename_what_is_closed(source, target):
        opened = [os.readlink(link) for link in Path("/proc/self/fd").glob("*") if os.path.lexists(link)]
        assert str(source) not in opened
        rename(source, target)

    monkeypatch.setattr("os.replace", rename_what_is_closed)
    write(tmp_path / "vectors.txt.gz")
    with open_folder_to_write(tmp_path / "vectors.kv") as path:
        Path(path).write_bytes(b"new")
        Path(f"{path}.vectors.npy").write_bytes(b"beside")
    assert read(tmp_path / "vectors.txt.gz") == TEXT
    assert sorted(os.listdir(tmp_path)) == ["vectors.kv", "vectors.kv.vectors.npy", "vectors.txt.gz"]


@pytest.mark.parametrize("n_refusals", [0, 3])
def test_on_windows_a_file_that_others_are_about_to_close_is_waited_for(tmp_path, monkeypatch, n_refusals):
    path = tmp_path / "vectors.txt"
    write(path, b"old")
    refused = []

    def refuse(new, old, replace=os.replace):
        if len(refused) < n_refusals:
            refused.append(old)
            raise PermissionError(13, "Access is denied", new, 5, old)
        replace(new, old)

    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(os, "replace", refuse)
    write(path)
    assert read(path) == TEXT
    assert refused == [str(path)] * n_refusals
    assert os.listdir(tmp_path) == [path.name]


@pytest.mark.parametrize("platform", ["win32", pytest.param("linux", marks=pytest.mark.posix)])
def test_a_file_that_cannot_be_replaced_is_an_error_and_stays(tmp_path, monkeypatch, platform):
    path = tmp_path / "vectors.txt"
    write(path, b"old")
    attempts = []

    def refuse(new, old):
        attempts.append(old)
        raise PermissionError(13, "Access is denied", new, 5, old)

    monkeypatch.setattr(files, "PATIENCE", 0.1)
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(PermissionError, match="Access is denied"):
        write(path)
    assert path.read_bytes() == b"old"
    assert (len(attempts) > 1) == (platform == "win32")
    assert os.listdir(tmp_path) == [path.name]
