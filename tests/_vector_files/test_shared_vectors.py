"""A file of vectors is read once, by however many estimators and processes."""

import gc
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from glove_sklearn._embedding.word_vectors import WordVectors
from glove_sklearn._vector_files import shared_vectors as module
from glove_sklearn._vector_files.shared_vectors import default_folder, shared_vectors
from glove_sklearn._vector_files.vectors import save_vectors

WORDS = WordVectors(["ice", "naïve", "東京"], np.arange(6, dtype=np.float32).reshape(3, 2))


@pytest.fixture
def path(tmp_path):
    save_vectors(tmp_path / "vectors.txt", WORDS)
    return tmp_path / "vectors.txt"


@pytest.fixture
def reads(monkeypatch):
    """The paths that were read."""
    paths = []
    resolve = module.resolve_vectors
    monkeypatch.setattr(module, "resolve_vectors", lambda path, limit: paths.append(path) or resolve(path, limit=limit))
    return paths


def forget():
    module._last.clear()
    gc.collect()


def check(shared, words=WORDS):
    assert shared.words.terms == words.terms
    np.testing.assert_array_equal(shared.words.vectors, words.vectors)


@pytest.mark.parametrize("cache_dir", [None, "folder", "auto"])
def test_estimators_that_come_and_go_share_what_was_read_once(path, tmp_path, reads, cache_dir):
    cache_dir = tmp_path / "cache" if cache_dir == "folder" else cache_dir
    first = shared_vectors(path, cache_dir=cache_dir)
    check(first)
    vectors = first.words.vectors
    del first
    gc.collect()
    again = shared_vectors(str(path), cache_dir=cache_dir)
    assert again.words.vectors is vectors
    assert len(reads) == 1


def test_other_files_other_versions_and_other_limits_are_not_mixed_up(path, tmp_path):
    check(shared_vectors(path, cache_dir=tmp_path / "cache"))
    assert shared_vectors(path, limit=2, cache_dir=tmp_path / "cache").words.terms == WORDS.terms[:2]
    changed = WordVectors(WORDS.terms[:1], WORDS.vectors[:1] + 1)
    save_vectors(path, changed)
    check(shared_vectors(path, cache_dir=tmp_path / "cache"), changed)
    # The entry of the old version is gone.
    assert len(list((tmp_path / "cache").iterdir())) == 2


def test_a_change_of_a_file_beside_it_is_noticed(tmp_path):
    save_vectors(tmp_path / "vectors.npy", WORDS)
    check(shared_vectors(tmp_path / "vectors.npy", cache_dir=tmp_path / "cache"))
    (tmp_path / "vectors.words.txt").write_text("one\ntwo\nthree\n", encoding="utf-8")
    check(
        shared_vectors(tmp_path / "vectors.npy", cache_dir=tmp_path / "cache"),
        WORDS._replace(terms=["one", "two", "three"]),
    )


def test_another_process_maps_what_one_has_written(path, tmp_path, reads):
    folder = tmp_path / "cache"
    shared_vectors(path, cache_dir=folder)
    forget()
    shared = shared_vectors(path, cache_dir=folder)
    assert len(reads) == 1
    check(shared)
    vectors = shared.words.vectors
    assert isinstance(vectors.base, np.memmap) or isinstance(vectors, np.memmap)
    assert not vectors.flags.writeable
    assert type(vectors) is np.ndarray


def test_the_checksum_tells_vectors_apart(path, tmp_path):
    one = shared_vectors(path, cache_dir=None).checksum
    assert one == shared_vectors(path, cache_dir=tmp_path / "cache").checksum
    forget()
    assert one == shared_vectors(path, cache_dir=tmp_path / "cache").checksum
    for changed in (WORDS._replace(vectors=WORDS.vectors[::-1]), WORDS._replace(terms=WORDS.terms[::-1])):
        save_vectors(path, changed)
        assert shared_vectors(path, cache_dir=None).checksum != one


