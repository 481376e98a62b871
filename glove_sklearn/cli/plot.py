"""``glove-sklearn plot``: pictures of word vectors, and interactive maps."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO, Any

import click

from glove_sklearn import formats
from glove_sklearn._system.files import open_to_write
from glove_sklearn._system.wording import number_of
from glove_sklearn.cli.options import OUTPUT_FILE, path_type, reading_options, vectors_argument
from glove_sklearn.cli.queries import read_uncertainty
from glove_sklearn.plotting import NeighborsDisplay, WordMapDisplay, write_word_map
from glove_sklearn.plotting.layout import LAYOUTS

#: Extensions that stand for an interactive map, and those of pictures.
_PAGES, _PICTURES = (".html", ".htm"), (".png", ".svg", ".pdf")
#: Words of a picture and of an interactive map, if none are named.
_TOP_OF_PICTURE, _TOP_OF_PAGE = 100, 5000
#: Words at the beginning of a file that such a picture leaves out, because the most frequent words say little.
_PASSED_OVER = 100
#: Pixels to the inch: labels of 8 points are then 11 pixels high.
_DPI = 100
#: Nothing in a picture depends on when it is drawn.
_METADATA: dict[str, dict[str, Any]] = {".svg": {"Date": None}, ".pdf": {"CreationDate": None}}


class _Size(click.ParamType):
    """Width and height, such as 1000x800."""

    name = "WIDTHxHEIGHT"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        match = re.fullmatch(r"(\d{1,5})x(\d{1,5})", value) if isinstance(value, str) else None
        if match is None or not all(100 <= int(side) <= 20_000 for side in match.groups()):
            self.fail(f"expected a width and a height from 100 to 20000 pixels, such as 1000x800, got {value!r}")
        return int(match[1]), int(match[2])


@click.command("plot")
@vectors_argument
@click.option(
    "-o",
    "--output",
    type=OUTPUT_FILE,
    required=True,
    help="File for the picture: .png, .svg or .pdf, or .html for an interactive map.",
)
@click.option(
    "--words",
    multiple=True,
    metavar="WORDS",
    help=(
        "Words of the map, between white space or commas. May be given more than once; with a name before them, 'cities: rome "
        "oslo', they have a colour of their own."
    ),
)
@click.option(
    "--words-from",
    metavar="FILE",
    type=click.File(encoding="utf-8-sig"),
    help=(
        "File of words, one a line, or - for standard input; those without a vector are left out. A line ': name' begins a group "
        "with a colour of its own."
    ),
)
@click.option(
    "--analogies",
    multiple=True,
    metavar="PAIRS",
    help="Words to join by arrows: 'man:woman king:queen', or 'slow:slower:slowest'. May be given more than once.",
)
@click.option(
    "--top",
    type=click.IntRange(2),
    help=(
        "Draw this many words from the beginning of VECTORS, if none are named. The default for .html is "
        f"{_TOP_OF_PAGE}. A picture has {_TOP_OF_PICTURE} by default: those after the first {_PASSED_OVER}, which are words such "
        "as 'the'."
    ),
)
@click.option(
    "--layout",
    type=click.Choice(LAYOUTS),
    help="How vectors become two dimensions. The default is pca for pictures, and tsne for .html.",
)
@click.option("--neighbors", "word", metavar="WORD", help="Draw the words nearest to WORD, as bars, instead of a map.")
@click.option(
    "-n",
    "--topn",
    type=click.IntRange(1),
    default=10,
    show_default=True,
    help="Number of neighbours, of --neighbors and in interactive maps.",
)
@click.option(
    "--uncertainty",
    metavar="FILE",
    type=path_type(dir_okay=False),
    help="Draw intervals, too, from the FILE that `train --save-uncertainty` wrote with these vectors. Needs --neighbors.",
)
@click.option(
    "--level",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    default=0.95,
    show_default=True,
    help="Of the intervals.",
)
@click.option("--title", help="Title of the picture or the page.")
@click.option("--size", type=_Size(), default="1000x800", show_default=True, help="Of the picture of a map, in pixels.")
@reading_options()
def plot(
    vectors: str,
    output: str,
    words: Sequence[str],
    words_from: IO[str] | None,
    analogies: Sequence[str],
    top: int | None,
    layout: str | None,
    word: str | None,
    topn: int,
    uncertainty: str | None,
    level: float,
    title: str | None,
    size: tuple[int, int],
    **reading: Any,
) -> None:
    """Draw words in two dimensions, or the words nearest to a word; or write an interactive map.

    Pictures need matplotlib. The interactive map is one .html file, which can be moved, zoomed and searched, and shows
    neighbours.

    \b
    For example:
      glove-sklearn plot vectors.txt --words "king queen man woman" --output map.png
      glove-sklearn plot vectors.txt --analogies "man:woman king:queen" --output map.svg
      glove-sklearn plot vectors.txt --neighbors water --output water.pdf
      glove-sklearn plot vectors.txt --top 5000 --output map.html
    """
    suffix = Path(output).suffix.lower()
    named = [*words, *analogies, *([] if words_from is None else ["--words-from"])]
    _check_options(suffix, named, analogies, top, layout, word, uncertainty)
    figure = None
    if suffix in _PICTURES:
        width, height = (side / _DPI for side in size) if word is None else (6.4, 1.2 + 0.28 * topn)
        figure = _new_figure(width, height)
    word_vectors = formats.read_vectors(vectors, **reading)
    arrows = [pair.split(":") for pair in _split(analogies)]
    groups = _read_groups(words, words_from, set(word_vectors.terms))
    shown: Any = top
    if named:
        shown = groups if any(name is not None for name in groups) else groups.get(None)
    elif top is None and figure is None:
        shown = _TOP_OF_PAGE
    elif top is None:
        first = _PASSED_OVER if len(word_vectors.terms) >= _PASSED_OVER + _TOP_OF_PICTURE else 0
        shown = word_vectors.terms[first : first + _TOP_OF_PICTURE]
    try:
        if figure is None:
            if (layout or "tsne") == "tsne":
                click.echo("placing the words by t-SNE; 5,000 take a minute or so", err=True)
            write_word_map(
                output, word_vectors, shown, reducer=layout or "tsne", n_neighbors=topn, title=title or "Map of words"
            )
            click.echo(f"the map is in {output}", err=True)
            return
        ax = figure.subplots()
        if word is None:
            display = WordMapDisplay.from_vectors(
                word_vectors, shown, analogies=arrows, reducer=layout or "pca", ax=ax
            )  # fmt: skip
        elif uncertainty is None:
            NeighborsDisplay.from_vectors(word_vectors, word, topn=topn, ax=ax)
        else:
            known = read_uncertainty(uncertainty, vectors, word_vectors)
            NeighborsDisplay.from_estimates(known.neighbors(word, topn, level=level, random_state=0), ax=ax)
    except KeyError as error:
        raise click.UsageError(f"{vectors}: {error.args[0]}") from error
    if title is not None:
        ax.set_title(title, parse_math=False)
    _save(figure, output, suffix)
    if word is None:
        hidden = sum(not text.get_visible() for text in display.labels_)
        if hidden:
            warnings.warn(
                f"{number_of(hidden, 'word')} of {len(display.words)} had no room for a label; draw fewer, or a picture of a "
                "larger size.",
                stacklevel=2,
            )
    click.echo(f"the picture is in {output}", err=True)


def _check_options(
    suffix: str,
    named: Sequence[str],
    analogies: Sequence[str],
    top: int | None,
    layout: str | None,
    word: str | None,
    uncertainty: str | None,
) -> None:
    """Refuse options that contradict each other, before anything is read."""
    if suffix not in (*_PICTURES, *_PAGES):
        raise click.UsageError(
            f"--output must end in {', '.join(_PICTURES)} for a picture, or in {_PAGES[0]} for an interactive map, got "
            f"{suffix or 'no extension'}"
        )
    if named and top is not None:
        raise click.UsageError("--top draws the first words of VECTORS: give either that, or the words to draw")
    if suffix in _PAGES and (analogies or word is not None):
        option = "--analogies" if analogies else "--neighbors"
        raise click.UsageError(f"{option} is for pictures: let --output end in {', '.join(_PICTURES)}")
    if word is not None and (named or top is not None or layout is not None):
        raise click.UsageError("--neighbors draws bars, and no map: leave out the options of a map, or --neighbors")
    if uncertainty is not None and word is None:
        raise click.UsageError("--uncertainty needs --neighbors")
    for pair in _split(analogies):
        if not all(pair.split(":")) or ":" not in pair:
            raise click.UsageError(f"--analogies must be words joined by colons, such as man:woman, got {pair!r}")


def _split(texts: Iterable[str]) -> list[str]:
    """Split texts at white space and commas."""
    return [part for text in texts for part in re.split(r"[\s,]+", text) if part]


def _read_groups(words: Sequence[str], file: IO[str] | None, known: set[str]) -> dict[str | None, list[str]]:
    """Return the words of each group; the group None holds those without one."""
    groups: dict[str | None, list[str]] = {}
    for text in words:
        named = re.match(r"\s*(\S[^:]*):(\s*)(\S.*)", text, flags=re.DOTALL)
        if named and not named[2]:  # "http://a.org" may be a word
            with_colon = next(word for word in _split([text]) if ":" in word)
            named = None if with_colon in known else named
        name, members = (named[1], named[3]) if named else (None, text)
        groups.setdefault(name, []).extend(_split([members]))
    if file is None:
        return groups
    name, missing = None, []
    for line in file:
        line = line.strip()
        if line in known:
            groups.setdefault(name, []).append(line)
        elif line.startswith(":"):
            name = line[1:].strip()
        elif line:
            missing.append(line)
    if not groups:
        raise click.UsageError(f"--words-from: none of {number_of(len(missing), 'word')} has a vector")
    if missing:
        warnings.warn(
            f"{number_of(len(missing), 'word')} of --words-from without a vector: {', '.join(missing[:5])}"
            f"{', ...' if len(missing) > 5 else ''}.",
            stacklevel=2,
        )
    return groups


def _new_figure(width: float, height: float) -> Any:
    """Return a figure that is not shown on a screen."""
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise ImportError(
            "pictures need matplotlib: pip install matplotlib; interactive maps, .html, do not"
        ) from error
    return Figure(figsize=(width, height), dpi=_DPI, layout="constrained")


def _save(figure: Any, output: str, suffix: str) -> None:
    """Write a picture; the same picture has the same bytes."""
    from matplotlib import rc_context

    with rc_context({"svg.hashsalt": "glove-sklearn"}), open_to_write(output, compress=False) as file:
        figure.savefig(file, format=suffix[1:], metadata=_METADATA.get(suffix))
