import inspect
import os
import pickle
import re
import signal
import subprocess
import sys
import zipfile
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from glove_sklearn import GloVe, GloVeVectorizer
from glove_sklearn.cli.main import cli, main
from glove_sklearn.evaluation import evaluate_analogies, evaluate_similarities
from glove_sklearn.formats import (
    read_cooccurrences,
    read_parameters,
    read_vectors,
    read_vocabulary,
    write_cooccurrences,
)

FAST = ["--n-components", "5", "--max-iter", "2", "--min-count", "2"]
DOCUMENTS = [
    f"The {a} saw a {b}, not the {c}." for a in ("cat", "dog") for b in ("man", "bird") for c in ("tree", "sea")
] * 3


@pytest.fixture
def run(capsys):
    """Run the program; its status, output and errors."""

    def run(*arguments):
        status = main([str(argument) for argument in arguments])
        return status, *capsys.readouterr()

    return run


@pytest.fixture
def train(run, tmp_path, monkeypatch):
    """Train in a folder with a corpus, without progress bars."""
    monkeypatch.chdir(tmp_path)
    Path("corpus.txt").write_text("\n".join(DOCUMENTS) + "\n")

    def train(*arguments):
        status, output, errors = run("train", *FAST, "--quiet", *arguments)
        assert (status, output, errors) == (0, "", "")

    return train


@pytest.fixture
def vectors(train, tmp_path):
    train("corpus.txt", "-o", "vectors.txt")
    return tmp_path / "vectors.txt"


def expected(**parameters):
    parameters = {"n_components": 5, "max_iter": 2, "min_count": 2, "random_state": 0, **parameters}
    return GloVeVectorizer(**parameters).fit(DOCUMENTS)


def assert_vectors(path, vectorizer):
    read = read_vectors(path)
    assert read.terms == list(vectorizer.vocabulary_)
    np.testing.assert_array_equal(read.vectors, vectorizer.embedding_)


@pytest.mark.parametrize(
    "name", ["vectors.txt", "vectors.vec", "vectors.bin", "vectors.txt.gz", "vectors.vec.zip", "vectors.kv"]
)
def test_train_writes_the_vectors_of_the_vectorizer_in_the_format_of_the_extension(train, name):
    if name.endswith(".kv"):
        pytest.importorskip("gensim")
    train("corpus.txt", "--output", name)
    assert_vectors(name, expected())


def test_every_option_reaches_the_model(train):
    options = {
        "window_size": 2,
        "context": "left",
        "weighting": "flat",
        "x_max": 3.0,
        "alpha": 0.5,
        "negative_ratio": 0.3,
        "init": "random",
        "learning_rate": 0.1,
    }
    options |= {
        "max_features": 6,
        "combine": "concat",
        "postprocess": "center",
        "random_state": 7,
        "max_iter": 50,
        "tol": 0.05,
        "n_jobs": 2,
        "memory_limit": "50MB",
    }
    arguments = [text for name, value in options.items() for text in (f"--{name.replace('_', '-')}", value)]
    train("corpus.txt", "-o", "vectors.txt", *arguments)
    vectorizer = expected(**options)
    assert 2 < vectorizer.n_iter_ < 50
    assert_vectors("vectors.txt", vectorizer)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("window_size", "none", None),
        ("weighting", "0.5", 0.5),
        ("weighting", "harmonic", "harmonic"),
        ("x_max", "auto", "auto"),
        ("postprocess", "none", None),
        ("postprocess", "all-but-the-top", "all-but-the-top"),
    ],
)
def test_options_that_are_numbers_or_words(train, name, text, value):
    others = {"window_size": 3, "weighting": 1.5, "x_max": 2, "postprocess": "center"}
    given = {**others, name: text}
    arguments = [argument for option, value in given.items() for argument in (f"--{option.replace('_', '-')}", value)]
    train("corpus.txt", "-o", "vectors.txt", *arguments)
    assert_vectors("vectors.txt", expected(**{**others, name: value}))


