"""Run a benchmark by name, or make tables and plots of what benchmarks wrote."""

from __future__ import annotations

import argparse
import importlib
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.harness import corpora, report, results
from benchmarks.harness.settings import Setting
from benchmarks.plots import charts as plots

#: Each is a module with COLUMNS, COMPETITORS, add_arguments(parser) and run(results, setting, **arguments).
BENCHMARKS = {
    "count": "measurements.count",
    "train": "measurements.train",
    "end-to-end": "measurements.end_to_end",
    "transform": "measurements.transform",
    "threads": "measurements.thread_scaling",
    "growth": "measurements.growth",
    "quality": "studies.quality",
    "passes": "studies.epochs",
    "classify": "studies.classification",
    "small": "measurements.small",
    "memory": "measurements.memory_limit",
    "load": "measurements.loading",
    "evaluate": "measurements.analogy_speed",
}


def module_of(benchmark: str) -> object:
    return importlib.import_module(f"benchmarks.{BENCHMARKS[benchmark]}")


def main(arguments: Sequence[str] | None = None) -> list[dict]:
    """Do what the command line says; the rows that were measured."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    names = parser.add_subparsers(dest="name", required=True, metavar="NAME")
    for name in BENCHMARKS:
        _add_parser(names, name)
    for module, name in ((report, "report"), (plots, "plots")):
        command = names.add_parser(name, help=module.__doc__.splitlines()[0], description=module.__doc__)
        command.add_argument("--input", type=Path, default=Path("benchmarks.jsonl"), help="default: benchmarks.jsonl")
        module.add_arguments(command)

    options = vars(parser.parse_args(arguments))
    name = options.pop("name")
    if name == "report":
        report.run(results.read(options.pop("input")), **options)
    elif name == "plots":
        plots.run(results.read(options.pop("input")), **options)
    else:
        return _measure(name, options)
    return []


def _add_parser(names: argparse._SubParsersAction, name: str) -> None:
    module = module_of(name)
    command = names.add_parser(
        name,
        help=module.__doc__.splitlines()[0],
        description=module.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_argument(
        "--corpus",
        type=Path,
        metavar="FILE",
        help="text, one document a line, plain or .gz, .bz2, .xz; default: what gensim ships",
    )
    command.add_argument(
        "--output", type=Path, default=Path("benchmarks.jsonl"), help="rows are appended; default: benchmarks.jsonl"
    )
    if module.COMPETITORS:
        methods = ("glove-sklearn", *module.COMPETITORS)
        group = command.add_mutually_exclusive_group()
        group.add_argument("--only", nargs="+", choices=methods, metavar="METHOD", help=f"of {', '.join(methods)}")
        group.add_argument("--skip", nargs="+", choices=methods, default=(), metavar="METHOD")
    if "c-program" in module.COMPETITORS:
        command.add_argument(
            "--glove-c", type=Path, metavar="FOLDER", help="your build of the C program, which is else left out"
        )
    module.add_arguments(command)


def _measure(name: str, options: dict) -> list[dict]:
    from benchmarks.harness import machine

    module = module_of(name)
    glove_c = options.pop("glove_c", None)
    skip = set(options.pop("skip", ()))
    if glove_c is None:
        skip.add("c-program")
    chosen = options.pop("only", None)
    if options.get("variants"):
        # They are what is asked; the others, which take long, only if somebody names them.
        chosen = dict.fromkeys(["glove-sklearn", *(chosen or ())])
    chosen = chosen or ("glove-sklearn", *module.COMPETITORS)
    methods = tuple(method for method in chosen if method not in skip)
    about = {"machine": machine.machine(), "versions": machine.versions()}
    print(machine.describe(**about))
    with tempfile.TemporaryDirectory() as folder:
        corpus = corpora.prepare(options.pop("corpus"), Path(folder))
        print(f"{corpus.name}: {corpus.n_documents:,} documents, {corpus.n_tokens:,} tokens", flush=True)
        about["corpus"] = corpus.description()
        table = results.Results(name, module.COLUMNS, about, options.pop("output"))
        module.run(table, Setting(corpus, methods, glove_c, Path(folder)), **options)
    return table.rows


if __name__ == "__main__":
    main()
