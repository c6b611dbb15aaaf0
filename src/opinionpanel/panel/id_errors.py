"""What is refused and noted of person ids; no id is shown unless it stands for nobody."""

from dataclasses import dataclass

from opinionpanel.errors import LinkError

# The way out where nobody was asked twice.
OTHER_PEOPLE = (
    'If every wave asked other people, say person=None, in study.toml person = "none": shares can '
    "then be compared between waves."
)
# An id that stands in so many rows is hardly one person's.
MANY_TIMES = 10


@dataclass(frozen=True)
class Doubled:
    """Ids that stand in several rows of a wave.

    Attributes
    ----------
    rows, ids : int
        How many rows, of how many ids.
    most : int
        The rows of the id that stands in most.
    nobody_rows, nobody_ids : int
        Those of placeholders, which are nobody's and not counted in the others.
    nobody : str
        The least of the placeholders; "" without any.
    """

    rows: int
    ids: int
    most: int
    nobody_rows: int
    nobody_ids: int
    nobody: str


def missing_error(where: str, rows: int, wave: str, column: str) -> LinkError:
    """Refuse rows without an id."""
    return LinkError(
        f"{where}: {rows} row(s) have no person id. If they are new in this wave, "
        f"{_second_column(wave, column)}, or give them ids of their own. Rows of nobody "
        "are to be removed."
    )


def _second_column(wave: str, column: str) -> str:
    return (
        f"name a second column that identifies them, person={{{wave!r}: [{column!r}, 'own_id'], …}}"
    )


def lost_error(where: str, ids: int, shape: str) -> LinkError:
    """Refuse text ids that another wave cannot have kept as numbers."""
    return LinkError(
        f"{where}: {ids} id(s) of the form {shape!r} (9: any digit) are "
        "written with leading zeros or decimals, and another wave stores its ids as "
        "numbers, which lose them. Store the ids in the same form in every wave, best as "
        "text."
    )


def doubled_error(where: str, wave: str, column: str, found: Doubled, why: str = "") -> LinkError:
    """Refuse ids that stand in several rows: those of people, and placeholders.

    `why` says what of a text file may be blanks.
    """
    parts = []
    if found.ids:
        text = (
            f"{found.ids} id(s) stand in more than one row ({found.rows} rows, "
            f"{found.rows - found.ids} too many)."
        )
        if found.most >= MANY_TIMES:
            text += f" One value stands in {found.most} rows and looks like a placeholder."
        parts.append(
            f"{text} A person has one row per wave: remove the repeated interviews, name the right "
            "id column in person=, or leave out all of these rows by duplicates='drop_all'."
        )
    if found.nobody_rows:
        value = f"the value {found.nobody!r} stands in their place and looks like a placeholder"
        if found.nobody_ids > 1:
            value = (
                f"{found.nobody_ids} values, one of them {found.nobody!r}, stand in their place "
                "and look like placeholders"
            )
        parts.append(
            f"{found.nobody_rows} {'further ' if found.ids else ''}row(s) have no person id: "
            f"{value} for people without an id. If they are new in this wave, "
            f"{_second_column(wave, column)}, or give them ids of their own; other values that "
            "stand for no id are declared by no_id=[…]."
        )
    return LinkError(f"{where}: {' '.join(part for part in (*parts, why) if part)}")


def dropped_note(wave: str, affected: int, doubled: int, nobody: int) -> str:
    """Say how many rows were dropped, `nobody` of them with a placeholder for an id."""
    people = "who has such an id counts as interviewed, without an answer"
    if nobody:
        people += f"; {nobody} of the rows have a placeholder, which is nobody's"
    return (
        f"wave {wave!r}: {affected} rows of {doubled} ids that stand in more than one row were "
        f"dropped; {people}"
    )


def apart_error(wave: str, shapes: str) -> LinkError:
    """Refuse a wave that nobody of another wave is in."""
    return LinkError(
        f"Wave {wave!r} has no person in common with any other wave. A panel needs "
        f"the same ids in every wave; the forms of the ids are {shapes}. Name the right "
        "id columns, by wave if they differ: person={'w1': 'id', 'w2': 'id_w1'}. "
        f"{OTHER_PEOPLE}"
    )
