r"""Every parameter of the estimators and of ``glove-sklearn train``, declared once.

Constraints, command-line options, the settings by which a checkpoint recognises its run, and the preset that reproduces
Stanford GloVe all come from these declarations. ``make parameters`` writes the signatures and docstrings of the estimators, and
the table of ``docs/parameters.md``, into their files, so that editors and readers see them whole; a test fails if they differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from numbers import Integral, Real
from typing import Any, Literal

import numpy as np

from glove_sklearn._counting.weights import WEIGHTINGS
from glove_sklearn._embedding.combination import COMBINATIONS
from glove_sklearn._embedding.pooling import POOLINGS
from glove_sklearn._embedding.postprocessing import POSTPROCESSINGS
from glove_sklearn._system.sklearn_compat import HasMethods, Interval, RealNotInt, StrOptions
from glove_sklearn._training.settings import INIT_METHODS


@dataclass(frozen=True)
class Option:
    """A command-line option of ``glove-sklearn train`` that sets a parameter."""

    short: str | None = None
    default: Any = None
    """Where it is not the default in Python."""
    metavar: str | None = None
    kind: Literal["value", "size", "file", "folder", "open"] = "value"
    """What it takes: a value, a size in bytes, a file or a folder that is written; "open" for a word or anything else."""


@dataclass(frozen=True)
class NoOption:
    """Why the program has no option for a parameter."""

    reason: str


@dataclass(frozen=True)
class Stanford:
    """The parameter's counterpart in Stanford GloVe, the reference implementation."""

    option: str = ""
    """Its option there; empty if there is none."""
    value: Any = ...
    """What to set here to get its behaviour; Ellipsis where the default here already has it."""


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """A parameter. The fields that something depends on silently have no default, so that none is forgotten."""

    name: str
    default: Any
    """Ellipsis if it must be given."""
    annotation: str
    """In the signatures."""
    kind: str
    """Its type in the docstrings, where CHOICES stands for the choices."""
    choices: tuple[str, ...] = ()
    """Strings that it may be."""
    constraints: Sequence = ()
    """Other values that it may have; empty, without choices, if `fit` checks it."""
    summary: str
    """The first sentences of its documentation, which are also the help text of its option."""
    details: str = ""
    """The rest of its documentation."""
    effect: Literal["text", "counting", "training", "schedule", "embedding", "features", "execution"]
    """What it changes. A checkpoint recognises its run by the parameters with the effect "training"."""
    option: Option | NoOption
    stanford: Stanford | None
    """None where Stanford GloVe has nothing of the kind."""
    paper: str = ""
    """Its name in the paper."""
    gensim: str = ""
    """Its name in gensim's `Word2Vec`."""

    @property
    def shown_kind(self) -> str:
        """Its type in the docstrings."""
        shown = ", ".join(f'"{choice}"' for choice in self.choices)
        return self.kind.replace("CHOICES", f"{{{shown}}}" if len(self.choices) > 1 else shown)


_PATH = [str, HasMethods(["__fspath__"]), None]
_PREPROCESSING_IN_PYTHON = NoOption("takes a Python function, or is covered by --tokens")

