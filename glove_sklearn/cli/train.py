"""``glove-sklearn train``: from text, or from counted co-occurrences, to word vectors."""

from __future__ import annotations

import inspect
import os
import re
import tempfile
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any, NamedTuple

import click
import numpy as np
from click.core import ParameterSource

from glove_sklearn import formats
from glove_sklearn._counting.counting import count_cooccurrences
from glove_sklearn._counting.row_store import RowSource
from glove_sklearn._distributed.counting import count_collection
from glove_sklearn._distributed.rows import DistributedRows
from glove_sklearn._fitting import count_and_train, open_checkpoint, read_given_words
from glove_sklearn._parameters import (
    CONTEXT,
    EMBEDDING,
    MEMORY_LIMIT,
    MODEL,
    N_JOBS,
    NEAR_CONTEXT,
    PARAMETERS,
    RESUMING,
    TEXT,
    VOCABULARY,
    Option,
)
from glove_sklearn._system.files import file_of
from glove_sklearn._system.sklearn_compat import validate_parameters
from glove_sklearn._system.storage import Storage
from glove_sklearn._system.threads import ThreadTeam
from glove_sklearn._system.wording import number_of
from glove_sklearn._training.settings import TrainingSettings, is_init_method
from glove_sklearn._training.state import ModelState, warm_start_state
from glove_sklearn._training.subsampling import subsample
from glove_sklearn._training.trainer import TrainedModel
from glove_sklearn._variance.factors import RegressionModel
from glove_sklearn._vector_files.vectors import check_terms, files_of, format_to_write
from glove_sklearn.cli.options import OUTPUT_FILE, check_document_options, document_options, parameter_option, path_type
from glove_sklearn.counter import CooccurrenceCounter
from glove_sklearn.formats.collections import read_collection
from glove_sklearn.formats.cooccurrences import looks_like_cooccurrences, rows_of_cooccurrences
from glove_sklearn.formats.documents import iterate_documents
from glove_sklearn.glove import GloVe
from glove_sklearn.uncertainty import files as uncertainty_files


def _declared(parameters: tuple) -> list[click.Option]:
    """Make the options of those parameters that have one."""
    return [parameter_option(parameter) for parameter in parameters if isinstance(parameter.option, Option)]


#: The options in the sections of ``train --help``. A declared parameter appears in the section of its group by itself.
_SECTIONS: dict[str, list[click.Option]] = {
    "Output": [
        click.Option(
            ["-o", "--output"],
            type=OUTPUT_FILE,
            help=(
                "File for the vectors. The extension decides on the format: .txt as Stanford GloVe, .vec word2vec "
                "text, .bin word2vec binary, .kv gensim; also .txt.gz and the like."
            ),
        ),
        click.Option(
            ["--format", "format_"],
            metavar="FORMAT",
            help="Format of the output, whatever its extension; `convert --help` lists them.",
        ),
        click.Option(
            ["--unknown"],
            is_flag=True,
            help="Append <unk>, the mean of the 100 rarest words, as Stanford GloVe does (.txt only).",
        ),
        *_declared(EMBEDDING),
        click.Option(
            ["--save-vocabulary"],
            type=OUTPUT_FILE,
            help="Also write the words and their counts, as Stanford GloVe's vocab.txt.",
        ),
        click.Option(
            ["--save-cooccurrence"],
            type=OUTPUT_FILE,
            help=(
                "Also write X as Stanford GloVe's cooccurrence.bin; shuffled, as its `glove` needs it, if the name "
                "ends in .shuf.bin."
            ),
        ),
        click.Option(
            ["--save-parameters"],
            type=OUTPUT_FILE,
            help=(
                "Also write all parameters, as trained and not post-processed, as Stanford GloVe's binary vectors.bin."
            ),
        ),
        click.Option(
            ["--save-gradsq"],
            type=OUTPUT_FILE,
            help="Also write the state of the optimiser as Stanford GloVe's gradsq.bin.",
        ),
        click.Option(
            ["--save-uncertainty"],
            type=OUTPUT_FILE,
            help=(
                "Also write X and the model, from which `neighbors --uncertainty` computes standard errors: 8 bytes for an entry "
                "of X."
            ),
        ),
    ],
    "Text": [
        *_declared(TEXT),
        click.Option(
            ["--tokens"],
            type=click.Choice(["words", "whitespace"]),
            default="words",
            show_default=True,
            help=(
                "What a token is: a run of letters, digits and underscores, or everything between white space, as in "
                "Stanford GloVe."
            ),
        ),
        click.Option(
            ["--lowercase/--no-lowercase"],
            default=None,
            help="Convert to lower case. The default is to do so with --tokens words, but not with --tokens whitespace.",
        ),
        *document_options(),
    ],
    "Vocabulary": [
        *_declared(VOCABULARY),
        click.Option(
            ["--vocabulary"],
            type=path_type(),
            help=(
                "File of the words to use, one per line, with or without counts (a vocab.txt); the options above then "
                "have no effect."
            ),
        ),
    ],
    "Context": _declared((*CONTEXT, *NEAR_CONTEXT)),
    "Model": [
        click.Option(
            ["--cooccurrence"],
            type=path_type(),
            help=(
                "Train on this file of co-occurrences, a cooccurrence.bin or cooccurrence.shuf.bin, instead of on a "
                "corpus; --vocabulary is its vocab.txt."
            ),
        ),
        *_declared(MODEL),
        click.Option(
            ["--random-state"],
            type=click.IntRange(0, 2**32 - 1),
            default=0,
            show_default=True,
            help="Seed. The same text, options and seed yield the same vectors, bit for bit.",
        ),
    ],
    "Resuming": [
        *_declared(RESUMING),
        click.Option(
            ["--initial-parameters"],
            type=path_type(),
            help=(
                "Start from the parameters in a vectors.bin of Stanford GloVe. The other options decide on the model: "
                "to resume a run of that program, also set --x-max 100 (or its value), --negative-ratio 0 and "
                "--postprocess none."
            ),
        ),
        click.Option(["--initial-gradsq"], type=path_type(), help="And with the optimiser's state in its gradsq.bin."),
    ],
    "Execution": [
        *_declared(N_JOBS),
        *_declared(MEMORY_LIMIT),
        click.Option(
            ["--scheduler"],
            metavar="ADDRESS",
            help=(
                "Use the cluster of this scheduler of Dask, such as tcp://10.0.0.1:8786. Its workers read CORPUS, which must "
                "have the same path there, or be a URL such as s3://bucket/news/*.txt."
            ),
        ),
        click.Option(["-q", "--quiet"], is_flag=True, help="No progress bars."),
    ],
}


