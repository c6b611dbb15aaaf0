"""Study text is data: one function for each place with a grammar, from pages to file names.

Names, labels, wordings, titles, dates and names of files come from others. Nothing outside this
module makes such text fit for a place.
"""

import html
import json
import re
import unicodedata
from collections.abc import Collection, Iterable

__all__ = [
    "closed",
    "closed_names",
    "code_cell",
    "fenced",
    "file_names",
    "html_text",
    "in_order",
    "latex_text",
    "literal_pattern",
    "markdown_text",
    "one_line",
    "python_text",
    "quoted_name",
    "script_code",
    "script_json",
    "spreadsheet_text",
    "sql_name",
    "starts_formula",
    "terminal_line",
    "terminal_text",
    "toml_comment",
    "toml_key",
    "toml_text",
    "tooltip_key",
    "vega_literal",
    "xml_characters",
]

# Controls, marks of direction and of no width, ends of lines and paragraphs, halves of characters:
# what is not seen on a terminal, but moves, colours, reorders or hides what is.
UNSEEN = {"Cc", "Cf", "Zl", "Zp", "Cs"}
# Marks that turn the direction of all that follows, and those that end what the latest began.
DIRECTIONS = dict.fromkeys("\u202a\u202b\u202d\u202e", "\u202c")
DIRECTIONS |= dict.fromkeys("\u2066\u2067\u2068", "\u2069")
# Letters by their direction, in Unicode's words; and a mark that is not seen, of the first kind.
FROM_THE_LEFT, FROM_THE_RIGHT, TO_THE_RIGHT = {"L"}, {"R", "AL", "AN"}, "‎"
# All that XML 1.0 has no place for, not even as a reference.
NOT_IN_XML = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# As between a number and its unit, where no line may end.
BREAKING_SPACES = re.compile(r"[^\S\u00a0]+")
# What Markdown and its extensions take as markup within a line: emphasis, code, links, roles and
# formulas wherever they stand; underscores that are not within a word; what begins a tag, an
# address or a named sign; and #, which at the end of a heading belongs to its mark.
MARKDOWN = re.compile(r"[\\`*\[\]{}$~|]|(?<![^\W_])_|_(?![^\W_])|<(?=[\w/!?])|&(?=#?\w+;)|#(?=#*$)")
# A spreadsheet takes a cell that begins with one of these for a formula.
FORMULA = ("=", "+", "-", "@")
# Devices of Windows, which no file may be named after, whatever its ending.
DEVICES = re.compile(r"con|prn|aux|nul|(com|lpt)[0-9]")
LATEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "%": r"\%",
    "#": r"\#",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    "`": r"\textasciigrave{}",
    # A shorthand in some languages of babel.
    '"': "''",
    # After the end of a row these would be an option of it.
    "[": "{[}",
    "*": "{*}",
    # Not in every font for text.
    "−": "$-$",
    "→": r"$\to$",
    "–": "--",
    # Two of them in a row would be drawn as one sign.
    "--": "-{}-",
    "''": "'{}'",
    ",,": ",{},",
}


def one_line(text: str) -> str:
    """Bring a text to one line, for a place that shows it by itself; no-break spaces stay."""
    return " ".join(BREAKING_SPACES.split(text.strip()))


def closed(text: str) -> str:
    """Close the directions that a text opens, before figures follow it in a picture.

    Special there: marks of direction, under which 46% would be read as 64%.
    """
    if DIRECTIONS.keys().isdisjoint(text):
        return text
    open_ones: list[str] = []
    for sign in text:
        if sign in DIRECTIONS:
            open_ones.append(DIRECTIONS[sign])
        elif open_ones and sign == open_ones[-1]:
            open_ones.pop()
    return text + "".join(reversed(open_ones))


def in_order(text: str) -> str:
    """Keep what follows a text in a picture, such as a figure, on the right of it.

    Special there: as in `closed`; and letters that are written from the right: 20% would be torn
    apart by them, and of two such names around an arrow the second would stand first.
    """
    text = closed(text)
    if text.isascii():
        return text
    kinds = map(unicodedata.bidirectional, reversed(text))
    last = next((kind for kind in kinds if kind in FROM_THE_LEFT | FROM_THE_RIGHT), "")
    return text + TO_THE_RIGHT if last in FROM_THE_RIGHT else text


