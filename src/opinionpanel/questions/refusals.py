"""Words for having no answer, among the values of groups and traits."""

import re

from opinionpanel.waves import folded

# No abbreviations that are places as well: DK is Denmark, NC North Carolina, RF Russia.
_ENGLISH = """
refused|refuse|refuses|refusal|refused to answer|refused to say|refusal to answer|refuse to answer
refused answer
prefer not to say|prefer not to answer|prefer not to disclose|prefer not to state
prefer not to respond|prefer not to tell|prefer not to specify|prefer not to reply
would prefer not to say|would prefer not to answer|would rather not say|would rather not answer
rather not say|rather not answer|rather not tell|choose not to say|choose not to answer|declined
declined to answer|declined to say|decline to answer|decline to say|decline to state
refuse to respond|refused to respond|refused to disclose|refused to state
do not want to answer|do not want to say|don't want to answer|don't want to say|did not answer
does not answer|not disclosed|undisclosed|not declared|undeclared
no answer|no response|no reply|not answered|unanswered
item nonresponse|item non-response|nonresponse|non-response|nonanswer
don't know|dont know|do not know|doesn't know|does not know|didn't know|did not know
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
möchte ich nicht beantworten|möchte nicht beantworten|möchte ich nicht angeben|möchte nicht angeben
möchte keine angabe machen|möchte keine angaben machen|möchte dazu keine angabe machen
möchte dazu keine angaben machen|mache keine angabe|keine angabe möglich|will nicht sagen
will ich nicht sagen|will nicht antworten|verweigert die antwort|antwortverweigerung
nicht bekannt|unbekannt|nicht angegeben|kann ich nicht sagen|schwer zu sagen|fehlend
"""
_RUSSIAN = """
отказ|отказ от ответа|отказался|отказалась|отказались|отказался отвечать|отказалась отвечать
отказался от ответа|отказалась от ответа|отказываюсь отвечать|не хочу отвечать
отказ отвечать|не хочу говорить|не хочет отвечать|не желаю отвечать|предпочитаю не отвечать
предпочитаю не говорить|предпочитает не отвечать|затрудняюсь с ответом|не могу ответить
не могу сказать|з.о|
затрудняюсь ответить|затруднился ответить|затруднилась ответить|затрудняюсь|затрудняется ответить
затруднились ответить|з/о|трудно сказать|сложно сказать|не знаю|не знает|н/д|нет данных
нет ответа|без ответа|не ответил|не ответила|не ответили|не указано|не указан|не указал|не указала
неизвестно|нет информации
"""
_OTHERS = """
відмова відповідати|відмовився відповідати|відмовилась відповідати|важко сказати/відмова
не хочу відповідати|відмова|відмова від відповіді|відмовляюсь відповідати|важко сказати
важко відповісти|не знаю|немає відповіді|без відповіді
ne sait pas|ne sais pas|je ne sais pas|nsp|nsp/nr|refus|refus de répondre|refusé|sans réponse
non réponse|non-réponse|ne se prononce pas|pas de réponse|ne souhaite pas répondre|non précisé
refuse de répondre|a refusé de répondre|ne veut pas répondre|ne souhaite pas se prononcer
préfère ne pas répondre|préfère ne pas dire|préfère ne pas le dire|ne répond pas|pas réponse
no sabe|no sé|no contesta|no responde|ns/nc|ns/nr|no sabe/no contesta|se niega
se niega a contestar|prefiero no contestar|prefiere no contestar|sin respuesta|rechaza responder
prefiero no decirlo|prefiero no decir|prefiero no responder|prefiere no responder|prefiere no decir
prefiere no decirlo|rehúsa|se rehúsa|rehúsa contestar|rehúsa responder|no quiere contestar
no quiere responder|no respondió|no contestó|n.s./n.c|n.s/n.c
não sabe|não responde|ns/nr|recusa|recusou|prefere não responder|sem resposta
prefiro não responder|prefiro não dizer|prefiro não informar|prefere não dizer|não respondeu
não quis responder|recusou-se a responder|recusa-se a responder|recusou responder
non so|non sa|non risponde|rifiuta|rifiuto|preferisco non rispondere|nessuna risposta|non lo so
rifiuta di rispondere|si rifiuta di rispondere|preferisce non rispondere|preferisco non dirlo
non vuole rispondere|non indica|non indicato
weet niet|weet ik niet|weigert|geweigerd|geen antwoord|wil niet zeggen
zeg ik liever niet|geen opgave
weigering|wil ik niet zeggen|wil het niet zeggen|wil niet antwoorden|zeg liever niet
odmowa|odmowa odpowiedzi|nie wiem|trudno powiedzieć|brak odpowiedzi|brak danych
nie wie|odmawiam odpowiedzi|odmówił odpowiedzi|odmówiła odpowiedzi|nie chcę odpowiadać
vet ej|vet inte|vill ej svara|vill inte svara|inget svar|uppgift saknas|vet ikke|ved ikke|uoplyst
ingen uppgift|vill inte säga|vil ikke svare|vil ikke si|ønsker ikke å svare|ønsker ikke at svare
ubesvart|ubesvaret|intet svar|ei osaa sanoa|en osaa sanoa|en tiedä|ei tiedä|ei halua vastata
en halua vastata|ei vastausta
nevím|neví|odmítl odpovědět|odmítla odpovědět|odmítám odpovědět|bez odpovědi|neodpověděl
neviem|nevie|odmietol odpovedať|odmietla odpovedať
nem tudja|nem tudom|nem válaszol|nem kívánok válaszolni|nincs válasz
nu știu|nu știe|nu răspund|nu răspunde|nș/nr|refuz|refuză să răspundă
δεν γνωρίζω|δεν ξέρω|δεν απαντώ|δεν απάντησε|δγ/δα|άρνηση
bilmiyorum|bilmiyor|cevap yok|cevap vermek istemiyorum|fikrim yok|cevap vermedi
わからない|無回答|答えたくない|不知道|拒绝回答|拒答|不愿回答|모름|무응답
לא יודע|מסרב|لا أعرف|رفض الإجابة
"""
REFUSALS = frozenset(
    folded(text)
    for texts in (_ENGLISH, _GERMAN, _RUSSIAN, _OTHERS)
    for line in texts.split("\n")
    for text in line.split("|")
    if text
)

