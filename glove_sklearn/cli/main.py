"""The program ``glove-sklearn``: training, queries, evaluation and conversion without a line of Python."""

from __future__ import annotations

import inspect
import os
import sys
import tempfile
import warnings
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from glove_sklearn import __version__, formats
from glove_sklearn._system.storage import Storage
from glove_sklearn._system.threads import ThreadTeam
from glove_sklearn.counter import CooccurrenceCounter, CountResult, count_cooccurrences
from glove_sklearn.evaluation import evaluate_analogies, evaluate_similarities
from glove_sklearn.formats.cooccurrences import are_cooccurrences, rows_of_cooccurrences
from glove_sklearn.formats.documents import iterate_documents
from glove_sklearn.formats.vectors import check_terms, format_to_write
from glove_sklearn.glove import GloVe, fitted_state
from glove_sklearn.vectorizer import GloVeVectorizer

#: What a user can mend: shown in one line, without a traceback.
_MISTAKES = (ValueError, OSError, MemoryError, FloatingPointError, ImportError)


#: The sections of `train --help`, by the option that each begins with.
_SECTIONS = {
    "output": "Output",
    "encoding": "Text",
    "min_count": "Vocabulary",
    "window_size": "Context",
    "n_components": "Model",
    "checkpoint": "Going on",
    "n_jobs": "Running",
}


class _TrainCommand(click.Command):
    """A command whose help shows its options in sections."""

    def format_options(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        sections: dict[str, list[tuple[str, str]]] = {}
        heading = "Arguments"
        for parameter in self.get_params(context):
            heading = _SECTIONS.get(parameter.name or "", heading)
            record = parameter.get_help_record(context)
            if record is not None and isinstance(parameter, click.Option):
                sections.setdefault(heading, []).append(record)
        for heading, records in sections.items():
            with formatter.section(heading):
                formatter.write_dl(records)


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    no_args_is_help=True,
    epilog="Learn more about a command with: glove-sklearn COMMAND --help",
)
@click.version_option(__version__, prog_name="glove-sklearn")
def cli() -> None:
    """GloVe word vectors: train them on your own text, look at them, evaluate them, convert them.

    \b
    For example:
      glove-sklearn train corpus.txt --output vectors.txt
      glove-sklearn neighbors vectors.txt king water
      glove-sklearn evaluate vectors.txt
    """


def _path(**options: Any) -> click.Path:
    return click.Path(path_type=str, **options)


_OUT = _path(dir_okay=False)
_VECTORS = click.argument("vectors", type=_path())


class _NumberOr(click.ParamType):
    """A number, or one of a few words, each with what it stands for."""

    name = "number"

    def __init__(self, expected: str, number: click.ParamType, words: dict[str, Any]) -> None:
        self._expected, self._number, self._words = expected, number, words

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        return f"[NUMBER|{'|'.join(self._words)}]"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if value in self._words:
            return self._words[value]
        try:
            return self._number.convert(value, param, ctx)
        except click.BadParameter:
            self.fail(f"expected {self._expected}, got {value!r}")


def _or_none(_: click.Context, __: click.Parameter, value: str) -> str | None:
    return None if value == "none" else value


def _parameter(name: str, *short: str, **options: Any) -> Callable[[Callable], Callable]:
    """An option that is a parameter of GloVeVectorizer, with its default."""
    default = inspect.signature(GloVeVectorizer).parameters[name.lstrip("-").replace("-", "_")].default
    return click.option(*short, name, default=default, show_default=True, **options)


def _reading(format_option: str = "--format") -> Callable[[Callable], Callable]:
    """The options that say how vectors are read."""
    options = (
        click.option(
            "--combine",
            type=click.Choice(["sum", "word", "context", "concat"]),
            default="sum",
            show_default=True,
            help=(
                "What to make of the two vectors of a word, where a file of the C program has both. They are as they were "
                "trained, without the --postprocess of `train`."
            ),
        ),
        click.option(
            "--vocabulary",
            type=_path(),
            help="The vocab.txt that belongs to a binary file of the C program; by default the one beside it.",
        ),
        click.option(
            format_option,
            "format",
            metavar="FORMAT",
            help="Format of the vectors, if it is not to be guessed: those of `convert`.",
        ),
    )

    def decorate(command: Callable) -> Callable:
        for option in options:
            command = option(command)
        return command

    return decorate


