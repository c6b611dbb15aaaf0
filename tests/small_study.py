"""The bundled study with fewer items and waves, for tests that are about something else."""

import re
import shutil

import opinionpanel as op

FOLDER = op.datasets.folder("attitudes_2024")


def small_study(folder, *, items, waves):
    """Write the declaration of the first items and waves, and their files, into a folder."""
    blocks = (FOLDER / "study.toml").read_text(encoding="utf-8").split("\n\n[")
    for kind, kept in (("[waves]", waves), ("items.", items)):
        for block in [block for block in blocks if block.startswith(kind)][kept:]:
            blocks.remove(block)
    columns = r"(column = \{" + ", ".join([r'"[^"]+" = "[^"]+"'] * waves) + ").*"
    text = re.sub(columns, r"\1}", "\n\n[".join(blocks))
    folder.mkdir()
    (folder / "study.toml").write_text(text, encoding="utf-8")
    for number in range(1, waves + 1):
        shutil.copy(FOLDER / f"wave{number}.sav", folder)
    return folder / "study.toml"
