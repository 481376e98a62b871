"""What the README and the pages of docs/ show is what happens, and their links lead somewhere."""

import ast
import gzip
import importlib.util
import inspect
import pkgutil
import re
import shlex
import subprocess
import sys
import types
import zipfile
from pathlib import Path

import numpy as np
import pytest

import glove_sklearn
from glove_sklearn import GloVe, GloVeVectorizer
from glove_sklearn._system.sklearn_compat import _API_PAGE
from glove_sklearn._system.storage import Storage
from glove_sklearn.cli.main import main
from tests.cli.runs import environment_of_programs

ROOT = Path(__file__).resolve().parents[1]
#: The text of each page by its path; empty where the tests are not next to the pages.
PAGES = {
    path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
    for path in (ROOT / "README.md", *sorted(ROOT.glob("docs/*.md")))
    if path.exists()
}
needs_pages = pytest.mark.skipif(not PAGES, reason="the pages are not next to the tests")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", flags=re.MULTILINE | re.DOTALL)


def blocks(page, language):
    return [block for name, block in FENCE.findall(PAGES[page]) if name == language]


def section(page, heading):
    return re.search(rf"^## {heading}\n(.*?)(?=^## |\Z)", PAGES[page], flags=re.MULTILINE | re.DOTALL)[1]


def rows(text):
    """The cells of the first table of a text, without its heading."""
    table = re.search(r"(?:^\|.*\n)+", text, flags=re.MULTILINE)[0]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[2:]]


def run_code(block, namespace):
    """Run a block; an expression with a comment that is a literal, such as ``x.shape    # (2, 3)``, must have that value."""
    lines = block.splitlines()
    for node in ast.parse(block).body:
        _, _, comment = lines[node.end_lineno - 1][node.end_col_offset :].partition("#")
        if not isinstance(node, ast.Expr):
            exec(compile(ast.Module([node], []), "block", "exec"), namespace)
            continue
        value = eval(compile(ast.Expression(node.value), "block", "eval"), namespace)
        try:
            expected = ast.literal_eval(comment.strip())
        except (SyntaxError, ValueError):  # words for the reader, or no comment
            continue
        assert value == expected, ast.unparse(node)


def check_readme(namespace):
    vectors = namespace["vectors"]
    assert vectors.most_similar("australia")[0][1] > 0
    assert namespace["features"].shape == (1, 50)
    shown = re.search(r'"cricket", topn=4\) *# (.*)', PAGES["README.md"])[1]
    assert shown == ", ".join(word for word, _ in vectors.most_similar("cricket", topn=4))


def check_pipelines(namespace):
    assert Path("cache").is_dir()
    labels = namespace["labels"]
    assert namespace["search"].best_score_ > 1.1 * max(np.mean(labels), 1 - np.mean(labels))


def check_pretrained(namespace):
    labels = namespace["labels"]
    assert namespace["search"].best_score_ > max(np.mean(labels), 1 - np.mean(labels))
    assert "set lowercase='auto'" in str(namespace["caught"][0].message)


def check_items(namespace):
    assert namespace["features"].shape == (10, 2)


def check_languages(namespace):
    assert namespace["words_of"]("公园里有很多人散步，天气很好。") == [
        "公园",
        "里",
        "有",
        "很多",
        "人",
        "散步",
        "天气",
        "很",
        "好",
    ]


#: What jieba 0.42.1, on which no test depends, makes of the texts of docs/languages.md.
SEGMENTED = (
    "今天天气 很 好 ， 我们 一起 去 公园 散步 。",
    "他 在 图书馆 里 看 了 一整天 的 书 ， 晚上 才 回家 。",
    "公园 里 有 很多 人 散步 ， 天气 很 好 。",
)


@pytest.fixture(autouse=True)
def jieba(monkeypatch):
    """Stand in for jieba, if it is not installed."""
    words = {text.replace(" ", ""): text.split() for text in SEGMENTED}
    if importlib.util.find_spec("jieba") is None:
        monkeypatch.setitem(sys.modules, "jieba", types.SimpleNamespace(lcut=words.__getitem__))


def check_resuming(namespace):
    assert namespace["vectorizer"].n_iter_ == 15
    assert namespace["watched"].loss_curve_[-1] < 0.09 <= namespace["watched"].loss_curve_[-2]
    assert Path("run.npz").exists()
    assert namespace["glove"].n_iter_ == 15