@cli.command("train", cls=_TrainCommand)
@click.argument("corpus", nargs=-1, type=_path(allow_dash=True))
@click.option(
    "-o",
    "--output",
    type=_OUT,
    help=(
        "Where the vectors go. The extension says how: .txt as the C program writes them, .vec word2vec text, .bin word2vec "
        "binary, .kv gensim; also .txt.gz and the like."
    ),
)
@click.option(
    "--format", "format_", metavar="FORMAT", help="Format of the output, whatever its extension; see `convert`."
)
@click.option(
    "--unknown", is_flag=True, help="Add <unk>, the mean of the 100 rarest words, as the C program does (.txt only)."
)
@_parameter(
    "--combine",
    type=click.Choice(["sum", "word", "context", "concat"]),
    help="Vectors of words and of contexts: their sum, one of them, or both side by side.",
)
@_parameter(
    "--postprocess",
    type=click.Choice(["level", "all-but-the-top", "center", "none"]),
    callback=_or_none,
    help=(
        "What is taken out of the vectors of --output: their mean and what their first principal component has more than "
        "the second, their mean and the first component, their mean, or nothing. "
        "Parameters are saved as they were trained."
    ),
)
@click.option(
    "--save-vocabulary", type=_OUT, help="Also write the words and their counts, as the C program's vocab.txt."
)
@click.option(
    "--save-cooccurrence",
    type=_OUT,
    help=(
        "Also write X as the C program's cooccurrence.bin; shuffled, as its `glove` wants it, if the name ends in .shuf.bin."
    ),
)
@click.option(
    "--save-parameters",
    type=_OUT,
    help=(
        "Also write all parameters, as they were trained, as the C program's binary vectors.bin. What other commands read "
        "from it is what --output has with --postprocess none."
    ),
)
@click.option("--save-gradsq", type=_OUT, help="Also write the state of the optimiser as the C program's gradsq.bin.")
@click.option("--encoding", default="utf-8", show_default=True, help="Encoding of the corpus.")
@click.option(
    "--decode-error",
    type=click.Choice(["strict", "ignore", "replace"]),
    default="strict",
    show_default=True,
    help="What to do with bytes that are not valid in it.",
)
@click.option(
    "--tokens",
    type=click.Choice(["words", "whitespace"]),
    default="words",
    show_default=True,
    help=(
        "What a word is: a run of letters, digits and underscores, or whatever stands between white space (as in the C program)."
    ),
)
@click.option(
    "--lowercase/--no-lowercase",
    default=None,
    help=("Convert to lower case. By default with --tokens words, and not with --tokens whitespace."),
)
@click.option("--document-per-file", is_flag=True, help="Each file is one document; otherwise each line is one.")
@_parameter("--min-count", type=click.IntRange(1), help="Leave out rarer words.")
@click.option("--max-features", type=click.IntRange(1), help="Keep only so many of the most frequent words.")
@click.option(
    "--vocabulary",
    type=_path(),
    help=(
        "File of the words to use, one a line, with or without counts (a vocab.txt); the options above then do nothing."
    ),
)
@_parameter(
    "--window-size",
    type=_NumberOr("an integer from 1 on, or none", click.IntRange(1), {"none": None}),
    help="Neighbours on each side that are context; none: all in the document.",
)
@_parameter(
    "--context",
    type=click.Choice(["symmetric", "left", "right"]),
    help="On which side neighbours are context.",
)
@_parameter(
    "--weighting",
    type=_NumberOr("a number, harmonic or flat", click.FLOAT, {"harmonic": "harmonic", "flat": "flat"}),
    help="How much a neighbour counts: 1 / distance^NUMBER; harmonic: 1 / distance; flat: 1.",
)
@click.option(
    "--cooccurrence",
    type=_path(),
    help=(
        "Train on this file of co-occurrences, cooccurrence.bin or cooccurrence.shuf.bin of the C program, instead of a corpus; "
        "--vocabulary is its vocab.txt."
    ),
)
@_parameter("--n-components", "-d", type=click.IntRange(1), help="Dimension of the vectors.")
@_parameter(
    "--x-max",
    type=_NumberOr("a number or auto", click.FLOAT, {"auto": "auto"}),
    help="Co-occurrences from here on have full weight; auto: one in a hundred has it.",
)
@_parameter("--alpha", type=click.FLOAT, help="Exponent of the weight below.")
@_parameter(
    "--negative-ratio",
    type=click.FLOAT,
    help="Pairs of words that never occur, to train on for each that does; 0 for none.",
)
@_parameter(
    "--init",
    type=click.Choice(["svd", "random"]),
    help="What training starts from: a decomposition of the co-occurrences, or random numbers.",
)
@_parameter("--learning-rate", type=click.FLOAT, help="First step of AdaGrad.")
@_parameter("--max-iter", type=click.IntRange(1), help="Passes over the co-occurrences.")
@click.option("--tol", type=float, help="Stop after a pass that lowers the loss by less than this share of it.")
@click.option(
    "--random-state",
    type=click.IntRange(0, 2**32 - 1),
    default=0,
    show_default=True,
    help="Seed. The same text, options and seed give the same vectors, bit for bit.",
)
@click.option(
    "--checkpoint",
    type=_OUT,
    help=(
        "Keep the state of training in this file, and go on from it if it is there: start a run that was killed again with the "
        "same command."
    ),
)
@click.option(
    "--checkpoint-every",
    type=click.IntRange(1),
    default=1,
    show_default=True,
    metavar="PASSES",
    help="How often to write it.",
)
@click.option(
    "--initial-parameters",
    type=_path(),
    help=(
        "Begin with the parameters of a vectors.bin of the C program. The model is that of the other options: to go on with "
        "the C program's, set --x-max 100 (or what it was given), --negative-ratio 0 and --postprocess none."
    ),
)
@click.option("--initial-gradsq", type=_path(), help="And with the optimiser's state of its gradsq.bin.")
@click.option(
    "-j",
    "--n-jobs",
    type=int,
    default=-1,
    show_default=True,
    help="Threads; -1 for all processors. The vectors do not depend on it.",
)
@click.option("--memory-limit", metavar="SIZE", help='Memory that may be used, such as "4GB"; the rest goes to disk.')
@click.option("--temp-dir", type=_path(file_okay=False), help="Where temporary files go.")
@click.option("-q", "--quiet", is_flag=True, help="No progress bars.")
@click.pass_context
def train(context: click.Context, /, **options: Any) -> None:
    """Learn word vectors from text.

    CORPUS are text files, plain or compressed, or folders of them, or - for standard input. A line is a document: windows never
    cross lines.

    \b
    For example:
      glove-sklearn train news.txt.gz --output vectors.txt
      glove-sklearn train letters/ --document-per-file --min-count 3 --output letters.vec
      zcat huge.gz | glove-sklearn train - --memory-limit 8GB --checkpoint run.npz --output vectors.bin
    """
    _check_train(context, options)
    verbose = not options["quiet"]
    output_format = None
    if options["output"]:
        output_format = format_to_write(options["output"], options["format_"], options["unknown"])
    terms = counts = start = None
    if options["vocabulary"]:
        terms, counts = formats.read_vocabulary(options["vocabulary"])
    glove = GloVe(**_parameters_of(GloVe, options), verbose=verbose)
    # What the files of the C program hold is what a fit keeps that may go on.
    glove.set_params(warm_start=bool(options["save_gradsq"] or options["initial_parameters"]))
    glove._validate_params()
    checkpoint = glove.open_checkpoint()
    if options["initial_parameters"]:
        initial = formats.read_parameters(
            options["initial_parameters"],
            options["initial_gradsq"],
            n_components=glove.n_components,
            learning_rate=glove.learning_rate,
        )
        start = fitted_state(initial)

    with Storage(glove.memory_limit, glove.temp_dir) as storage, ThreadTeam(glove.n_jobs) as team:
        rows: Any
        if options["cooccurrence"]:
            assert terms is not None
            rows = rows_of_cooccurrences(options["cooccurrence"], len(terms), storage, verbose)
        else:
            counted = _count(terms, storage, options)
            terms, counts, rows = list(counted.vocabulary), counted.counts, counted.rows
        if start is not None and len(start.words.biases) != len(terms):
            raise ValueError(
                f"{options['initial_parameters']} has {len(start.words.biases)} words, and the vocabulary {len(terms)}."
            )
        if output_format:
            check_terms(terms, output_format, options["unknown"])
        if options["save_vocabulary"]:
            formats.write_vocabulary(options["save_vocabulary"], terms, counts)
        if options["save_cooccurrence"]:
            formats.write_cooccurrences(
                options["save_cooccurrence"],
                rows,
                shuffle=".shuf" in Path(options["save_cooccurrence"]).suffixes,
                **{name: options[name] for name in ("random_state", "memory_limit", "temp_dir")},
            )
        n_entries = rows.n_entries
        wants_model = bool(options["output"] or options["save_parameters"])
        if wants_model:
            glove.__dict__.update(glove.train(rows, storage, team, start=start, checkpoint=checkpoint))
    summary = f"{len(terms)} words, {n_entries} co-occurrences"
    if wants_model:
        summary += f"; loss {glove.loss_curve_[-1]:.5f} in pass {glove.n_iter_}"
    if options["output"]:
        vectors = formats.WordVectors(terms, glove.embedding_, counts)
        formats.save_vectors(options["output"], vectors, format=output_format, unknown=options["unknown"])
        summary += f"; {glove.embedding_.shape[1]} numbers for each word in {options['output']}"
    if options["save_parameters"]:
        formats.write_parameters(options["save_parameters"], glove, options["save_gradsq"])
    if verbose:
        click.echo(summary, err=True)


