"""Commands that look at vectors: ``neighbors``, ``analogy``, ``evaluate``, ``convert`` and ``info``."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import click
import numpy as np

from glove_sklearn import formats
from glove_sklearn._system.files import file_of
from glove_sklearn._system.wording import number_of, perhaps
from glove_sklearn._vector_files.registry import REGISTRY
from glove_sklearn._vector_files.vectors import files_of, format_to_write
from glove_sklearn.cli.options import OUTPUT_FILE, path_type, reading_options, vectors_argument
from glove_sklearn.evaluation import evaluate_analogies, evaluate_similarities
from glove_sklearn.uncertainty import WordUncertainty


@click.command("neighbors")
@vectors_argument
@click.argument("words", nargs=-1, required=True)
@click.option("-n", "--topn", type=click.IntRange(1), default=10, show_default=True, help="Number of neighbours.")
@click.option(
    "--uncertainty",
    metavar="FILE",
    type=path_type(dir_okay=False),
    help=(
        "Also show standard errors, confidence intervals, and how often a neighbour stays among the nearest, from the FILE that "
        "`train --save-uncertainty` wrote with these vectors."
    ),
)
@click.option(
    "--level",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    default=0.95,
    show_default=True,
    help="Of the confidence intervals.",
)
@reading_options()
def neighbors(
    vectors: str, words: Sequence[str], topn: int, uncertainty: str | None, level: float, **reading: Any
) -> None:
    """Show the words nearest to each of WORDS, with the cosine of the angle.

    \b
    For example:
      glove-sklearn neighbors vectors.txt king water
      glove-sklearn neighbors vectors.txt king --uncertainty run.npz
    """
    if uncertainty is not None:
        _show_uncertain_neighbors(vectors, words, topn, uncertainty, level, reading)
        return
    keyed_vectors = formats.load_vectors(vectors, **reading)
    _check_words(keyed_vectors, words, vectors)
    for word in words:
        _show(word, keyed_vectors.most_similar(word, topn=topn))


def _show_uncertain_neighbors(
    path: str, words: Sequence[str], topn: int, uncertainty: str, level: float, reading: dict[str, Any]
) -> None:
    word_vectors = formats.read_vectors(path, **reading)
    word_uncertainty = read_uncertainty(uncertainty, path, word_vectors)
    for word in words:
        _check_word(word, word_vectors.terms, path)
        click.echo(str(word_uncertainty.neighbors(word, topn, level=level, random_state=0)))


def read_uncertainty(uncertainty: str, path: str, word_vectors: formats.WordVectors) -> WordUncertainty:
    """Read what ``train --save-uncertainty`` wrote, and refuse it if it does not belong to the vectors of `path`."""
    terms, vectors, _ = word_vectors
    word_uncertainty = WordUncertainty.load(uncertainty)
    if terms != word_uncertainty.terms or not np.array_equal(vectors, word_uncertainty.vectors.astype(np.float32)):
        raise ValueError(
            f"{uncertainty} belongs to other vectors than {path}: both must be from the same run of `train`, and read with "
            "the same --combine."
        )
    return word_uncertainty


@click.command("analogy")
@vectors_argument
@click.argument("a")
@click.argument("b")
@click.argument("c")
@click.option("-n", "--topn", type=click.IntRange(1), default=10, show_default=True, help="Number of answers.")
@click.option(
    "--method",
    type=click.Choice(["3CosAdd", "3CosMul"]),
    default="3CosAdd",
    show_default=True,
    help="Score answers by sums of cosines, or by products.",
)
@reading_options()
def analogy(vectors: str, a: str, b: str, c: str, topn: int, method: str, **reading: Any) -> None:
    """Show the answers to: A is to B as C is to ...?

    \b
    For example:
      glove-sklearn analogy vectors.txt man king woman
    """
    keyed_vectors = formats.load_vectors(vectors, **reading)
    _check_words(keyed_vectors, [a, b, c], vectors)
    ask = keyed_vectors.most_similar if method == "3CosAdd" else keyed_vectors.most_similar_cosmul
    _show(f"{a} is to {b} as {c} is to", ask(positive=[b, c], negative=[a], topn=topn))


def _check_words(keyed_vectors: Any, words: Sequence[str], path: str) -> None:
    for word in words:
        if word not in keyed_vectors.key_to_index:
            _check_word(word, keyed_vectors.index_to_key, path)


def _check_word(word: str, terms: list[str], path: str) -> None:
    if word not in terms:
        raise click.UsageError(f"{path} has no vector for {word!r}{perhaps(word, terms)}")


def _show(title: str, answers: Sequence[tuple[str, float]]) -> None:
    click.echo(title)
    for word, similarity in answers:
        click.echo(f"  {similarity:.4f}  {word}")


@click.command("evaluate")
@vectors_argument
@click.option("--analogies", type=path_type(), help="File of questions, Google's format or tab-separated.")
@click.option(
    "--similarities",
    type=path_type(),
    multiple=True,
    help=("File of pairs of words and their similarity, tab-separated. May be given more than once."),
)
@click.option(
    "--method",
    type=click.Choice(["3CosAdd", "3CosMul"]),
    default="3CosAdd",
    show_default=True,
    help="How analogies are solved.",
)
@click.option(
    "--restrict-vocab",
    type=click.IntRange(1),
    default=300_000,
    show_default=True,
    help="Consider only this many of the most frequent words.",
)
@click.option("--case-sensitive", is_flag=True, help="Distinguish upper case from lower case.")
@reading_options()
def evaluate(
    vectors: str,
    analogies: str | None,
    similarities: Sequence[str],
    method: str,
    restrict_vocab: int,
    case_sensitive: bool,
    **reading: Any,
) -> None:
    """Measure vectors on analogies and similarities.

    Without files: Google's 19,544 analogies, WordSim-353 and SimLex-999, all of them English.

    \b
    For example:
      glove-sklearn evaluate vectors.txt --restrict-vocab 30000
      glove-sklearn evaluate vectors.txt --similarities german.tsv
    """
    word_vectors = formats.read_vectors(vectors, **reading)
    options: dict[str, Any] = {"restrict_vocab": restrict_vocab, "case_insensitive": not case_sensitive}
    default = not analogies and not similarities
    if analogies or default:
        click.echo(str(evaluate_analogies(word_vectors, analogies, method=method, **options)))
    if default:
        click.echo()
    if similarities or default:
        click.echo(str(evaluate_similarities(word_vectors, list(similarities) or None, **options)))


_FORMATS = "\n".join(
    f"  {name:<15}  {', '.join(format.suffixes):<11}  {format.summary}{'' if format.write else ', only IN'}"
    for name, format in REGISTRY.items()
)
_CONVERT_HELP = f"""Convert word vectors from one format to another.

