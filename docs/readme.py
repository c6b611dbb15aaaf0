"""What the README shows is what its script does: `python docs/readme.py` writes it down.

Below each block of Python stands what it prints; the picture is the file that it saves.
"""

import os
import re
import tempfile
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
README, PICTURE = ROOT / "README.md", ROOT / "docs" / "shift.svg"
# A block of Python, words of any length, and the block of what is printed.
BLOCKS = re.compile(r"(```python\n(.*?)```\n(?:(?!```).)*?```\n)(.*?)(```\n)", re.DOTALL)


def made(text):
    """Run the blocks of a text; the text with what they print, and the picture they save."""
    names, old = {}, Path.cwd()

    def with_output(found):
        printed = StringIO()
        with redirect_stdout(printed):
            exec(compile(found[2], "README.md", "exec"), names)
        lines = (line.rstrip() for line in printed.getvalue().splitlines())
        return found[1] + "".join(f"{line}\n" for line in lines) + found[4]

    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            text = BLOCKS.sub(with_output, text)
            return text, (Path(folder) / PICTURE.name).read_bytes()
        finally:
            os.chdir(old)


if __name__ == "__main__":
    text, picture = made(README.read_text(encoding="utf-8"))
    README.write_text(text, encoding="utf-8")
    PICTURE.write_bytes(picture)