def test_defaults_are_those_of_the_vectorizer():
    parameters = inspect.signature(GloVeVectorizer).parameters
    options = cli.commands["train"].make_context("train", ["corpus.txt"]).params
    shared = options.keys() & parameters.keys()
    assert {"window_size", "weighting", "x_max", "negative_ratio", "init", "max_iter", "postprocess"} <= shared
    others = {"lowercase": None, "n_jobs": -1, "random_state": 0}
    for name in shared:
        assert options[name] == others.get(name, parameters[name].default), name


def test_tokens_and_case(train):
    train("corpus.txt", "-o", "vectors.txt", "--tokens", "whitespace")
    assert_vectors("vectors.txt", expected(token_pattern=r"\S+", lowercase=False))
    train("corpus.txt", "-o", "vectors.txt", "--tokens", "whitespace", "--lowercase")
    assert_vectors("vectors.txt", expected(token_pattern=r"\S+"))
    train("corpus.txt", "-o", "vectors.txt", "--no-lowercase")
    assert_vectors("vectors.txt", expected(lowercase=False))


def test_corpora_are_files_folders_compressed_files_and_standard_input(train):
    import bz2
    import gzip

    folder = Path("folder")
    folder.mkdir()
    (folder / "1.gz").write_bytes(gzip.compress("\n".join(DOCUMENTS[:10]).encode()))
    (folder / "2.txt").write_text("\n".join(DOCUMENTS[10:20]))
    Path("3.bz2").write_bytes(bz2.compress("\n".join(DOCUMENTS[20:]).encode()))
    train("folder", "3.bz2", "-o", "vectors.txt")
    assert_vectors("vectors.txt", expected())
    each = Path("each")
    each.mkdir()
    for i, document in enumerate(DOCUMENTS):
        (each / f"{i:03}.txt").write_text(document.replace(" saw ", "\nsaw\n"))
    train("each", "--document-per-file", "-o", "vectors.txt")
    assert_vectors("vectors.txt", expected())
    done = subprocess.run(
        [sys.executable, "-m", "glove_sklearn", "train", *FAST, "-", "-o", "piped.txt"],
        input="\n".join(DOCUMENTS), text=True, capture_output=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "training: 100%" in done.stderr
    assert "10 words, 85 co-occurrences" in done.stderr
    assert done.stdout == ""
    assert_vectors("piped.txt", expected())


def test_the_files_of_the_c_program_are_saved_and_trained_on(train):
    saved = ["--save-vocabulary", "vocab.txt", "--save-cooccurrence", "cooccurrence.bin"]
    saved += ["--save-parameters", "vectors.bin", "--save-gradsq", "gradsq.bin"]
    train("corpus.txt", "-o", "vectors.txt", *saved)
    vectorizer = expected(warm_start=True)
    assert_vectors("vectors.txt", vectorizer)
    terms, counts = read_vocabulary("vocab.txt")
    assert terms == list(vectorizer.vocabulary_)
    np.testing.assert_array_equal(counts, vectorizer.counts_)
    read = read_parameters("vectors.bin", "gradsq.bin")
    np.testing.assert_array_equal(read.word_vectors_, vectorizer.word_vectors_)
    np.testing.assert_array_equal(read.context_vectors_, vectorizer.context_vectors_)
    np.testing.assert_array_equal(read.word_accumulators_, vectorizer.word_accumulators_)

    train("corpus.txt", "-o", "other.txt", "--save-cooccurrence", "cooccurrence.shuf.bin")
    ids = [np.fromfile(f"cooccurrence{shuf}.bin", "<i4").reshape(-1, 4)[:, 0] for shuf in ("", ".shuf")]
    assert (np.diff(ids[0]) >= 0).all()
    assert (np.diff(ids[1]) < 0).any()
    model = [argument for argument in FAST if argument not in ("--min-count", "2")] + ["2"]
    for name in ("cooccurrence.bin", "cooccurrence.shuf.bin"):
        arguments = ["train", *model, "-q", "--cooccurrence", name, "--vocabulary", "vocab.txt", "-o", "again.txt"]
        assert main(arguments) == 0
        assert_vectors("again.txt", vectorizer)

    # Two passes more, from the files.
    more = ["--initial-parameters", "vectors.bin", "--initial-gradsq", "gradsq.bin"]
    train("corpus.txt", "-o", "more.txt", *more)
    defaults = {name: GloVe().get_params()[name] for name in ("x_max", "negative_ratio", "postprocess")}
    going_on = read_parameters("vectors.bin", "gradsq.bin").set_params(max_iter=2, random_state=0, **defaults)
    X = read_cooccurrences("cooccurrence.bin", len(terms))
    np.testing.assert_array_equal(read_vectors("more.txt").vectors, going_on.fit(X).embedding_)
    four = GloVe(5, max_iter=4, random_state=0).fit(X)
    np.testing.assert_array_equal(read_vectors("more.txt").vectors, four.embedding_)


def test_given_vocabularies_with_and_without_counts(train):
    for content in ("the 9\nman 3\nsea 2\n", "the\nman\nsea\n"):
        Path("words.txt").write_text(content)
        fast = [argument for argument in FAST if argument not in ("--min-count", "2")] + ["2"]
        assert main(["train", *fast, "-q", "corpus.txt", "--vocabulary", "words.txt", "-o", "vectors.txt"]) == 0
        assert_vectors("vectors.txt", expected(vocabulary=["the", "man", "sea"]))


def test_unknown_is_the_mean_of_the_rarest_words(train):
    train("corpus.txt", "-o", "vectors.txt", "--unknown")
    read = read_vectors("vectors.txt", unknown=True)
    assert read.terms[-1] == "<unk>"
    np.testing.assert_allclose(read.vectors[-1], read.vectors[:-1].mean(axis=0), rtol=1e-5)
    assert_vectors("vectors.txt", expected())


def test_a_run_goes_on_from_its_checkpoint(train):
    train("corpus.txt", "-o", "vectors.txt", "--checkpoint", "run.npz")
    train("corpus.txt", "-o", "vectors.txt", "--checkpoint", "run.npz", "--max-iter", "5")
    assert_vectors("vectors.txt", expected(max_iter=5))


@pytest.mark.filterwarnings("ignore:Call to deprecated `init_sims`:DeprecationWarning")  # gensim 4.4 warns of itself
def test_neighbors_and_analogy(run, vectors):
    pytest.importorskip("gensim")
    status, output, _ = run("neighbors", vectors, "cat", "dog", "-n", 3)
    assert status == 0
    lines = output.splitlines()
    assert [line for line in lines if not line.startswith(" ")] == ["cat", "dog"]
    assert len(lines) == 8
    keyed_vectors = expected().to_keyed_vectors()
    word, similarity = keyed_vectors.most_similar("cat")[0]
    assert lines[1] == f"  {similarity:.4f}  {word}"
    for method, ask in (("3CosAdd", keyed_vectors.most_similar), ("3CosMul", keyed_vectors.most_similar_cosmul)):
        status, output, _ = run("analogy", vectors, "man", "bird", "cat", "--method", method)
        word, similarity = ask(positive=["bird", "cat"], negative=["man"])[0]
        assert output.splitlines()[:2] == ["man is to bird as cat is to", f"  {similarity:.4f}  {word}"]


def test_evaluate(run, vectors):
    Path("questions.txt").write_text(": animals\nman bird cat dog\n: gram\nthe not saw nothing\n")
    Path("pairs.tsv").write_text("cat\tdog\t9\nman\ttree\t2\nthe\tsea\t1\nsaw\tnot\t3\n")
    status, output, _ = run("evaluate", vectors, "--analogies", "questions.txt", "--similarities", "pairs.tsv")
    assert status == 0
    read = read_vectors(vectors)
    assert output == f"{evaluate_analogies(read, 'questions.txt')}\n{evaluate_similarities(read, 'pairs.tsv')}\n"
    options = ["--method", "3CosMul", "--restrict-vocab", 9, "--case-sensitive"]
    status, output, _ = run("evaluate", vectors, "--analogies", "questions.txt", *options)
    scores = evaluate_analogies(read, "questions.txt", method="3CosMul", restrict_vocab=9, case_insensitive=False)
    assert output == f"{scores}\n"


def test_evaluate_on_the_sets_that_gensim_ships(run, vectors):
    pytest.importorskip("gensim")
    status, output, _ = run("evaluate", vectors)
    assert status == 0
    assert "gram" in output
    assert "simlex" in output.lower()


def test_convert_and_back(run, vectors):
    status, output, errors = run("convert", vectors, "vectors.bin")
    assert (status, output) == (0, "")
    assert errors == "10 words, 5 values each, in vectors.bin\n"
    assert run("convert", "vectors.bin", "again.txt", "--limit", 4)[0] == 0
    assert Path("again.txt").read_text() == "".join(vectors.read_text().splitlines(keepends=True)[:4])
    assert run("convert", vectors, "plain", "--to", "word2vec")[0] == 0
    assert Path("plain").read_text().startswith("10 5\n")


def test_info_tells_what_files_are(run, train):
    saved = ["--save-vocabulary", "vocab.txt", "--save-cooccurrence", "cooccurrence.bin", "--checkpoint", "run.npz"]
    saved += ["--save-parameters", "parameters.bin", "--save-gradsq", "gradsq.bin"]
    train("corpus.txt", "-o", "vectors.txt", *saved)
    run("convert", "vectors.txt", "vectors.bin")
    for name, patterns in {
        "vectors.txt": ["glove", r"words: +10\b", r"dimension: +5\b"],
        "vectors.bin": ["word2vec-binary", r"words: +10\b", r"dimension: +5\b"],
        "vocab.txt": ["vocabulary", r"words: +10\b"],
        "cooccurrence.bin": ["co-occurrences", r"records: +\d+", r"largest id: +10"],
        "parameters.bin": ["glove-binary", r"words: +10\b", r"dimension: +5\b"],
        "gradsq.bin": ["state of the optimiser", r"words: +10\b"],
        "run.npz": ["checkpoint", r"epochs: +2\b", r"n_components: +5"],
    }.items():
        status, output, _ = run("info", name)
        assert status == 0
        for pattern in patterns:
            assert re.search(pattern, output), (name, output)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["train", "missing.txt", "-o", "v.txt"], "No such file or directory: 'missing.txt'"),
        (["train", "-o", "v.txt"], "give either a CORPUS"),
        (["train", "corpus.txt"], "give --output FILE for the vectors, or one of the --save options"),
        (["train", "corpus.txt", "-o", "corpus.txt", "--format", "glove"], "corpus.txt would replace corpus.txt"),
        (["train", "corpus.txt", "-o", "v.txt", "--save-vocabulary", "./v.txt"], "would replace what --output writes"),
        (["train", "corpus.txt", "-o", "v.txt", "--checkpoint", "v.txt"], "would replace what --output writes"),
        (["train", ".", "-o", "v.txt"], "is in ., which is the corpus"),
        (["train", "corpus.txt", "-o", "/proc/v.txt"], "--output /proc/v.txt cannot be written"),
        (["train", "corpus.txt", "-o", "v.txt", "--checkpoint-every", "3"], "--checkpoint-every needs --checkpoint"),
        (["train", "-", "-", "-o", "v.txt"], "can be read only once"),
        (["train", "encrypted.zip", "-o", "v.txt"], "encrypted.zip cannot be unpacked: .*encrypted"),
        (["info", "pickle"], "is a pickle, which can run any program when it is read"),
        (["convert", "vectors.txt", "vectors.txt"], "vectors.txt would replace vectors.txt"),
        (["train", "corpus.txt", "-o", "v.doc"], r"v\.doc"),
        (
            ["train", "corpus.txt", "-o", "missing/v.txt"],
            "--output missing/v.txt cannot be written: No such file or directory",
        ),
        (["train", "corpus.txt", "-o", "v.txt", "--min-count", "1000"], "empty vocabulary; none of the"),
        (["train", "corpus.txt", "-o", "v.txt", "--x-max", "-1"], "x_max"),
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
        (["train", "corpus.txt", "-o", "v.txt", "--negative-ratio", "-1"], "negative_ratio"),
        (
            ["train", "corpus.txt", "-o", "v.txt", "--initial-parameters", "w", "--init", "random"],
            "--init says how vectors are initialised, but --initial-parameters",
        ),
        (["train", "corpus.txt", "-o", "v.txt", "--n-components", "0"], "--n-components"),
        (["train", "corpus.txt", "-o", "v.txt", "--n-jobs", "0"], "n_jobs"),
        (["train", "corpus.txt", "-o", "v.txt", "--memory-limit", "lots"], "memory_limit must be .* got 'lots'"),
        (["train", "corpus.txt", "-o", "v.txt", "--temp-dir", "nowhere"], "temp_dir=.*nowhere"),
        (["train", "corpus.txt", "-o", "v.txt", "--encoding", "klingon"], "unknown encoding: klingon"),
        (["train", "corpus.txt", "-o", "v.txt", "--learning-rate", "1e9", "-q"], "learning_rate"),
        (["train", "corpus.txt", "-o", "v.txt", "--save-gradsq", "g.bin"], "--save-gradsq needs --save-parameters"),
        (["train", "corpus.txt", "-o", "v.txt", "--cooccurrence", "c.bin"], "give either a CORPUS"),
        (["train", "-o", "v.txt", "--cooccurrence", "c.bin"], "needs --vocabulary"),
        (["train", "corpus.txt", "-o", "v.txt", "--vocabulary", "w", "--min-count", "2"], "--min-count selects words"),
        (["train", "cooccurrence.bin", "-o", "v.txt"], "is a file of co-occurrences: give it with --cooccurrence"),
        (["train", "binary", "-o", "v.txt", "-q"], "binary, line 2: 'utf-8' codec can't decode"),
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
        (["info", "."], r"\."),
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


