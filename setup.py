"""Build of the kernels. Everything else about the package is in pyproject.toml."""

from Cython.Build import cythonize
from setuptools import Extension, setup

extensions = [
    Extension(
        f"glove_sklearn.{name}",
        [f"glove_sklearn/{name}.pyx"],
        depends=["glove_sklearn/_records.pxd", "glove_sklearn/_simd.h", "glove_sklearn/_simd_body.h"],
        # One rounding for each operation, so that every instruction set computes the same bits.
        extra_compile_args=["-O3", "-ffp-contract=off"],
    )
    for name in ("_text", "_counting", "_blocks", "_training", "_linear_algebra", "_pooling", "_formats")
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