TEXT = (
    Parameter(
        name="input",
        default="content",
        annotation="str",
        kind="CHOICES",
        choices=("content", "filename", "file"),
        summary="What the documents are: text, paths of files, or open files.",
        effect="text",
        option=NoOption("the corpus is always files"),
        stanford=None,
    ),
    Parameter(
        name="encoding",
        default="utf-8",
        annotation="str",
        kind="str",
        constraints=[str],
        summary="Encoding of documents that are bytes.",
        effect="text",
        option=Option(),
        stanford=None,
    ),
    Parameter(
        name="decode_error",
        default="strict",
        annotation="str",
        kind="CHOICES",
        choices=("strict", "ignore", "replace"),
        summary="What to do with bytes that are not valid in `encoding`.",
        effect="text",
        option=Option(),
        stanford=None,
    ),
    Parameter(
        name="strip_accents",
        default=None,
        annotation="Any",
        kind="CHOICES, callable or None",
        choices=("ascii", "unicode"),
        constraints=[None, callable],
        summary="How accents are removed, as in :class:`~sklearn.feature_extraction.text.CountVectorizer`.",
        effect="text",
        option=_PREPROCESSING_IN_PYTHON,
        stanford=None,
    ),
    Parameter(
        name="lowercase",
        default=True,
        annotation="bool",
        kind="bool",
        constraints=["boolean"],
        summary="Convert to lower case before tokenising.",
        effect="text",
        option=NoOption("--lowercase/--no-lowercase, whose default depends on --tokens"),
        stanford=None,
    ),
    Parameter(
        name="preprocessor",
        default=None,
        annotation="Any",
        kind="callable or None",
        constraints=[callable, None],
        summary="A function ``str -> str`` that replaces lower-casing and the removal of accents.",
        effect="text",
        option=_PREPROCESSING_IN_PYTHON,
        stanford=None,
    ),
    Parameter(
        name="tokenizer",
        default=None,
        annotation="Any",
        kind="callable or None",
        constraints=[callable, None],
        summary="A function ``str -> list of str`` that replaces `token_pattern`.",
        effect="text",
        option=_PREPROCESSING_IN_PYTHON,
        stanford=None,
    ),
    Parameter(
        name="stop_words",
        default=None,
        annotation="Any",
        kind="CHOICES, list of str or None",
        choices=("english",),
        constraints=[list, None],
        summary="Words to remove before windows are formed.",
        effect="text",
        option=_PREPROCESSING_IN_PYTHON,
        stanford=None,
    ),
    Parameter(
        name="token_pattern",
        default=None,
        annotation="str | None",
        kind="str or None",
        constraints=[str, None],
        summary="Regular expression of a token.",
        details=(
            "None, without a `tokenizer`, stands for words: runs of letters, digits and underscores, one letter "
            'included ("a", "I"), with the combining marks that belong to the letters. That is '
            ":data:`glove_sklearn.WORD_PATTERN`, which CountVectorizer takes, too."
        ),
        effect="text",
        option=_PREPROCESSING_IN_PYTHON,
        stanford=None,
    ),
    Parameter(
        name="analyzer",
        default="word",
        annotation="Any",
        kind="CHOICES or callable",
        choices=("word", "char", "char_wb"),
        constraints=[callable],
        summary="How a document becomes tokens.",
        details=(
            "A callable takes the document as it is and returns its tokens: with ``analyzer=list`` documents are lists "
            "of tokens, and ``str.split`` splits at white space. Tokens that are integers, such as the ids of items, become "
            'their digits: 7 is "7".'
        ),
        effect="text",
        option=_PREPROCESSING_IN_PYTHON,
        stanford=Stanford(value=str.split),
    ),
)