def test_counting_alone(train):
    train("corpus.txt", "--save-vocabulary", "vocab.txt", "--save-cooccurrence", "cooccurrence.bin")
    assert sorted(os.listdir()) == ["cooccurrence.bin", "corpus.txt", "vocab.txt"]
    assert read_cooccurrences("cooccurrence.bin").shape == (10, 10)


def test_text_that_is_not_utf8(train):
    text = "\n".join(DOCUMENTS).replace("cat", "kätz")
    Path("latin.txt").write_bytes(text.encode("latin-1"))
    train("latin.txt", "-o", "vectors.txt", "--encoding", "latin-1")
    assert "kätz" in read_vectors("vectors.txt").terms
    train("latin.txt", "-o", "vectors.txt", "--decode-error", "ignore")
    assert "ktz" in read_vectors("vectors.txt").terms


def test_short_words_and_wide_characters_are_text(train):
    train_on = ["-o", "vectors.txt", "--min-count", "1"]
    Path("short.txt").write_text("the\ncat\nsat\nmat the\n" * 20)
    train("short.txt", *train_on)
    assert "mat" in read_vectors("vectors.txt").terms
    Path("wide.txt").write_text("\n".join(DOCUMENTS), encoding="utf-16")
    train("wide.txt", *train_on, "--encoding", "utf-16")
    assert "dog" in read_vectors("vectors.txt").terms


