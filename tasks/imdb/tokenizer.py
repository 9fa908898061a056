"""How texts become ids, for programs without TensorFlow: the rules in words, the vocabulary, cases to test by.

The rules say what `tfnotes_tasks.imdb.plain` and `words` do, no more and no less.
"""

import json

import tensorflow as tf

from tfnotes.task import Via
from tfnotes_tasks.imdb.plain import ALIKE, REPLACEMENTS

VOCABULARY, TYPED, CASES = "vocabulary.json", "tokenizer.json", "tokenizer_cases.json"

RULES = f"""\
A text is valid UTF-8 without U+0000.
1. For each pair of "replacements" in {TYPED}, in their order, replace the matches of the regular expression (from \
left to right, without overlap; \\1 is its first group): tags become spaces, entities what they stand for.
2. Put the whole text in lower case as Unicode's SpecialCasing says without a locale, so that U+0130 becomes two \
characters and a capital sigma at a word's end becomes U+03C2.
3. Replace each character below U+10000: one of "alike" in {TYPED} by what stands there; else one of Unicode's \
categories Cc, Zs, Zl and Zp by a space; else decompose it (NFKD), leave out the parts of category Mn and Cf, and put \
the rest in its place if that is one character or none; otherwise the character stays.
4. A character is kept as it is if its category begins with L, N or M, or if it is ' (U+0027) or a space. Put a space \
before and one behind each other character, which becomes a word of its own.
5. Split at spaces, take the apostrophes off both ends of each word, and leave out empty words.
6. A word's id is its place in {VOCABULARY}, counted from 0; that of a word which isn't there is 1. Places 0 and 1 are \
no words: 0 is padding.
7. Of a text of more than LENGTH ids keep the first FIRST and the last LAST. A text without words is the one id 0.
8. Texts of a batch are made equally long by zeros behind them."""


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
    settings = {"name": "words", "length": length, "vocabulary": VOCABULARY, "rules": TYPED}
    typed = {"replacements": REPLACEMENTS, "alike": ALIKE}
    return Via(
        "ids", rules, lambda: {VOCABULARY: known, TYPED: typed, CASES: cases(prepare, texts(known, length))}, settings
    )


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
        "one<BR>two<br clear=all>three</br>four<P ALIGN='left'>five 2 < 3 > 1 <3 <http://a> < b>",
        "caf&eacute; don&rsquo;t don&#39;t don&#x2019;t &ldquo;so&rdquo; a&nbsp;b&#160;c&ensp;d &bogus;",
        "AT&amp;T a&shy;b R&B; &hellip;",
        "don\u2019t don\u02bct don`t don\u00b4t don\uff07t 'tis the actors' \u201eGood\u201c",
        "\xabgood\xbb \x93good\x94 \x96",
        "\uff27\uff4f\uff4f\uff44\u3000\uff11\uff10\uff0f\uff11\uff10 so\u00adft \ufb01ne \u2026 x\u00b2 \u2122",
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
