"""``python -m glove_sklearn`` is ``glove-sklearn``."""

import sys

from glove_sklearn.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
