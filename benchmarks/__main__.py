"""Run a benchmark by name."""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks import demo, end_to_end


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    names = parser.add_subparsers(dest="name", required=True)
    names.add_parser("demo", help=demo.__doc__.splitlines()[0])
    command = names.add_parser("end-to-end", help=end_to_end.__doc__.splitlines()[0])
    command.add_argument("--corpus", type=Path, help="text, one document a line; default: what gensim ships")
    command.add_argument("--n-components", type=int, nargs="+", default=[50], metavar="D")
    command.add_argument("--seeds", type=int, nargs="+", default=[0], metavar="SEED")
    command.add_argument("--n-jobs", type=int, default=2)
    command.add_argument("--max-iter", type=int, default=15)
    options = vars(parser.parse_args())
    {"demo": demo.run, "end-to-end": end_to_end.run}[options.pop("name")](**options)


if __name__ == "__main__":
    main()
