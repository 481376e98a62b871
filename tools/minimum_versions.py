"""Prints the lowest version of each dependency that pyproject.toml admits, as constraints for pip."""

import re
import tomllib
from pathlib import Path

PYPROJECT = Path(__file__).resolve().parents[1] / "pyproject.toml"


def minimum_versions() -> dict[str, str]:
    """Return the lowest version of each dependency, those of the extra "gensim" included."""
    project = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]
    requirements = [*project["dependencies"], *project["optional-dependencies"]["gensim"]]
    matches = [re.fullmatch(r"([\w-]+)>=([\d.]+)", line) for line in requirements if ";" not in line]
    return {match[1]: match[2] for match in matches if match}


if __name__ == "__main__":
    print("\n".join(f"{name}=={version}" for name, version in minimum_versions().items()))