def test_standard_output_is_appended_to(vectors):
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    command = f"{sys.executable} -m glove_sklearn convert {vectors} /dev/stdout --to glove"
    Path("all.txt").write_text("precious\n")
    subprocess.run(f"{command} >> all.txt; {command} | cat > piped.txt", shell=True, env=environment, check=True)
    assert Path("all.txt").read_text() == "precious\n" + vectors.read_text()
    assert Path("piped.txt").read_text() == vectors.read_text()


def test_convert_reads_what_it_is_told(run, train):
    train("corpus.txt", "--save-vocabulary", "words", "--save-parameters", "vectors.bin")
    vectorizer = expected(combine="context", postprocess=None)
    for name, options in (("a.txt", []), ("b.txt", ["--from", "glove-binary"])):
        arguments = ["convert", "vectors.bin", name, "--vocabulary", "words", "--combine", "context", *options]
        assert run(*arguments)[0] == 0
        assert_vectors(name, vectorizer)
    assert run("convert", "a.txt", "c.txt", "--unknown")[0] == 0
    assert read_vectors("c.txt", unknown=True).terms[-1] == "<unk>"


@pytest.fixture(scope="module")
def for_users_of_the_c_program():
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


def test_the_document_for_users_of_the_c_program_says_the_truth(train, run, for_users_of_the_c_program):
    """Its options are there, and its commands run."""
    there = {name for command in cli.commands.values() for option in command.params for name in option.opts}
    used = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", for_users_of_the_c_program))
    assert len(used) > 20
    assert used <= there
    Path("text8").write_text("\n".join(DOCUMENTS * 3))
    commands = commands_of(for_users_of_the_c_program)
    assert len(commands) == 4
    for command in commands:
        status, _, errors = run(*command)
        assert status == 0, errors
    assert {"vectors.txt", "vocab.txt", "cooccurrence.shuf.bin", "vectors.bin"} <= set(os.listdir())


