"""Categories of a group that nobody has, and that stay as empty rows."""

from collections.abc import Iterator, Mapping, Set

from opinionpanel.waves import Wave, canonical, code_text, declared_missing

# Of a longer list of labels, such as one of municipalities, those that occur are enough.
MOST_LABELLED = 12

Known = Mapping[str, Set[object]]


def unused_values(
    waves: Mapping[str, Wave], columns: Mapping[str, str], known: Known, used: int
) -> dict[object, str]:
    """List the values that a group has by declaration and nobody has, each with its name.

    Parameters
    ----------
    waves : dict of str to Wave
    columns : dict of str to str
        The group's column by wave.
    known : dict of str to set
        The values that occur, by wave.
    used : int
        How many valid categories they make.

    Returns
    -------
    dict
        All categories of a categorical column. Of the labels of a file those that stand in a row
        of whole numbers with codes that occur, if all codes that occur are labelled and there are
        12 categories or fewer; a code such as 99 "refused" stands apart. What a file declares
        missing, and the labels of a wave without any value, are left out.
    """
    seen = {code for codes in known.values() for code in codes}
    declared = dict(_categories(waves, columns, known, seen))
    labelled = _labels(waves, columns, known, seen)
    new = set(labelled.values()) - set(declared.values())
    if used + len(set(declared.values()) | new) <= MOST_LABELLED:
        declared |= labelled
    return declared


def _categories(
    waves: Mapping[str, Wave], columns: Mapping[str, str], known: Known, seen: Set[object]
) -> Iterator[tuple[object, str]]:
    """Go through the categories of categorical columns."""
    for wave, column in columns.items():
        labels = _texts(waves[wave], column)
        for value in getattr(waves[wave].frame[column].dtype, "categories", ()):
            code = canonical(value)
            if code is None or code in seen or _missing(waves, columns, code):
                continue
            yield code, labels.get(code, code if isinstance(code, str) else code_text(code))


def _labels(
    waves: Mapping[str, Wave], columns: Mapping[str, str], known: Known, seen: Set[object]
) -> dict[object, str]:
    """Find the labelled codes beside those that occur."""
    labelled: dict[object, str] = {}
    for wave, column in columns.items():
        texts = _texts(waves[wave], column)
        if known[wave]:
            valid = {code for code in texts if not _missing(waves, columns, code)}
            labelled |= {code: texts[code] for code in valid if isinstance(code, int)}
    valid_seen = {code for code in seen if not _missing(waves, columns, code)}
    if not valid_seen <= set(labelled):
        return {}
    reached = set(valid_seen)
    for step in (-1, 1):
        for code in valid_seen:
            while (code := code + step) in labelled:  # type: ignore[operator]
                reached.add(code)
    return {code: labelled[code] for code in sorted(reached - seen)}  # type: ignore[type-var]


def _texts(wave: Wave, column: str) -> dict[object, str]:
    """Read the labels of a column."""
    read = {canonical(code): canonical(text) for code, text in wave.labels.get(column, {}).items()}
    return {code: text for code, text in read.items() if isinstance(text, str)}


def _missing(waves: Mapping[str, Wave], columns: Mapping[str, str], code: object) -> bool:
    """Tell whether the file of any wave declares a code missing."""
    declared = (waves[wave].missing.get(column, ()) for wave, column in columns.items())
    return any(declared_missing(code, missing) for missing in declared if missing)
