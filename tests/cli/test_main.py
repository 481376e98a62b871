"""The program as a whole: help, mistakes, pipes and Ctrl-C."""

import os
import pickle
import re
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from glove_sklearn.cli.main import cli
from glove_sklearn.formats import (
    write_cooccurrences,
)
from tests.cli.runs import DOCUMENTS, environment_of_programs


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["train", "missing.txt", "-o", "v.txt"], r"missing\.txt: no such file or directory$"),
        (["train", "-o", "v.txt"], "give either a CORPUS"),
        (["train", "corpus.txt"], "give --output FILE for the vectors, or one of the --save options"),
        (["train", "corpus.txt", "-o", "corpus.txt", "--format", "glove"], "corpus.txt would replace corpus.txt"),
        (["train", "corpus.txt", "-o", "v.txt", "--save-vocabulary", "./v.txt"], "would replace what --output writes"),
        (["train", "corpus.txt", "-o", "v.txt", "--checkpoint", "v.txt"], "would replace what --output writes"),
        (["train", ".", "-o", "v.txt"], "is in ., which is the corpus"),
        pytest.param(
            ["train", "corpus.txt", "-o", "/proc/v.txt"],
            "--output /proc/v.txt cannot be written",
            marks=pytest.mark.posix,
        ),
        (["train", "corpus.txt", "-o", "v.txt", "--checkpoint-every", "3"], "--checkpoint-every needs --checkpoint"),
        (["train", "-", "-", "-o", "v.txt"], "can be read only once"),
        (["train", "encrypted.zip", "-o", "v.txt"], "encrypted.zip/a cannot be unpacked: .*encrypted"),
        (["train", "corpus.txt", "-o", "v.txt", "-x-max", "10"], r"'-x-max'; .* Stanford GloVe is set by --x-max here"),
        (["train", "corpus.txt", "-o", "v.txt", "--vector-size=5"], "'--vector-size'; .* set by --n-components here"),
        (["train", "corpus.txt", "-o", "v.txt", "-overflow-file", "x"], "'-overflow-file'; .* set by --temp-dir here"),
        (["train", "corpus.txt", "-o", "v.txt", "-seed", "1"], "'-seed'; .* set by --random-state here"),
        (["train", "corpus.txt", "-o", "v.txt", "--n-component", "1"], "No such option '--n-component'"),
        (["info", "pickle"], "is a pickle, which can run any program when it is read"),
        (["convert", "vectors.txt", "vectors.txt"], "vectors.txt would replace vectors.txt"),
        (["convert", "v.words.txt", "v.npy"], r"v\.words\.txt would replace v\.words\.txt"),
        (["convert", "v.npy", "v.words.txt"], r"v\.words\.txt would replace v\.npy"),
        (["convert", "v.metadata.tsv", "v.tsv", "--to", "projector"], r"v\.metadata\.tsv would replace"),
        (["train", "v.words.txt", "-o", "v.npy"], r"--output writes v\.words\.txt, too, which would replace a file"),
        (["train", "corpus.txt", "-o", "v.doc"], r"v\.doc"),
        (
            ["train", "corpus.txt", "-o", "missing/v.txt"],
            "--output missing/v.txt cannot be written: the folder .*missing does not exist",
        ),
        (["train", "corpus.txt", "-o", "v.txt", "--min-count", "1000"], "empty vocabulary; none of 10 terms"),
        (["train", "corpus.txt", "-o", "v.txt", "--x-max", "-1"], "--x-max"),
        (["train", "corpus.txt", "-o", "v.txt", "--x-max", "big"], "--x-max.*: expected a number or auto, got 'big'"),
        (
            ["train", "corpus.txt", "-o", "v.txt", "--window-size", "0"],
            "expected a whole number from 1 or none, got '0'",
        ),
        (
            ["train", "corpus.txt", "-o", "v.txt", "--weighting", "far"],
            "expected a number, harmonic or flat, got 'far'",
        ),
        (["train", "corpus.txt", "-o", "v.txt", "--weighting", "-1"], "weighting"),
        (["train", "corpus.txt", "--save-vocabulary", "v.txt", "--checkpoint", "run"], "--checkpoint keeps the state"),
        (["train", "corpus.txt", "-o", "v.txt", "--negative-ratio", "-1"], "--negative-ratio"),
        (
            ["train", "corpus.txt", "-o", "v.txt", "--init", "v.txt"],
            "--output v.txt would replace v.txt",
        ),
        (
            ["train", "corpus.txt", "-o", "v.txt", "--anchor", "0.1"],
            "--anchor 0.1 keeps words near given vectors, but --init svd",
        ),
        (
            ["train", "corpus.txt", "-o", "v.txt", "--initial-parameters", "w", "--init", "random"],
            "--init says how vectors are initialised, but --initial-parameters",
        ),
        (["train", "corpus.txt", "-o", "v.txt", "--n-components", "0"], "--n-components"),
        (["train", "corpus.txt", "-o", "v.txt", "--n-jobs", "0"], "--n-jobs"),
        (["train", "corpus.txt", "-o", "v.txt", "--memory-limit", "lots"], "--memory-limit must be .* got 'lots'"),
        (["train", "corpus.txt", "-o", "v.txt", "--temp-dir", "nowhere"], "--temp-dir .*nowhere"),
        (["train", "corpus.txt", "-o", "v.txt", "--encoding", "klingon"], "unknown encoding: klingon"),
        (["train", "corpus.txt", "-o", "v.txt", "--learning-rate", "1e9", "-q", "-d", "5"], "--learning-rate 1"),
        (["train", "corpus.txt", "-o", "v.txt", "--save-gradsq", "g.bin"], "--save-gradsq needs --save-parameters"),
        (["train", "corpus.txt", "-o", "v.txt", "--cooccurrence", "c.bin"], "give either a CORPUS"),
        (["train", "-o", "v.txt", "--cooccurrence", "c.bin"], "needs --vocabulary"),
        (["train", "corpus.txt", "-o", "v.txt", "--vocabulary", "w", "--min-count", "2"], "--min-count selects words"),
        (["train", "cooccurrence.bin", "-o", "v.txt"], "is a file of co-occurrences: give it with --cooccurrence"),
        (["train", "binary", "-o", "v.txt", "-q"], "binary is not text: it has NUL bytes"),
        (["train", "corpus.txt", "-o", "v.txt", "--checkpoint", "binary"], "not a checkpoint"),
        (["neighbors", "missing.txt", "cat"], r"missing\.txt"),
        (["neighbors", "corpus.txt", "cat"], r"corpus\.txt"),
        (["neighbors", "vectors.txt", "CAT"], "vectors.txt has no vector for 'CAT'; perhaps: cat"),
        (["neighbors", "vectors.txt", "qqqq"], r"vectors.txt has no vector for 'qqqq' \(see"),
        (["neighbors", "vectors.txt"], "Missing argument 'WORDS...'"),
        (["analogy", "vectors.txt", "cat", "dog", "birds"], "no vector for 'birds'; perhaps: bird"),
        (["evaluate", "vectors.txt", "--analogies", "missing"], "missing"),
        (["convert", "vectors.txt", "v.doc"], r"v\.doc"),
        (["convert", "vectors.txt", "v.bin", "--from", "nothing"], "nothing"),
        (["info", "corpus.txt"], r"corpus\.txt"),
        (["info", "."], r"'\.' is a folder: give the name of a file in it"),
        (["info", "missing"], "missing: no such file or directory$"),
        (["neighbors", "https://example.org/v.txt", "cat"], "is an address: download the file first"),
        (
            ["convert", "corpus.zip/corpus.txt", "corpus.zip", "--to", "glove"],
            "corpus.zip would replace corpus.zip/corpus.txt",
        ),
        (
            ["train", "corpus.zip/corpus.txt", "--save-vocabulary", "corpus.zip"],
            "corpus.zip would replace corpus.zip/corpus",
        ),
        (["train", "corpus.txt", "-o", "corpus.txt/v.txt"], "the folder .*corpus.txt is not a folder"),
        (["train", "empty.txt", "-o", "v.txt"], "empty.txt: expected text, got nothing: it is empty"),
        (
            ["convert", "vectors.txt", "missing/v.txt"],
            "missing.v.txt cannot be written: the folder .*missing' does not exist",
        ),
        (["frobnicate"], "No such command 'frobnicate'"),
        (["train", "--frobnicate"], "No such option"),
    ],
    ids=lambda value: " ".join(value)[:60] if isinstance(value, list) else "",
)
def test_mistakes_are_one_line_and_status_2(run, vectors, arguments, message):
    if arguments[0] in ("neighbors", "analogy"):
        pytest.importorskip("gensim")
    Path("binary").write_bytes(bytes(range(256)))
    write_cooccurrences("cooccurrence.bin", np.ones((2, 2)))
    Path("empty.txt").touch()
    with zipfile.ZipFile("corpus.zip", "w") as file:
        file.write("corpus.txt")
        file.write("corpus.txt", "other.txt")
    Path("pickle").write_bytes(pickle.dumps({"a": 1}))
    with zipfile.ZipFile("encrypted.zip", "w") as file:
        file.writestr("a", "a b")
    data = bytearray(Path("encrypted.zip").read_bytes())
    data[6] = data[data.index(b"PK\x01\x02") + 8] = 1
    Path("encrypted.zip").write_bytes(data)
    status, output, errors = run(*arguments)
    assert status == 2
    assert output == ""
    lines = [line for line in errors.split("\n")[:-1] if "\r" not in line]  # progress bars come before
    assert len(lines) == 1
    assert lines[0].startswith("glove-sklearn: ")
    assert re.search(message, lines[0])
    assert not os.path.exists("v.txt")
    assert Path("corpus.txt").read_text().startswith(DOCUMENTS[0])


