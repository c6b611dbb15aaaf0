"""Guesses which questions ask for facts, of people or of the interview, and not for attitudes."""

import re

from opinionpanel.study.guessed_questions import Question
from opinionpanel.study.guessed_traits import GROUP_NAMES, MOST_WORDS
from opinionpanel.study.guessing import GuessedColumn

# Names and short labels of such columns, in the languages of the guesses.
FACTS = re.compile(
    r"\b("
    # Who people are and how they live.
    r"age|ages|agegr\w*|birth\w*|yob|alter\w*|leeftijd\w*|возраст\w*|половозраст\w*|рожден\w*|"
    r"race|ethnic\w*|nationalit\w*|citizen\w*|herkomst|staatsang\w*|национальн\w*|гражданств\w*|"
    r"marital|marstat|married|familienstand|burgerlijke|семейн\w*|брак\w*|"
    r"child\w*|kids?|kinder\w*|kinderen|дет(и|ей)|household\w*|haushalt\w*|huishoud\w*|hh|"
    r"домохозяйств\w*|employ\w*|jobs?|occup\w*|beruf\w*|erwerb\w*|beroep\w*|занятост\w*|"
    r"професси\w*|работа(ю|ете)|income\w*|faminc\w*|einkommen\w*|inkomen\w*|доход\w*|"
    r"religion|religpew|konfession|вероисповедани\w*|bornagain|churatd|"
    r"county|city|town|settlement|urban\w*|rural|zip\w*|postcode|wohnort|gemeinde|gorod|"
    r"город(е|а)?|сел(о|е|а)|посел\w*|insur\w*|"
    # What they did at the ballot box.
    r"presvote\w*|votereg\w*|voter registration|turnout\w*|"
    # How and when they were interviewed.
    r"duration\w*|progress|start ?(date|time)|end ?(date|time)|date|timestamp|device|browser|"
    r"interviewer\w*|sample|quota\w*|consent|dauer|datum|duur|дата|интервьюер\w*|длительность"
    r")\b"
)
# What asks for an opinion on such a fact.
OPINION = re.compile(
    r"\b(agree\w*|trust\w*|support\w*|approv\w*|opinion\w*|feel\w*|import\w*|satisf\w*|concern\w*|"
    r"worr\w*|should|zufried\w*|vertrau\w*|wichtig\w*|mening|vertrouwen|"
    r"довер\w*|поддерж\w*|одобр\w*|важн\w*|удовлетвор\w*|отнош\w*)\b"
)


def is_background(question: Question) -> bool:
    """Tell whether a question looks like a fact about people or about the interview."""
    return any(_is_fact(column) for column in question.values())


def _is_fact(column: GuessedColumn) -> bool:
    name, wording = column.words
    # A long question may mention anything.
    texts = [name, wording] if len(wording.split()) <= MOST_WORDS else [name]
    patterns = (FACTS, *GROUP_NAMES.values())
    fact = any(pattern.search(text) for pattern in patterns for text in texts)
    return fact and OPINION.search(wording) is None
