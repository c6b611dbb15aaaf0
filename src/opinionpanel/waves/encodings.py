"""Encodings of text: those that are known, so that no name of another kind is looked up.

Python and the libraries that read files find an encoding by its name, and load code by it. A name
that a person or a study gives is therefore compared with a list first.
"""

import re
from encodings import normalize_encoding
from encodings.aliases import aliases
from pathlib import Path

from opinionpanel.errors import ReadError, listing, shown

# Those that survey files are met in, tried when a file does not decode.
USUAL = ("utf-8", "windows-1251", "windows-1252", "iso-8859-15", "koi8-r")

# What Python calls encodings of text, some of which have no second name; and what is none of text,
# or not the same on every machine.
MORE = {
    *("utf_8_sig", "koi8_u", "koi8_t", "cp720", "cp737", "cp856", "cp874", "cp875", "cp1006"),
    *("iso8859_1", "mac_arabic", "mac_croatian", "mac_farsi", "mac_romanian"),
}
NO_TEXT = {"base64_codec", "bz2_codec", "hex_codec", "quopri_codec", "rot_13", "uu_codec"} | {
    *("zlib_codec", "mbcs")
}
KNOWN = {*aliases, *aliases.values(), *MORE}

# What names of encodings are made of; marks beyond mean something to the libraries.
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 _.:()-]*")


def check_encoding(path: Path, encoding: str) -> None:
    """Refuse an encoding that is not known.

    Examples
    --------
    >>> check_encoding(Path("w.csv"), "Windows-1251")
    """
    name = normalize_encoding(encoding).lower() if NAME.fullmatch(encoding) else ""
    name = name.replace(".", "_")
    if name not in KNOWN or aliases.get(name, name) in NO_TEXT:
        raise ReadError(
            f"{path.name}: there is no encoding {shown(encoding)}. Often used: {listing(USUAL)}."
        )
