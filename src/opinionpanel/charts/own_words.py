"""What charts call what is the library's own: measures, and values of labels of some of them."""

from collections.abc import Callable, Mapping, Sequence

from opinionpanel.charts.wholes import WHOLES
from opinionpanel.drawing import Language
from opinionpanel.estimates import LESS, Estimates

# What estimates that are no finding show, by their measure.
SHOWN = {
    "shares": "answers",
    "flows": "who moved where",
    "missing_at_random": "who moved where, with missing answers estimated",
    "error_sensitivity": "corrected for assumed wrong answers",
    "transitions": "who moved where",
    "transition_bounds": "who can have moved where",
    "inflows": "how people had answered before",
    "paths": "the paths people took",
    "turnover": "how many changed their answer",
    "net_change": "net change",
    "gains_and_losses": "gains and losses",
    "stable_core": "who gave the same answer every time",
    "first_change": "when people first changed their answer",
    "unchanged": "who had not changed their answer yet",
    "returns": "who came back to their first answer",
    "number_of_changes": "how often people changed their answer",
    "attrition": "who dropped out",
    "cross": "answers to both questions",
    "row_shares": "answers",
    "column_shares": "answers",
    "joint_change": "how many changed both answers",
    "association_of_change": "whether the two change together",
    "cross_lagged": "later answers by the earlier answer to the other question",
    "means": "mean",
    "quantiles": "quantiles",
    "mean_change": "mean change among the same people",
    "direction": "how many moved which way",
    "correlation": "correlation between waves",
    "cronbach_alpha": "Cronbach’s alpha",
    "change_model": "average effects on later answers",
    "answer_model": "average effects on the answers",
    "hazard": "average effects on a first change",
}
QUARTERS = {0.25: "lower quartile", 0.5: "median", 0.75: "upper quartile"}
# English ordinals: by the last digit, but for the teens.
ORDINALS = {1: "{n}st percentile", 2: "{n}nd percentile", 3: "{n}rd percentile"}
TEENS = (11, 12, 13)
# How numbers of a score moved.
OF_NUMBERS = {"upward": "higher number", "same": "same number", "downward": "lower number"}


def quantile_called(share: float, language: Language) -> str:
    """Name a quantile by the share of people below it.

    Examples
    --------
    >>> from opinionpanel.drawing import language_of
    >>> [quantile_called(share, language_of("en")) for share in (0.5, 0.9, 0.01, 0.025)]
    ['median', '90th percentile', '1st percentile', '2.5th percentile']
    """
    if share in QUARTERS:
        return language.say(QUARTERS[share])
    per_cent = round(100 * share, 9)
    whole = int(per_cent)
    if per_cent != whole:
        shown = language.number(per_cent, digits=len(f"{per_cent:g}".partition(".")[2]))
        return language.say("{n}th percentile", n=shown)
    teen = whole % 100 in TEENS
    phrase = "{n}th percentile" if teen else ORDINALS.get(whole % 10, "{n}th percentile")
    return language.say(phrase, n=str(whole))


def values_called(
    estimates: Estimates, language: Language, name: Callable[[str], str]
) -> Mapping[str, str]:
    """Name the values of label columns that are no words of a study.

    Parameters
    ----------
    estimates : Estimates
    language : Language
    name : callable
        Gives what states and items are called.
    """
    about, labels = estimates.about, estimates.labels
    if about.measure == "quantiles" and "quantile" in labels:
        # A difference is of two.
        shares = {part for one in labels["quantile"].unique() for part in str(one).split(LESS)}
        return {share: quantile_called(float(share), language) for share in shares}
    column, _ = WHOLES.get(about.measure, ("", ""))
    if column not in labels or about.role(column) != "component":
        return {}
    values = [part for one in labels[column].unique() for part in str(one).split(LESS)]
    if column == "move":
        return _moves(list(map(name, about.states)), language)
    if column == "changes":
        return {value: language.say("{n} changes", n=int(value)) for value in values}
    only = " only"
    items = {value: value.removesuffix(only) for value in values if value.endswith(only)}
    return {
        "both": language.say("changed both answers"),
        "neither": language.say("changed neither"),
        **{
            value: language.say("changed only “{item}”", item=name(item))
            for value, item in items.items()
        },
    }


def _moves(states: Sequence[str], language: Language) -> Mapping[str, str]:
    """Say towards which end of the scale people moved: upward may be towards disapproval."""
    if len(states) < 2:
        return {name: language.say(text) for name, text in OF_NUMBERS.items()}
    ends = {"upward": states[-1], "downward": states[0]}
    return {
        "same": language.say("same answer"),
        **{name: language.say("towards “{state}”", state=end) for name, end in ends.items()},
    }
