#!/usr/bin/env python3
"""Makes core/src/test/resources/org/distilqa/tokenizer/wordpiece.json: odd texts, and what Hugging Face's tokenizers make of
them in all settings of BERT's tokenizer. Needs `pip install tokenizers`; run it in its own directory.

The texts hold halves of surrogate pairs, which Python's binding refuses; it is given the replacement character for them, as
DistilQA reads them. Places are turned from code points to UTF-16 units.
"""
import itertools
import json
import pathlib

from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

TARGET = pathlib.Path(__file__).parent.parent / "resources/org/distilqa/tokenizer/wordpiece.json"

PLAIN = [
    "", " ", "   ", "a", "The mill was built by Ada Quill in 1912.", "unaffable unaffably unaffectedness", "don't can't it's",
    "e-mail, well-known; state-of-the-art", "$5.00 +3% (a+b)=c^2 `x` ~y |z| <b> \\n @me #tag_1 \"q\"", "ALL CAPS Mixed cAsE",
    "x" * 99, "x" * 100, "x" * 101, "aaaaaaaaaa " * 30, "1,234,567.89e-10", "http://example.org/a?b=c&d=e#f", "C:\\dir\\file.txt",
    "hello" + "!" * 40, "...---...", "a.b.c.d", "_under_score_", "a\u00adb", "foo\u2010bar\u2011baz\u2013qux\u2014quux",
]
ACCENTS = [
    "caf\u00e9 na\u00efve \u00dcber \u00c5ngstr\u00f6m S\u00e3o", "cafe\u0301 nai\u0308ve U\u0308ber", "\u00c9COLE E\u0301COLE",
    "a\u0301\u0302\u0303", "a\u0323\u0301 a\u0301\u0323", "\u1ea5\u1ec7\u1eed \u1e69 s\u0323\u0307 s\u0307\u0323", "\u0344 a\u0344",
    "\u0301abc", "\u0301", " \u0301 ", ".\u0301", "a.\u0301b", "\u0300\u0316\u0300\u0316x", "a\u0315\u0300\u05ae\u0300b",
    "\u0e01\u0e33 \u0e44\u0e17\u0e22", "\u0f73\u0f75\u0f81", "\u0915\u094d\u0937\u093f \u0958\u0959", "\u09cb\u09cc", "\u1e9b\u0323",
    "\u212b \u2126 \u212a", "\u00c5\u212bA\u030a", "\u01c4\u01c5\u01c6", "\u017fs \u1e9e\u00df SS", "\u0149 \u01f0", "\u1fb3\u1fbc \u1fef\u0340\u0341\u0343",
    "\u03a3\u03af\u03c3\u03c5\u03c6\u03bf\u03c2 \u03a3\u0399\u03a3\u03a5\u03a6\u039f\u03a3", "\u0387\u037e", "\u0400\u0401\u0419\u0439\u0438\u0306",
    "\u1d15e\u1d165 \U0001d15e\U0001d165\U0001d16e", "\U0001d165\u302e\u302f\U0001d16d", "x\U0001d165\U0001d167", "\u302ea\u302e\u0301\u302f",
    "\u1b44a\u1b35\u1b06", "e\u0301\u0001\u0323", "e\u0301\u200d\u0323", "\u1dc2\u1df9\u1dfb x\u1dfb\u0301", "\u08d3\u08e2\u08e3", "\u0b95\u0bca\u0bcb",
]
CJK = [
    "\u5317\u4eac", "\u5317\u4eac\u5e97 opened in \u6771\u4eac\u90fd.", "a\u4e2db", "\u4e2d\u0301\u6587", "\u3042\u3044\u3046 \u30a2\u30a4\u30a6 \u30ac\u304b\u3099",
    "\uf900\ufa0e\ufa70\ufaff", "\u3400\u4dbf\u4dc0\u4dff\u4e00\u9fff", "\U00020000\U0002a6d6\U0002a6df\U0002a700", "\U0002b73f\U0002b740\U0002b81f\U0002b820\U0002b920\U0002ceaf\U0002ceb0",
    "\U0002f800\U0002fa1d\U0002fa1f", "\u3000\u300c\u5f15\u7528\u300d\u3001\u3002\uff0c\uff0e\uff01", "\uff21\uff22\uff23\uff41\uff11", "\uff76\uff9e",
    "\u9fa5\u9fcc\u9fef", "\u3007\u3021\u3038", "\u2e80\u2f00\u31c0", "\u4e2d" * 120, "\ufa2e\ufa2f\ufada", "1\u5e742\u67083\u65e5",
]
HANGUL = [
    "\uac00\uac01\ud7a3 \ud55c\uad6d\uc5b4", "\u1112\u1161\u11ab\u1100\u116e\u11a8", "\uac00\u11a8", "\u1100\uac00\u1161\u11a7", "\u3131\u314f \uffa1\uffc2",
    "\ua960\ud7b0\ud7cb", "\uc11c\uc6b8\u0301", "\u115f\u1160\u3164", "a\ud55cb",
]
EMOJI = [
    "\U0001f600", "\U0001f600\U0001f600 the", "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466", "\U0001f1e7\U0001f1f7 \U0001f1e7",
    "\U0001f44d\U0001f3fd", "\u2764\ufe0f", "\u2764\ufe0f\u200d\U0001f525", "1\ufe0f\u20e3 #\ufe0f\u20e3", "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
    "x\U0001f600y", "\U0001fae8\U0001fac0", "\u263a\u2639", "\U0001f469\U0001f3fd\u200d\U0001f4bb codes", "\U0001d54f \U0001d4d0\U0001d7d8",
]
CONTROL = [
    "\0", "a\0b", "\0\0 \0", "\t\n\r", "a\tb\nc\rd\r\ne", "\x0b\x0c\x1c\x1d\x1e\x1f", "a\x0bb\x0cc\x1cd\x1fe", "\x7f\x80\x85\x9f", "a\x85b\x7fc\x80d",
    "\u00a0a\u00a0b\u1680c\u2000d\u2009e\u202ff\u205fg\u3000h", "a\u2028b\u2029c", "\u200ba\u200bb\u200c\u200d", "a\u200cb\u200dc\u2060d\ufeffe", "\ufeffBOM",
    "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2069x", "\ufffd", "a\ufffdb", "\ufffe\uffff a\uffff", "\ue000\uf8ff a\ue000b", "\U000f0000\U0010fffd\U0010ffff",
    "\U000e0001\U000e0020\U000e007f\U000e0100x", "\u0600\u0605\u06dd\u070f\u08e2\U000110bd", "\ufff9\ufffa\ufffb", "\u180e a\u180eb", "\u061ca", "\u2061\u2062\u2063\u2064\u2065",
    "\U0001bca0\U0001d173", "\x1b[31mred\x1b[0m", "\u0378\u0530 unassigned", "\u00ad", "\u034fa\u034fb",
]
SURROGATES = ["\ud83d", "\ude00", "a\ud83db", "\ud83d\ud83d\ude00", "\ude00\ud83d", "the \ud83d caf\u00e9 \udc00 in\ud83d", "\udfff\ud800\udc00\ud800", "\ud83d.\ude00"]
LIGATURES = [
    "\ufb00\ufb01\ufb02\ufb03\ufb04\ufb05\ufb06", "o\ufb03cer of the \ufb01re", "\u0132\u0133 \u0152\u0153 \u00c6\u00e6", "\ufb13\ufb17", "\ufb1d\ufb1f\ufb2a\ufb4f", "\ufdfa\ufdf2", "\ufe70\ufefb",
    "\u2460\u2488\u24b6\u2122\u2116\u00bd\u00b2", "\u2167\u2177", "\ua7ae\ua7c9\ua7dc",
]
TURKISH = ["\u0130stanbul \u0131\u015f\u0131k I\u0130i\u0131", "I\u0307 i\u0307 \u0130\u0307", "D\u0130YARBAKIR d\u0131yarbak\u0131r", "\u0130", "\u0130\u0130 x\u0130y", "\u0130\u0301"]
RTL = [
    "\u0645\u0631\u062d\u0628\u0627 \u0628\u0627\u0644\u0639\u0627\u0644\u0645", "\u0645\u064e\u0631\u0652\u062d\u064e\u0628\u064b\u0627", "\u05e9\u05b8\u05c1\u05dc\u05d5\u05b9\u05dd \u05e9\u05dc\u05d5\u05dd",
    "abc \u05d0\u05d1\u05d2 def", "\u202eabc\u202c", "\u0622\u0627\u0653 \u06c0\u06d5\u0654", "\u0640\u0640\u0640", "\u061f\u060c\u061b", "\u07ca\u07eb\u07f2", "\u0710\u0730\u0711", "\u0661\u0662\u0663",
]
PUNCTUATION = [
    "\u00a1\u00bf\u00ab\u00bb\u00a7\u00b6\u00b7", "\u2018\u2019\u201c\u201d\u2026\u2020\u2030", "\u2e3a\u2e42\u2e44\u2e52", "\u055a\u0589\u05be\u05c0", "\u0964\u0965", "\u166d\u166e\u1400", "\u10fb\u1360",
    "\U00010100\U00011047\U0001da87\U0001e95e", "\u00b1\u00d7\u00f7\u20ac\u00a3\u00a5", "\u2190\u2200\u2248", "\u00a9\u00ae\u00b0", "\uff3f\ufe33\ufe4d", "\u2329\u232a\u3008\u3009", "\u02bc\u02b9\u0374", "\u0df4\u0e4f\u0e5a",
    "\U00011fff\U000116b9\U0001144f", "\u2cf9\u2cff\ua673\ua67e",
]
SPECIAL = [
    "[SEP]", "The [SEP] x", "[CLS] a [SEP] b [MASK] [PAD] [UNK]", "[sep] [ SEP ] [SEP", "a[SEP]b", "[UNK][UNK]", "\uff3bSEP\uff3d", "[S\u00c9P]", "##ing a##b ## #", "[unused0]", "[[SEP]]",
]