@pytest.mark.parametrize("command", [[], *([name] for name in cli.commands)])
def test_help_teaches(run, command):
    status, output, errors = run(*command, "--help")
    assert (status, errors) == (0, "")
    assert "glove-sklearn" in output
    if command != ["info"]:
        assert "\n    glove-sklearn " in output or "\n      glove-sklearn " in output


def test_the_program_alone_shows_its_help(run):
    status, output, _ = run()
    assert status == 0
    assert "Commands:" in output


@pytest.mark.long
@pytest.mark.posix
def test_standard_output_is_appended_to(vectors):
    environment = environment_of_programs()
    command = f"{sys.executable} -m glove_sklearn convert {vectors} /dev/stdout --to glove"
    Path("all.txt").write_text("precious\n")
    subprocess.run(f"{command} >> all.txt; {command} | cat > piped.txt", shell=True, env=environment, check=True)
    assert Path("all.txt").read_text() == "precious\n" + vectors.read_text()
    assert Path("piped.txt").read_text() == vectors.read_text()


@pytest.mark.long
@pytest.mark.parametrize(
    ("number", "status", "said"), [(signal.SIGINT, 130, "interrupted"), (signal.SIGTERM, 143, "terminated")]
)
def test_ctrl_c_and_sigterm_are_one_line_and_their_status(train, start, tmp_path, number, status, said):
    huge = tmp_path / "huge.txt"
    huge.write_text("\n".join(DOCUMENTS * 200))
    arguments = [sys.executable, "-m", "glove_sklearn", "train", huge, "-o", "v.txt", "--max-iter", "1000000"]
    arguments += ["--checkpoint", "run.npz"]
    environment = environment_of_programs()
    process = start(arguments, stderr=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)
    seen = b""
    while b"training" not in seen:
        character = process.stderr.read(1)
        assert character, seen
        seen += character
    process.send_signal(number)
    _, errors = process.communicate()
    assert process.returncode == status
    assert errors.decode().splitlines()[-1] == f"glove-sklearn: {said}"
    assert b"Traceback" not in errors
    assert sorted(os.listdir()) in (["corpus.txt", "huge.txt"], ["corpus.txt", "huge.txt", "run.npz"])