IN may be compressed, and a file in a zip archive: glove.6B.zip/glove.6B.50d.txt.

\b
Formats, and the extensions that stand for them:
{_FORMATS}

A .gz, .bz2, .xz or .zip after the extension compresses. Files of gensim are pickles, which can run any program when they are
read: convert only what you trust.

\b
For example:
  glove-sklearn convert glove.6B.zip/glove.6B.50d.txt vectors.kv
"""


@click.command("convert", help=_CONVERT_HELP)
@click.argument("source", metavar="IN", type=path_type())
@click.argument("target", metavar="OUT", type=OUTPUT_FILE)
@reading_options("--from")
@click.option("--to", "target_format", metavar="FORMAT", help="Format of OUT, if its extension does not say it.")
@click.option("--unknown", is_flag=True, help="Keep or add the <unk> of Stanford GloVe's text.")
@click.option(
    "--skip-unwritable",
    is_flag=True,
    help="Leave out words that the format of OUT cannot hold, such as those with a space in word2vec.",
)
@click.option("--limit", type=click.IntRange(1), help="Convert only this many words, from the beginning.")
def convert(  # noqa: D103, its help is above
    source: str, target: str, target_format: str | None, skip_unwritable: bool, **reading: Any
) -> None:
    target_format = format_to_write(target, target_format)
    sources = {os.path.realpath(path) for path in files_of(file_of(source), reading.get("format"))}
    for path in files_of(target, target_format):
        if os.path.realpath(path) in sources:
            raise click.UsageError(f"{path} would replace {source}; give another name")
    vectors = formats.read_vectors(source, **reading)
    unknown = reading["unknown"] and target_format == "glove"
    formats.save_vectors(target, vectors, format=target_format, unknown=unknown, skip_unwritable=skip_unwritable)
    read = number_of(len(vectors.terms), "word") + (" read" if skip_unwritable else "")
    click.echo(f"{read}, {number_of(vectors.vectors.shape[1], 'value')} each, in {target}", err=True)


@click.command("info")
@click.argument("file", type=path_type())
def info(file: str) -> None:
    """Say what a file is (vectors, a vocabulary, co-occurrences, a checkpoint), and what is in it."""
    facts = formats.describe(file)
    width = max(len(name) for name in facts) + 2
    for name, value in facts.items():
        click.echo(f"{name + ':':<{width}}{value}")
