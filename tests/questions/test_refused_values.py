"""Who refused is counted; what they said besides is not shown."""

from opinionpanel.questions.refused_values import Refused


def test_a_longer_text_of_few_people_is_not_shown():
    refused = Refused()
    for text, wave, people in (
        ("refused", "w1", 1),
        ("refused (Ann was there)", "w1", 1),
        ("refused (in May)", "w1", 2),
        ("refused (in May)", "w2", 1),
        ("refused (no time)", "w2", 5),
        ("refused (labelled)", "w2", 1),
    ):
        refused.add(text, wave, people)
    assert refused.notes("is no value", ["refused (labelled)"]) == (
        "'refused' (w1: 1 person) is no value",
        "a longer text (w1: 3 people, w2: 1 person) is no value",
        "'refused (labelled)' (w2: 1 person) is no value",
        "'refused (no time)' (w2: 5 people) is no value",
    )
