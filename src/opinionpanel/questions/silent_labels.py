"""Labels that say that there was no interview, of codes that are read as something else."""

import re
from collections.abc import Iterator, Mapping, Sequence

from opinionpanel.errors import count_people
from opinionpanel.questions.item import Item
from opinionpanel.questions.item_columns import ItemColumn
from opinionpanel.questions.naming import MANY_CODES, looks_open
from opinionpanel.questions.question import NO_ANSWER, NOT_ASKED, NOT_INTERVIEWED
from opinionpanel.waves import code_text, folded

# What can be said of an interview only.
CLEAR = re.compile(
    r"\bno\b.{0,40}\b(interview(s|ed)?|iw)\b|\bno (pre|post)-? ?(election )?data\b"
    r"|\bnot (in|part of) (the |this )?(wave|panel|survey|study)\b"
    r"|\binterview (was )?(missing|refused|not (conducted|done|completed|held|made|carried out))\b"
    r"|\b(wave|survey|questionnaire) (was )?not (completed|answered|conducted|done)\b"
    r"|\b(did not|didn't) (respond to|answer|complete) (the |this )?(survey|wave|questionnaire)\b"
    r"|\bnot (been )?(re-?)?interviewed\b|\bnon-? ?interview\b"
    r"|\b(wave|unit|panel) non-? ?respon(se|dents?)\b|\bpanel (attrition|drop-? ?out)\b"
    r"|\b(nicht|nie) (befragt|interviewt)\b|\bkein(e|es)?\b.{0,40}interview\b|\bwellenausfall\b"
    r"|\bnicht an .{0,20}(welle|befragung|erhebung|umfrage)\b.{0,10} teilgenommen\b"
    r"|\bне (был[аио]? )?(опрошен|опрашивал|проинтервьюирован)|\bнет интервью\b|\bбез интервью\b"
    r"|\bинтервью (не (был[оаи]|состоял|провод|провед)|нет\b)"
    r"|\bpas d'interview\b|\bnon (interrog|interview|enquêt)|\b(sin|sem) entrevista\b"
    r"|\b(no|não) (fue |foi )?entrevistad|\bnon intervistat|\bnessuna intervista\b"
    r"|\bgeen interview\b|\bniet (geïnterviewd|ondervraagd)\b"
    r"|\b(nie przeprowadzono|brak|bez) wywiadu\b|\b(ej|inte|ikke) interv(ju|iew)"
)
# What may also be an answer: to have taken part in no election, or to have dropped out of school.
OF_A_SURVEY_ONLY = re.compile(
    r"\b(did not|didn['’]?t|not|has not|have not) (participate|participated|participating"
    r"|take part|taken part|taking part)\b|\bnon-? ?participa\w+|\bno participation\b"
    r"|\bdropped out\b|\bdrop-?out\b"
    r"|\bnicht teilgenommen\b|\bkeine teilnahme\b|\bnicht-?teilnahme\b|\bausgeschieden\b"
    r"|\bне (участвова|принял\w* участи|принима\w* участи)|\bвыбыл"
)
SURVEY = re.compile(
    r"\b(wave|survey|interview|study|panel|round|re-?contact)"
    r"|welle|befragung|erhebung|umfrage|studie\b|волн|опрос|исследован|интервью|панел"
)


def says_no_interview(label: str, *, answer: bool) -> bool:
    """Tell whether a label says that there was no interview.

    Parameters
    ----------
    label : str
    answer : bool
        It is read as an answer, which some such words are.

    Examples
    --------
    >>> says_no_interview("99. No post-election interview", answer=True)
    True
    >>> says_no_interview("Did not take part", answer=True)
    False
    """
    text = folded(label)
    weak = OF_A_SURVEY_ONLY.search(text) and (not answer or SURVEY.search(text))
    return bool(CLEAR.search(text) or weak)


def label_notes(item: Item, columns: Sequence[ItemColumn]) -> Iterator[str]:
    """Say which codes look like no interview by their label, and are read as something else."""
    states: Mapping[int, str] = {
        **{place: f"the state {name!r}" for place, name in enumerate(item.state_names)},
        NO_ANSWER: "no answer",
        NOT_ASKED: "not asked",
    }
    for column in columns:
        looks_so = {
            code: column.meanings.get(code, NO_ANSWER)
            for code, text in _texts(column)
            if says_no_interview(str(text), answer=column.meanings.get(code, NO_ANSWER) >= 0)
        }
        # Counting takes longer than reading labels, and most say no such thing.
        people = column.codes.people if looks_so else {}
        for code, meaning in looks_so.items():
            if people.get(code) and meaning != NOT_INTERVIEWED:
                has = "has" if people[code] == 1 else "have"
                may = code in column.nameable
                yield (
                    f"at {column.wave}, {count_people(people[code])} {has} "
                    f"{f'the code {column.code_text(code)}' if may else 'an answer'}, which is "
                    f"read as {states[meaning]} and looks like no interview at this wave. If so, "
                    f"declare it: no_interview=[{code_text(code) if may else '…'}]"
                )


def _texts(column: ItemColumn) -> Iterator[tuple[object, object]]:
    """List codes with their labels, and answers that are texts."""
    yield from column.labels.items()
    # Of many texts some may be open answers, which no note may show.
    few = column.of_texts and len(column.codes.keys) <= MANY_CODES
    if few and not looks_open(column.codes.people):
        yield from ((code, code) for code in column.codes.keys)
