"""Build of the kernels. Everything else about the package is in pyproject.toml."""

from glob import glob

from Cython.Build import cythonize
from setuptools import Extension, setup

#: Where the kernels are, by the room they belong to.
KERNELS = {
    "_system": ("_linear_algebra",),
    "_text": ("_term_table", "_tokens"),
    "_counting": ("_counting",),
    "_training": ("_blocks", "_instruction_sets", "_adagrad", "_pmi", "_subsampling"),
    "_embedding": ("_pooling",),
    "_variance": ("_variance",),
    "_vector_files": ("_parser",),
}

extensions = [
    Extension(
        f"glove_sklearn.{room}.{name}",
        [f"glove_sklearn/{room}/{name}.pyx"],
        include_dirs=["."],  # the kernels name headers from here: "glove_sklearn/_system/_bits.h"
        depends=sorted(glob("glove_sklearn/*/*.pxd") + glob("glove_sklearn/*/*.h")),
        # One rounding for each operation, so that every instruction set computes the same bits.
        extra_compile_args=["-O3", "-ffp-contract=off"],
    )
    for room, names in KERNELS.items()
    for name in names
]

setup(
    options={"build_ext": {"parallel": True}},  # as many compilers as there are cores
    ext_modules=cythonize(
        extensions,
        compiler_directives={
            "language_level": 3,
            "boundscheck": False,
            "wraparound": False,
            "initializedcheck": False,
            "cdivision": True,
            "embedsignature": True,
            "freethreading_compatible": True,
        },
    ),
)