VOCABULARY = (
    Parameter(
        name="min_count",
        default=5,
        annotation="int",
        kind="int",
        constraints=[Interval(Integral, 1, None, closed="left")],
        summary="Ignore words that occur less often.",
        effect="text",
        option=Option(),
        stanford=Stanford("-min-count", 1),
        gensim="min_count",
    ),
    Parameter(
        name="min_df",
        default=1,
        annotation="float",
        kind="int or float",
        constraints=[Interval(RealNotInt, 0, 1, closed="both"), Interval(Integral, 1, None, closed="left")],
        summary="Ignore words that occur in fewer documents: a number of documents if int, a fraction if float.",
        effect="text",
        option=NoOption("--min-count does this for a corpus of lines"),
        stanford=None,
    ),
    Parameter(
        name="max_df",
        default=1.0,
        annotation="float",
        kind="int or float",
        constraints=[Interval(RealNotInt, 0, 1, closed="both"), Interval(Integral, 1, None, closed="left")],
        summary="Ignore words that occur in more documents: a number of documents if int, a fraction if float.",
        effect="text",
        option=NoOption("a corpus of lines has no documents to speak of"),
        stanford=None,
    ),
    Parameter(
        name="max_features",
        default=None,
        annotation="int | None",
        kind="int or None",
        constraints=[Interval(Integral, 1, None, closed="left"), None],
        summary="Keep only this many of the most frequent words.",
        effect="text",
        option=Option(),
        stanford=Stanford("-max-vocab"),
        gensim="max_final_vocab",
    ),
    Parameter(
        name="vocabulary",
        default=None,
        annotation="Any",
        kind="mapping of str to int, iterable of str, or None",
        constraints=[dict, HasMethods("__iter__"), None],
        summary="The words to use, and their rows.",
        details="`min_count`, `min_df`, `max_df` and `max_features` then have no effect.",
        effect="text",
        option=NoOption("--vocabulary, a file"),
        stanford=Stanford("-vocab-file"),
    ),
)

CONTEXT = (
    Parameter(
        name="window_size",
        default=50,
        annotation="int | None",
        kind="int or None",
        constraints=[Interval(Integral, 1, None, closed="left"), None],
        summary="Number of neighbours on each side that count as context; None for the whole document.",
        details="Windows never cross documents.",
        effect="counting",
        option=Option(),
        stanford=Stanford("-window-size", 15),
        paper="window size",
        gensim="window",
    ),
    Parameter(
        name="context",
        default="symmetric",
        annotation="str",
        kind="CHOICES",
        choices=("symmetric", "left", "right"),
        summary="Which neighbours of a word are its context: those on both sides, or those on one side only.",
        details=(
            'X for ``"right"`` is the transpose of X for ``"left"``. (Stanford GloVe calls its one-sided mode "left '
            'context", but writes the word on the left as the row: that is ``"right"`` here.)'
        ),
        effect="counting",
        option=Option(),
        stanford=Stanford("-symmetric"),
        paper="symmetric",
    ),
    Parameter(
        name="weighting",
        default=0.6,
        annotation="Any",
        kind="float, CHOICES or array-like of shape (window_size,)",
        choices=tuple(WEIGHTINGS),
        constraints=[Interval(Real, 0, 10, closed="both"), "array-like"],
        summary=(
            'Weight of a neighbour at distance k: a number p stands for 1 / k**p, "harmonic" for 1 / k, and "flat" for 1.'
        ),
        details="An array holds the weight of each distance. Weights must not be negative, and p must be at most 10.",
        effect="counting",
        option=Option(),
        stanford=Stanford("-distance-weighting", "harmonic"),
        paper='1/distance is "harmonic"',
    ),
)

NEAR_CONTEXT = (
    Parameter(
        name="near_size",
        default="auto",
        annotation="Any",
        kind="int or CHOICES",
        choices=("auto",),
        constraints=[Interval(Integral, 0, None, closed="left")],
        summary=(
            "Number of neighbours on each side that also count as contexts of their own, those on the left and those on "
            'the right apart; 0 for none. "auto" stands for 2 in texts with at least 500,000 words of the vocabulary, and for '
            "0 in shorter ones."
        ),
        details=(
            "They add two columns for each word to X, so that vectors tell how a word is used, and not only what the "
            "text around it is about. Each word then has three context vectors: the embedding is w where `combine` says "
            '"sum", and c is that of the whole window. "auto" also stands for 0 where `weighting` is "flat", because distances '
            "mean nothing there, and where `init` has vectors; a fit that resumes has as many contexts as the one before."
        ),
        effect="counting",
        option=Option(),
        stanford=Stanford(value=0),
    ),
)