def mixtures():
    """More texts: parts of those above, side by side."""
    parts = [t[:7] for t in PLAIN[3:] + ACCENTS + CJK + HANGUL + EMOJI + CONTROL + LIGATURES + TURKISH + RTL + PUNCTUATION]
    for i in range(120):
        yield "".join(parts[(i * k + k * k) % len(parts)] + ("", " ", "", "x")[(i + k) % 4] for k in (3, 7, 11, 19, 31)[: 2 + i % 4])


TEXTS = (PLAIN + ACCENTS + CJK + HANGUL + EMOJI + CONTROL + SURROGATES + LIGATURES + TURKISH + RTL + PUNCTUATION + SPECIAL
         + list(mixtures()))


def well_formed(text):
    joined = text.encode("utf-16-le", "surrogatepass")
    out, units = [], [int.from_bytes(joined[i:i + 2], "little") for i in range(0, len(joined), 2)]
    i = 0
    while i < len(units):
        high = 0xD800 <= units[i] < 0xDC00
        if high and i + 1 < len(units) and 0xDC00 <= units[i + 1] < 0xE000:
            out.append(chr(0x10000 + ((units[i] - 0xD800) << 10) + units[i + 1] - 0xDC00))
            i += 2
        else:
            out.append("\ufffd" if 0xD800 <= units[i] < 0xE000 else chr(units[i]))
            i += 1
    return "".join(out)