def check_files(namespace):
    assert len(namespace["vectors"]) == len(namespace["vectorizer"].vocabulary_)
    assert namespace["X"].shape == namespace["counter"].cooccurrence_.shape


def check_uncertainty(namespace):
    shown = blocks("docs/uncertainty.md", "")[0]
    found = [row.name for row in namespace["neighbors"]]
    assert [line.split()[0] for line in shown.splitlines()[1:]] == found
    assert namespace["difference"].p_value < 0.0001
    assert namespace["of_documents"]["violence palestinian"].standard_error > namespace["pair"][0].standard_error
    assert len(namespace["of_seeds"].overlaps) == 2
    assert "p_value" in namespace["frame"]


def check_fine_tuning(namespace):
    assert namespace["tuned"].loss_curve_[0] > 0
    assert np.isfinite(namespace["both"].embedding_).all()
    assert len(namespace["inferred"]) > 5
    assert namespace["stream"].n_iter_ == 12


def check_clusters(namespace):
    assert namespace["vectors"].chunks[0] == (300,)


CHECKS = {
    "README.md": check_readme,
    "docs/classification.md": lambda namespace: None,
    "docs/clusters.md": check_clusters,
    "docs/contexts.md": lambda namespace: None,
    "docs/elsewhere.md": lambda namespace: None,
    "docs/evaluation.md": lambda namespace: None,
    "docs/files.md": check_files,
    "docs/fine-tuning.md": check_fine_tuning,
    "docs/memory.md": lambda namespace: None,
    "docs/other-packages.md": lambda namespace: None,
    "docs/pipelines.md": check_pipelines,
    "docs/pretrained.md": check_pretrained,
    "docs/items.md": check_items,
    "docs/languages.md": check_languages,
    "docs/queries.md": lambda namespace: None,
    "docs/reproducibility.md": lambda namespace: None,
    "docs/resuming.md": check_resuming,
    "docs/start.md": lambda namespace: None,
    "docs/uncertainty.md": check_uncertainty,
}


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page, "python")])
def test_code_runs(page, tmp_path, monkeypatch):
    pytest.importorskip("gensim")
    if page == "docs/clusters.md":
        pytest.importorskip("distributed")
    monkeypatch.chdir(tmp_path)
    namespace = {}
    for block in blocks(page, "python"):
        run_code(block, namespace)
    CHECKS[page](namespace)


@needs_pages
def test_scripts_that_need_a_cluster_are_python():
    scripts = blocks("docs/clusters.md", "py")
    assert len(scripts) >= 4
    for script in scripts:
        for node in ast.walk(ast.parse(script)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "GloVeVectorizer":
                GloVeVectorizer(**{keyword.arg: None for keyword in node.keywords})


@needs_pages
def test_pages_with_code_are_those_that_are_checked():
    assert {page for page in PAGES if blocks(page, "python")} == CHECKS.keys()


@needs_pages
def test_quickstart_is_short():
    assert len(blocks("README.md", "python")[0].splitlines()) <= 10


@needs_pages
def test_readme_is_two_screens():
    assert len(PAGES["README.md"].splitlines()) <= 110


@needs_pages
def test_table_of_names_has_the_defaults():
    parameters = inspect.signature(GloVeVectorizer).parameters
    table = re.search(
        r"<!-- parameters: begin -->\n(.*)<!-- parameters: end -->", PAGES["docs/parameters.md"], flags=re.DOTALL
    )[1]
    lines = re.findall(r"^\| `(\w+)` \| [^|]* \| `([^|]+)` \|", table, flags=re.MULTILINE)
    assert len(lines) >= 20
    for name, default in lines:
        assert ast.literal_eval(default) == parameters[name].default, name


@needs_pages
def test_defaults_that_are_explained_are_the_defaults():
    parameters = inspect.signature(GloVeVectorizer).parameters
    for names, values, _ in rows(section("docs/defaults.md", "What they are")):
        for name, value in zip(names.split(", "), values.split(", "), strict=True):
            assert ast.literal_eval(value.strip("`")) == parameters[name.strip("`")].default, name


@needs_pages
def test_make_targets_exist():
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE))
    shown = {name for page in PAGES for name in re.findall(r"^make ([\w-]+)$", PAGES[page], flags=re.MULTILINE)}
    assert {"demo", "test"} <= shown <= targets


