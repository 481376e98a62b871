"""The page for users of Stanford GloVe is true."""

import os
import re
from itertools import pairwise
from pathlib import Path

import pytest

from glove_sklearn import GloVeVectorizer
from glove_sklearn.cli.main import cli
from tests.cli.runs import DOCUMENTS, assert_vectors


@pytest.fixture(scope="module")
def page():
    document = Path(__file__).parents[2] / "docs" / "from-stanford-glove.md"
    if not document.exists():
        pytest.skip("the documents are not next to the tests")
    return document.read_text(encoding="utf-8")


def commands_of(text):
    """The arguments of each `glove-sklearn train` that a document shows."""
    commands = re.findall(r"^glove-sklearn (train(?:.*\\\n)*.*)$", text, flags=re.MULTILINE)
    return [command.replace("\\\n", " ").split() for command in commands]


def cells_of(text, heading):
    """The table below a heading, row by row."""
    section = re.search(rf"^## {heading}\n(.*?)(?=^## |\Z)", text, flags=re.MULTILINE | re.DOTALL)[1]
    rows = [line.split("|")[1:-1] for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows[2:]]


def test_options_exist_and_commands_run(train, run, page):
    exist = {name for command in cli.commands.values() for option in command.params for name in option.opts}
    used = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", page))
    assert len(used) > 20
    assert used <= exist
    Path("text8").write_text("\n".join(DOCUMENTS * 3))
    commands = commands_of(page)
    assert len(commands) == 4
    for command in commands:
        status, _, errors = run(*command)
        assert status == 0, errors
    assert {"vectors.txt", "vocab.txt", "cooccurrence.shuf.bin", "vectors.bin"} <= set(os.listdir())


def test_defaults_of_the_table(page):
    options = {option.opts[-1]: option for option in cli.commands["train"].params}
    shown = {}
    for _, _, here, default in cells_of(page, "Options, one by one"):
        name = re.match(r"`(--[a-z-]+)", here)
        if name and default and options[name[1]].show_default:
            shown[name[1]] = default.split()[0].rstrip(",")
    assert shown == {name: str(options[name].default) for name in shown}
    assert {
        "--window-size",
        "--weighting",
        "--x-max",
        "--negative-ratio",
        "--init",
        "--max-iter",
        "--postprocess",
    } <= shown.keys()


def test_what_reproduces_stanford_glove_is_the_same_in_python_and_in_every_command(run, train, page):
    table = cells_of(page, "Reproduce Stanford GloVe")
    python, arguments, demonstration = {}, [], {}
    for _, in_python, option, in_demonstration in table:
        python |= eval(f"dict({in_python.strip('`')})")
        name, value = option.strip("`").split()
        arguments += [name, value]
        demonstration[name] = in_demonstration or value
    assert run("train", "corpus.txt", "-o", "vectors.txt", "-q", *arguments)[0] == 0
    assert_vectors("vectors.txt", GloVeVectorizer(**python, random_state=0).fit(DOCUMENTS))

    counting = {"--tokens", "--min-count", "--window-size", "--weighting", "--near-size"}
    for command in commands_of(page):
        given = dict(pairwise(command))
        for name, value in demonstration.items():
            if "--cooccurrence" not in command if name in counting else "--output" in command:
                assert given.get(name) == value, (command, name)