MODEL = (
    Parameter(
        name="n_components",
        default=100,
        annotation="int",
        kind="int",
        constraints=[Interval(Integral, 1, None, closed="left")],
        summary="Dimension d of the word vectors.",
        effect="training",
        option=Option(short="-d"),
        stanford=Stanford("-vector-size", 50),
        paper="d",
        gensim="vector_size",
    ),
    Parameter(
        name="sample",
        default=3e-4,
        annotation="float | None",
        kind="float or None",
        constraints=[Interval(Real, 0, 1, closed="both"), None],
        summary="Fraction of all co-occurrences above which a word counts for less; 0 or None for no such limit.",
        details=(
            "Each entry of X is multiplied by the p of its row and the p of its column, where ``p = min(1, sqrt(sample / "
            "f))`` and f is the sum of the row or column as a fraction of the sum of X: what Word2Vec's subsampling of "
            "frequent words does on average, except that windows keep their size. Everything that depends on X, such as "
            "`x_max`, sees the products. The biases absorb the factors, so that only the weights of the entries change."
        ),
        effect="training",
        option=Option(),
        stanford=Stanford(value=None),
        gensim="sample",
    ),
    Parameter(
        name="x_max",
        default="auto",
        annotation="Any",
        kind="float or CHOICES",
        choices=("auto",),
        constraints=[Interval(Real, 1e-30, 1e30, closed="both")],
        summary=(
            'The cutoff of the weighting function: co-occurrences of at least `x_max` have weight 1. "auto" takes the '
            "99th percentile "
            "of the nonzero entries of X."
        ),
        effect="training",
        option=Option(),
        stanford=Stanford("-x-max", 100.0),
        paper="x_max",
    ),
    Parameter(
        name="alpha",
        default=0.75,
        annotation="float",
        kind="float",
        constraints=[Interval(Real, 0, None, closed="left")],
        summary="Exponent of the weighting function below `x_max`.",
        effect="training",
        option=Option(),
        stanford=Stanford("-alpha"),
        paper="alpha",
    ),
    Parameter(
        name="negative_ratio",
        default=0.5,
        annotation="float",
        kind="float",
        constraints=[Interval(Real, 0, 100, closed="both")],
        summary="Number of unobserved pairs of words sampled for each observed one; 0 for none, as in the paper.",
        details=(
            "They are trained on as if they had been seen half as often as the 1st percentile of the observed pairs. "
            "At most 100."
        ),
        effect="training",
        option=Option(),
        stanford=Stanford(value=0),
        gensim="negative, of another model",
    ),
    Parameter(
        name="learning_rate",
        default=0.05,
        annotation="float",
        kind="float",
        constraints=[Interval(Real, 1e-30, 1e30, closed="both")],
        summary="Initial learning rate of AdaGrad.",
        details=(
            "The accumulators of the vectors start at ``1 / learning_rate**2`` and those of the biases at 1, as in "
            "Stanford GloVe."
        ),
        effect="training",
        option=Option(),
        stanford=Stanford("-eta"),
        paper="initial learning rate",
        gensim="alpha",
    ),
    Parameter(
        name="init",
        default="svd",
        annotation="Any",
        kind="CHOICES, path, ndarray, or word vectors",
        choices=INIT_METHODS,
        constraints=[
            str,
            HasMethods(["__fspath__"]),
            np.ndarray,
            tuple,
            HasMethods(["save"]),
            HasMethods(["transform"]),
        ],
        summary=(
            "Initial vectors: a singular value decomposition of the positive pointwise mutual information of X, "
            "small random numbers, or given vectors."
        ),
        details=(
            '"svd" takes about as long as an epoch and saves many. Given vectors are a file of any format that '
            "`load_vectors` reads, gensim's `KeyedVectors`, a fitted `GloVeVectorizer`, a tuple (words, array), or, for "
            "`GloVe`, an array with a row for each row of X; otherwise X must be a DataFrame whose rows are named. Words "
            "start at their vectors, matched exactly as written, and words without one where they fit the others best."
        ),
        effect="training",
        option=Option(metavar="METHOD|FILE", kind="open"),
        stanford=Stanford(value="random"),
        paper="random",
        gensim="random",
    ),
    Parameter(
        name="anchor",
        default=0,
        annotation="float",
        kind="float",
        constraints=[Interval(Real, 0, 1e6, closed="both")],
        summary="How strongly words are kept near the vectors given as `init`; at 0 they move freely.",
        details=(
            "Adds ``anchor * sum(||w_i + c_i - r_i||**2)`` to the objective, over the words with a vector r_i. (If `combine` is "
            'not "sum", its combination of w_i and c_i replaces w_i + c_i.) It affects rare words most, as they have fewer pairs.'
        ),
        effect="training",
        option=Option(),
        stanford=None,
        paper="µ in Mittens",
    ),
    Parameter(
        name="max_iter",
        default=4,
        annotation="int",
        kind="int",
        constraints=[Interval(Integral, 1, None, closed="left")],
        summary="Number of epochs, each of which visits every pair once.",
        effect="schedule",
        option=Option(),
        stanford=Stanford("-iter", 25),
        paper="iterations",
        gensim="epochs",
    ),
    Parameter(
        name="tol",
        default=None,
        annotation="float | None",
        kind="float or None",
        constraints=[Interval(Real, 0, None, closed="left"), None],
        summary="Stop after the first epoch that lowers the loss by less than this fraction of it; None to make all epochs.",
        effect="schedule",
        option=Option(),
        stanford=None,
    ),
)