def closed_names(text: str, names: Iterable[str]) -> str:
    """Close the directions that names open within a text, each where the name ends.

    Special there: as in `closed`. Whatever else is opened is closed at the end of the text.
    """
    if DIRECTIONS.keys().isdisjoint(text):
        return text
    # A name may be part of another, and may have been closed where it was put into the text.
    opening = sorted({name for name in names if closed(name) != name}, key=len, reverse=True)
    pattern = "|".join(f"{re.escape(name)}(?:{closed(name)[len(name) :]})?" for name in opening)
    return closed(re.sub(pattern, lambda found: closed(found.group()), text))


def terminal_line(text: object) -> str:
    r"""Write a text within one line of a terminal or a log.

    Special there: control characters, which move the cursor, colour, or begin another line; and
    characters that are not seen, but reorder or split what stands around them. They are shown as
    Python writes them, such as ``\x1b``, ``\n`` and ``\u202e``. All else stays.
    """
    plain = str(text)
    return plain if plain.isprintable() else "".join(map(_seen, plain))


def terminal_text(lines: Iterable[object]) -> str:
    """Write lines for a terminal; none of them can end before it ends."""
    return "\n".join(map(terminal_line, lines))


def _seen(sign: str) -> str:
    return ascii(sign)[1:-1] if unicodedata.category(sign) in UNSEEN else sign


def html_text(text: object) -> str:
    """Write a text into HTML, between tags or within a quoted attribute.

    Special there: ``& < >`` and both quotes; a carriage return, which would be read as a new line;
    and what no page can hold, the character 0 and halves of characters.
    """
    return html.escape(_whole(str(text))).replace("\r", "&#13;")


def script_json(value: object) -> str:
    """Write data as JSON within a script element, or as a literal of JavaScript.

    Special there: ``<`` and ``>``, as ``</script>`` ends the element and ``<!--<script>`` hides its
    end; ``&``, for pages read as XML; and U+2028 and U+2029, which end a line of JavaScript.
    """
    return re.sub("[<>&\u2028\u2029\ud800-\udfff]", _json_escape, _json(value))


def script_code(code: str) -> str:
    """Write JavaScript of a library into a script element.

    Special there: ``</script`` and ``<!--``. Code has both within texts and patterns only, where a
    backslash before a sign changes nothing.
    """
    return code.replace("</script", r"<\/script").replace("<!--", r"<\!--")


def vega_literal(value: object) -> str:
    """Write a number, a list or the key of a tooltip as a literal of Vega's expressions.

    Special there: what is special in a text of JavaScript; what no picture can hold, which is shown
    as `xml_characters` does; and names that every object of JavaScript knows, such as
    ``constructor``, which stop Vega. So expressions hold no other text of a study: that stands in
    the data, and what belongs to it is found by its place in a list, never by itself as a key.
    """
    if isinstance(value, str):
        value = xml_characters(value)
    elif isinstance(value, (list, tuple)):
        return f"[{', '.join(map(vega_literal, value))}]"
    return re.sub("[\u2028\u2029]", _json_escape, _json(value))


def tooltip_key(name: str) -> str:
    """Write the name of a row of a tooltip.

    Special there: ``image``, which is loaded, and ``title``; ``__proto__``, which is no key; whole
    numbers, which come first; and the names of the other rows. None of them ends in a space, and a
    space at the end is not shown.
    """
    return f"{name} "


def xml_characters(text: str) -> str:
    r"""Show what XML, and so SVG and Excel's files, cannot hold: controls, as ``\x1b``."""
    return NOT_IN_XML.sub(lambda found: ascii(found.group())[1:-1], text)


def markdown_text(text: object) -> str:
    r"""Write a text within a line of Markdown, MyST included: a wave may be called *1*.

    Special there: the signs of `MARKDOWN`, before which a backslash stands; and white space at
    either end or in a row, which a line of Markdown does not keep. Other signs stay as they are,
    so that people can read and edit the line.
    """
    return MARKDOWN.sub(r"\\\g<0>", one_line(_whole(str(text))))


def entry_title(text: str) -> str:
    """Write a text as the title of a page in Sphinx's lists of pages.

    Special there: ``://``, which makes the page one elsewhere; a sign that joins words and is not
    seen stands within. What is no character, and ends of lines.
    """
    return one_line(_whole(text)).replace("://", ":\u2060//")


