"""How texts become ids, for programs without TensorFlow: the rules in words, the vocabulary, cases to test by.

The rules say what `tfnotes_tasks.imdb.words` does, no more and no less.
"""

import json

import tensorflow as tf

from tfnotes.task import Via

VOCABULARY, CASES = "vocabulary.json", "tokenizer_cases.json"

RULES = f"""\
A text is valid UTF-8 without U+0000.
1. Replace each match of the regular expression <br[ \\t\\n\\f\\r]*/?> by one space. It is sought from left to right, \
in lower case alone; no other tag and no entity is touched.
2. Put the whole text in lower case as Unicode's SpecialCasing says without a locale, so that U+0130 becomes two \
characters and a capital sigma at a word's end becomes U+03C2.
3. A character is kept as it is if its Unicode category begins with L or N, or if it is ' (U+0027), a space, \\t, \\n, \
\\f or \\r. Put a space before and one behind each other character: marks, combining accents, symbols, control \
characters and all other spaces of Unicode, which become words of their own.
4. Split at runs of space, \\t, \\n, \\v, \\f and \\r; empty words are left out.
5. A word's id is its place in {VOCABULARY}, counted from 0; that of a word which isn't there is 1. Places 0 and 1 are \
no words: 0 is padding.
6. Of a text of more than LENGTH ids keep the first FIRST and the last LAST. A text without words is the one id 0.
7. Texts of a batch are made equally long by zeros behind them."""


def via(prepare):
    """The way by ids that answers as the one by texts.

    Args:
        prepare: what `tfnotes_tasks.imdb.words.fit` gives.

    Returns:
        A `tfnotes.task.Via` with the rules, the vocabulary, and the cases.
    """
    length = prepare.get_layer("ends").length
    known = prepare.get_layer("words").get_vocabulary()
    numbers = {"LENGTH": length, "FIRST": length // 4, "LAST": length - length // 4}
    rules = RULES
    for name, number in numbers.items():
        rules = rules.replace(name, str(number))
    settings = {"name": "words", "length": length, "vocabulary": VOCABULARY}
    return Via("ids", rules, lambda: {VOCABULARY: known, CASES: cases(prepare, texts(known, length))}, settings)


def cases(prepare, texts):
    """A dict with each text and its ids, one by one, so that none is padded to another's length."""
    return [{"text": text, "ids": prepare(tf.constant([text]))[0].numpy().tolist()} for text in texts]


def texts(known, length):
    """Odd texts, and long ones of known words."""
    words = known[2:12] or ["film"]
    many = [words[k * k % len(words)] for k in range(length + 3)]
    return [
        "",
        " \t\r\n\f\v ",
        "It's a GREAT film!<br /><br />Don't miss it... 10/10",
        "<br><br/><br\t\n/><BR /><br / >< br><i>an italic</i> <b>bold</b>",
        "&amp; &quot;fine&quot; &#39;so&#39; rock&roll",
        "'quoted' ''twice'' rock'n'roll \u2018curly\u2019 \u201cmarks\u201d \u2014 and\u2013dashes\u2026",
        "one\u00a0two\u2003three\u3000four\u2028five\u0085six\ufeffseven\u200beight",
        "a\vb\fc\rd\x1fe",
        "na\u00efve cafe\u0301 \u00c9T\u00c9 stra\u00dfe \u1e9e \u0130stanbul",
        "\u039f\u0394\u039f\u03a3 \u039f\u03a3. \u01c5 \ufb03",
        "\u7535\u5f71\u3002\u597d\uff01 \u4e00\u516b",
        "\u0928\u092e\u0938\u094d\u0924\u0947 \u0645\u0631\u062d\u0628\u0627 \uc601\ud654",
        "\u00bd \u2460 \u0663 \u216b 3.5 1,000 50% $5 #1 C++ e-mail_address @you ~ ^ ` | \\ /",
        "\U0001f3ac\U0001f44d\U0001f3fd \u2764\ufe0f \U0001f469\u200d\U0001f4bb \U0001d4d0",
        "x" * 300,
        " ".join(many[:length]),
        " ".join(many),
        json.dumps(words),
    ]