def settings():
    plain = itertools.product((True, False), (True, False), (None, True, False), (True, False))
    for clean, chinese, accents, lower in plain:
        yield dict(clean_text=clean, handle_chinese_chars=chinese, strip_accents=accents, lowercase=lower, prefix="##", longest=100)
    yield dict(clean_text=True, handle_chinese_chars=True, strip_accents=None, lowercase=True, prefix="@@", longest=8)
    yield dict(clean_text=True, handle_chinese_chars=False, strip_accents=None, lowercase=False, prefix="", longest=3)


def normalizer(setting):
    return normalizers.BertNormalizer(**{k: setting[k] for k in ("clean_text", "handle_chinese_chars", "strip_accents", "lowercase")})


def vocabulary():
    """Of the words of all texts in all settings, every third whole, of others the beginning or the rest; and single letters."""
    words = {}
    for setting in settings():
        for text in TEXTS:
            for word, _ in pre_tokenizers.BertPreTokenizer().pre_tokenize_str(normalizer(setting).normalize_str(well_formed(text))):
                words.setdefault(word)
    tokens = dict.fromkeys(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"])
    for c in map(chr, range(0x21, 0x7F)):
        tokens.setdefault(c)
        tokens.setdefault("##" + c)
    for i, word in enumerate(words):
        if len(word) < 30:
            tokens.setdefault(word if i % 3 == 0 else word[: 1 + i % 4])
            for cut in {1 + i % 4, 2 + i % 3, len(word) - 1}:
                if 0 < cut < len(word) and i % 5:
                    tokens.setdefault(word[:cut])
                    tokens.setdefault(("##", "##", "@@")[i % 3] + word[cut:])
    return list(tokens)


def utf16_places(text):
    places = [0]
    for c in text:
        places.append(places[-1] + (2 if ord(c) > 0xFFFF else 1))
    return places


def encoded(tokenizer, text):
    encoding = tokenizer.encode(text, add_special_tokens=False)
    places = utf16_places(text)
    words = []
    for i, word in enumerate(encoding.word_ids):
        words.append(0 if i == 0 else words[-1] + (word != encoding.word_ids[i - 1]))
    return [encoding.ids, [places[s] for s, _ in encoding.offsets], [places[e] for _, e in encoding.offsets], words]


def main():
    tokens = vocabulary()
    known = {token: i for i, token in enumerate(tokens)}
    all_settings = list(settings())
    tokenizers = []
    for setting in all_settings:
        model = models.WordPiece(known, unk_token="[UNK]", max_input_chars_per_word=setting["longest"], continuing_subword_prefix=setting["prefix"])
        tokenizer = Tokenizer(model)
        tokenizer.normalizer = normalizer(setting)
        tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
        tokenizer.add_special_tokens(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"])
        tokenizer.encode_special_tokens = True
        tokenizers.append(tokenizer)
    cases = []
    for text in TEXTS:
        results = {}
        for number, tokenizer in enumerate(tokenizers):
            results.setdefault(json.dumps(encoded(tokenizer, well_formed(text)), separators=(",", ":")), []).append(number)
        cases.append((text, results))
    lines = ['{"settings": [', ",\n".join(json.dumps(s) for s in all_settings), "],", '"vocabulary": ' + json.dumps(tokens) + ",", '"cases": [']
    lines.append(",\n".join(
        json.dumps({"text": text})[:-1] + ', "results": [' + ", ".join(
            f'{{"settings": {json.dumps(numbers)}, "tokens": {result}}}' for result, numbers in results.items()) + "]}"
        for text, results in cases))
    lines.append("]}")
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text("\n".join(lines) + "\n", encoding="ascii")
    print(len(TEXTS), "texts,", len(tokens), "tokens,", TARGET.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
