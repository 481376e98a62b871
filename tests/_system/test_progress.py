"""Progress bars."""

import subprocess
import sys

import pytest

from glove_sklearn._system.progress import progress_bar

#: A notebook without ipywidgets, as tqdm sees it.
NOTEBOOK = """
import sys, types, warnings
warnings.simplefilter("always")
kernel = types.ModuleType("IPython")
kernel.get_ipython = lambda: types.SimpleNamespace(config={"IPKernelApp": {}})
kernel.display = types.ModuleType("IPython.display")
kernel.display.display = print
kernel.display.HTML = str
sys.modules["ipykernel.zmqshell"] = types.ModuleType("ipykernel.zmqshell")
sys.modules |= {"IPython": kernel, "IPython.display": kernel.display, "ipywidgets": None, "IPython.html": None}
"""


@pytest.mark.parametrize("verbose", [0, 1])
def test_a_notebook_without_widgets_gets_bars_of_text_and_no_warning(verbose):
    fit = f"""
from glove_sklearn import GloVeVectorizer
GloVeVectorizer(2, min_count=1, verbose={verbose}).fit(["a b c d"])
"""
    done = subprocess.run([sys.executable, "-c", NOTEBOOK + fit], capture_output=True, text=True, check=True)
    assert "Warning" not in done.stderr
    assert ("training" in done.stderr) == bool(verbose)


def test_the_stand_in_for_a_notebook_makes_tqdm_warn():
    done = subprocess.run([sys.executable, "-c", f"{NOTEBOOK}\nimport tqdm.auto"], capture_output=True, text=True)
    assert "TqdmWarning: IProgress not found" in done.stderr


def test_a_bar_shows_what_is_done_if_it_is_asked_for(capsys):
    for verbose, shown in ((0, False), (1, True)):
        with progress_bar("reading", "documents", verbose, 5) as bar:
            bar.update(5)
        assert ("reading: 100%" in capsys.readouterr().err) == shown