_SHORT = frozenset(["dk", "na", "nr", "ref", "rf", "ka", "wn", "ns", "nc", "nsp", "iap"])

# Whoever refuses needs fewer words; to look for them in long texts would take their square.
_LONGEST = 300

# "99 Refused", "-9 refused", "-9: refused", "(refused)", "refused (do not read)"
_CODE = re.compile(r"^[\W_]*\d+(?:\s+|[\W_]+)|^[\W_]*[.:)=-]\s*")
# "I'd prefer not to say", "respondent refused to answer this question"
_WHO = re.compile(
    r"^(?:i'd|i would|i|(?:the )?respondent|interviewer:?|ich|die befragte person|я|je|j'ai|yo|eu|"
    r"io|ik|jeg|jag)\s+"
)
_WHAT = re.compile(r"(?:\s+(?:(?:this|the|that) )?question)$")
_ASIDE = re.compile(r"[\s]*[(\[][^)\]]*[)\]]\s*$")
_OR = re.compile(r"\s*[/,;|]\s*|\s+(?:or|and|oder|или|und|ou|o|of)\s+")


# Of an opinion these are answers.
_UNDECIDED = re.compile(
    r"(don't|do not|dont|doesn't|does not|didn't|did not) know|d\.?k|not sure|unsure"
    r"|(can't|cannot) (say|choose)|(hard|difficult) to say|(weiß|weiss) (ich )?(es )?nicht|w\.n"
    r"|kann ich nicht sagen|schwer zu sagen|затрудн\w+( (ответить|с ответом))?|з[/.]о"
    r"|(трудно|сложно) сказать|не зна(ю|ет)|не могу (ответить|сказать)|важко (сказати|відповісти)"
    r"|(je )?ne sai[st] pas|nsp|no sabe|no sé|não sabe|non s[oa]|non lo so|weet (ik )?niet"
    r"|nie wiem?|trudno powiedzieć|vet (ej|inte|ikke)|ved ikke|e[in] (osaa sanoa|tiedä)|neví(m)?"
    r"|nevie(m)?|nem tudja|nem tudom|nu știu|nu știe|δεν (γνωρίζω|ξέρω)|bilmiyor(um)?|fikrim yok"
    r"|わからない|不知道|모름|לא יודע|لا أعرف"
)


def says_undecided(text: str) -> bool:
    """Tell whether a value that is no answer of a trait is one of an opinion: not to know.

    Examples
    --------
    >>> [says_undecided(text) for text in ("Don't know", "hard to say", "Don't know / refused")]
    [True, True, False]
    """
    if not says_refusal(text):
        return False
    plain = _ASIDE.sub("", _CODE.sub("", folded(text)))
    return all(_UNDECIDED.fullmatch(_told(part)) for part in _OR.split(plain) if part)


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
    if len(plain) > _LONGEST:
        return False
    bare = _ASIDE.sub("", _CODE.sub("", plain)) or plain.strip("()[] ")
    bare = bare.strip("()[]*<>-_\"'«»„“” .")
    if bare in REFUSALS:
        return True
    parts = [_told(part) for part in _OR.split(bare) if part]
    # "DK" may be Denmark, but not in "DK/Refused".
    return any(part in REFUSALS for part in parts) and all(
        part in REFUSALS or part in _SHORT for part in parts
    )


def _told(text: str) -> str:
    """Leave out who refuses, and that it is a question."""
    return text if text in REFUSALS else _WHAT.sub("", _WHO.sub("", text))