@pytest.mark.parametrize("damage", ["cut", "empty", "missing", "pickle", "text", "ends", "scalar", "rows", "checksum"])
def test_a_damaged_entry_is_made_anew(path, tmp_path, damage):
    folder = tmp_path / "cache"
    shared_vectors(path, cache_dir=folder)
    forget()
    (entry,) = folder.iterdir()
    array = entry / "vectors.npy"
    if damage == "cut":
        array.write_bytes(array.read_bytes()[:-4])
    elif damage == "empty":
        array.write_bytes(b"")
    elif damage == "missing":
        array.unlink()
    elif damage == "text":
        np.save(entry / "text.npy", np.full_like(np.load(entry / "text.npy"), 0xFF))
    elif damage == "ends":
        np.save(entry / "ends.npy", np.load(entry / "ends.npy")[:2])
    elif damage == "scalar":
        np.save(entry / "ends.npy", np.array(3))
    elif damage == "rows":
        np.save(array, np.load(array)[:2])
    elif damage == "checksum":
        np.save(entry / "checksum.npy", np.arange(3))
    else:
        np.save(array, np.array([{}], dtype=object), allow_pickle=True)
    check(shared_vectors(path, cache_dir=folder))
    forget()
    assert np.load(array).shape == (3, 2)
    assert list(folder.iterdir()) == [entry]


def test_small_files_leave_the_default_folder_alone_and_large_ones_do_not(path, tmp_path, monkeypatch):
    monkeypatch.setenv("GLOVE_SKLEARN_CACHE", str(tmp_path / "cache"))
    shared_vectors(path)
    assert not (tmp_path / "cache").exists()
    monkeypatch.setattr(module, "_WORTH_CACHING", 1)
    forget()
    check(shared_vectors(path))
    assert len(list((tmp_path / "cache").iterdir())) == 1


def test_a_default_folder_that_cannot_be_written_is_done_without(path, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    monkeypatch.setenv("GLOVE_SKLEARN_CACHE", str(tmp_path / "file"))
    monkeypatch.setattr(module, "_WORTH_CACHING", 1)
    check(shared_vectors(path))
    forget()
    with pytest.raises(OSError, match="cannot keep vectors in cache_dir="):
        shared_vectors(path, cache_dir=tmp_path / "file")


def test_the_default_folder_is_among_the_caches_of_the_user(monkeypatch):
    monkeypatch.delenv("GLOVE_SKLEARN_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", "/somewhere")
    monkeypatch.setattr(sys, "platform", "linux")
    assert default_folder() == Path("/somewhere/glove_sklearn")
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert default_folder() == Path.home() / ".cache" / "glove_sklearn"
    monkeypatch.setattr(sys, "platform", "darwin")
    assert default_folder() == Path.home() / "Library" / "Caches" / "glove_sklearn"


def test_a_user_without_a_home_has_no_default_folder(path, monkeypatch):
    def fail():
        raise RuntimeError("Could not determine home directory.")

    for name in ("GLOVE_SKLEARN_CACHE", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(Path, "home", fail)
    assert default_folder() is None
    check(shared_vectors(path))


def test_members_of_a_zip_are_told_apart(path, tmp_path):
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.write(path, "one.txt")
        archive.writestr("two.txt", "other 1 2 3\n")
    check(shared_vectors(tmp_path / "all.zip" / "one.txt", cache_dir=tmp_path / "cache"))
    two = shared_vectors(tmp_path / "all.zip" / "two.txt", cache_dir=tmp_path / "cache")
    assert two.words.terms == ["other"]


def test_any_words_survive_the_folder(tmp_path):
    pytest.importorskip("gensim")
    words = WordVectors(["", "a b", "new\nline", "x\ud800"], np.ones((4, 2), dtype=np.float32), np.array([4, 3, 2, 1]))
    save_vectors(tmp_path / "vectors.kv", words)
    shared_vectors(tmp_path / "vectors.kv", cache_dir=tmp_path / "cache")
    forget()
    found = shared_vectors(tmp_path / "vectors.kv", cache_dir=tmp_path / "cache").words
    assert found.terms == words.terms
    assert found.counts.tolist() == [4, 3, 2, 1]


@pytest.mark.long
def test_processes_that_start_together_all_succeed(path, tmp_path):
    code = (
        "import sys, json; from glove_sklearn._vector_files.shared_vectors import shared_vectors;"
        "shared = shared_vectors(sys.argv[1], cache_dir=sys.argv[2]);"
        "print(json.dumps([shared.words.terms, shared.words.vectors.tolist()]))"
    )
    arguments = [sys.executable, "-c", code, str(path), str(tmp_path / "cache")]
    processes = [subprocess.Popen(arguments, stdout=subprocess.PIPE, env=os.environ) for _ in range(3)]
    for process in processes:
        output, _ = process.communicate(timeout=120)
        assert process.returncode == 0
        assert json.loads(output) == [WORDS.terms, WORDS.vectors.tolist()]
    assert len(list((tmp_path / "cache").iterdir())) == 1