def _parameters_of(estimator: type, options: dict[str, Any]) -> dict[str, Any]:
    """The options that are parameters of an estimator."""
    return {name: options[name] for name in inspect.signature(estimator).parameters if name in options}


def _count(terms: list[str] | None, storage: Storage, options: dict[str, Any]) -> CountResult:
    """Count the co-occurrences of the corpus."""
    parameters = {**_parameters_of(CooccurrenceCounter, options), "vocabulary": terms}
    if options["tokens"] == "whitespace":
        parameters["token_pattern"] = r"\S+"
    if options["lowercase"] is None:
        parameters["lowercase"] = options["tokens"] == "words"
    documents = iterate_documents(
        options["corpus"],
        **{name: options[name] for name in ("document_per_file", "encoding", "decode_error")},
    )
    counter = CooccurrenceCounter(**parameters)
    counter._validate_params()
    counted = count_cooccurrences(documents, counter.get_params(), storage, options["n_jobs"], not options["quiet"])
    counted.tokens.close()
    return counted


def _check_train(context: click.Context, options: dict[str, Any]) -> None:
    """Refuse options that contradict each other, and files that cannot be written, before the work begins."""
    if bool(options["corpus"]) == bool(options["cooccurrence"]):
        raise click.UsageError("give either a CORPUS (a file, a folder, - for standard input) or --cooccurrence FILE")
    if options["cooccurrence"]:
        if not options["vocabulary"]:
            raise click.UsageError(
                "--cooccurrence FILE needs --vocabulary FILE, the vocab.txt that was written with it"
            )
        text = ("encoding", "decode_error", "tokens", "lowercase", "document_per_file", "min_count", "max_features")
        for name in (*text, "window_size", "context", "weighting", "save_vocabulary"):
            if context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
                raise click.UsageError(
                    f"--{name.replace('_', '-')} says how to count, and --cooccurrence has been counted"
                )
    for path in options["corpus"]:
        if os.path.isfile(path) and are_cooccurrences(path):
            raise click.UsageError(
                f"{path} is a file of co-occurrences: give it with --cooccurrence, and its --vocabulary"
            )
    if options["vocabulary"] and not options["cooccurrence"]:
        for name in ("min_count", "max_features"):
            if context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
                raise click.UsageError(f"--{name.replace('_', '-')} chooses words, and --vocabulary has chosen them")
    if context.get_parameter_source("checkpoint_every") is ParameterSource.COMMANDLINE and not options["checkpoint"]:
        raise click.UsageError("--checkpoint-every needs --checkpoint")
    if options["initial_parameters"] and context.get_parameter_source("init") is ParameterSource.COMMANDLINE:
        raise click.UsageError("--init says what to start from, and --initial-parameters has been given for that")
    for first, second in (("save_gradsq", "save_parameters"), ("initial_gradsq", "initial_parameters")):
        if options[first] and not options[second]:
            raise click.UsageError(f"--{first.replace('_', '-')} needs --{second.replace('_', '-')}")
    _check_outputs(options)


