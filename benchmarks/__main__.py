"""Run a benchmark by name, or make tables and figures of the rows that benchmarks have written."""

from __future__ import annotations

import argparse
import importlib
import tempfile
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from benchmarks.harness import report, results
from benchmarks.harness.options import add_options
from benchmarks.plots import figures

#: Modules with COMPETITORS, with run(setting, *, ...), which yields rows, and perhaps with OPTIONS (see `harness.options`).
BENCHMARKS = {
    "count": "measurements.count",
    "train": "measurements.train",
    "end-to-end": "studies.end_to_end",
    "transform": "measurements.transform",
    "pretrained": "measurements.pretrained",
    "threads": "measurements.thread_scaling",
    "growth": "measurements.growth",
    "quality": "studies.quality",
    "epochs": "studies.epochs",
    "classify": "studies.classification",
    "baskets": "studies.baskets",
    "fine-tune": "studies.fine_tuning",
    "anchor": "measurements.anchoring",
    "infer": "studies.new_words",
    "stream": "studies.stream",
    "small": "measurements.small",
    "memory": "measurements.memory_limit",
    "load": "measurements.loading",
    "evaluate": "measurements.analogy_speed",
    "variances": "measurements.variances",
    "cluster-training": "measurements.cluster_training",
    "distributed": "measurements.distributed",
    "uncertainty": "studies.uncertainty",
}
ROWS = Path("benchmarks.jsonl")


def main(arguments: Sequence[str] | None = None) -> list[dict[str, Any]]:
    """Do what the command line says; return the rows that were measured."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    names = parser.add_subparsers(dest="name", required=True, metavar="NAME")
    for name in BENCHMARKS:
        _add_benchmark(names, name)
    for name, module in (("report", report), ("plots", figures)):
        command = _add_command(names, name, module)
        command.add_argument("--input", type=Path, metavar="FILE", default=ROWS, help=f"rows; default: {ROWS}")
    options = vars(parser.parse_args(arguments))
    name = options.pop("name")
    if name in BENCHMARKS:
        return _measure(name, **options)
    rows = results.read(options.pop("input"))
    (report if name == "report" else figures).run(rows, **options)
    return []


def module_of(name: str) -> ModuleType:
    """Import the module of a benchmark."""
    return importlib.import_module(f"benchmarks.{BENCHMARKS[name]}")


def _add_command(names: Any, name: str, module: ModuleType) -> argparse.ArgumentParser:
    command = names.add_parser(
        name,
        help=(module.__doc__ or "").splitlines()[0],
        description=module.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_options(command, module.run, getattr(module, "OPTIONS", {}))
    return command


def _add_benchmark(names: Any, name: str) -> None:
    module = module_of(name)
    command = _add_command(names, name, module)
    command.add_argument(
        "--corpus",
        type=Path,
        metavar="FILE",
        help="text, one document a line, plain or .gz, .bz2, .xz; default: the text that gensim ships",
    )
    command.add_argument("--output", type=Path, metavar="FILE", default=ROWS, help=f"appended to; default: {ROWS}")
    if module.COMPETITORS:
        methods = ("glove-sklearn", *module.COMPETITORS)
        group = command.add_mutually_exclusive_group()
        group.add_argument("--only", nargs="+", choices=methods, metavar="METHOD", help=f"of {', '.join(methods)}")
        group.add_argument("--skip", nargs="+", choices=methods, default=(), metavar="METHOD")
    if "stanford-glove" in module.COMPETITORS:
        command.add_argument(
            "--stanford-glove",
            type=Path,
            metavar="FOLDER",
            help="your build of Stanford GloVe; without it, it is left out",
        )


def _measure(
    name: str,
    corpus: Path | None,
    output: Path,
    only: Sequence[str] | None = None,
    skip: Sequence[str] = (),
    stanford_glove: Path | None = None,
    **options: Any,
) -> list[dict[str, Any]]:
    from benchmarks.harness import corpora, machine
    from benchmarks.harness.settings import Setting

    module = module_of(name)
    if options.get("variants"):
        # The question is about the variants: other methods take long, and run only if they are named.
        only = ["glove-sklearn", *(only or ())]
    left_out = {*skip, *(["stanford-glove"] if stanford_glove is None else [])}
    chosen = dict.fromkeys(only or ("glove-sklearn", *module.COMPETITORS))
    methods = tuple(method for method in chosen if method not in left_out)
    about: dict[str, Any] = {"machine": machine.machine(), "versions": machine.versions()}
    print(machine.describe(**about))
    with tempfile.TemporaryDirectory() as folder:
        text = corpora.prepare(corpus, Path(folder))
        about["corpus"] = text.description
        print("{name}: {n_documents:,} documents, {n_tokens:,} tokens".format(**text.description), flush=True)
        table = results.Results(name, about, output)
        for row in module.run(Setting(text, methods, stanford_glove, Path(folder)), **options):
            table.add(row)
    return table.rows


if __name__ == "__main__":
    main()
