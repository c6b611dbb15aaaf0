"""Labels that say that there was no interview, and those that do not."""

import pandas as pd
import pytest

import opinionpanel as op
from opinionpanel.questions.silent_labels import says_no_interview
from opinionpanel.waves import Wave

CLEAR = [
    "No post-election interview", "NO INTERVIEW", "-7. No post-election data, deleted due to "
    "incomplete interview", "Not interviewed", "Not interviewed at wave 2", "Wave nonresponse",
    "wave non-response", "Non-interview", "Nicht befragt", "kein Interview", "Keine Interview",
    "Не опрошен", "не опрашивался", "нет интервью", "интервью не состоялось",
    "Did not take part in wave 3", "Dropped out of the panel", "Nicht teilgenommen (Welle 2)",
    "-7. No post data, deleted due to incomplete IW", "Not in wave", "Not part of this survey",
    "Interview not conducted", "Interview missing", "Did not respond to survey", "No Wave 2 IW",
    "kein Nachwahlinterview", "Nicht an der Welle teilgenommen", "Pas d’interview", "Non interrogé",
    "Sin entrevista", "Não entrevistado", "Non intervistato", "Geen interview", "Niet geïnterviewd",
    "Nie przeprowadzono wywiadu", "Ej intervjuad",
    "не участвовал в опросе", "выбыл из панели", "did not participate in this survey",
]  # fmt: skip
OF_A_SURVEY_ONLY = [
    "Did not participate", "did not take part", "Didn't take part", "dropped out", "drop-out",
    "Not participating", "nicht teilgenommen", "не участвовал", "не принимал участия", "выбыл",
]  # fmt: skip
OTHERS = [
    "No", "yes", "Not interested", "no answer", "not asked", "Refused", "weiß nicht", "No, never",
    "no (interviewer: show card)", "не знаю", "", "Interview was too long",
    "Not in labour force", "Never interviewed by police", "Interviewer refused", "no interest",
    "nicht an der Wahl teilgenommen", "Not in favour", "did not respond to the police", "no entrar",
]  # fmt: skip


@pytest.mark.parametrize("answer", [False, True])
def test_what_labels_say(answer):
    assert [one for one in CLEAR if not says_no_interview(one, answer=answer)] == []
    assert [one for one in OTHERS if says_no_interview(one, answer=answer)] == []
    said = [one for one in OF_A_SURVEY_ONLY if says_no_interview(one, answer=answer)]
    assert said == ([] if answer else OF_A_SURVEY_ONLY)


def notes_of(second, texts, **told):
    labels = {"q": {1: "Yes", 2: "No", **texts}} if texts is not None else {}
    waves = {
        "t1": Wave(
            pd.DataFrame({"id": range(len(second)), "q": second[:2] * (len(second) // 2)}),
            labels=labels,
        ),
        "t2": Wave(pd.DataFrame({"id": range(len(second)), "q": second}), labels=labels),
    }
    states = told.pop("states", {"yes": [1], "no": [2]})
    item = op.Item("q", states, **told)
    panel = op.Panel.from_waves(waves, person="id", items={"v": item})
    return [note for note in panel.notes if "looks like no interview" in note]


def test_a_note_says_code_count_and_what_to_do():
    (note,) = notes_of([1, 2, 9, 9], {9: "No interview"}, rest="missing")
    assert note == (
        "item 'v': at t2, 2 people have the code 9 'No interview', which is read as no answer and "
        "looks like no interview at this wave. If so, declare it: no_interview=[9]"
    )
    (note,) = notes_of([1, 2, 9, 1], {9: "No interview"}, not_asked=[9])
    assert "1 person has the code 9 'No interview', which is read as not asked" in note
    states = {"yes": [1], "no": [2], "other": [9]}
    (note,) = notes_of([1, 2, 9, 1], {9: "No interview"}, states=states)
    assert "which is read as the state 'other'" in note
    (note,) = notes_of(["y", "n", "no interview", "y"], None, states={"y": ["y"], "n": ["n"]},
                       rest="missing")  # fmt: skip
    # A text that one person gave may tell more, and is not shown.
    assert "1 person has an answer, which" in note
    assert "no_interview=[…]" in note
    texts = ["y", "n", *["no interview"] * 6]
    (note,) = notes_of(texts, None, states={"y": ["y"], "n": ["n"]}, rest="missing")
    assert "no_interview=['no interview']" in note


def test_no_word_where_it_is_declared_or_nobody_has_it():
    assert notes_of([1, 2, 9, 9], {9: "No interview"}, no_interview=[9]) == []
    assert notes_of([1, 2, 1, 2], {9: "No interview"}) == []