def _check_outputs(options: dict[str, Any]) -> None:
    """Refuse outputs that cannot be written, or that would replace an input or each other."""
    names = ("output", "save_vocabulary", "save_cooccurrence", "save_parameters", "save_gradsq", "checkpoint")
    outputs = {f"--{name.replace('_', '-')}": options[name] for name in names if options[name]}
    if outputs.keys() <= {"--checkpoint"}:
        raise click.UsageError("give --output FILE for the vectors, or one of the --save options for what is counted")
    if options["checkpoint"] and not (options["output"] or options["save_parameters"]):
        raise click.UsageError("--checkpoint keeps the state of training: give --output FILE or --save-parameters FILE")
    inputs = [options[name] for name in ("vocabulary", "cooccurrence", "initial_parameters", "initial_gradsq")]
    taken = {os.path.realpath(path): path for path in (*options["corpus"], *inputs) if path and path != "-"}
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
        try:
            tempfile.TemporaryFile(dir=os.path.dirname(real)).close()
        except OSError as error:
            raise click.UsageError(f"{name} {path} cannot be written: {error.strerror}") from error


@cli.command("neighbors")
@_VECTORS
@click.argument("words", nargs=-1, required=True)
@click.option("-n", "--topn", type=click.IntRange(1), default=10, show_default=True, help="Number of neighbours.")
@_reading()
def neighbors(vectors: str, words: Sequence[str], topn: int, **reading: Any) -> None:
    """Show the words nearest to each of WORDS, with the cosine of the angle.

    \b
    For example:
      glove-sklearn neighbors vectors.txt king water
    """
    keyed_vectors = formats.load_vectors(vectors, **reading)
    _check_words(keyed_vectors, words, vectors)
    for word in words:
        _show(word, keyed_vectors.most_similar(word, topn=topn))