def fenced(text: str, kind: str = "text") -> str:
    """Write lines of text as they are into Markdown: between fences longer than any in the text."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{kind}\n{text}\n{fence}"


def code_cell(code: str) -> str:
    """Write a cell that a page runs and does not show.

    Special there: a line of backticks, which ends it. What a study says comes into it by
    `python_text` only, which gives no line of its own.
    """
    fence = "`" * 8
    return f"{fence}{{code-cell}} ipython3\n:tags: [remove-input]\n\n{code}\n{fence}"


def python_text(text: object) -> str:
    """Write a text as Python does, in ASCII, so that it can end neither its quotes nor its line."""
    return ascii(str(text))


def toml_text(text: str) -> str:
    r"""Write a text of TOML, in quotes.

    Special there: the quote, the backslash and controls. What is not seen is written as ``\u202e``
    as well, as people read the file.
    """
    whole = text.encode("utf-8", "replace").decode()
    return "".join(
        _toml_escape(sign) if unicodedata.category(sign) in UNSEEN else sign
        for sign in _json(whole)
    )


def toml_key(name: str) -> str:
    """Write a key of TOML, in quotes where it needs them."""
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else toml_text(name)


def toml_comment(text: str) -> str:
    """Bring a text to one line that can follow a #."""
    line = " ".join(text.split())
    return "".join(letter for letter in line if letter.isprintable())


def starts_formula(text: str) -> bool:
    """Tell whether a spreadsheet would compute a cell.

    Special there: ``= + - @`` at the beginning, also as wide or small forms of them, and after
    spaces and what is not seen, which programs may leave out when they read a file.
    """
    start = next((place for place, sign in enumerate(text) if not _skipped(sign)), len(text))
    folded = unicodedata.normalize("NFKC", text[start : start + 1])
    return folded.startswith(FORMULA) or text.startswith(("\t", "\r", "\n"))


def spreadsheet_text(text: str) -> str:
    """Write a text for a cell of a file such as CSV, in which only a quote keeps it from computing.

    Commas, quotes and ends of lines are left to what writes the file.
    """
    whole = _whole(text)
    return f"'{whole}" if starts_formula(whole) else whole


def _skipped(sign: str) -> bool:
    return sign.isspace() or unicodedata.category(sign) in UNSEEN


def latex_text(text: str) -> str:
    """Write a text into a paragraph of LaTeX.

    Special there: the signs of `LATEX`; ends of lines, two of which end the paragraph; and what
    is not seen, which stops most programs and is shown as on a terminal.
    """
    line = terminal_line(one_line(text))
    return re.sub("--|''|,,|.", lambda found: LATEX.get(found.group(), found.group()), line)


def file_names(names: Iterable[str], taken: Collection[str]) -> dict[str, str]:
    """Name a file after each of some things where that is safe, and by its number where it is not.

    Special there: folders and endings, the devices of Windows, names that differ in case alone,
    very long ones, and those in `taken`.
    """
    used, files = {*taken}, {}
    for number, name in enumerate(names, start=1):
        plain = name.lower()
        safe = re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,60}", plain) and plain not in used
        if not safe or DEVICES.fullmatch(plain) or re.fullmatch(r"item-\d+", plain):
            plain = f"item-{number}"
        files[name] = plain
        used.add(plain)
    return files


def literal_pattern(text: str) -> str:
    """Write a text as a regular expression that finds it and nothing else."""
    return re.escape(text)


def quoted_name(name: str) -> str:
    """Write a name in a formula, in backquotes; special there is only the backquote itself."""
    return "`" + name.replace("`", "``") + "`"


def sql_name(name: str) -> str:
    """Write the name of a column in SQL; special there is only the quote, which is doubled."""
    return '"' + name.replace('"', '""') + '"'


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _json_escape(found: "re.Match[str]") -> str:
    return f"\\u{ord(found.group()):04x}"


def _toml_escape(sign: str) -> str:
    return f"\\u{ord(sign):04x}" if ord(sign) < 0x10000 else f"\\U{ord(sign):08x}"


def _whole(text: str) -> str:
    """Replace the character 0 and halves of characters by the sign for what cannot be shown."""
    return re.sub("[\0\ud800-\udfff]", "\ufffd", text)
