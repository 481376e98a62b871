"""How the tests run benchmarks: with small options, and in this process."""

import json

#: Options of each benchmark that make it fast.
OPTIONS = {
    "count": "--n-jobs 1",
    "train": "--n-components 4 --max-iter 1",
    "end-to-end": "--n-components 4 --max-iter 1 --epochs 1 --n-jobs 1",
    "transform": "--n-components 4 --repetitions 1",
    "pretrained": "--n-words 2000 --repetitions 1",
    "threads": "--n-components 4 --max-iter 1 --n-jobs 1 2",
    "growth": "--n-components 4 --max-iter 1 --smallest 2000",
    "quality": "--n-components 4 --seeds 0 1 --epochs 1 --n-jobs 1 --sections",
    "epochs": "--variants init=random alpha=1 --only cbow --n-components 4 --max-iter 1 2 --epochs 1 --n-jobs 1",
    "classify": "--n-components 4 --svd-components 4 5 --epochs 1 --seeds 0 1 --n-jobs 1",
    "baskets": "--n-components 4 --max-iter 1 --seeds 0 1 --separator e",
    "fine-tune": "--n-components 4 --seeds 0 1 --posts 60 0 --anchors 0 1 --n-jobs 1",
    "infer": "--n-components 4 --n-words 3 --occurrences 1 4 --min-count 2 --n-jobs 1",
    "stream": "--n-components 4 --n-parts 2 --seeds 0 1 --n-jobs 1",
    "anchor": "--skip mittens --n-components 4 --n-words 50 --max-iter 2",
    "small": "--documents short --repetitions 1 --n-jobs 1",
    "memory": "--n-components 4 --max-iter 1 --limits none --repeat 2",
    "load": "--n-words 200 --n-components 4 --repetitions 1",
    "cluster-training": "--n-workers 1 --gigabits 10 --work 0.01 --n-words 100 --n-components 4",
    "distributed": "--n-workers 2 --n-partitions 2 --kills 1 --n-components 4 --max-iter 1",
    "variances": "--n-components 4",
    "uncertainty": (
        "--n-components 3 4 --noise 0.01 --n-words 60 --n-splits 2 --n-replicates 2 --n-seeds 2 --n-pairs 6 "
        "--half-components 4"
    ),
    "evaluate": "--n-components 4 --n-words 1500 --every 500",
}

#: Numbers that every row has.
MEASURED = {"cpu_seconds", "wall_seconds", "peak_memory"}


def in_this_process(function, **arguments):
    """Do what `in_own_process` does, but faster."""
    return json.loads(json.dumps(function(**json.loads(json.dumps(arguments, default=str)))))