@cli.command("analogy")
@_VECTORS
@click.argument("a")
@click.argument("b")
@click.argument("c")
@click.option("-n", "--topn", type=click.IntRange(1), default=10, show_default=True, help="Number of answers.")
@click.option(
    "--method",
    type=click.Choice(["3CosAdd", "3CosMul"]),
    default="3CosAdd",
    show_default=True,
    help="How to find them: by sums of cosines, or by products.",
)
@_reading()
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
            close = get_close_matches(word, keyed_vectors.index_to_key, n=3, cutoff=0.7)
            if word.lower() in keyed_vectors.key_to_index:
                close = [word.lower(), *(other for other in close if other != word.lower())][:3]
            hint = f"; perhaps: {', '.join(close)}" if close else ""
            raise click.UsageError(f"{path} has no vector for {word!r}{hint}")


def _show(title: str, answers: Sequence[tuple[str, float]]) -> None:
    click.echo(title)
    for word, similarity in answers:
        click.echo(f"  {similarity:.4f}  {word}")


@cli.command("evaluate")
@_VECTORS
@click.option("--analogies", type=_path(), help="File of questions, Google's format or tab-separated.")
@click.option(
    "--similarities",
    type=_path(),
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
    help="Look at the most frequent words only.",
)
@click.option("--case-sensitive", is_flag=True, help="Tell upper case from lower case.")
@_reading()
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