POOLING = (
    Parameter(
        name="pooling",
        default="mean",
        annotation="str",
        kind="CHOICES",
        choices=tuple(POOLINGS),
        summary="How the vectors of its words become the vector of a document.",
        details=(
            '"idf" is the mean weighted by inverse document frequency. "sif" is the mean weighted by smooth inverse '
            "frequency, from which "
            "the component that the documents seen in `fit` share is then removed."
        ),
        effect="features",
        option=NoOption("the program writes word vectors, not document vectors"),
        stanford=None,
    ),
)

EMBEDDING = (
    Parameter(
        name="combine",
        default="sum",
        annotation="str",
        kind="CHOICES",
        choices=COMBINATIONS,
        summary=(
            "Which vectors make a row of the embedding: the sum w + c, the word vector w, the context vector c, or w "
            "and c side by side."
        ),
        details='If X is not square, rows have no context vector: "sum" and "word" both mean w, and the others are errors.',
        effect="embedding",
        option=Option(),
        stanford=Stanford("-model"),
        paper="W + W̃",
    ),
    Parameter(
        name="postprocess",
        default="flatten",
        annotation="str | None",
        kind="CHOICES or None",
        choices=tuple(POSTPROCESSINGS),
        constraints=[None],
        summary=(
            'How the embedding is post-processed. "flatten" centres it, raises the variances of its principal components to '
            "the power 3/4, and shrinks the first three, which mostly encode word frequency, to the size of the fourth. "
            '"level" centres it and shrinks its first principal component to the size of the second; "all-but-the-top" removes '
            'that component; "center" only centres; None leaves the vectors as trained.'
        ),
        details=(
            "Words count as often as they occur: by the sums of the rows of X, or of its columns with "
            '``combine="context"``. Columns '
            "are then rescaled to a standard deviation of 1/2 on average over the tokens, so that default classifiers "
            "converge."
        ),
        effect="embedding",
        option=Option(),
        stanford=Stanford(value=None),
    ),
)