@needs_pages
def test_layers_are_all_described():
    packages = {path.parent.name for path in ROOT.glob("glove_sklearn/*/__init__.py")}
    described = {name.strip("`") for name, _ in rows(section("docs/how-it-works.md", "Layers")) if "." not in name}
    assert described == packages


@needs_pages
def test_what_is_named_as_a_beginning_is_in_its_file():
    table = section("docs/how-it-works.md", "Layers").partition("Where to begin reading")[2]
    assert len(rows(table)) > 10
    for _, file, what in rows(table):
        source = (ROOT / "glove_sklearn" / file.strip("`")).read_text(encoding="utf-8")
        name = re.match(r"`(\w+)`", what)[1]
        assert re.search(rf"^(?:cdef )?(?:def|class) {name}\b", source, flags=re.MULTILINE), name


@needs_pages
def test_the_reference_names_whatever_is_public():
    modules = [glove_sklearn]
    for module in pkgutil.iter_modules(glove_sklearn.__path__):
        if not module.name.startswith("_"):
            modules.append(importlib.import_module(f"glove_sklearn.{module.name}"))
    listed, module = set(), None
    for line in (ROOT / "docs" / "api.rst").read_text(encoding="utf-8").splitlines():
        if found := re.match(r"\.\. currentmodule:: (\S+)", line):
            module = found[1]
        elif found := re.match(r"(?:   |\.\. data:: )(\w+)$", line):
            listed.add(f"{module}.{found[1]}")
    assert listed == {f"{module.__name__}.{name}" for module in modules for name in getattr(module, "__all__", ())}


@needs_pages
def test_notebooks_lead_to_pages_of_the_reference():
    text = (ROOT / "docs" / "api.rst").read_text(encoding="utf-8")
    page = _API_PAGE.format(estimator_name="GloVe")
    assert {f"{folder}/glove_sklearn.GloVe.html" for folder in re.findall(r":toctree: (\w+)", text)} == {page}


@needs_pages
def test_the_index_names_every_page():
    linked = set(re.findall(r"\]\(([\w-]+\.md)\)", PAGES["docs/README.md"]))
    assert linked == {page.removeprefix("docs/") for page in PAGES} - {"README.md"}


@pytest.mark.parametrize("page", [*PAGES, *(["CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"] if PAGES else [])])
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)]+)\)", without_code(page)):
        target = re.sub(r"\s", "", target)
        if target.startswith("https://"):
            continue
        path, _, anchor = target.partition("#")
        linked = ((ROOT / page).parent / path).resolve() if path else ROOT / page
        assert linked.is_file(), target
        if anchor:
            assert anchor in anchors(linked.relative_to(ROOT).as_posix()), target


def without_code(page):
    return FENCE.sub("", (ROOT / page).read_text(encoding="utf-8"))


def anchors(page):
    """The anchors that GitHub makes of the headings of a page."""
    headings = re.findall(r"^#+ (.*)$", without_code(page), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES)
def test_lines_are_short(page):
    # Tables cannot be wrapped, and the line above a table of measurements is generated.
    prose = re.sub(r"<!-- begin (\S+) -->.*?<!-- end \1 -->", "", PAGES[page], flags=re.DOTALL)
    long = [line for line in prose.splitlines() if len(line) > 120 and not line.startswith("|")]
    assert not long


COMMANDS = {
    page: re.findall(
        r"^(.*glove-sklearn (?:train|embed|neighbors|analogy|evaluate|plot|convert|info) .*)$",
        "".join(blocks(page, "")),
        flags=re.MULTILINE,
    )
    for page in ("README.md", "docs/command-line.md")
    if page in PAGES
}


