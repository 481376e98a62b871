"""Progress bars, which suit the terminal or the notebook that they appear in."""

from __future__ import annotations

import warnings

from tqdm import TqdmWarning, tqdm


def progress_bar(name: str, unit: str, verbose: int, total: float | None = None, unit_scale: bool = True) -> tqdm:
    """Make a progress bar, which shows nothing if `verbose` is 0.

    Parameters
    ----------
    name : str
        What is done.
    unit : str
        What is counted, in the plural.
    verbose : int
    total : int or None, default=None
        How many there will be, if it is known.
    unit_scale : bool, default=True
        Whether large numbers are shown in thousands (k) and millions (M).
    """
    if not verbose:
        return tqdm(disable=True)
    # A notebook without ipywidgets is told so when tqdm.auto is first imported; a bar of text does as well.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", TqdmWarning)
        from tqdm.auto import tqdm as tqdm_here
    return tqdm_here(total=total, desc=name, unit=f" {unit}", unit_scale=unit_scale)