@pytest.mark.long
@pytest.mark.posix
def test_output_into_a_closed_pipe_is_no_error(vectors):
    pytest.importorskip("gensim")
    command = f"{sys.executable} -m glove_sklearn neighbors {vectors} cat dog man bird | true"
    environment = environment_of_programs()
    done = subprocess.run(command, shell=True, capture_output=True, text=True, env=environment)
    assert done.stderr == ""


#: Runs the program, with Ctrl-C in the moment in which NumPy is imported.
INTERRUPTED_IMPORT = """
import sys

class Interrupt:
    def find_spec(self, name, path=None, target=None):
        if name == "numpy":
            raise KeyboardInterrupt

sys.meta_path.insert(0, Interrupt())
from glove_sklearn.__main__ import main
sys.exit(main())
"""


def test_ctrl_c_while_the_program_is_imported_is_one_line():
    done = subprocess.run([sys.executable, "-c", INTERRUPTED_IMPORT], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "glove-sklearn: interrupted\n")


def test_options_of_stanford_glove_are_all_explained():
    from glove_sklearn.cli.train import _STANFORD_OPTIONS

    ours = {name for option in cli.commands["train"].params for name in option.opts}
    assert set(_STANFORD_OPTIONS.values()) <= ours
    assert all(name.startswith("-") and " " not in name for name in _STANFORD_OPTIONS)


@pytest.mark.long
def test_paths_and_words_that_a_console_cannot_show(tmp_path):
    """A console of Windows has a few hundred characters: the others are shown as escapes, and files have their names."""
    folder = tmp_path / "wörter 単語"
    folder.mkdir()
    (folder / "λ.txt").write_text("単語 1 2\nnaïve 2 1\n", encoding="utf-8")
    environment = environment_of_programs() | {"PYTHONIOENCODING": "cp1252"}
    command = [sys.executable, "-m", "glove_sklearn"]

    def run(*arguments):
        return subprocess.run([*command, *arguments], env=environment, capture_output=True, check=False)

    info = run("info", folder / "λ.txt")
    assert info.returncode == 0, info.stderr
    assert b"\\u5358\\u8a9e na\xefve" in info.stdout
    assert run("convert", folder / "λ.txt", folder / "é単.bin").returncode == 0
    assert sorted(os.listdir(folder)) == ["é単.bin", "λ.txt"]
    missing = run("info", folder / "語.txt")
    assert missing.returncode == 2
    assert b"no such file or directory" in missing.stderr.lower()
    assert b"\\u8a9e.txt" in missing.stderr
