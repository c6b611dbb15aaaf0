"""Values as TOML writes them."""

from collections.abc import Mapping

from opinionpanel.escaping import toml_key, toml_text


def toml_value(value: object) -> str:
    """Write a value of TOML."""
    if isinstance(value, Mapping):
        parts = [f"{toml_key(str(key))} = {toml_value(part)}" for key, part in value.items()]
        return "{" + ", ".join(parts) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(toml_value(part) for part in value) + "]"
    return toml_text(value) if isinstance(value, str) else str(value)