@pytest.mark.parametrize("page", COMMANDS)
def test_commands_run(page, lee, tmp_path, monkeypatch):
    """On a small text, with the files that the page takes for granted."""
    pytest.importorskip("gensim")
    pytest.importorskip("matplotlib")
    pytest.importorskip("dask.dataframe")
    monkeypatch.chdir(tmp_path)
    documents = [*lee[:50], *["the king and the queen drink water with a man and a woman"] * 5]
    documents += ["uncle and aunt, prince and princess, in paris and rome, france and italy"] * 5
    text = "\n".join(documents) + "\n"
    Path("corpus.txt").write_text(text, encoding="utf-8")
    Path("more.txt").write_text(text, encoding="utf-8")
    pytest.importorskip("pandas").DataFrame({"label": 1, "text": documents}).to_csv("posts.csv", index=False)
    Path("news.txt.gz").write_bytes(gzip.compress(text.encode()))
    Path("letters").mkdir()
    for number, document in enumerate(documents):
        Path("letters", f"{number}.txt").write_text(document, encoding="utf-8")
    Path("german.tsv").write_text("king\tman\t6\nwater\twoman\t2\nqueen\tking\t8\n", encoding="utf-8")
    words = dict.fromkeys(text.lower().split())
    Path("domain.txt").write_text(text, encoding="utf-8")
    values = " 0.5 -0.5" * 50
    Path("general.txt").write_text("".join(f"{word}{values}\n" for word in words), encoding="utf-8")
    with zipfile.ZipFile("glove.6B.zip", "w") as archive:
        archive.writestr("glove.6B.50d.txt", "".join(f"{word} {len(word)}.5 1\n" for word in words))

    assert len(COMMANDS[page]) >= 4
    # Windows has no zcat to begin a pipe with.
    commands = [command for command in COMMANDS[page] if sys.platform != "win32" or not command.startswith("zcat ")]
    for command in commands:
        before, _, arguments = command.partition("glove-sklearn ")
        if before:
            program = f"{before}{sys.executable} -m glove_sklearn {arguments}"
            environment = environment_of_programs()
            subprocess.run(program, shell=True, check=True, capture_output=True, env=environment)
        else:
            assert main(shlex.split(arguments)) == 0, command
    written = {argument for command in commands for argument in re.findall(r"--output (\S+)", command)}
    assert written
    assert all(Path(name).exists() for name in written)


def fit(documents, **parameters):
    GloVeVectorizer(2, **{"min_count": 1, "random_state": 0, **parameters}).fit(documents)


def fit_with_a_checkpoint_of_another_run(documents):
    fit(documents, checkpoint="run.npz")
    fit(documents, checkpoint="run.npz", alpha=0.5)


def resume_what_cannot_be_resumed(documents):
    GloVeVectorizer(2, min_count=1).fit(documents).set_params(warm_start=True).fit(documents)


#: What raises each of the errors that the page on troubleshooting explains.
CAUSES = (
    lambda documents: fit(documents, min_count=5),
    lambda documents: fit(documents[0]),
    lambda documents: fit(np.array([documents, documents])),
    lambda documents: fit([*["text"] * 7, float("nan")]),
    lambda documents: fit([["a", "list", "of", "tokens"]]),
    lambda documents: fit(iter([])),
    lambda documents: fit(documents, learning_rate=1e20),
    lambda documents: GloVe(10**9, memory_limit="1GB").fit(np.ones((3, 3))),
    lambda documents: Storage("1MB").check_disk_space(1e20),
    fit_with_a_checkpoint_of_another_run,
    resume_what_cannot_be_resumed,
    lambda documents: GloVeVectorizer(2, min_count=1).fit(documents).partial_fit(documents),
    lambda documents: fit(documents, init=(["x", "y"], np.ones((2, 2)))),
    lambda documents: fit(documents, memory="cache", tokenizer=lambda text: text.split(), token_pattern=None),
)


@needs_pages
def test_errors_that_are_explained_are_raised(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    messages = []
    for cause in CAUSES:
        with pytest.raises((ValueError, OSError, MemoryError, FloatingPointError)) as error:
            cause(["a b c d", "b c d e"])
        messages.append(f"{error.typename}: {error.value}")
    for shown, _ in rows(section("docs/troubleshooting.md", "Error messages")):
        pattern = re.escape(shown.strip("`")).replace(re.escape("..."), ".*")
        assert any(re.search(pattern, message) for message in messages), (shown, messages)


def test_parameters_are_all_in_the_docstring():
    for estimator in (GloVe, GloVeVectorizer):
        for name in inspect.signature(estimator).parameters:
            assert re.search(rf"^(\w+, )?{name}(, \w+)? : ", inspect.getdoc(estimator), flags=re.MULTILINE), name
