"""Words for having no answer, among the values of groups and traits."""

import re

from opinionpanel.waves import folded

# No abbreviations that are places as well: DK is Denmark, NC North Carolina, RF Russia.
_ENGLISH = """
refused|refuse|refuses|refusal|refused to answer|refused to say|refusal to answer|refuse to answer
refused answer
prefer not to say|prefer not to answer|prefer not to disclose|prefer not to state
prefer not to respond|i prefer not to say|i prefer not to answer|i'd rather not say
i would rather not say|would rather not say|rather not say|rather not answer|declined
declined to answer|declined to say|decline to answer|decline to say|decline to state
do not want to answer|do not want to say|don't want to answer|don't want to say|did not answer
does not answer|not disclosed|undisclosed|not declared|undeclared
no answer|no response|no reply|not answered|unanswered|item nonresponse|nonresponse|non-response
don't know|dont know|do not know|doesn't know|does not know|didn't know|i don't know|i do not know
d.k|d/k|dk/na|dk/ref|dk/nr|dk/rf|rf/dk|na/dk|not sure|unsure|can't say|cannot say|can't choose
cannot choose|hard to say|difficult to say|can't remember|don't remember
not stated|not ascertained|not known|unknown|not specified|unspecified|not reported|not given
not provided|skipped|not available|no information|no data|missing|missing value|missing data
n/a|n.a
"""
_GERMAN = """
k.a|k. a|keine angabe|keine angaben|ohne angabe|keine antwort|antwort verweigert|verweigert
verweigerung|angabe verweigert|weiß nicht|weiss nicht|w.n|weiß ich nicht|weiß es nicht
nicht beantwortet|möchte ich nicht sagen|möchte nicht sagen|möchte nicht antworten|keine auskunft
nicht bekannt|unbekannt|nicht angegeben|kann ich nicht sagen|schwer zu sagen|fehlend
"""
_RUSSIAN = """
отказ|отказ от ответа|отказался|отказалась|отказались|отказался отвечать|отказалась отвечать
отказался от ответа|отказалась от ответа|отказываюсь отвечать|не хочу отвечать
затрудняюсь ответить|затруднился ответить|затруднилась ответить|затрудняюсь|затрудняется ответить
затруднились ответить|з/о|трудно сказать|сложно сказать|не знаю|не знает|н/д|нет данных
нет ответа|без ответа|не ответил|не ответила|не ответили|не указано|не указан|не указал|не указала
неизвестно|нет информации
"""
_OTHERS = """
відмова|відмова від відповіді|відмовляюсь відповідати|важко сказати|важко відповісти|не знаю
немає відповіді|без відповіді
ne sait pas|ne sais pas|je ne sais pas|nsp|nsp/nr|refus|refus de répondre|refusé|sans réponse
non réponse|non-réponse|ne se prononce pas|pas de réponse|ne souhaite pas répondre|non précisé
no sabe|no sé|no contesta|no responde|ns/nc|ns/nr|no sabe/no contesta|se niega
se niega a contestar|prefiero no contestar|prefiere no contestar|sin respuesta|rechaza responder
não sabe|não responde|ns/nr|recusa|recusou|prefere não responder|sem resposta
non so|non sa|non risponde|rifiuta|rifiuto|preferisco non rispondere|nessuna risposta
weet niet|weet ik niet|weigert|geweigerd|geen antwoord|wil niet zeggen
zeg ik liever niet|geen opgave
odmowa|odmowa odpowiedzi|nie wiem|trudno powiedzieć|brak odpowiedzi|brak danych
vet ej|vet inte|vill ej svara|vill inte svara|inget svar|uppgift saknas|vet ikke|ved ikke|uoplyst
"""
REFUSALS = frozenset(
    folded(text)
    for texts in (_ENGLISH, _GERMAN, _RUSSIAN, _OTHERS)
    for line in texts.split("\n")
    for text in line.split("|")
    if text
)

# "99 Refused", "-9: refused", "(refused)", "refused (do not read)"
_CODE = re.compile(r"^[\W\d_]*[.:)=-]\s*|^-?\d+\s+")
_ASIDE = re.compile(r"[\s]*[(\[][^)\]]*[)\]]\s*$")
_OR = re.compile(r"\s*[/,;|]\s*|\s+(?:or|and|oder|или|und|ou|o|of)\s+")


def says_refusal(text: str) -> bool:
    """Tell whether a value, or its label, says that somebody refused or did not know.

    Examples
    --------
    >>> [says_refusal(text) for text in ("REFUSED.", "Don’t know / refused", "keine Angabe")]
    [True, True, True]
    >>> [says_refusal(text) for text in ("other", "none", "no", "no religion")]
    [False, False, False, False]
    """
    plain = folded(text)
    if plain in REFUSALS:
        return True
    bare = _ASIDE.sub("", _CODE.sub("", plain)) or plain.strip("()[] ")
    bare = bare.strip("()[]*<>-_\"'«»„“” .")
    if bare in REFUSALS:
        return True
    parts = [part for part in _OR.split(bare) if part]
    return len(parts) > 1 and all(part in REFUSALS for part in parts)
