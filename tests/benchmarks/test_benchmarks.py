"""Every benchmark runs on a tiny text and writes its rows; tables and plots come of them."""

import codecs
import collections
import inspect
import json
import pickle
import re
from argparse import ArgumentTypeError

import numpy as np
import pytest
from scipy import sparse
from sklearn.utils import Bunch

import benchmarks.__main__ as benchmarks
from benchmarks.competitors import ppmi_svd as ppmi
from benchmarks.harness import processes, results, settings
from benchmarks.harness.accuracy import evaluate
from benchmarks.harness.columns import COLUMNS, cell, columns_of
from benchmarks.harness.measure import peak_memory
from benchmarks.harness.results import Row
from benchmarks.measurements.growth import sizes
from benchmarks.studies import classification as classify
from benchmarks.studies import (
    features,
    seeds,
    variants,
    word_vectors,
)
from glove_sklearn import CooccurrenceCounter, GloVe, GloVeVectorizer
from glove_sklearn._embedding.gensim_bridge import make_keyed_vectors

MEASURED = {"cpu_seconds", "wall_seconds", "peak_memory"}
CASES = {
    "count": ["--n-jobs", "1"],
    "train": ["--n-components", "4", "--max-iter", "1"],
    "end-to-end": ["--n-components", "4", "--max-iter", "1", "--epochs", "1"],
    "transform": ["--n-components", "4", "--repetitions", "1"],
    "threads": ["--n-components", "4", "--max-iter", "1", "--n-jobs", "1", "2"],
    "growth": ["--n-components", "4", "--max-iter", "1", "--smallest", "2000"],
    "quality": ["--n-jobs", "1", "--n-components", "4", "--seeds", "0", "1", "--epochs", "1"],
    "epochs": [
        "--variants",
        "init=random",
        "alpha=1",
        *["--only", "cbow", "--n-components", "4", "--max-iter", "1", "2", "--epochs", "1", "--n-jobs", "1"],
    ],
    "classify": [
        "--n-components",
        "4",
        "--svd-components",
        "4",
        "5",
        "--epochs",
        "1",
        "--seeds",
        "0",
        "1",
        "--n-jobs",
        "1",
    ],
    "small": ["--documents", "short", "--repetitions", "1"],
    "memory": ["--n-components", "4", "--max-iter", "1", "--limits", "none", "--repeat", "2"],
    "load": ["--n-words", "200", "--n-components", "4", "--repetitions", "1"],
    "evaluate": ["--n-components", "4", "--n-words", "1500", "--every", "500"],
}
METHODS = {
    "count": ["glove-sklearn", "count-vectorizer"],
    "end-to-end": ["glove-sklearn", "skip-gram", "cbow", "tfidf-svd"],
    "transform": ["glove-sklearn", "count-vectorizer", "tfidf-svd"],
    "threads": ["glove-sklearn"] * 2,
    "growth": ["glove-sklearn"] * 3,
    "quality": ["glove-sklearn", "glove-sklearn", "skip-gram", "skip-gram", "cbow", "cbow", "ppmi-svd"],
    "epochs": ["glove-sklearn"] * 4 + ["cbow"],
    "classify": (["tfidf-svd"] * 2 + ["glove-sklearn"] * 5 + ["skip-gram", "cbow", "tfidf", "ppmi-svd"]) * 2,
    "small": ["glove-sklearn", "tfidf-svd"],
    "load": ["glove-sklearn", "gensim"] * 2,
    "evaluate": ["glove-sklearn"] * 3 + ["gensim"],
}

#: Programs with the names and options of Stanford GloVe's, which do nothing of what those do.
STAND_INS = {
    "vocab_count": "cat > /dev/null; echo the 10; echo of 5",
    "cooccur": "cat > /dev/null; printf '%032d' 0",
    "shuffle": "cat",
    "glove": "echo 'iter: 001, cost: 0.250000' >&2; printf 'the 1 2\\nof 2 1\\n<unk> 1 1\\n' > vectors.txt",
}


def in_this_process(function, **arguments):
    """What `in_own_process` does, but faster."""
    return json.loads(json.dumps(function(**json.loads(json.dumps(arguments, default=str)))))


