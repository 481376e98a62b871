"""Archives and compressed files: their members are read, and their damage is told with file and member."""

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile

import numpy as np
import pytest

from glove_sklearn._system.containers import container_of
from glove_sklearn._system.files import open_each_to_read, open_to_read

MEMBERS = {"part1.txt": b"first\n" * 1000, "more/part2.txt": b"second\n" * 1000}


def tar_of(members, format=tarfile.PAX_FORMAT):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=format) as tar:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def zip_of(members):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in members.items():
            file.writestr(name, data)
    return buffer.getvalue()


def read(path):
    with open_to_read(path) as file:
        return file.read()


@pytest.fixture
def save(tmp_path):
    def save(name, data):
        (tmp_path / name).write_bytes(data)
        return tmp_path / name

    return save


@pytest.mark.parametrize("compress", [bytes, gzip.compress, bz2.compress, lzma.compress])
@pytest.mark.parametrize("format", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT, tarfile.USTAR_FORMAT])
def test_members_of_tar_archives_are_paths(save, compress, format):
    path = save("corpus.tar.any", compress(tar_of({f"./{name}": data for name, data in MEMBERS.items()}, format)))
    for name, data in MEMBERS.items():
        assert read(path / name) == data
    assert {name.removeprefix(f"{path}/"): file.read() for name, file in open_each_to_read(path)} == MEMBERS
    with pytest.raises(ValueError, match=r"has 2 members; name one of: .*corpus\.tar\.any/part1\.txt, "):
        read(path)
    with pytest.raises(ValueError, match=r"has no member 'part3\.txt'; name one of"):
        read(path / "part3.txt")


@pytest.mark.parametrize("pack", [tar_of, zip_of])
def test_what_an_operating_system_adds_is_no_member_to_choose_among(save, pack):
    added = {"__MACOSX/._a.txt": b"\0\5\x16\7", ".DS_Store": b"\0\0\0\1Bud1", "folder/._a.txt": b"\0\5\x16\7"}
    path = save("a", pack({**added, "folder/a.txt": b"text"}))
    assert read(path) == b"text"
    assert [name for name, _ in open_each_to_read(path)] == [f"{path}/folder/a.txt"]
    assert read(path / ".DS_Store") == added[".DS_Store"]
    path = save("b", pack(added))
    for reading in (read, lambda path: list(open_each_to_read(path))):
        with pytest.raises(ValueError, match="there is no file in this"):
            reading(path)


def test_compressed_members_and_files_compressed_twice_are_read(save):
    for pack in (tar_of, zip_of):
        assert read(save("a", pack({"a.txt.gz": gzip.compress(b"text")}))) == b"text"
    assert read(save("a", gzip.compress(bz2.compress(lzma.compress(b"text"))))) == b"text"
    data = b"text"
    for _ in range(5):
        data = gzip.compress(data)
    with pytest.raises(ValueError, match="is compressed 5 times over"):
        read(save("a", data))


def test_archives_in_archives_are_refused_with_what_to_do(save):
    for data, message in [
        (gzip.compress(zip_of(MEMBERS)), "a is a zip file that is compressed by gzip; run gunzip first"),
        (zip_of({"b.zip": zip_of(MEMBERS)}), r"a/b\.zip is a zip archive in another archive; unpack the outer one"),
        (zip_of({"b.tgz": gzip.compress(tar_of(MEMBERS))}), r"a/b\.tgz is a tar archive in another"),
        (tar_of({"b.zip": zip_of(MEMBERS)}), r"a/b\.zip is a zip archive in another archive"),
        (zip_of({"[Content_Types].xml": b"<x/>", "word/document.xml": b""}), "a document of an office program"),
    ]:
        path = save("a", data)
        with pytest.raises(ValueError, match=message):
            read(path)
        with pytest.raises(ValueError, match=message):
            list(open_each_to_read(path))
    buffer = io.BytesIO()
    np.savez(buffer, a=np.zeros(3), b=np.zeros(3))
    with pytest.raises(ValueError, match=r"NumPy's arrays \(\.npz\)"):
        read(save("a", buffer.getvalue()))


def test_a_message_names_some_of_many_members(save):
    path = save("a", zip_of({f"{i}.txt": b"" for i in range(1000)}))
    with pytest.raises(ValueError, match=r"has 1000 members; name one of: .*a/9\.txt and 990 more"):
        read(path)


@pytest.mark.parametrize("pack", [zip_of, tar_of, lambda members: gzip.compress(tar_of(members))])
def test_damage_anywhere_is_an_error_that_names_the_file(save, pack, seed):
    random = np.random.RandomState(seed)
    whole = pack({"a.txt": random.bytes(3000)})
    n_good = 0
    for _ in range(300):
        damaged = bytearray(whole)
        for place in random.randint(0, len(whole), random.randint(1, 20)):
            damaged[place] = random.randint(256)
        path = save("damaged", bytes(damaged[: random.randint(len(whole) // 2, 2 * len(whole))]))
        try:
            read(path)
        except (ValueError, OSError) as error:
            n_good += str(path) in str(error)
        else:
            n_good += 1
    assert n_good == 300


def test_a_length_that_a_header_claims_is_not_believed(save):
    data = bytearray(zip_of({"a.txt": b"x" * 1000}))
    place = data.index(b"PK\1\2") + 24  # the length, in the directory
    data[place : place + 4] = (1 << 31).to_bytes(4, "little")
    path = save("a", bytes(data))
    with open_to_read(path) as file:
        assert file.seek(0, io.SEEK_END) == 1000


def test_the_end_of_compressed_data_is_found(save):
    path = save("a", gzip.compress(b"0123456789" * 100_000))
    with open_to_read(path) as file:
        assert file.seek(0, io.SEEK_END) == 1_000_000
        file.seek(999_995)
        assert (file.read(3), file.tell()) == (b"567", 999_998)
        file.seek(10)
        assert file.read(3) == b"012"


def test_container_of():
    assert container_of(tar_of(MEMBERS)[:512]) == "tar"
    assert container_of(tar_of(MEMBERS)[:511]) is None
    assert container_of(zip_of(MEMBERS)) == "zip"
    assert container_of(gzip.compress(b"")) == "gzip"
    assert container_of(b"the quick brown fox " * 100) is None
    assert container_of(bytes(512)) is None
