"""Values, texts and comments as TOML writes them."""

import json
import re
from collections.abc import Mapping


def toml_value(value: object) -> str:
    """Write a value of TOML."""
    if isinstance(value, Mapping):
        parts = [f"{toml_key(str(key))} = {toml_value(part)}" for key, part in value.items()]
        return "{" + ", ".join(parts) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(toml_value(part) for part in value) + "]"
    return toml_text(value) if isinstance(value, str) else str(value)


def toml_text(text: str) -> str:
    """Write a text of TOML, which escapes as JSON does, and the character DEL besides."""
    whole = text.encode("utf-8", "replace").decode()
    return json.dumps(whole, ensure_ascii=False).replace("\x7f", "\\u007f")


def toml_key(name: str) -> str:
    """Write a key, in quotes where it needs them."""
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else toml_text(name)


def toml_comment(text: str) -> str:
    """Bring a text to one line that can follow a #."""
    return "".join(letter for letter in " ".join(text.split()) if letter.isprintable())