@pytest.fixture(scope="module")
def text(lee, tmp_path_factory):
    """200 news articles, the first 50 tokens of each."""
    path = tmp_path_factory.mktemp("text") / "news.txt"
    path.write_text("".join(" ".join(document.lower().split()[:50]) + "\n" for document in lee[:200]), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def newsgroups(text, tmp_path_factory):
    """A folder in which scikit-learn finds 20 Newsgroups: posts on two subjects, every third of them the test."""
    documents = text.read_text(encoding="utf-8").splitlines()
    posts = [
        f"Subject: {' '.join([('aardvarks', 'zebras')[n % 2]] * 30)}\n\n{document}\n"
        for n, document in enumerate(documents)
    ]
    cache = {
        subset: Bunch(
            data=[posts[n] for n in places],
            target=np.array([n % 2 for n in places]),
            filenames=np.array([str(n) for n in places]),
            target_names=["one", "two"],
        )
        for subset, places in (
            ("train", [n for n in range(len(posts)) if n % 3]),
            ("test", [*range(0, len(posts), 3)]),
        )
    }
    folder = tmp_path_factory.mktemp("data")
    (folder / "20news-bydate_py3.pkz").write_bytes(codecs.encode(pickle.dumps(cache), "zlib_codec"))
    return folder


@pytest.fixture(scope="module")
def output(text, newsgroups, tmp_path_factory):
    """The file of the rows of all benchmarks."""
    output = tmp_path_factory.mktemp("output") / "rows.jsonl"

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(processes, "in_own_process", in_this_process)
        for name, options in CASES.items():
            if name == "classify":
                options = [*options, "--data-home", str(newsgroups)]
            benchmarks.main([name, "--corpus", str(text), "--output", str(output), *options])
    return output


@pytest.fixture(scope="module")
def rows(output):
    def refuse(constant):
        raise ValueError(f"{constant} is not JSON")

    with open(output, encoding="utf-8") as file:
        return [json.loads(line, parse_constant=refuse) for line in file]


@pytest.mark.parametrize("name", CASES)
def test_rows_say_what_was_measured(rows, name):
    of_it = [row for row in rows if row["benchmark"] == name]
    assert [row["method"] for row in of_it] == METHODS.get(name, ["glove-sklearn"])
    for row in of_it:
        assert set(row) == {
            "benchmark", "date", "machine", "versions", "corpus", "method", "parameters", "numbers"
        }  # fmt: skip
        assert {"processor", "cores", "memory", "instruction_set"} <= set(row["machine"])
        assert {"Python", "glove_sklearn", "numpy", "gensim"} <= set(row["versions"])
        assert set(row["corpus"]) == {"name", "n_documents", "n_tokens", "n_bytes"}
        assert row["parameters"]
        assert set(row["numbers"]) >= MEASURED
        assert all(row["numbers"][number] > 0 for number in MEASURED)


def test_every_column_has_something_in_it(rows):
    for name in CASES:
        of_it = [row for row in rows if row["benchmark"] == name]
        columns = columns_of(of_it)
        assert {"method", "cpu_seconds"} <= set(columns)
        for column in columns:
            assert any(cell(column, row) for row in of_it), (name, column)


def test_every_column_is_that_of_some_benchmark(rows):
    # The vocabulary is too small for most words of the tests; the reference implementation's own columns are tested below.
    missing = set(COLUMNS) - set(columns_of(rows))
    assert missing <= {"analogies", "wordsim353", "simlex999", "ratio", "half_loss", "same_bits", "score", "digits"}


def test_corpus_is_the_file_compressed_or_not(rows, text, tmp_path):
    import gzip

    (tmp_path / "news.txt.gz").write_bytes(gzip.compress(text.read_bytes()))
    arguments = ["count", "--only", "count-vectorizer", "--output", str(tmp_path / "rows.jsonl")]
    # In a process of its own this time.
    (row,) = benchmarks.main([*arguments, "--corpus", str(tmp_path / "news.txt.gz")])
    assert row["corpus"] == rows[0]["corpus"]
    assert row["numbers"]["n_words"] == len(set(text.read_text(encoding="utf-8").split()))


def test_skip_leaves_methods_out(text, tmp_path):
    arguments = ["--skip", "glove-sklearn", "count-vectorizer", "--output", str(tmp_path / "rows.jsonl")]
    assert benchmarks.main(["count", "--corpus", str(text), *arguments]) == []


def test_report_prints_and_writes_tables(output, tmp_path, capsys):
    document = tmp_path / "document.md"
    marks = "".join(f"<!-- begin {name} -->\nold\n<!-- end {name} -->\nbetween\n" for name in CASES)
    document.write_text(marks, encoding="utf-8")
    benchmarks.main(["report", "--input", str(output), "--write", str(document)])
    written = document.read_text(encoding="utf-8")
    assert "old" not in written
    assert written.count("between") == len(CASES)
    # Of classification two, with and without headers, footers and quotes.
    assert written.count("\n|---|") == len(CASES) + 1

    benchmarks.main(["report", "--input", str(output), "--write", str(document)])
    assert document.read_text(encoding="utf-8") == written
    benchmarks.main(["report", "--input", str(output)])
    table = capsys.readouterr().out.partition("## epochs")[2].partition("## ")[0]
    assert re.search(r"^\| Word2Vec CBOW \|.*\| 1 \|", table, flags=re.MULTILINE)


def test_of_rows_that_measured_the_same_the_last_counts(output, tmp_path):
    old = output.read_text(encoding="utf-8").splitlines()[0]
    new = json.loads(old)
    new["date"], new["numbers"]["cpu_seconds"] = "2999-01-01T00:00:00+00:00", 123.0
    other = json.loads(old)
    other["parameters"]["n_jobs"] = 64
    path = tmp_path / "rows.jsonl"
    path.write_text("\n".join([old, json.dumps(new), json.dumps(other)]), encoding="utf-8")
    assert results.read(path) == [new, other]


def test_plots_are_written(output, tmp_path):
    pytest.importorskip("matplotlib")
    benchmarks.main(["plots", "--input", str(output), "--folder", str(tmp_path)])
    for name in ("speed", "quality", "classify", "growth"):
        assert 5_000 < (tmp_path / f"{name}.png").stat().st_size < 150_000


def test_rows_of_epochs_have_each_number_of_epochs_of_each_variant(rows):
    of_it = [row for row in rows if row["benchmark"] == "epochs"]
    glove = [row for row in of_it if row["method"] == "glove-sklearn"]
    expected = [(variant, n) for variant in ("init=random", "alpha=1") for n in (1, 2)]
    assert [(row["parameters"]["settings"], row["numbers"]["n_epochs"]) for row in glove] == expected
    # Only the other method that was named.
    assert [row["method"] for row in of_it[len(glove) :]] == ["cbow"]
    assert {row["numbers"]["model_parameters"]["alpha"] for row in glove} == {GloVeVectorizer().alpha, 1}


def test_rows_say_what_every_seed_gave(rows):
    for name, number in (("quality", "analogies"), ("classify", "accuracy")):
        for row in rows:
            if row["benchmark"] == name:
                assert row["numbers"]["n_seeds"] == len(row["parameters"]["seeds"])
                assert len(row["numbers"][f"{number}_of_seeds"]) == row["numbers"]["n_seeds"]
                # Nothing depends on chance in TF-IDF.
                assert row["numbers"]["n_seeds"] == (1 if row["method"] == "tfidf" else 2)


def test_default_row_is_of_the_defaults_and_that_of_stanford_glove_is_not(rows):
    default, stanford = (
        row["numbers"]["model_parameters"]
        for row in rows
        if row["benchmark"] == "quality" and row["method"] == "glove-sklearn"
    )
    assert default == variants.model_parameters(GloVeVectorizer(4))
    assert {name: stanford[name] for name in settings.STANFORD_GLOVE} == settings.STANFORD_GLOVE


def test_settings_of_stanford_glove_leave_nothing_to_the_defaults():
    of_the_text = {"n_components", "min_count", "min_df", "max_df", "max_features", "pooling"}
    assert set(settings.STANFORD_GLOVE) == set(variants.model_parameters(GloVeVectorizer())) - of_the_text
    not_of_glove = set(settings.STANFORD_GLOVE) - set(inspect.signature(GloVe).parameters)
    assert set(settings.MODEL) == set(settings.STANFORD_GLOVE) - not_of_glove - {"max_iter"}


def test_variants_are_parameters_by_name():
    text = "window_size=15 weighting=harmonic tol=None x_max=auto combine=concat"
    assert variants.checked(f"  {text} ") == text
    assert variants.parse(text) == {
        "window_size": 15, "weighting": "harmonic", "tol": None, "x_max": "auto", "combine": "concat"
    }  # fmt: skip
    assert variants.parse(variants.checked("")) == {}


def test_variants_may_be_arrays():
    weights = variants.parse("weighting=exponential:0.9 window_size=3")["weighting"]
    np.testing.assert_array_equal(weights, [1, 0.9, 0.9**2])
    # What goes into a row can be written as JSON.
    assert variants.model_parameters(GloVeVectorizer(weighting=weights))["weighting"] == weights.tolist()


@pytest.mark.parametrize(
    "text", ["alpha=1/0", "weighting=numpy.foo()", "weighting=exponential:x", "alpha=0.5.1", "tol=__import__(0)"]
)
def test_what_cannot_be_read_is_refused(text):
    with pytest.raises(ArgumentTypeError, match=f"^'{re.escape(text)}': expected"):
        variants.checked(text)


@pytest.mark.parametrize("text", ["window=15", "alpha", "alpha=1 =2"])
def test_what_is_no_parameter_is_refused(text):
    with pytest.raises(ArgumentTypeError, match="expected parameters of GloVeVectorizer"):
        variants.checked(text)


def test_every_seed_is_measured(monkeypatch, tmp_path):
    measured = []

    def measure(function, **arguments):
        measured.append(arguments)
        numbers = dict.fromkeys(MEASURED, 1.0), dict.fromkeys(word_vectors.ACCURACIES, arguments["seed"])
        return {**numbers[0], **numbers[1]}

    monkeypatch.setattr(processes, "in_own_process", measure)
    setting = settings.Setting(Bunch(path="text.txt"), ("cbow", "ppmi-svd"), None, tmp_path)
    rows = list(word_vectors.rows(setting, {"cbow": [{"window_size": 5}], "ppmi-svd": [{}]}, (4, 6), n_jobs=1))
    assert [row.numbers["analogies_of_seeds"] for row in rows] == [[4, 6], [4, 6]]
    alike = {"text": "text.txt", "n_jobs": 1}
    assert measured == [
        {"method": method, "seed": seed, **alike, **case}
        for method, case in (("cbow", {"window_size": 5}), ("ppmi-svd", {}))
        for seed in (4, 6)
    ]


def classified(function, *, method, remove, seed, n_components=0, settings="", **_):
    """What `classify` would measure: numbers from which it can be told what they are of."""
    return {
        **dict.fromkeys(MEASURED, n_components * (2.0 if method == "glove-sklearn" else 1.0)),
        **dict.fromkeys(("n_words", "n_features"), 7),
        "corpus": {"name": f"removed {len(remove)}"},
        "accuracy": 10 * seed + len(remove),
        "accuracy_chosen": 50,
        "n_iter": 100 if seed == 6 else 3,
        "converged": seed != 6,
        "C": seed,
    }


def test_rows_of_classification_are_those_of_all_seeds(monkeypatch, tmp_path):
    monkeypatch.setattr(processes, "in_own_process", classified)
    methods = ("tfidf-svd", "glove-sklearn", "tfidf")
    setting = settings.Setting(None, methods, None, tmp_path)
    found = classify.run(
        setting, variants=["alpha=1"], seeds=(4, 6, 5), n_components=10, svd_components=(30, 10), n_jobs=1
    )
    rows = [Row._asdict(row) for row in found]
    assert [row["method"] for row in rows] == ["tfidf-svd", "tfidf-svd", "glove-sklearn", "tfidf"] * 2
    for row in rows:
        removed = 0 if row["corpus"]["name"] == "removed 0" else 3
        seeds_of_row = [4] if row["method"] == "tfidf" else [4, 6, 5]
        assert row["parameters"]["seeds"] == seeds_of_row
        assert row["numbers"]["accuracy_of_seeds"] == [10 * seed + removed for seed in seeds_of_row]
        assert row["numbers"]["n_iter"] == (3 if row["method"] == "tfidf" else 100)
        assert row["numbers"]["converged"] == (row["method"] == "tfidf")
        assert row["numbers"]["C"] == ("4" if row["method"] == "tfidf" else "4, 5, 6")
    # As many components as the vectors have are the measure.
    assert [row["numbers"]["ratio_to_svd"] for row in rows[:3]] == [3, 1, 2]


def test_accuracy_is_that_of_the_posts_of_the_test():
    y = np.arange(90) % 3
    known = np.eye(3)[y]
    assert classify.accuracies(known, y, known[:30], y[:30])["accuracy_chosen"] == 100
    found = classify.accuracies(known, y, np.eye(3)[[0] * 30], y[:30])
    assert found["accuracy"] == found["accuracy_chosen"] == pytest.approx(100 / 3)


def test_what_is_removed_is_not_seen(newsgroups):
    # Only the header says of what subject a post is.
    with_header, without = (
        classify.classify("tfidf", remove, str(newsgroups), None, 0, 1)["accuracy_chosen"]
        for remove in ([], ["headers", "footers", "quotes"])
    )
    assert with_header > 90
    assert without < 80
    few = classify.classify("tfidf", [], str(newsgroups), 10, 0, 1)
    assert few["corpus"]["n_documents"] == 10


def test_tokens_of_all_methods_are_those_of_the_defaults(lee):
    vectorizer = GloVeVectorizer(2, max_iter=1).fit(lee)
    counts = collections.Counter(token for document in lee for token in features.analyzer()(document))
    assert {token: count for token, count in counts.items() if count >= vectorizer.min_count} == {
        term: vectorizer.counts_[row] for term, row in vectorizer.vocabulary_.items()
    }


def test_features_of_word_vectors_are_means_over_the_tokens():
    vectors = np.array([[1.0, 2.0], [3.0, 6.0]], dtype=np.float32)
    average = features.averager(["a", "b"], vectors)
    np.testing.assert_allclose(average(["a b, a unknown", "unknown"]), [[5 / 3, 10 / 3], [0, 0]], rtol=1e-6)
    np.testing.assert_allclose(average(["B"]), [[3, 6]])


def test_information_is_that_of_the_counts_of_the_defaults(lee):
    terms, vectors = ppmi.fit(lee, 5, 0, 1)
    counter = CooccurrenceCounter().fit(lee)
    assert terms == list(counter.vocabulary_)
    expected = ppmi.factorise(ppmi.positive_information(counter.cooccurrence_), 5, 0)
    np.testing.assert_allclose(vectors, expected, rtol=1e-4, atol=1e-4)


def test_summary_of_seeds():
    of_seeds = [
        {"cpu_seconds": 1.0, "wall_seconds": 4.0, "peak_memory": 7, "a": 10.0, "b": None, "n_words": 3},
        {"cpu_seconds": 3.0, "wall_seconds": 4.0, "peak_memory": 5, "a": 14.0, "b": 1.0, "n_words": 3},
    ]
    assert seeds.summarise(of_seeds, ("a", "b")) == {
        "cpu_seconds": 2, "cpu_seconds_of_seeds": [1, 3], "wall_seconds": 4, "peak_memory": 7, "n_words": 3, "n_seeds": 2,
        "a": 12, "a_sd": pytest.approx(8**0.5), "a_of_seeds": [10, 14],
        "b": None, "b_sd": None, "b_of_seeds": [None, 1],
    }  # fmt: skip
    assert seeds.summarise(of_seeds[:1], ("a",))["a_sd"] is None


def test_positive_information_is_that_of_its_definition_and_leaves_x_alone(seed):
    rng = np.random.RandomState(seed)
    dense = rng.randint(0, 4, (12, 12)).astype(np.float32) + np.eye(12, dtype=np.float32)
    X = sparse.csr_array(dense)
    expected = np.zeros_like(dense)
    for i, j in zip(*dense.nonzero(), strict=True):
        share = dense[i, j] * dense.sum() / (dense[i].sum() * dense[:, j].sum())
        expected[i, j] = max(0, np.log(share))
    information = ppmi.positive_information(X)
    np.testing.assert_allclose(information.toarray(), expected, atol=1e-6)
    assert (information.data > 0).all()
    np.testing.assert_array_equal(X.toarray(), dense)
    assert X.has_canonical_format


def test_factors_are_left_singular_vectors_times_roots_of_singular_values(seed):
    matrix = np.random.RandomState(seed).random_sample((20, 20)).astype(np.float32)
    U, S, _ = np.linalg.svd(matrix)
    found = ppmi.factorise(sparse.csr_array(matrix), 20, seed)
    # Each column up to its sign.
    np.testing.assert_allclose(np.abs(found), np.abs(U * np.sqrt(S)), atol=1e-4)


@pytest.mark.parametrize(("name", "n_rows"), [("count", 2), ("train", 1), ("end-to-end", 1)])
def test_stanford_glove_is_run_and_its_output_read(name, n_rows, text, tmp_path, monkeypatch):
    # The evaluation of the vectors; the programs have processes of their own.
    monkeypatch.setattr(benchmarks.module_of(name).processes, "in_own_process", in_this_process)
    (tmp_path / "build").mkdir()
    for program, script in STAND_INS.items():
        path = tmp_path / "build" / program
        path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        path.chmod(0o755)
    options = ["--only", "stanford-glove", "--stanford-glove", str(tmp_path), "--output", str(tmp_path / "rows.jsonl")]
    if name != "count":
        options += ["--n-components", "2", "--max-iter", "1"]
    rows = benchmarks.main([name, "--corpus", str(text), *options])
    assert len(rows) == n_rows
    for row in rows:
        assert row["numbers"]["n_words"] == 2
        assert row["numbers"].get("n_entries", 2) == 2
        assert row["numbers"].get("half_loss", 0.25) == 0.25
        assert set(row["numbers"]) >= MEASURED


def test_stanford_glove_that_is_not_there(text, tmp_path):
    arguments = [
        "--only",
        "stanford-glove",
        "--stanford-glove",
        str(tmp_path),
        "--output",
        str(tmp_path / "rows.jsonl"),
    ]
    with pytest.raises(SystemExit, match="vocab_count, cooccur, shuffle, glove"):
        benchmarks.main(["count", "--corpus", str(text), *arguments])


def test_peak_memory_is_that_of_the_process_alone():
    here = np.ones(1 << 26, dtype=np.uint8)
    assert peak_memory() > len(here)
    assert processes.in_own_process(peak_memory) < len(here)


def test_sizes_double_up_to_the_whole():
    assert sizes(1, 16) == [1, 2, 4, 8, 16]
    assert sizes(1, 17) == [1, 2, 4, 8, 17]
    assert sizes(1, 24) == [1, 2, 4, 8, 16, 24]
    assert sizes(5, 3) == [3]


def test_evaluation_is_that_of_gensim():
    from gensim.test.utils import datapath

    with open(datapath("questions-words.txt"), encoding="utf-8") as file:
        family = [line.lower().split() for line in file if line.lower().startswith(("boy ", "brother ", "father "))]
    words = {word for line in family for word in line}
    for name in ("wordsim353.tsv", "simlex999.txt"):
        with open(datapath(name), encoding="utf-8") as file:
            words |= {word for line in file.readlines()[2:300] for word in line.lower().split("\t")[:2]}
    terms = sorted(words)
    vectors = np.random.RandomState(0).standard_normal((len(terms), 3)).astype(np.float32)
    found = evaluate(terms, vectors)

    expected = make_keyed_vectors(terms, vectors, np.arange(len(terms), 0, -1))
    share = expected.evaluate_word_analogies(datapath("questions-words.txt"), restrict_vocab=30_000)[0]
    assert share > 0
    assert found["analogies"] == pytest.approx(100 * share)
    for number, name in (("wordsim353", "wordsim353.tsv"), ("simlex999", "simlex999.txt")):
        rho = expected.evaluate_word_pairs(datapath(name), restrict_vocab=30_000)[1].statistic
        assert found[number] == pytest.approx(rho, abs=1e-3)
