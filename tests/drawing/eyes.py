"""Any colour, and how far apart two are for readers with and without a colour-vision deficiency."""

from functools import cache

import numpy as np
from hypothesis import strategies as st

HEX = st.integers(0, 0xFFFFFF).map("#{:06x}".format)

# Full deficiency in linear RGB: Machado, Oliveira and Fernandes (2009), Table 1, severity 1.0.
VISION = {
    "normal": np.eye(3),
    "protan": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deutan": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritan": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
TO_XYZ = np.array(
    [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
) / np.array([[0.9505], [1.0], [1.089]])


@cache
def seen(color):
    """CIE Lab of a colour, one row for each kind of vision."""
    channels = np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    rows = np.clip([matrix @ linear for matrix in VISION.values()], 0, 1) @ TO_XYZ.T
    low = rows / (3 * (6 / 29) ** 2) + 4 / 29
    x, y, z = np.where(rows > (6 / 29) ** 3, np.cbrt(rows), low).T
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)]).T


@cache
def apart(one, other):
    """Least Delta E (CIE 1976) between two colours for readers of any vision."""
    return np.linalg.norm(seen(one) - seen(other), axis=1).min()


def lightness(color):
    return seen(color)[0, 0]