@cli.command("convert")
@click.argument("source", metavar="IN", type=_path())
@click.argument("target", metavar="OUT", type=_OUT)
@_reading("--from")
@click.option("--to", "target_format", metavar="FORMAT", help="Format of OUT, if its extension does not say it.")
@click.option("--unknown", is_flag=True, help="Keep or add the <unk> of the C program's text.")
@click.option("--limit", type=click.IntRange(1), help="Only so many words from the beginning.")
def convert(source: str, target: str, target_format: str | None, **reading: Any) -> None:
    """Convert word vectors from one format to another.

    IN may be compressed, and a file in a zip archive: glove.6B.zip/glove.6B.50d.txt.

    \b
    Formats, and the extensions that mean them:
      glove            .txt        text, as the C program writes it
      word2vec         .vec, .w2v  text with a first line "words dimension"
      word2vec-binary  .bin
      gensim           .kv         gensim's own
      glove-binary                 binary parameters of the C program (only IN)
      glove-model0                 text of its -model 0, all parameters on a line (only IN, and never guessed)
    A .gz, .bz2, .xz or .zip after them compresses. Files of gensim are pickles, which can run any program when they are read:
    convert only what you trust.

    \b
    For example:
      glove-sklearn convert glove.6B.zip/glove.6B.50d.txt vectors.kv
    """
    target_format = format_to_write(target, target_format)
    if os.path.realpath(source) == os.path.realpath(target):
        raise click.UsageError(f"{target} would replace {source}; give another name")
    vectors = formats.read_vectors(source, **reading)
    unknown = reading["unknown"] and target_format == "glove"
    formats.save_vectors(target, vectors, format=target_format, unknown=unknown)
    click.echo(f"{len(vectors.terms)} words, {vectors.vectors.shape[1]} numbers each, in {target}", err=True)


@cli.command("info")
@click.argument("file", type=_path())
def info(file: str) -> None:
    """Say what a file is: vectors, a vocabulary, co-occurrences or a checkpoint, and what is in it."""
    facts = formats.describe(file)
    width = max(len(name) for name in facts) + 2
    for name, value in facts.items():
        click.echo(f"{name + ':':<{width}}{value}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program; its exit status.

    Mistakes are one line on standard error and status 2; Ctrl-C is status 130.
    """
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    with warnings.catch_warnings():
        warnings.showwarning = _show_warning  # type: ignore[assignment]
        try:
            return cli.main(arguments, prog_name="glove-sklearn", standalone_mode=False) or 0
        except click.exceptions.NoArgsIsHelpError as error:
            click.echo(error.format_message())
            return 0
        except click.UsageError as error:
            command = error.ctx.command_path if error.ctx else "glove-sklearn"
            return _fail(f"{error.format_message().rstrip('.')} (see {command} --help)")
        except click.ClickException as error:
            return _fail(error.format_message())
        except (click.Abort, KeyboardInterrupt):
            click.echo("glove-sklearn: interrupted", err=True)
            return 130
        except BrokenPipeError:  # somebody reads no more of the output, as `head` does
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 1
        except _MISTAKES as error:
            return _fail(str(error) or type(error).__name__)


def _fail(message: str) -> int:
    click.echo(f"glove-sklearn: {' '.join(message.split())}", err=True)
    return 2


def _show_warning(message: Warning | str, *_: Any) -> None:
    click.echo(f"glove-sklearn: warning: {' '.join(str(message).split())}", err=True)
