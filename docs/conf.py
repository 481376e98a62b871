"""The documentation site, as Sphinx builds it: ``make docs``.

Pages in Markdown are read on GitHub, too; those in reStructuredText exist for the site only. Nothing here needs a network.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.utils.math import MathError
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.application import Sphinx
from sphinx.util.logging import getLogger

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import glove_sklearn  # noqa: E402

project = "glove_sklearn"
author = "The glove_sklearn developers"
copyright = author
version = release = glove_sklearn.__version__

extensions = [
    "myst_parser",
    "numpydoc",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx_click",
    "sphinx_copybutton",
    "sphinx_design",
    "sphinx_gallery.gen_gallery",
]
templates_path = ["_templates"]
#: README.md is the index of the folder on GitHub; here it is index.rst.
exclude_patterns = ["README.md", "gallery/**/*.ipynb", "gallery/**/*.py", "gallery/**/*.md5"]
nitpicky = True
# Quotes and dashes are mostly those of code and of options.
smartquotes = False

# Markdown: anchors are those that GitHub makes of headings.
myst_enable_extensions = ["colon_fence", "dollarmath"]
myst_heading_anchors = 4

# The reference.
autodoc_typehints = "none"
autodoc_member_order = "bysource"
numpydoc_show_class_members = False

# The gallery. A failing example fails the build.
#: Examples with this word in their names need 20 Newsgroups, which scikit-learn downloads. They run where it has been downloaded;
#: elsewhere their code is shown without results.
_DOWNLOADED = "newsgroups"
_HAS_NEWSGROUPS = (
    Path(os.environ.get("SCIKIT_LEARN_DATA", "~/scikit_learn_data"), "20news-bydate_py3.pkz").expanduser().exists()
)
sphinx_gallery_conf = {
    "examples_dirs": "../examples",
    "gallery_dirs": "gallery",
    "filename_pattern": r"/plot_" if _HAS_NEWSGROUPS else rf"/plot_(?!.*{_DOWNLOADED})",
    "ignore_pattern": r"^(demo|uncertainty)\.py$",
    "subsection_order": ["../examples/words", "../examples/documents", "../examples/items"],
    "within_subsection_order": "FileNameSortKey",
    "capture_repr": ("_repr_html_",),
    # How long it took on a busy machine says nothing.
    "min_reported_time": 1_000_000,
    "doc_module": ("glove_sklearn",),
    "backreferences_dir": "generated/backreferences",
    "image_scrapers": ("matplotlib",),
    "matplotlib_animations": False,
    "remove_config_comments": True,
    "abort_on_example_error": True,
    "download_all_examples": False,
    "write_computation_times": False,
    "plot_gallery": "True",
}

# The pages.
html_theme = "pydata_sphinx_theme"
html_title = "glove_sklearn"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_js_files = ["search.js"]
html_math_renderer = "mathml"
html_context = {"default_mode": "auto"}
html_copy_source = False
html_show_sourcelink = False
# "On this page" names a method without its class.
toc_object_entries_show_parents = "hide"
_BENCHMARKS = [f"benchmarks-{kind}" for kind in ("documents", "memory", "speed", "tuning", "words")]
#: Pages of wide tables, which have no column on the right.
_WIDE = [*_BENCHMARKS, "defaults", "quality-study", "quality-training"]
html_theme_options: dict[str, Any] = {
    "logo": {"text": "glove_sklearn"},
    "navbar_align": "left",
    "header_links_before_dropdown": 6,
    "show_prev_next": True,
    "secondary_sidebar_items": {"**": ["page-toc"], **{page: [] for page in _WIDE}},
    "footer_start": ["copyright"],
    "footer_end": [],
    "search_as_you_type": True,
}
html_sidebars = {"index": [], "start": [], "project/*": []}
copybutton_exclude = ".linenos, .gp, .go"

# Links. Those inside the site are checked by every build; those that leave it need a network, and are checked by
# `make docs-links`.
linkcheck_anchors = False

_logger = getLogger(__name__)

#: Where other projects describe their names; inventories (sphinx.ext.intersphinx) would need a network.
_ELSEWHERE = {
    "bytes": "https://docs.python.org/3/library/stdtypes.html#{}",
    "joblib": "https://joblib.readthedocs.io/en/stable/generated/{}.html",
    "sklearn": "https://scikit-learn.org/stable/modules/generated/{}.html",
}

#: The page that stands for each file of the root.
_PAGES = {
    "README.md": "index.rst",
    "CHANGELOG.md": "project/changelog.md",
    "CONTRIBUTING.md": "project/contributing.md",
    "SECURITY.md": "project/security.md",
    "docs/README.md": "guide.rst",
}
#: A block of code: its language, which may be missing, and the rest.
_BLOCK = re.compile(r"^```(\S*)(\n.*?^```)$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)")
#: The title of a page of the gallery.
_TITLE = re.compile(r"^.+\n=+\n", re.MULTILINE)
_NOT_RUN = """
.. note::

   The results are missing here. This example needs 20 Newsgroups, which was not on the machine that built these pages.
   Run it to see them: scikit-learn downloads the data, 14 MB.
