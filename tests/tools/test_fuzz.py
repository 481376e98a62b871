"""The fuzzer makes the same files again, and finds what it looks for."""

import sys
import warnings

import pytest

if sys.platform == "win32":
    pytest.skip("the fuzzer needs signals and limits of Unix", allow_module_level=True)

from tools.fuzz import CONTAINERS, READERS, fault_of, make_file, read_damaged_files, valid_files, write_companions


def test_the_same_seed_makes_the_same_files(tmp_path):
    files = valid_files(tmp_path)
    made = [make_file(index, 3, files)[:2] for index in range(50)]
    assert made == [make_file(index, 3, files)[:2] for index in range(50)]
    assert made != [make_file(index, 4, files)[:2] for index in range(50)]
    assert len({content for _, content in made}) > 40


def test_whole_files_are_read_plain_and_in_every_container(tmp_path):
    files = valid_files(tmp_path)
    path = tmp_path / "folder" / "file"
    path.parent.mkdir()
    write_companions(path, files)
    for kind, data in files.items():
        path.write_bytes(data)
        for reader in READERS[kind].values():
            assert fault_of(reader, str(path)) is None
    for container in CONTAINERS.values():
        path.write_bytes(container(files["corpus"]))
        assert len(READERS["corpus"]["documents in GB18030"](str(path))) == files["corpus"].count(b"\n") + 1


def test_damaged_files_are_no_findings(tmp_path, seed):
    assert list(read_damaged_files(tmp_path, seed, 0, 40)) == []


def fail(error):
    def read(path):
        raise error if isinstance(error, Exception) else error(path)

    return read


def loop(path):
    while True:
        pass


def warn(path):
    warnings.warn("overflow", RuntimeWarning, stacklevel=1)


@pytest.mark.parametrize(
    ("reader", "expected"),
    [
        (fail(lambda path: ValueError(f"{path} is damaged")), None),
        (len, None),
        (fail(ValueError("damaged")), "ValueError does not name the file"),
        (fail(MemoryError()), "MemoryError does not name the file"),
        (fail(lambda path: KeyError(path)), "KeyError"),
        (warn, "RuntimeWarning: overflow"),
        (loop, "more than 0.1 seconds"),
    ],
)
def test_findings(reader, expected):
    fault = fault_of(reader, "/a/file", seconds=0.1)
    if expected is None:
        assert fault is None
    else:
        assert fault[0].startswith(expected)
