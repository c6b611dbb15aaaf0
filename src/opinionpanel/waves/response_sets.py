"""The multiple-response sets of SPSS files: questions of which people may give several answers."""

from collections import Counter
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class ResponseSet:
    """A multiple-response set as an SPSS file declares it, for `multiple`.

    Attributes
    ----------
    label : str
        What the file calls the question.
    columns : dict of str to str
        Column to what the file says of it: of a dichotomous set the option.
    counted : int or None
        The code that marks an option in its column; None where each column may hold any option.
    labels : dict
        Code to option, where each column may hold any.
    """

    label: str
    columns: Mapping[str, str]
    counted: Hashable
    labels: Mapping[Hashable, str]


def response_sets(metadata: Any) -> dict[str, ResponseSet]:
    """Read the sets of which all columns were read, by their names without the dollar sign."""
    # The columns of a set are written in small letters whatever those of the file are.
    known = {name.lower(): name for name in metadata.column_names}
    found = {}
    for name, told in metadata.mr_sets.items():
        columns = [known[name] for name in map(str.lower, told["variable_list"]) if name in known]
        if len(columns) < max(len(told["variable_list"]), 1):
            continue
        texts = {column: metadata.column_names_to_labels[column] or column for column in columns}
        twice = {text for text, times in Counter(texts.values()).items() if times > 1}
        wording = {column: column if text in twice else text for column, text in texts.items()}
        labels = {} if told["is_dichotomy"] else metadata.variable_value_labels.get(columns[0], {})
        counted = told["counted_value"] if told["is_dichotomy"] else None
        found[name] = ResponseSet(told["label"] or "", wording, counted, labels)
    return found
