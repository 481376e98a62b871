"""``python -m glove_sklearn`` is ``glove-sklearn``."""

import sys


def main() -> int:
    """Import the program and run it; return its exit status. Importing takes a while, in which Ctrl-C is answered, too."""
    try:
        from glove_sklearn.cli.main import main as program
    except KeyboardInterrupt:
        print("glove-sklearn: interrupted", file=sys.stderr)
        return 130
    return program()


if __name__ == "__main__":
    sys.exit(main())