MEMORY_LIMIT = (
    Parameter(
        name="memory_limit",
        default=None,
        annotation="Any",
        kind="number, str or None",
        constraints=[Interval(Real, 1, None, closed="left"), str, None],
        summary='Working memory for everything that grows with the data: bytes, or a size such as "2GB".',
        details=(
            "What does not fit (tokens, counts, entries of X) goes to temporary files, and results keep the same bits. "
            "The vectors, and `cooccurrence_` of a `CooccurrenceCounter`, must fit; documents, vocabulary and the X "
            "given to `GloVe` do not count. None means the memory that is available: files are used only where it does "
            "not suffice, and a warning says so."
        ),
        effect="execution",
        option=Option(kind="size", metavar="SIZE"),
        stanford=Stanford("-memory"),
    ),
    Parameter(
        name="temp_dir",
        default=None,
        annotation="Any",
        kind="str, path or None",
        constraints=_PATH,
        summary="Folder for temporary files; by default the system's.",
        details="The files have no names, and disappear when the process ends.",
        effect="execution",
        option=Option(kind="folder"),
        stanford=Stanford("-overflow-file, -temp-file"),
    ),
)

MEMORY = (
    Parameter(
        name="memory",
        default=None,
        annotation="Any",
        kind="str, path, object with the joblib.Memory interface, or None",
        constraints=[str, HasMethods(["__fspath__"]), HasMethods(["cache"]), None],
        summary="Cache for the counts: fits that differ only in parameters of the model, as in a grid search, count once.",
        details=(
            "All documents are then read into memory. Functions among the parameters are identified by name: clear the "
            "cache after changing what a tokenizer or an analyzer does."
        ),
        effect="execution",
        option=NoOption("--save-cooccurrence and --cooccurrence keep counts in a file"),
        stanford=None,
    ),
)

N_JOBS = (
    Parameter(
        name="n_jobs",
        default=None,
        annotation="int | None",
        kind="int or None",
        constraints=[Integral, None],
        summary="Number of threads; -1 for all processors.",
        details="No result depends on it.",
        effect="execution",
        option=Option(short="-j", default=-1),
        stanford=Stanford("-threads"),
        gensim="workers",
    ),
)

RANDOM_STATE = (
    Parameter(
        name="random_state",
        default=None,
        annotation="Any",
        kind="int, RandomState instance or None",
        constraints=["random_state"],
        summary="Seed of the initial vectors, of the sampled pairs and of the order of training.",
        details="An int makes results reproducible, to the last bit.",
        effect="execution",
        option=NoOption("--random-state, which takes an int only"),
        stanford=Stanford("-seed"),
        gensim="seed",
    ),
)

VERBOSE = (
    Parameter(
        name="verbose",
        default=0,
        annotation="int",
        kind="int",
        constraints=["verbose"],
        summary="1 shows progress bars, with the loss.",
        effect="execution",
        option=NoOption("--quiet turns it off"),
        stanford=Stanford("-verbose"),
    ),
)

RESUMING = (
    Parameter(
        name="warm_start",
        default=False,
        annotation="bool",
        kind="bool",
        constraints=["boolean"],
        summary="If True, the next call to `fit` resumes from the current solution, including the optimiser's state.",
        details=(
            "It makes `max_iter` more epochs. On the same data, 10 epochs and 15 more yield the same bits as 25. On "
            "other data of the same shape, or other documents, known words continue from their vectors; words that no "
            "longer occur are dropped (unless "
            '`vocabulary` lists them), and new words are initialised as `init` says: with "svd", so that they fit the '
            "known ones."
        ),
        effect="execution",
        option=NoOption("--initial-parameters resumes from files"),
        stanford=Stanford("-load-init-param, -load-init-gradsq"),
        gensim="train, called again",
    ),
    Parameter(
        name="checkpoint",
        default=None,
        annotation="Any",
        kind="str, path or None",
        constraints=_PATH,
        summary="File that keeps the state of training; an interrupted run resumes from it and ends with the same bits.",
        details=(
            "Run `fit` again with the same data and parameters; counting is repeated, and `max_iter` counts all epochs "
            "of the run. The file is kept at the end: remove it to start afresh."
        ),
        effect="execution",
        option=Option(kind="file"),
        stanford=Stanford("-checkpoint-every"),
        gensim="save and load",
    ),
    Parameter(
        name="checkpoint_every",
        default=1,
        annotation="int",
        kind="int",
        constraints=[Interval(Integral, 1, None, closed="left")],
        summary="Number of epochs between two writes of `checkpoint`.",
        details="The last epoch is always written.",
        effect="execution",
        option=Option(metavar="EPOCHS"),
        stanford=Stanford("-checkpoint-every"),
    ),
    Parameter(
        name="callback",
        default=None,
        annotation="Callable | None",
        kind="callable or None",
        constraints=[callable, None],
        summary="Called after each epoch as ``callback(n_iter, loss, snapshot)``; training stops if it returns True.",
        details=(
            "`n_iter` is the number of epochs so far, `loss` that of the last one, and `snapshot()` returns a fitted "
            "copy of the estimator, as if training ended here; it can be called until the callback returns."
        ),
        effect="execution",
        option=NoOption("takes a Python function"),
        stanford=None,
        gensim="callbacks",
    ),
)

