"""The run with sanitizers: what is copied, and what is said of kernels that do not exist."""

import pytest

from tools import sanitize


def test_unknown_kernels_are_named(capsys):
    with pytest.raises(SystemExit):
        sanitize.main(["_training/_adagrad", "_training/_nothing"])
    message = capsys.readouterr().err
    assert "no kernel is called _training/_nothing; there are _system/_linear_algebra, " in message


def test_sources_are_copied_and_what_is_built_is_not(tmp_path, monkeypatch):
    root, copy = tmp_path / "root", tmp_path / "copy"
    monkeypatch.setattr(sanitize, "ROOT", root)
    monkeypatch.setattr(sanitize, "FOLDER", copy)
    monkeypatch.setattr(sanitize, "COPIED", ("glove_sklearn", "tests", "setup.py"))
    sources = ["glove_sklearn/_system/_bits.h", "glove_sklearn/_system/_kernel.pyx", "tests/lanes.c", "setup.py"]
    for name in (*sources, "glove_sklearn/_system/_kernel.so", "glove_sklearn/_system/_kernel.c"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name)
    sanitize.copy_sources()
    assert sorted(path.relative_to(copy).as_posix() for path in copy.rglob("*") if path.is_file()) == sorted(sources)
    before = (copy / "setup.py").stat().st_mtime_ns
    (root / "tests" / "lanes.c").write_text("changed")
    sanitize.copy_sources()
    assert (copy / "tests" / "lanes.c").read_text() == "changed"
    assert (copy / "setup.py").stat().st_mtime_ns == before


def test_tests_that_fail_or_do_not_end_fail_the_run(monkeypatch, capsys):
    monkeypatch.setattr(sanitize, "copy_sources", lambda: None)
    monkeypatch.setattr(sanitize, "build", lambda: None)
    monkeypatch.setattr(sanitize, "run_tests", lambda kernel, seconds: kernel != "_training/_pmi" and seconds == 9)
    assert sanitize.main(["_training/_adagrad", "--seconds", "9"]) == 0
    assert sanitize.main(["_training/_adagrad", "_training/_pmi", "--seconds", "9"]) == 1
    assert "_training/_pmi: FAILED" in capsys.readouterr().out
