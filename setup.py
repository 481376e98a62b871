"""Build of the kernels. Everything else about the package is in pyproject.toml."""

import sys

from Cython.Build import cythonize
from setuptools import Extension, setup

if sys.platform == "win32":
    compile_args = ["/O2", "/fp:strict"]
else:
    # One rounding for each operation, so that every instruction set computes the same bits.
    compile_args = ["-O3", "-ffp-contract=off"]

extensions = [
    Extension(
        f"glove_sklearn.{name}",
        [f"glove_sklearn/{name}.pyx"],
        depends=["glove_sklearn/_records.pxd", "glove_sklearn/_simd.h", "glove_sklearn/_simd_body.h"],
        extra_compile_args=compile_args,
    )
    for name in ("_text", "_counting", "_blocks", "_training")
]

setup(
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
    )
)