"""


def read_page(app: Sphinx, page: str, source: list[str]) -> None:
    """Put a file of the root in the place of the page that stands for it, and lead links to the pages of the site."""
    path = Path(app.env.doc2path(page))
    if path.suffix != ".md":
        return
    origin = path
    for name, stand_in in _PAGES.items():
        if path == ROOT / "docs" / stand_in:
            origin = ROOT / name
            app.env.note_dependency(str(origin))
            source[0] = origin.read_text(encoding="utf-8")

    def lead(link: re.Match[str]) -> str:
        target = (origin.parent / link[1]).resolve()
        name = target.relative_to(ROOT).as_posix()
        if name in _PAGES:
            target = ROOT / "docs" / _PAGES[name]
        # What is no page of the site is a file to download.
        kind = "" if target.is_relative_to(ROOT / "docs") else "path:"
        return f"]({kind}{os.path.relpath(target, path.parent)}"

    # Sphinx would take a block without a language for Python, where it has commands, or what they print.
    source[0] = _BLOCK.sub(lambda block: f"```{block[1] or 'text'}{block[2]}", _LINK.sub(lead, source[0]))


def say_what_was_not_run(app: Sphinx, page: str, source: list[str]) -> None:
    """Say on the page of an example that its results are missing, if they are."""
    if not _HAS_NEWSGROUPS and re.match(rf"gallery/.*/plot_.*{_DOWNLOADED}", page):
        source[0] = _TITLE.sub(rf"\g<0>\n{_NOT_RUN}\n", source[0], count=1)


def link_elsewhere(app: Sphinx, env: Any, node: nodes.Element, content: nodes.Element) -> nodes.reference | None:
    """Make the link of a name of another project."""
    target = node["reftarget"]
    url = _ELSEWHERE.get(target.partition(".")[0])
    if node["refdomain"] != "py" or url is None:
        return None
    return nodes.reference("", "", content, internal=False, refuri=url.format(target))


def write_math(self: Any, node: nodes.Element) -> None:
    """Write an equation as MathML, which browsers show without a script from the network."""
    as_block = isinstance(node, nodes.math_block)
    try:
        markup = tex2mathml(node.astext(), as_block=as_block)
    except MathError as error:
        _logger.warning("%s in %r", error, node.astext(), location=node)
        raise nodes.SkipNode from error
    self.body.append(f'<div class="equation">{markup}</div>' if as_block else markup)
    raise nodes.SkipNode


def escape_help(app: Sphinx, context: Any, lines: list[str]) -> None:
    """Keep the stars of patterns such as *.txt and the addresses of clusters, in help texts, from being taken for markup."""
    lines[:] = [re.sub(r"(?<![\\*])(\*(?!\*)|(?<=tcp):(?=//))", r"\\\1", line) for line in lines]


def write_map(app: Sphinx, exception: Exception | None) -> None:
    """Put an interactive map beside the pages: the 2,000 most frequent words of 106 articles that gensim ships."""
    if exception is not None or app.builder.format != "html":
        return
    from gensim.corpora import WikiCorpus
    from gensim.test.utils import datapath

    from glove_sklearn.plotting import write_word_map

    dump = datapath("enwiki-latest-pages-articles1.xml-p000000010p000030302-shortened.bz2")
    documents = [" ".join(tokens) for tokens in WikiCorpus(dump, dictionary={}, processes=1).get_texts()]
    vectorizer = glove_sklearn.GloVeVectorizer(max_df=0.5, random_state=0).fit(documents)
    write_word_map(Path(app.outdir, "map.html"), vectorizer, 2000, title="2,000 words of Wikipedia")


def setup(app: Sphinx) -> None:
    """Connect what this site needs beyond its extensions."""
    app.connect("source-read", read_page)
    app.connect("source-read", say_what_was_not_run)
    app.connect("missing-reference", link_elsewhere)
    app.connect("build-finished", write_map)
    app.connect("sphinx-click-process-description", escape_help)
    app.connect("sphinx-click-process-options", escape_help)
    app.add_html_math_renderer("mathml", (write_math, None), (write_math, None))
