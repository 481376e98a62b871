"""Build of the kernels, and the choice of their compiler. Everything else about the package is in pyproject.toml."""

import os
import shutil
from glob import glob
from pathlib import Path

from Cython.Build import cythonize
from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

#: Where the kernels are, by the layer they belong to.
KERNELS = {
    "_system": ("_linear_algebra",),
    "_text": ("_term_table", "_tokens"),
    "_counting": ("_counting",),
    "_training": ("_blocks", "_instruction_sets", "_adagrad", "_pmi", "_subsampling"),
    "_embedding": ("_pooling",),
    "_variance": ("_variance",),
    "_vector_files": ("_parser",),
}

#: One rounding for each operation, so that every instruction set computes the same bits.
OPTIONS = ("-O3", "-ffp-contract=off")

#: The targets of clang-cl by the platform that Python was built for.
WINDOWS_TARGETS = {"win-amd64": "x86_64", "win-arm64": "aarch64", "win32": "i686"}


class BuildKernels(build_ext):
    """Builds by GCC or Clang, with clang-cl in the place of MSVC; what is missing is said in one sentence."""

    def build_extensions(self) -> None:
        """Compile the kernels."""
        options = self.use_clang_cl() if self.compiler.compiler_type == "msvc" else self.use_gcc_or_clang()
        if not any(Path(folder, "Python.h").exists() for folder in self.include_dirs):
            raise SystemExit(
                "glove_sklearn cannot be compiled: Python.h was not found; install the headers of this Python (on Debian and "
                "Ubuntu: apt install python3-dev)"
            )
        for extension in self.extensions:
            extension.extra_compile_args = options
        super().build_extensions()

    def use_gcc_or_clang(self) -> list[str]:
        """Use the compiler that Python was built with, or CC; if there is none, whichever there is."""
        options = list(OPTIONS)
        if "-g" not in os.environ.get("CFLAGS", "").split():
            options.append(
                "-g0"
            )  # otherwise with what Python was compiled with, which makes wheels five times as large
        wanted = self.compiler.compiler_so[0]
        if shutil.which(wanted):
            return options
        found = None if "CC" in os.environ else shutil.which("gcc") or shutil.which("clang") or shutil.which("cc")
        if found is None:
            raise SystemExit(
                f"glove_sklearn cannot be compiled: there is no C compiler {wanted!r}; install GCC or Clang (on Debian and "
                "Ubuntu: apt install gcc libc6-dev python3-dev), or install a wheel, which needs none"
            )
        commands = {
            name: [found, *command[1:]]
            for name in ("compiler", "compiler_so", "linker_so")
            if (command := getattr(self.compiler, name))
        }
        self.compiler.set_executables(**commands)
        return options

    def use_clang_cl(self) -> list[str]:
        """Replace MSVC's compiler, which lacks the vector extension of C, by Clang's; linker and libraries remain MSVC's."""
        self.compiler.initialize(self.plat_name)
        tools = Path(self.compiler.cc).parents[5]  # VC/Tools, for VC/Tools/MSVC/14.44.35207/bin/Hostx64/x64/cl.exe
        places = (
            os.environ["PATH"],
            str(Path(os.environ.get("PROGRAMFILES", ""), "LLVM", "bin")),
            *(str(tools / "Llvm" / folder) for folder in ("x64/bin", "ARM64/bin", "bin")),
        )
        found = shutil.which("clang-cl", path=os.pathsep.join(places))
        if found is None:
            raise SystemExit(
                "glove_sklearn cannot be compiled: MSVC lacks the vector extension of C, and Clang was not found; install LLVM "
                "(winget install LLVM.LLVM) or the component 'C++ Clang tools' of Visual Studio, or install a wheel, which "
                "needs no compiler"
            )
        self.compiler.cc = found
        target = f"--target={WINDOWS_TARGETS[self.plat_name]}-pc-windows-msvc"
        return [target, *(f"/clang:{option}" for option in OPTIONS)]


extensions = [
    Extension(
        f"glove_sklearn.{layer}.{name}",
        [f"glove_sklearn/{layer}/{name}.pyx"],
        include_dirs=["."],  # the kernels name headers from here: "glove_sklearn/_system/_bits.h"
        depends=sorted(glob("glove_sklearn/*/*.pxd") + glob("glove_sklearn/*/*.h")),
    )
    for layer, names in KERNELS.items()
    for name in names
]

if __name__ == "__main__":
    setup(
        cmdclass={"build_ext": BuildKernels},
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
