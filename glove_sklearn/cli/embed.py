"""``glove-sklearn embed``: from word vectors that exist, and text, to document vectors."""

from __future__ import annotations

import inspect
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from itertools import islice
from typing import Any

import click

from glove_sklearn import formats
from glove_sklearn._parameters import EMBEDDING_VECTORIZER_PARAMETERS, Option
from glove_sklearn.cli.options import (
    OUTPUT_FILE,
    check_document_options,
    document_options,
    parameter_option,
    path_type,
    reading_options,
)
from glove_sklearn.embedding_vectorizer import EmbeddingVectorizer
from glove_sklearn.formats.collections import iterate_column
from glove_sklearn.formats.documents import iterate_documents
from glove_sklearn.formats.features import check_features_path, open_features

#: Documents that are in memory together.
_N_DOCUMENTS = 1 << 12


@click.command(
    "embed",
    params=[
        click.Argument(["vectors"], type=path_type()),
        click.Argument(["corpus"], nargs=-1, required=True, type=path_type(allow_dash=True)),
        click.Option(
            ["-o", "--output"],
            type=OUTPUT_FILE,
            required=True,
            help="File for the features: .npy, .csv (also .csv.gz and the like) or .parquet, a row for each document.",
        ),
        *(
            parameter_option(parameter)
            for parameter in EMBEDDING_VECTORIZER_PARAMETERS
            if isinstance(parameter.option, Option)
        ),
        click.Option(
            ["--tokens"],
            type=click.Choice(["words", "whitespace"]),
            default="words",
            show_default=True,
            help="What a token is: a run of letters, digits and underscores, or everything between white space.",
        ),
        click.Option(
            ["--lowercase/--no-lowercase"],
            default=None,
            help=(
                "Convert to lower case, or look words up as they stand. The default is to look a word up as it stands, then in "
                "lower case, then regardless of case."
            ),
        ),
        *document_options(),
        click.Option(["-q", "--quiet"], is_flag=True, help="No summary."),
    ],
)
@reading_options(encoding_option="--vectors-encoding")  # --encoding is that of the corpus
def embed(vectors: str, corpus: Sequence[str], output: str, **options: Any) -> None:
    """Turn documents into vectors, with word vectors that exist.

    VECTORS is a file of any format, also inside a zip: glove.6B.zip/glove.6B.100d.txt. CORPUS is one or more text files, plain or
    compressed, or folders of them, or - for standard input. A line is a document; --text-column reads one column of a table
    instead. CORPUS is read twice, and never all in memory.

    \b
    For example:
      glove-sklearn embed glove.6B.zip/glove.6B.100d.txt posts.txt --output features.npy
      glove-sklearn embed wiki.vec posts.txt.gz --pooling idf --output features.csv
      glove-sklearn embed wiki.vec posts.csv --text-column text --output features.npy
    """
    check_document_options(corpus, options["document_per_file"], options["text_column"])
    check_features_path(output)
    _check_output(output, [vectors, *corpus])
    reading = {name: options.pop(name) for name in ("format", "vocabulary", "combine")}
    reading["encoding"] = options.pop("vectors_encoding")
    words = formats.read_vectors(vectors, limit=options["limit"], **reading)
    names = inspect.signature(EmbeddingVectorizer).parameters
    vectorizer = EmbeddingVectorizer(words, **{name: value for name, value in options.items() if name in names})
    if options["lowercase"] is None:
        vectorizer.set_params(lowercase="auto")
    if options["tokens"] == "whitespace":
        vectorizer.set_params(token_pattern=r"\S+")
    with ExitStack() as stack:
        paths = [stack.enter_context(_readable_twice(path, options["temp_dir"])) for path in corpus]

        def documents() -> Iterator[Any]:
            how = {name: options[name] for name in ("document_per_file", "encoding", "decode_error")}
            column = options["text_column"]
            return iterate_documents(paths, **how) if column is None else iterate_column(paths, column, **how)

        n_documents = n_empty = 0

        def counted() -> Iterator[str]:
            nonlocal n_documents, n_empty
            for document in documents():
                n_documents += 1
                n_empty += isinstance(document, str) and not document.strip()
                yield document

        vectorizer.fit(counted())
        columns = vectorizer.get_feature_names_out()
        with open_features(output, columns, n_documents) as write:
            remaining = documents()
            while some := list(islice(remaining, _N_DOCUMENTS)):
                write(vectorizer.transform(some))
    if not options["quiet"]:
        empty = f", {n_empty} of them without text" if n_empty else ""
        click.echo(
            f"{n_documents} documents{empty}, {len(columns)} values each, in {output}; {vectorizer.coverage_:.1%} of the tokens "
            "have a vector",
            err=True,
        )


@contextmanager
def _readable_twice(path: str, temp_dir: str | None) -> Iterator[str]:
    """Yield a path that can be read more than once: for a pipe, that of a temporary copy."""
    if path != "-" and (os.path.isfile(path) or not os.path.exists(path) or os.path.isdir(path)):
        yield path
        return
    with tempfile.TemporaryDirectory(dir=temp_dir) as folder:
        copy = os.path.join(folder, "corpus")
        with nullcontext(sys.stdin.buffer) if path == "-" else open(path, "rb") as source, open(copy, "wb") as target:
            shutil.copyfileobj(source, target, 1 << 20)
        yield copy


def _check_output(output: str, inputs: Sequence[str]) -> None:
    """Refuse an output that would replace an input, or cannot be written, before the work begins."""
    for path in inputs:
        real = os.path.realpath(path)
        if os.path.realpath(output) == real or (
            os.path.isdir(real) and os.path.dirname(os.path.realpath(output)) == real
        ):
            raise click.UsageError(f"--output {output} would replace {path}, or be part of it; give another name")
    try:
        tempfile.TemporaryFile(dir=os.path.dirname(os.path.realpath(output))).close()
    except OSError as error:
        raise click.UsageError(f"--output {output} cannot be written: {error.strerror}") from error