_BY_NAME = {parameter.name: parameter for parameter in (*TEXT, *POOLING, *EMBEDDING, *MEMORY_LIMIT)}

VECTORS = (
    Parameter(
        name="vectors",
        default=...,
        annotation="Any",
        kind="str, path, KeyedVectors, fitted estimator, WordVectors, or tuple of (terms, array)",
        summary="The word vectors.",
        details=(
            "Either the path of a file of any format that :func:`~glove_sklearn.formats.read_vectors` detects, plain, "
            'compressed or inside a zip (``"glove.6B.zip/glove.6B.100d.txt"``), or an object: a gensim `KeyedVectors` or a '
            "model with `wv`, a fitted `GloVeVectorizer` or `EmbeddingVectorizer`, `WordVectors`, a data frame, or a tuple "
            "of words and an array of shape (n_words, d). Clones share the object, and float32 vectors are not copied."
        ),
        effect="embedding",
        option=NoOption("the argument VECTORS"),
        stanford=None,
    ),
    Parameter(
        name="limit",
        default=None,
        annotation="int | None",
        kind="int or None",
        constraints=[Interval(Integral, 1, None, closed="left"), None],
        summary="Use only this many words, from the start of `vectors`; most files start with the most frequent.",
        effect="embedding",
        option=Option(),
        stanford=None,
    ),
)
_GIVEN_TEXT = tuple(
    replace(
        parameter,
        default="auto",
        annotation="Any",
        kind="bool or CHOICES",
        choices=("auto",),
        summary="Whether the case of a word matters when its vector is looked up.",
        details=(
            '"auto" looks a word up as it is written, then in lower case, and then ignoring case, where the first match '
            "in `vectors` is used. True converts documents to lower case first. False looks words up only as they are "
            "written."
        ),
    )
    if parameter.name == "lowercase"
    else replace(parameter, summary="Words to leave out.")
    if parameter.name == "stop_words"
    else parameter
    for parameter in TEXT
)
_GIVEN_EMBEDDING = (
    replace(
        _BY_NAME["postprocess"],
        default=None,
        details=(
            "Words count as often as they occur in the documents of `fit`. Columns are then rescaled to a standard "
            "deviation of 1/2 on average over the tokens, so that default classifiers converge."
        ),
    ),
)
_GIVEN_MEMORY = (
    Parameter(
        name="cache_dir",
        default="auto",
        annotation="Any",
        kind='str, path, "auto" or None',
        constraints=_PATH,
        summary="If `vectors` is a path: folder of a cache of the vectors as arrays, so that the file is parsed once.",
        details=(
            "Processes memory-map the arrays and share them. "
            '"auto" caches vectors of at least 16 MiB, in the folder named by the environment variable '
            "`GLOVE_SKLEARN_CACHE`, or else in `glove_sklearn` in the user's cache folder (`~/.cache` on Linux), and reads "
            "the file if that fails. With None, each process reads the file into its own memory."
        ),
        effect="execution",
        option=NoOption("one process reads the file once"),
        stanford=None,
    ),
    Parameter(
        name="pickle_vectors",
        default=False,
        annotation="bool",
        kind="bool",
        constraints=["boolean"],
        summary="If `vectors` is a path: whether a pickle of the fitted estimator holds the vectors, or only the path.",
        details=(
            "With only the path, the file is read at the first use after unpickling, and must hold the same vectors. "
            "Vectors given as an object are always in the pickle."
        ),
        effect="execution",
        option=NoOption("the program writes no pickles"),
        stanford=None,
    ),
    replace(
        _BY_NAME["memory_limit"],
        summary='Working memory of `fit` for what grows with the documents: bytes, or a size such as "2GB".',
        details=(
            "What does not fit goes to temporary files, and results keep the same bits. Vectors and documents do not count."
        ),
    ),
    _BY_NAME["temp_dir"],
)

