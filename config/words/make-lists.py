#!/usr/bin/env python3
"""Makes nl.txt, en.txt and de.txt: 7,776 words each, a-z only, one a line, sorted. Needs Debian's wdutch and diceware.

    apt-get install wdutch diceware && ./make-lists.py

README.md says where the words come from and under which licences.
"""
import collections
import pathlib
import re

HERE = pathlib.Path(__file__).parent
DICEWARE = pathlib.Path("/usr/lib/python3/dist-packages/diceware/wordlists")
SIZE = 7776


def read(path):
    return pathlib.Path(path).read_text(encoding="utf-8").split("\n")


def blocked(language):
    """Lines of blocked-LANGUAGE.txt: a word, or `*part*` for every word that holds the part."""
    lines = [line for line in read(HERE / f"blocked-{language}.txt") if line and not line.startswith("#")]
    parts = [line.strip("*") for line in lines if line.startswith("*")]
    whole = {line for line in lines if not line.startswith("*")}
    return lambda word: word in whole or any(part in word for part in parts)


def write(language, words):
    """`words` in order of preference; the best that nobody would mind to say on the phone."""
    refused = blocked(language)
    chosen = [word for word in dict.fromkeys(words) if re.fullmatch("[a-z]{3,9}", word) and not refused(word)][:SIZE]
    if len(chosen) != SIZE:
        raise SystemExit(f"{language}: only {len(chosen)} words")
    (HERE / f"{language}.txt").write_text("\n".join(sorted(chosen)) + "\n", encoding="ascii")


def productive(words):
    """The words of which a language builds its compounds, most used first: those are the words that everybody knows.

    Counts, for each short word, the dictionary words that are it and another dictionary word together.
    """
    known = {word for word in words if re.fullmatch("[a-z]{3,}", word)}
    short = {word for word in known if 3 <= len(word) <= 8}
    count = collections.Counter()
    for word in known:
        for cut in range(3, len(word) - 2):
            head, tail = word[:cut], word[cut:]
            if head in short and tail in known: count[head] += 1
            if tail in short and head in known: count[tail] += 1
            if head[-1] == "s" and head[:-1] in short and tail in known: count[head[:-1]] += 1
    return [word for word, _ in sorted(count.items(), key=lambda item: (-item[1], item[0])) if len(word) >= 4]


def numbered(path):
    """Words of a list for dice, `11111 word` or `word`; a hyphen would look like our separator."""
    return [line.split()[-1].replace("-", "") for line in read(path) if line and not line.startswith("-")]


# For those that are left out of the English list.
SPARE = (
    "window winter yellow river ladder marble needle lemon pepper candle meadow orchard saddle walnut carrot castle "
    "barrel bottle button butter basket copper cotton dinner doctor engine finger garlic hammer island jacket kitchen"
).split()

write("nl", productive(read("/usr/share/dict/dutch")))
write("en", numbered(DICEWARE / "wordlist_en_eff.txt") + SPARE)
write("de", numbered(DICEWARE / "wordlist_de.txt") + numbered(DICEWARE / "wordlist_de_8k.txt"))
