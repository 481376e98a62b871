"""What `import glove_sklearn` costs."""

import subprocess
import sys

PROGRAM = """
import sys
import scipy.sparse, sklearn.base, sklearn.feature_extraction.text
before = set(sys.modules)
import glove_sklearn, glove_sklearn.evaluation, glove_sklearn.formats
print(*{name.partition(".")[0] for name in set(sys.modules) - before} - sys.stdlib_module_names)
"""


def test_the_package_imports_nothing_that_scikit_learn_does_not_but_tqdm():
    run = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    packages = {name for name in run.stdout.split() if not name.startswith(("_", "Cython", "cython"))}
    assert packages - {"colorama"} == {"glove_sklearn", "tqdm"}  # on Windows, tqdm imports colorama


def test_the_program_starts_without_gensim():
    program = "import sys, glove_sklearn.cli.main; sys.exit('gensim' in sys.modules)"
    subprocess.run([sys.executable, "-c", program], check=True)