#: Parameters of each estimator, in the order of its signature. The first of `GloVe` and of `GloVeVectorizer` may be positional.
#: `CooccurrenceCounter` makes a square X, and `GloVe` takes any X as it is, unless told otherwise.
COUNTER_PARAMETERS = (
    *TEXT,
    *VOCABULARY,
    *CONTEXT,
    replace(
        NEAR_CONTEXT[0],
        default=0,
        details=(
            "They add two columns for each word to X: behind the columns of the whole window those of the neighbours on the "
            "left, and behind these those of the neighbours on the right."
        ),
    ),
    *MEMORY_LIMIT,
    *N_JOBS,
    *VERBOSE,
)
_GLOVE_MODEL = tuple(
    replace(parameter, default=None) if parameter.name == "sample" else parameter for parameter in MODEL
)
GLOVE_PARAMETERS = (*_GLOVE_MODEL, *EMBEDDING, *MEMORY_LIMIT, *N_JOBS, *RANDOM_STATE, *VERBOSE, *RESUMING)
VECTORIZER_PARAMETERS = (
    MODEL[0],
    *TEXT,
    *VOCABULARY,
    *CONTEXT,
    *NEAR_CONTEXT,
    *MODEL[1:],
    *POOLING,
    *EMBEDDING,
    *MEMORY_LIMIT,
    *MEMORY,
    *N_JOBS,
    *RANDOM_STATE,
    *VERBOSE,
    *RESUMING,
)
EMBEDDING_VECTORIZER_PARAMETERS = (
    VECTORS[0],
    *_GIVEN_TEXT,
    VECTORS[1],
    replace(_BY_NAME["pooling"], option=Option()),
    *_GIVEN_EMBEDDING,
    *_GIVEN_MEMORY,
    *N_JOBS,
)
PARAMETERS = {parameter.name: parameter for parameter in VECTORIZER_PARAMETERS}

#: Parameters whose defaults differ from those of Stanford GloVe, with the values that reproduce it.
STANFORD_GLOVE = {
    name: parameter.stanford.value
    for name, parameter in PARAMETERS.items()
    if parameter.stanford is not None and parameter.stanford.value is not ...
}


def constraints_of(parameters: tuple[Parameter, ...]) -> dict[str, list | str]:
    """Return the `_parameter_constraints` of an estimator."""
    constraints: dict[str, list | str] = {}
    for parameter in parameters:
        # Where any str may be given, such as a path, the choices are among them.
        takes_choices_only = bool(parameter.choices) and str not in parameter.constraints
        choices = [StrOptions(set(parameter.choices))] if takes_choices_only else []
        constraints[parameter.name] = [*parameter.constraints, *choices] or "no_validation"
    return constraints


def names_with_effect(effect: str) -> list[str]:
    """Return the names of the parameters that have an effect of this kind."""
    return [name for name, parameter in PARAMETERS.items() if parameter.effect == effect]
