"""Messages of the package, in the program's terms."""

import pytest

from glove_sklearn.cli.main import cli
from glove_sklearn.cli.wording import in_options


@pytest.mark.parametrize(
    ("command", "message", "expected"),
    [
        ("train", "learning_rate=0.05 is too high; lower it.", "--learning-rate 0.05 is too high; lower it."),
        ("train", "memory_limit='2GB', max_features", "--memory-limit 2GB, --max-features"),
        ("train", "or format= must be given", "or --format must be given"),
        ("convert", "or format= must be given", "or --to must be given"),
        ("convert", "give format='glove'", "give --from glove"),
        ("neighbors", "give format='glove'", "give --format glove"),
        ("info", "give format='gensim'", "give convert --from gensim"),
        ("convert", "read with unknown=True", "read with --unknown"),
        ("train", "warm_start=True", "warm_start=True"),
        ("train", "my_min_count.txt: min_count.txt, /min_count/x", "my_min_count.txt: min_count.txt, /min_count/x"),
    ],
)
def test_parameters_become_options_of_the_command(command, message, expected):
    assert in_options(message, cli.commands[command]) == expected


@pytest.mark.filterwarnings("always:n_components=100 is more than:UserWarning")
def test_the_program_shows_errors_and_warnings_with_its_options(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "v.csv").write_text("word,0\na b,1\nc,2\n")
    status, _, errors = run("convert", "v.csv", "v.vec")
    assert status == 2
    assert "--skip-unwritable" in errors
    assert "skip_unwritable" not in errors
    assert run("convert", "v.csv", "v.xyz")[2].endswith("or --to must be given\n")
    (tmp_path / "corpus.txt").write_text("a b\n" * 9)
    errors = run("train", "corpus.txt", "--output", "v.txt", "--quiet")[2]
    assert "warning: --n-components 100 is more than" in errors
