"""Words for having no answer, in several languages; and words that only look like them."""

import pytest

from opinionpanel.questions.refusals import REFUSALS, says_refusal, says_undecided


@pytest.mark.parametrize(
    "text",
    [
        *("refused", "REFUSED.", "Refusal", "refused to answer", "99 Refused", "-9: refused"),
        *("(refused)", "[Refused]", "<refused>", "Refused (do not read)", "DON'T KNOW (VOL)"),
        *("-9 Refused", "-99 keine Angabe", "[99] отказ", "DK/Refused", "Refused / NA"),
        *("I'd prefer not to say", "I prefer not to answer this question", "Don´t know"),
        *("Respondent refused", "Interviewer: refused", "Would rather not answer"),
        *("Ich möchte dazu keine Angaben machen", "will ich nicht sagen", "не хочу говорить"),
        *("Je préfère ne pas répondre", "prefiero no decirlo", "N.S./N.C.", "Se rehúsa"),
        *("prefiro não responder", "rifiuta di rispondere", "wil ik niet zeggen", "nie wie"),
        *("vill inte säga", "ubesvart", "en tiedä", "Nevím / bez odpovědi", "nem tudja"),
        *("δεν γνωρίζω", "nu știu", "bilmiyorum", "無回答", "不知道"),
        *("prefer not to say", "Prefer&nbsp;not to answer", "no answer", "9. No answer"),
        *("don't know", "Don’t know", "don't know / refused", "DK/NA", "don't know or refused"),
        *("not stated", "unknown", "N/A"),
        *("k.A.", "K. A.", "keine Angabe", "weiß nicht", "WEISS NICHT", "weiß nicht/keine Angabe"),
        *("отказ", "ОТКАЗ ОТ ОТВЕТА", "затрудняюсь ответить", "нет ответа", "Не знаю"),
        *("Ne sait pas", "no contesta", "non risponde", "weet niet", "odmowa"),
    ],
)
def test_refusals(text):
    assert says_refusal(text)


@pytest.mark.parametrize(
    "text",
    [
        *("other", "none", "no", "No religion", "not applicable", "never", "not employed", "man"),
        *("DK", "NC", "NS", "RF", "North Carolina", "no party", "no or none", "unsure voter"),
        *("DK/NC", "12 DK", "I", "question", "this question", "Missouri", "Refugee"),
        *("keine", "keine Partei", "без образования", "sin estudios", "nie", "отказался от работы"),
        *("", "-", "?", "1", "12 South", "<18", "18–29", "refused asylum", "нет", "другое"),
    ],
)
def test_what_is_none(text):
    assert not says_refusal(text)


@pytest.mark.parametrize(
    ("text", "undecided"),
    [
        *((text, True) for text in ("Don’t know", "99 Don't know (do not read)", "unsure")),
        *((text, True) for text in ("hard to say", "weiß nicht", "затрудняюсь ответить")),
        *((text, True) for text in ("I don't know", "Trudno powiedzieć", "Ne sait pas")),
        *((text, False) for text in ("refused", "no answer", "don't know / refused", "отказ")),
        *((text, False) for text in ("yes", "DK", "keine Angabe", "not stated")),
    ],
)
def test_not_to_know_is_an_answer_of_an_opinion(text, undecided):
    assert says_undecided(text) == undecided


def test_the_list_is_folded_and_has_no_blank():
    assert "" not in REFUSALS
    assert all(text == text.casefold().strip() for text in REFUSALS)
