"""What an output is called, read for what it says about a person, however it is spelt."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache

#: Words that tell a prohibited inference in the languages Winnow speaks: a whole word of a label, or, with `*`, how
#: one begins; with `_`, several words in a row. Its own name always tells it.
_WORDS: Mapping[str, tuple[str, ...]] = {
    "health": (
        "medical*", "illness*", "disease*", "disab*", "diagnos*", "pregnan*", "depress*", "disorder*", "patient*",
        "gesundheit*", "krank*", "schwanger*", "behinder*", "salud", "enferm*", "embaraz*", "discapac*", "sante",
        "maladie*", "malade*", "enceinte*", "handicap*",
    ),
    "religion": (
        "religio*", "religious", "faith", "creed", "christian*", "muslim*", "islam*", "jewish", "jew", "jews",
        "hindu*", "buddhis*", "catholic*",
        "protestant*", "atheis*", "glauben*", "konfession*", "weltanschauung*", "creencia*", "croyance*",
    ),
    "ethnicity": (
        "ethni*", "race", "racial*", "rasse", "rassisch*", "raza", "etnia*", "etnic*", "skin_color", "skin_colour",
    ),
    "sexual_orientation": (
        "sexual*", "sexuell*", "sexuel*", "sex_life", "gay", "lesbian*", "homosex*", "heterosex*", "bisex*", "lgbt*",
        "queer", "transgender*",
    ),
    "politics": (
        "politic*", "politik*", "politisch*", "politique*", "party_affiliation", "party_member*", "republican*",
        "conservative*", "socialis*", "leftist*", "voter*", "voting_intention", "partei*",
    ),
    "union": ("trade_union*", "labor_union*", "labour_union*", "unionis*", "unioniz*", "gewerkschaft*", "sindica*",
              "syndica*"),
    "biometrics": ("biometr*", "facial_recognition", "face_recognition", "voiceprint*", "faceprint*", "iris_scan*"),
}  # fmt: skip

#: The same for what is written without spaces between words.
_WITHIN: Mapping[str, tuple[str, ...]] = {
    "health": ("健康", "疾病", "怀孕", "残疾"),
    "religion": ("宗教", "信仰"),
    "ethnicity": ("种族", "民族", "族裔"),
    "sexual_orientation": ("性取向", "性倾向"),
    "politics": ("政治", "党派"),
    "union": ("工会",),
    "biometrics": ("生物识别", "生物特征", "人脸识别"),
}

#: Cyrillic and Greek letters, digits and signs that are read as a Latin letter.
_LOOKALIKES = str.maketrans(
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0455\u0458\u04cf\u043a\u043c\u0442\u03b1\u03bf\u03c1\u03b9\u03ba\u03c4\u03bd\u03b5013457@$",
    "aeopcyxisjlkmtaopiktveoieastas",
)

#: From how many letters on a word may be written a little wrong.
_LONG = 6

#: Where one word ends and another begins in `healthScore`, `HEALTHScore` and `health2`.
_JOINTS = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_GAPS = re.compile(r"[\W_]+")


@lru_cache(maxsize=4096)
def spoken_of(label: str) -> frozenset[str]:
    """Which of the inferences that Winnow knows words for a label tells, e.g. `is_pregnant` tells `health`.

    Capitals, accents, other signs between the words, letters of other scripts and digits that look alike, words
    run together and slips of one letter make no difference.
    """
    words = words_of(label)
    return frozenset(name for name in _WORDS if _tells(name, words, label))


@lru_cache(maxsize=4096)
def words_of(label: str) -> tuple[str, ...]:
    """The words of a label in one spelling; letters that stand alone are taken for one word (`g a y`)."""
    split = _JOINTS.sub(" ", unicodedata.normalize("NFKC", label))
    plain = unicodedata.normalize("NFKD", split).casefold().translate(_LOOKALIKES)
    bare = "".join(each for each in plain if not unicodedata.combining(each) and unicodedata.category(each) != "Cf")
    return tuple(_joined(word for word in _GAPS.split(bare) if word))


def _joined(words: Iterable[str]) -> list[str]:
    found: list[str] = []
    letters = ""
    for word in [*words, ""]:
        if len(word) == 1:
            letters += word
            continue
        found += [each for each in (letters, word) if each]
        letters = ""
    return found


def _tells(name: str, words: tuple[str, ...], label: str) -> bool:
    if any(each in label for each in _WITHIN[name]):
        return True
    return any(_found(entry, words) for entry in (name, *_WORDS[name]))


def _found(entry: str, words: tuple[str, ...]) -> bool:
    """Whether an entry, one word or several, stands in a label, also run together or with a slip."""
    wanted = entry.split("_")
    if len(wanted) > 1:
        squashed = "".join(wanted).rstrip("*")
        return squashed in "".join(words)
    stem = entry.rstrip("*")
    if entry.endswith("*"):
        return any(word.startswith(stem) or _slip(stem, word) for word in words)
    return any(word == stem or _slip(stem, word) for word in words)


def _slip(right: str, word: str) -> bool:
    """Whether a long word is another one but for one letter too many, too few or wrong, and not the first."""
    if len(right) < _LONG or abs(len(right) - len(word)) > 1 or right[0] != word[0]:
        return False
    same = next((i for i, (a, b) in enumerate(zip(right, word, strict=False)) if a != b), min(len(right), len(word)))
    return word[same + 1 :] in {right[same + 1 :], right[same:]} or word[same:] == right[same + 1 :]
