"""Time opinionpanel against the least work that its results could cost, or against a named peer.

Run as ``make bench``. Both sides of each row run in this same process, or the same kind of process,
in turn, so that a busy machine slows both; the ratio of medians is the figure to compare.
"""

import os
import platform

import building
import estimating
import numpy as np
import pandas as pd
import reading

if __name__ == "__main__":
    print(
        f"Python {platform.python_version()}, numpy {np.__version__}, pandas {pd.__version__}, "
        f"{platform.machine()}, {os.cpu_count()} CPUs"
    )
    reading.main()
    building.main()
    estimating.main()