def test_the_document_for_users_of_the_c_program_has_the_defaults(for_users_of_the_c_program):
    options = {option.opts[-1]: option for option in cli.commands["train"].params}
    shown = {}
    for _, _, here, default in cells_of(for_users_of_the_c_program, "Options, one by one"):
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


def test_what_reproduces_the_c_program_is_the_same_in_python_and_in_every_command(
    run, train, for_users_of_the_c_program
):
    table = cells_of(for_users_of_the_c_program, "Reproduce Stanford GloVe")
    python, arguments, demonstration = {}, [], {}
    for _, in_python, option, in_demonstration in table:
        python |= eval(f"dict({in_python.strip('`')})")
        name, value = option.strip("`").split()
        arguments += [name, value]
        demonstration[name] = in_demonstration or value
    assert run("train", "corpus.txt", "-o", "vectors.txt", "-q", *arguments)[0] == 0
    assert_vectors("vectors.txt", GloVeVectorizer(**python, random_state=0).fit(DOCUMENTS))

    counting = {"--tokens", "--min-count", "--window-size", "--weighting"}
    for command in commands_of(for_users_of_the_c_program):
        given = dict(pairwise(command))
        for name, value in demonstration.items():
            if "--cooccurrence" not in command if name in counting else "--output" in command:
                assert given.get(name) == value, (command, name)


def test_ctrl_c_is_one_line_and_status_130(train, start, tmp_path):
    huge = tmp_path / "huge.txt"
    huge.write_text("\n".join(DOCUMENTS * 200))
    arguments = [sys.executable, "-m", "glove_sklearn", "train", huge, "-o", "v.txt", "--max-iter", "1000000"]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    process = start(arguments, stderr=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)
    seen = b""
    while b"training" not in seen:
        character = process.stderr.read(1)
        assert character, seen
        seen += character
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate()
    assert process.returncode == 130
    assert errors.decode().splitlines()[-1] == "glove-sklearn: interrupted"
    assert b"Traceback" not in errors
    assert not Path("v.txt").exists()


def test_output_into_a_closed_pipe_is_no_error(vectors):
    pytest.importorskip("gensim")
    command = f"{sys.executable} -m glove_sklearn neighbors {vectors} cat dog man bird | true"
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run(command, shell=True, capture_output=True, text=True, env=environment)
    assert done.stderr == ""
