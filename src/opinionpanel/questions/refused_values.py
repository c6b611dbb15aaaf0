"""Values of a group that say a refusal, though no file declares them missing, and their notes."""

from collections.abc import Collection

from opinionpanel.errors import count_people
from opinionpanel.questions.naming import nameable_categories


class Refused:
    """What says that people refused, though no file declares it missing: text to wave to people."""

    def __init__(self) -> None:
        self.people: dict[str, dict[str, int]] = {}

    def add(self, text: str, wave: str, people: int) -> None:
        """Count people of a wave."""
        waves = self.people.setdefault(text, {})
        waves[wave] = waves.get(wave, 0) + people

    def notes(self, verdict: str, told: Collection[str]) -> tuple[str, ...]:
        """Say how these values are read; of few people named are those `told` by a label."""
        most = {text: max(waves.values()) for text, waves in self.people.items()}
        named = nameable_categories(most, told)
        shown = Refused()
        for text, waves in sorted(self.people.items()):
            for wave, people in waves.items():
                shown.add(repr(text) if text in named else "a longer text", wave, people)
        return tuple(
            f"{text} ({', '.join(f'{wave}: {count_people(n)}' for wave, n in waves.items())}) "
            f"{verdict}"
            for text, waves in shown.people.items()
        )