#: Seconds to wait for a scheduler.
_PATIENCE = 10

#: What replaces the options of Stanford GloVe.
_STANFORD_OPTIONS = {
    "-vocab-file": "--vocabulary",
    "-input-file": "--cooccurrence",
    "-save-file": "--output",
    "-binary": "--format",
    "-write-header": "--format",
    "-save-gradsq": "--save-gradsq",
    "-gradsq-file": "--save-gradsq",
    "-save-init-param": "--save-parameters",
    "-load-init-param": "--initial-parameters",
    "-load-init-gradsq": "--initial-gradsq",
    "-seed": "--random-state",
    "-verbose": "--quiet",
    **{
        name: f"--{parameter.name.replace('_', '-')}"
        for parameter in PARAMETERS.values()
        if parameter.stanford is not None and isinstance(parameter.option, Option)
        for name in parameter.stanford.option.split(", ")
        if name
    },
}


class _TrainCommand(click.Command):
    """A command whose help shows its options in sections, and which knows the options of Stanford GloVe."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        ours = {name for option in self.get_params(ctx) for name in (*option.opts, *option.secondary_opts)}
        for argument in args:
            name = argument.partition("=")[0]
            other = _STANFORD_OPTIONS.get(f"-{name.lstrip('-')}")
            if name.startswith("-") and name not in ours and other is not None:
                raise click.NoSuchOption(
                    name, f"No such option {name!r}; what it sets in Stanford GloVe is set by {other} here", ctx=ctx
                )
        return super().parse_args(ctx, args)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        help_option = self.get_help_option(ctx)
        for heading, options in _SECTIONS.items():
            if heading == "Execution" and help_option is not None:
                options = [*options, help_option]
            records = [option.get_help_record(ctx) for option in options]
            with formatter.section(heading):
                formatter.write_dl([record for record in records if record is not None])


@click.command(
    "train",
    cls=_TrainCommand,
    params=[
        click.Argument(["corpus"], nargs=-1, type=path_type(allow_dash=True)),
        *(option for options in _SECTIONS.values() for option in options),
    ],
)
@click.pass_context
def train(context: click.Context, /, **options: Any) -> None:
    """Learn word vectors from text.

    CORPUS is one or more text files, plain or compressed, archives (zip, tar) or folders of them, or - for standard
    input. A line is a document, and windows never cross lines. With --text-column, --scheduler, or URLs such as
    s3://bucket/news, it is read by Dask.

    \b
    For example:
      glove-sklearn train news.txt.gz --output vectors.txt
      glove-sklearn train letters/ --document-per-file --min-count 3 --output letters.vec
      glove-sklearn train 's3://bucket/*.parquet' --text-column text --scheduler tcp://10.0.0.1:8786 --output vectors.bin
      zcat huge.gz | glove-sklearn train - --memory-limit 8GB --checkpoint run.npz --output vectors.bin
    """
    _check_options(context, options)
    verbose = not options["quiet"]
    squares = _options_of_square_files(options)
    if options["near_size"] == "auto" and (squares or not is_init_method(options["init"])):
        options["near_size"] = 0
        if verbose and squares:
            click.echo(
                f"near contexts are not counted: the file of {squares[0]} has one context for each word", err=True
            )
    output_format = None
    if options["output"]:
        output_format = format_to_write(options["output"], options["format_"], options["unknown"])
    terms, counts = formats.read_vocabulary(options["vocabulary"]) if options["vocabulary"] else (None, None)
    glove = _make_glove(options, verbose)
    settings = TrainingSettings.of(glove)
    given = read_given_words(glove.init, settings)
    checkpoint = open_checkpoint(settings, given)
    origin = _read_initial_parameters(options, glove)

    with (
        Storage(glove.memory_limit, glove.temp_dir) as storage,
        ThreadTeam(glove.n_jobs) as team,
        _connected(options),
        _uncertainty_writer(options) as uncertainty,
    ):

        def count() -> _Counts:
            if not options["cooccurrence"]:
                return _count(terms, storage, options)
            assert terms is not None
            rows = rows_of_cooccurrences(options["cooccurrence"], len(terms), storage, verbose)
            return _Counts(terms, counts, rows)

        def before_training(counted: _Counts) -> tuple[ModelState | None, np.ndarray | None]:
            if origin is not None and origin.shape[0] != len(counted.terms):
                raise ValueError(
                    f"{options['initial_parameters']} has {origin.shape[0]} words, and the vocabulary "
                    f"{len(counted.terms)}."
                )
            if output_format:
                check_terms(counted.terms, output_format, options["unknown"])
            _save_counts(counted, options)
            if uncertainty is not None:
                assert not isinstance(counted.rows, DistributedRows)
                uncertainty.add_rows(subsample(counted.rows, glove.sample))
            return origin, None if given is None else given.rows(counted.terms, len(counted.terms))

        model: TrainedModel | None = None
        if options["output"] or options["save_parameters"] or options["save_uncertainty"]:
            counted, model = count_and_train(
                count, settings, storage, team, checkpoint=checkpoint, before_training=before_training
            )
        else:
            counted = count()
            before_training(counted)
        if model is not None and uncertainty is not None:
            words, contexts = model.state.words, model.state.contexts
            regression = RegressionModel(
                words.vectors, words.biases, contexts.vectors, contexts.biases, model.x_max, float(glove.alpha), True
            )
            uncertainty.add_model(counted.terms, regression, model.embedding, glove.combine)
    summary = f"{number_of(len(counted.terms), 'word')}, {number_of(counted.rows.n_entries, 'co-occurrence')}"
    if model is not None:
        loss_curve = model.state.loss_curve
        summary += f"; loss {loss_curve[-1]:.5f} in epoch {len(loss_curve)}"
        summary += _save_model(counted, model, glove, output_format, options)
    if verbose:
        click.echo(summary, err=True)


def _uncertainty_writer(options: dict[str, Any]) -> AbstractContextManager[uncertainty_files.Writer | None]:
    """Open the file of --save-uncertainty, which is written in two parts: X before training, and the model after."""
    path = options["save_uncertainty"]
    return uncertainty_files.open_writer(path) if path else nullcontext()


class _Counts(NamedTuple):
    """What was counted, now or earlier."""

    terms: list[str]
    counts: np.ndarray | None
    rows: RowSource | DistributedRows


def _make_glove(options: dict[str, Any], verbose: bool) -> GloVe:
    """Make the estimator whose parameters the options set, and refuse values that it refuses."""
    glove = GloVe(**_parameters_of(GloVe, options), verbose=verbose)
    # The files of parameters hold what `warm_start` keeps.
    glove.set_params(warm_start=bool(options["save_gradsq"] or options["initial_parameters"]))
    validate_parameters(glove)
    return glove


def _read_initial_parameters(options: dict[str, Any], glove: GloVe) -> ModelState | None:
    """Read the state from which training resumes."""
    if not options["initial_parameters"]:
        return None
    initial = formats.read_parameters(
        options["initial_parameters"],
        options["initial_gradsq"],
        n_components=glove.n_components,
        learning_rate=glove.learning_rate,
    )
    return warm_start_state(initial)


def _count(terms: list[str] | None, storage: Storage, options: dict[str, Any]) -> _Counts:
    """Count the co-occurrences of the corpus."""
    parameters = {**_parameters_of(CooccurrenceCounter, options), "vocabulary": terms}
    if options["tokens"] == "whitespace":
        parameters["token_pattern"] = r"\S+"
    if options["lowercase"] is None:
        parameters["lowercase"] = options["tokens"] == "words"
    counter = CooccurrenceCounter(**parameters)
    validate_parameters(counter)
    how = {name: options[name] for name in ("document_per_file", "encoding", "decode_error")}
    context = counter.get_params()
    verbose = not options["quiet"]
    if _is_read_by_dask(options):
        documents = read_collection(options["corpus"], options["text_column"], **how)
        counted = count_collection(documents, context, storage, options["n_jobs"], verbose)
    else:
        documents = iterate_documents(options["corpus"], **how)
        counted = count_cooccurrences(documents, context, storage, options["n_jobs"], verbose)
    counted.tokens.close()
    rows = counted.rows
    if isinstance(rows, DistributedRows):
        storage.keep(rows)
        if options["save_cooccurrence"] or options["save_uncertainty"]:
            rows = rows.gather(storage, verbose)
    return _Counts(list(counted.vocabulary), counted.counts, rows)


def _is_read_by_dask(options: dict[str, Any]) -> bool:
    is_url = any(re.match(r"\w[\w+.-]*://|\w+::", path) for path in options["corpus"])
    return is_url or options["scheduler"] is not None or options["text_column"] is not None


def _connected(options: dict[str, Any]) -> AbstractContextManager[Any]:
    """Connect to a scheduler; without an address, threads of this process read what Dask reads."""
    address = options["scheduler"]
    if not _is_read_by_dask(options):
        return nullcontext()
    try:
        import dask
        from distributed import Client
    except ImportError as error:
        raise click.UsageError(
            f'a corpus that Dask reads needs Dask: pip install "dask[dataframe]" distributed ({error})'
        ) from error
    if address is None:
        return dask.config.set(scheduler="threads")
    try:
        return Client(address, timeout=_PATIENCE)
    except (OSError, ValueError) as error:
        raise click.UsageError(f"--scheduler {address} cannot be reached: {error}") from error


def _parameters_of(estimator: type, options: dict[str, Any]) -> dict[str, Any]:
    """Return the options that are parameters of an estimator."""
    return {name: options[name] for name in inspect.signature(estimator).parameters if name in options}


def _save_counts(counted: _Counts, options: dict[str, Any]) -> None:
    if options["save_vocabulary"]:
        formats.write_vocabulary(options["save_vocabulary"], counted.terms, counted.counts)
    if options["save_cooccurrence"]:
        assert not isinstance(counted.rows, DistributedRows)
        formats.write_cooccurrences(
            options["save_cooccurrence"],
            counted.rows,
            shuffle=".shuf" in Path(options["save_cooccurrence"]).suffixes,
            **{name: options[name] for name in ("random_state", "memory_limit", "temp_dir")},
        )


def _save_model(
    counted: _Counts, model: TrainedModel, glove: GloVe, output_format: str | None, options: dict[str, Any]
) -> str:
    """Write the vectors and the parameters, and return what the summary says about them."""
    said = ""
    if options["output"]:
        vectors = formats.WordVectors(counted.terms, model.embedding, counted.counts)
        formats.save_vectors(options["output"], vectors, format=output_format, unknown=options["unknown"])
        said = f"; {model.embedding.shape[1]} values for each word in {options['output']}"
    if options["save_parameters"]:
        glove._set_fitted(model)
        formats.write_parameters(options["save_parameters"], glove, options["save_gradsq"])
    return said


def _check_options(context: click.Context, options: dict[str, Any]) -> None:
    """Refuse options that contradict each other, and files that cannot be written, before the work begins."""
    if bool(options["corpus"]) == bool(options["cooccurrence"]):
        raise click.UsageError("give either a CORPUS (a file, a folder, - for standard input) or --cooccurrence FILE")
    if options["cooccurrence"]:
        if not options["vocabulary"]:
            raise click.UsageError(
                "--cooccurrence FILE needs --vocabulary FILE, the vocab.txt that was written with it"
            )
        text = ("encoding", "decode_error", "tokens", "lowercase", "document_per_file", "text_column", "scheduler")
        for name in (
            *text,
            "min_count",
            "max_features",
            "window_size",
            "context",
            "weighting",
            "near_size",
            "save_vocabulary",
        ):
            if context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
                raise click.UsageError(
                    f"--{name.replace('_', '-')} says how to count, but what --cooccurrence names is already counted"
                )
    if options["text_column"] is not None or not _is_read_by_dask(options):
        check_document_options(options["corpus"], options["document_per_file"], options["text_column"])
    if "-" in options["corpus"] and _is_read_by_dask(options):
        raise click.UsageError("- is standard input, which --scheduler and URLs do not go with: give files")
    for path in options["corpus"]:
        if os.path.isfile(path) and looks_like_cooccurrences(path):
            raise click.UsageError(
                f"{path} is a file of co-occurrences: give it with --cooccurrence, and its --vocabulary"
            )
    if options["vocabulary"] and not options["cooccurrence"]:
        for name in ("min_count", "max_features"):
            if context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
                raise click.UsageError(f"--{name.replace('_', '-')} selects words, but --vocabulary already lists them")
    if options["near_size"] not in (0, "auto") and (squares := _options_of_square_files(options)):
        raise click.UsageError(
            f"the file of {squares[0]} has one context for each word: set --near-size 0, or leave it out"
        )
    if context.get_parameter_source("checkpoint_every") is ParameterSource.COMMANDLINE and not options["checkpoint"]:
        raise click.UsageError("--checkpoint-every needs --checkpoint")
    if options["initial_parameters"] and context.get_parameter_source("init") is ParameterSource.COMMANDLINE:
        raise click.UsageError("--init says how vectors are initialised, but --initial-parameters has them")
    if options["save_uncertainty"] and options["combine"] == "context":
        raise click.UsageError(
            "--save-uncertainty is about word vectors, given those of the contexts: --combine context has no word vectors"
        )
    if options["save_uncertainty"] and options["anchor"]:
        raise click.UsageError("--save-uncertainty needs least squares estimates, which --anchor pulls away from")
    for first, second in (("save_gradsq", "save_parameters"), ("initial_gradsq", "initial_parameters")):
        if options[first] and not options[second]:
            raise click.UsageError(f"--{first.replace('_', '-')} needs --{second.replace('_', '-')}")
    _check_outputs(options)


def _options_of_square_files(options: dict[str, Any]) -> list[str]:
    """Return those of the options given that name a file in which each word has one context."""
    names = ("save_cooccurrence", "save_parameters", "initial_parameters")
    return [f"--{name.replace('_', '-')}" for name in names if options[name]]


def _check_outputs(options: dict[str, Any]) -> None:
    """Refuse outputs that cannot be written, or that would replace an input or each other."""
    names = (
        "output", "save_vocabulary", "save_cooccurrence", "save_parameters", "save_gradsq", "save_uncertainty", "checkpoint",
    )  # fmt: skip
    outputs = {f"--{name.replace('_', '-')}": options[name] for name in names if options[name]}
    if outputs.keys() <= {"--checkpoint"}:
        raise click.UsageError("give --output FILE for the vectors, or one of the --save options")
    if options["checkpoint"] and not (options["output"] or options["save_parameters"] or options["save_uncertainty"]):
        raise click.UsageError("--checkpoint keeps the state of training: give --output FILE or --save-parameters FILE")
    inputs = [options[name] for name in ("vocabulary", "cooccurrence", "initial_parameters", "initial_gradsq")]
    if not is_init_method(options["init"]):
        inputs.append(options["init"])
    taken = {os.path.realpath(file_of(path)): path for path in (*options["corpus"], *inputs) if path and path != "-"}
    if options["output"]:
        for path in files_of(options["output"], options["format_"])[1:]:
            if os.path.realpath(path) in taken:
                raise click.UsageError(
                    f"--output writes {path}, too, which would replace a file that is read; give another name"
                )
    for name, path in outputs.items():
        if os.path.exists(path) and not os.path.isfile(path):
            continue  # a device or a pipe
        real = os.path.realpath(path)
        if real in taken:
            raise click.UsageError(f"{name} {path} would replace {taken[real]}; give another name")
        for folder in options["corpus"]:
            if os.path.isdir(folder) and Path(os.path.realpath(folder)) in Path(real).parents:
                raise click.UsageError(f"{name} {path} is in {folder}, which is the corpus; give another folder")
        taken[real] = f"what {name} writes"
        if not os.path.isdir(folder := os.path.dirname(real)):
            what = "is not a folder" if os.path.exists(folder) else "does not exist"
            raise click.UsageError(f"{name} {path} cannot be written: the folder {folder} {what}")
        try:
            tempfile.TemporaryFile(dir=folder).close()
        except OSError as error:
            raise click.UsageError(f"{name} {path} cannot be written: {error.strerror}") from error
