"""
Questions about made-up facts as documents state them: key-value lines, tables, CSV, lists, configuration files, numbered
sections, prose full of numbers, logs, mails and release notes. What running text of encyclopedias does not teach.
"""

import random
from collections.abc import Callable, Iterator

from . import facts
from .examples import Answer, Example
from .facts import Fact, Record


class Page:
    """A text as it is written, and the places of the values in it."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self.places: dict[int, Answer] = {}

    def write(self, text: str) -> "Page":
        self._parts.append(text)
        self._length += len(text)
        return self

    def value(self, key: object, text: str) -> "Page":
        """Writes a value that a question may ask for; key is what place() finds it by, by identity."""
        self.places.setdefault(id(key), Answer(text, self._length))
        return self.write(text)

    def place(self, key: object) -> Answer:
        return self.places[id(key)]

    @property
    def text(self) -> str:
        return "".join(self._parts)


Layout = Callable[[random.Random, list[Record], Page], None]


def _key_values(r: random.Random, records: list[Record], page: Page) -> None:
    separator = r.choice((": ", ": ", ": ", " = ", "=", "\t", " - ", " | ", ":  ", " .... "))
    bullet = r.choice(("", "", "", "- ", "* ", "• ", "  ", "> "))
    heading = r.choice(("{}", "# {}", "[{}]", "{}:", "== {} ==", "**{}**", "Name: {}"))
    align = r.random() < 0.25
    end = r.choice(("\n", "\n", "\n", "; ", "\n\n"))
    for record in records:
        page.write(heading.format(record.name) + "\n")
        width = max(len(fact.label) for fact in record.facts)
        for fact in record.facts:
            page.write(bullet + (fact.label.ljust(width) if align else fact.label) + separator).value(fact, fact.value).write(end)
        page.write("\n")


def _configuration(r: random.Random, records: list[Record], page: Page) -> None:
    style = r.choice(("yaml", "json", "toml", "properties", "xml"))
    for record in records:
        name = record.name.replace(" ", "_")
        if style == "yaml":
            page.write(f"{name}:\n")
        elif style == "toml":
            page.write(f"[{name}]\n")
        elif style == "json":
            page.write(f'"{name}": {{\n')
        elif style == "xml":
            page.write(f'<{record.kind.nouns[0]} name="{record.name}">\n')
        for fact in record.facts:
            key = fact.label.lower().replace(" ", r.choice("_-")).replace(".", "")
            before, after = {
                "yaml": (f"  {key}: ", "\n"),
                "json": (f'  "{key}": "', '",\n'),
                "toml": (f'{key} = "', '"\n'),
                "properties": (f"{name}.{key}=", "\n"),
                "xml": (f"  <{key}>", f"</{key}>\n"),
            }[style]
            page.write(before).value(fact, fact.value).write(after)
        page.write({"json": "}\n", "xml": f"</{record.kind.nouns[0]}>\n"}.get(style, "\n"))


def _table(r: random.Random, records: list[Record], page: Page) -> None:
    separator, edge, rule = r.choice(
        ((" | ", "| ", True), (" | ", "| ", True), (" | ", "", False), (",", "", False), (", ", "", False), (";", "", False),
         ("\t", "", False), ("  ", "", False), (" │ ", "│ ", True), ("   ", "", False))
    )  # fmt: skip
    first = r.choice(("Name", records[0].kind.nouns[0].capitalize(), "", "Item", "ID"))
    header = [first] + [fact.label for fact in records[0].facts]
    rows = [[record.name] + [fact.value for fact in record.facts] for record in records]
    padded = separator.strip() in ("|", "│", "") and separator != "\t" and r.random() < 0.7
    widths = [max(len(row[i]) for row in [header, *rows]) if padded else 0 for i in range(len(header))]

    def cell(text: str, column: int) -> str:
        return " " * (widths[column] - len(text)) + separator if column + 1 < len(header) else edge[::-1].rstrip("\n")

    def row(cells: list[str], keys: list[object | None]) -> None:
        page.write(edge)
        for column, (text, key) in enumerate(zip(cells, keys)):
            quoted = separator.startswith(",") and "," in text
            page.write('"' if quoted else "")
            page.value(key, text) if key is not None else page.write(text)
            page.write('"' if quoted else "").write(cell(text, column))
        page.write("\n")

    row(header, [None] * len(header))
    if rule:
        page.write("|" + "|".join("-" * max(3, width + 2) for width in widths) + "|\n")
    for record, cells in zip(records, rows):
        row(cells, [None, *record.facts])


def _columns(r: random.Random, records: list[Record], page: Page) -> None:
    """A table whose columns are the things and whose rows are their properties."""
    separator = r.choice((" | ", "\t", ",", "  ", " / "))
    page.write(separator.join([r.choice(("", "Specification", "Property")), *(record.name for record in records)]) + "\n")
    for index, fact in enumerate(records[0].facts):
        page.write(fact.label)
        for record in records:
            value = record.facts[index].value
            quote = '"' if separator == "," and "," in value else ""
            page.write(separator + quote).value(record.facts[index], value).write(quote)
        page.write("\n")


def _sections(r: random.Random, records: list[Record], page: Page) -> None:
    chapter = r.randint(1, 12)
    for number, record in enumerate(records, 1):
        page.write(f"{chapter}.{number} {record.name[0].upper()}{record.name[1:]}\n")
        for index, fact in enumerate(record.facts, 1):
            page.write(f"{chapter}.{number}.{index} {fact.label}\n")
            _sentence(r, record, fact, page)
            page.write("\n")


def _list(r: random.Random, records: list[Record], page: Page) -> None:
    for number, record in enumerate(records, 1):
        page.write(r.choice((f"{number}. ", "- ", "* ")) + record.name + r.choice((": ", " (", " – ", ", ")))
        for index, fact in enumerate(record.facts):
            page.write("" if index == 0 else r.choice((", ", "; ")))
            if r.random() < 0.6:
                page.write(fact.label[0].lower() + fact.label[1:] + " ").value(fact, fact.value)
            else:
                page.value(fact, fact.value).write(f" ({fact.label.lower()})")
        page.write("\n")


def _prose(r: random.Random, records: list[Record], page: Page) -> None:
    for record in records:
        named = False
        for fact in record.facts:
            if not named and "{e}" not in fact.property.sentence:
                page.write(f"{record.name[0].upper()}{record.name[1:]} is a {r.choice(record.kind.nouns)}. ")
            _sentence(r, record, fact, page)
            page.write(" ")
            named = True
        page.write("\n")


def _sentence(r: random.Random, record: Record, fact: Fact, page: Page) -> None:
    before, after = fact.property.sentence.replace("{e}", record.name).split("{v}")
    page.write(before).value(fact, fact.value).write(after)


LAYOUTS: tuple[Layout, ...] = (_key_values, _key_values, _table, _table, _columns, _configuration, _sections, _list, _prose, _prose)


def _facts_example(r: random.Random) -> tuple[str, str, Answer | None]:
    kind = r.choice(facts.KINDS)
    layout = r.choice(LAYOUTS)
    first = facts.record(r, kind, r.randint(3, 8))
    records = [first] + [facts.record(r, kind, 0, like=first) for _ in range(r.choice((0, 0, 1, 2, 3, 4, 6)))]
    page = Page()
    if r.random() < 0.3:
        page.write(
            r.choice(("Overview", "Data sheet", f"{kind.nouns[0].capitalize()} list", "Technical data", "Details", "Appendix A")) + "\n\n"
        )
    layout(r, records, page)
    record = r.choice(records)
    alone = len(records) == 1 and r.random() < 0.4
    name = f"the {r.choice(kind.nouns)}" if alone else record.name
    if r.random() < 0.18:
        known = {fact.property for fact in record.facts}
        missing = [p for p in kind.properties if p not in known]
        if missing and r.random() < 0.6:
            return page.text, facts.question(r, r.choice(missing), name), None
        other = kind.name(r)
        if other not in page.text:
            return page.text, facts.question(r, r.choice(record.facts).property, other), None
    fact = r.choice(record.facts)
    return page.text, facts.question(r, fact.property, name), page.place(fact)


def _mail_example(r: random.Random) -> tuple[str, str, Answer | None]:
    sender, receiver, copy, subject_of = (facts.person(r) for _ in range(4))
    about = facts.record(r, r.choice(facts.KINDS), r.randint(1, 4))
    subject = r.choice(
        (
            f"Re: {about.name}",
            f"{about.name}: {about.facts[0].label.lower()}",
            f"Fwd: notes on {about.name}",
            f"Question about {about.name}",
        )
    )
    when = f"{r.choice(facts.DAYS)[:3]}, {r.randint(1, 28)} {r.choice(facts.MONTHS)[:3]} {r.randint(1998, 2026)} {r.randint(0, 23):02}:{r.randint(0, 59):02}:{r.randint(0, 59):02} +0{r.randint(0, 9)}00"
    from_key, to_key, copy_key, subject_key, date_key, signed = (object() for _ in range(6))
    page = Page()
    lines = [
        ("From: ", from_key, sender, f" <{facts.mail(r)}>"), ("To: ", to_key, receiver, f" <{facts.mail(r)}>"),
        ("Subject: ", subject_key, subject, ""), ("Date: ", date_key, when, ""),
    ]  # fmt: skip
    if r.random() < 0.5:
        lines.append(("Cc: ", copy_key, copy, r.choice(("", f" <{facts.mail(r)}>"))))
    r.shuffle(lines)
    for label, key, value, rest in lines:
        page.write(label).value(key, value).write(rest + "\n")
    page.write(f"\n{r.choice(('Dear', 'Hi', 'Hello'))} {receiver.split()[0]},\n\n")
    _prose(r, [about], page)
    page.write(f"{subject_of} will tell you more.\n\n{r.choice(('Best regards', 'Cheers', 'Yours'))},\n").value(
        signed, sender.split()[0]
    ).write("\n")
    questions: list[tuple[str, object]] = [
        (r.choice(("Who sent the mail?", "Who wrote the message?", "Who is the mail from?", "Who is the sender?")), from_key),
        (r.choice(("Who was the mail sent to?", "Who received the message?", "Who is the recipient?")), to_key),
        (r.choice(("What is the subject of the mail?", "What is the mail about?")), subject_key),
        (r.choice(("When was the mail sent?", "What is the date of the message?", "On which date was the mail written?")), date_key),
    ]  # fmt: skip
    questions += [(facts.question(r, fact.property, about.name), fact) for fact in about.facts]
    asked, key = r.choice(questions)
    if id(copy_key) in page.places and r.random() < 0.2:
        asked, key = r.choice(("Who got a copy of the mail?", "Who is in copy?")), copy_key
    elif r.random() < 0.06:
        return page.text, r.choice(("What is attached to the mail?", "Which phone number is given?", "Who was blind copied?")), None
    return page.text, asked, page.place(key)


def _log_example(r: random.Random) -> tuple[str, str, Answer | None]:
    style = r.choice(
        ("{d} {t} {l} ", "{d} {t},{ms} {l} [{c}] ", "[{d}T{t}Z] {l} {c}: ", "{t} {l} ", "{mon} {day} {t} {h} {c}[{pid}]: ", "{l} {d} {t} ")
    )
    day, seconds = r.randint(1, 28), r.randint(0, 80000)
    month, year = r.randint(1, 12), r.randint(2015, 2026)
    page = Page()
    questions: list[tuple[str, object]] = []
    used: set[str] = set()
    for _ in range(r.randint(4, 11)):
        seconds += r.randint(1, 900)
        time = f"{seconds // 3600 % 24:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
        level = r.choice(("INFO", "INFO", "INFO", "WARN", "ERROR", "DEBUG"))
        fields = dict(d=f"{year}-{month:02}-{day:02}", l=level, c=r.choice(("main", "http", "db", "auth", "scheduler")),
                      ms=f"{r.randint(0, 999):03}", mon=facts.MONTHS[month - 1][:3], day=day, h=r.choice(facts.STEMS).lower(), pid=r.randint(90, 32000))  # fmt: skip
        before, after = style.replace("{t}", "\0").format(**fields).split("\0")
        stamp = object()
        page.write(before).value(stamp, time).write(after)
        message = r.choice(_MESSAGES)
        values: dict[str, tuple[object, str]] = {}
        for part in message[0]:
            if isinstance(part, str):
                page.write(part)
            else:
                name, draw = part
                values[name] = (object(), draw(r))
                page.value(*values[name])
        page.write("\n")
        for asked, answer in message[1]:
            words = {name: text for name, (_, text) in values.items()}
            question = asked.format(**words)
            if question not in used:
                questions.append((question, stamp if answer == "time" else values[answer][0]))
            used.add(question)
    unique = {question: key for question, key in questions}
    asked = r.choice(sorted(unique))
    if r.random() < 0.08:
        return page.text, r.choice(("Who restarted the machine?", "Which user was deleted?", "How much did the licence cost?")), None
    return page.text, asked, page.place(unique[asked])


_USER = ("user", lambda r: r.choice((r.choice(facts.FIRST).lower(), f"{r.choice(facts.FIRST)[0].lower()}{r.choice(facts.LAST).lower()}")))
_JOB = ("job", lambda r: f"{r.choice(('backup', 'import', 'reindex', 'report', 'cleanup', 'sync'))}-{r.randint(1, 900)}")
_HOST = ("host", facts.host)
_TOOK = ("took", facts.measured("ms", "s", "seconds", "minutes", signs=False))
_COUNT = ("count", facts.number(2, 90000))
_FILE = ("file", facts.path)
_PERCENT = ("percent", lambda r: f"{r.randint(50, 100)}%")
_VERSION = ("version", facts.version)
_PORT = ("port", facts.number(20, 65535))
_CODE = ("code", lambda r: str(r.choice((400, 401, 403, 404, 409, 429, 500, 502, 503, 504))))
_PAGE = ("page", lambda r: f"/{r.choice(facts.STEMS).lower()}/{r.randint(1, 999)}")

# A message's parts, then the questions that it answers: the question, and which part ("time": when it was written).
_MESSAGES = (
    (("user ", _USER, " logged in from ", _HOST),
     (("When did {user} log in?", "time"), ("Where did {user} log in from?", "host"), ("Who logged in from {host}?", "user"))),
    (("job ", _JOB, " finished in ", _TOOK),
     (("How long did {job} take?", "took"), ("When did {job} finish?", "time"), ("Which job took {took}?", "job"))),
    (("job ", _JOB, " failed: cannot open ", _FILE),
     (("Which file could not be opened?", "file"), ("When did {job} fail?", "time"), ("Why did {job} fail?", "file"), ("Which job failed?", "job"))),
    (("wrote ", _COUNT, " rows to ", _FILE),
     (("How many rows were written to {file}?", "count"), ("Where were {count} rows written?", "file"))),
    (("connection to ", _HOST, " lost after ", _TOOK),
     (("When was the connection to {host} lost?", "time"), ("Which connection was lost after {took}?", "host"), ("After how long was the connection to {host} lost?", "took"))),
    (("disk ", _FILE, " is ", _PERCENT, " full"), (("How full is {file}?", "percent"), ("Which disk is {percent} full?", "file"))),
    (("server started, version ", _VERSION, ", listening on port ", _PORT),
     (("Which version of the server was started?", "version"), ("On which port does the server listen?", "port"), ("When was the server started?", "time"))),
    (("GET ", _PAGE, " returned ", _CODE, " in ", _TOOK),
     (("What did {page} return?", "code"), ("How long did {page} take?", "took"), ("Which page returned {code}?", "page"))),
    (("password of ", _USER, " changed by ", ("admin", _USER[1])),
     (("Who changed the password of {user}?", "admin"), ("When was the password of {user} changed?", "time"))),
)  # fmt: skip


def _release_notes_example(r: random.Random) -> tuple[str, str, Answer | None]:
    page = Page()
    page.write(r.choice(("# Changelog\n\n", "Release notes\n\n", "", "NEWS\n")))
    heading = r.choice(("## {} ({})\n", "Version {}, {}\n", "{} - {}\n", "[{}] released on {}\n"))
    questions: list[tuple[str, object]] = []
    seen: set[str] = set()
    for _ in range(r.randint(2, 6)):
        number, when = facts.version(r), facts.date(r)
        if number in seen:
            continue
        seen.add(number)
        number_key, when_key = object(), object()
        before, middle, after = heading.split("{}")
        page.write(before).value(number_key, number).write(middle).value(when_key, when).write(after)
        questions += [
            (
                r.choice(
                    (f"When was version {number} released?", f"When did {number} come out?", f"What is the release date of {number}?")
                ),
                when_key,
            )
        ]
        for _ in range(r.randint(1, 4)):
            option, value, who = facts.OPTION.name(r), r.choice((str(r.randint(2, 900)), facts.path(r), "true", "off")), facts.person(r)
            value_key, who_key, option_key = object(), object(), object()
            kind = r.randrange(3)
            page.write(r.choice(("- ", "* ", "  - ")))
            if kind == 0:
                page.write("The default of ").write(option).write(" is now ").value(value_key, value).write(".\n")
                questions.append((r.choice((f"What is the default of {option} now?", f"What is the new default of {option}?")), value_key))
            elif kind == 1:
                page.write("Added ").value(option_key, option).write(" (").value(who_key, who).write(").\n")
                questions += [
                    (f"Who added {option}?", who_key),
                    (f"In which version was {option} added?", number_key),
                    (f"What did {who} add?", option_key),
                ]
            else:
                page.write("Fixed a crash when ").write(option).write(" was ").value(value_key, value).write(f", found by {who}.\n")
                questions.append((f"With which value of {option} did it crash?", value_key))
        page.write("\n")
    if r.random() < 0.1:
        return page.text, f"When was version {r.randint(21, 40)}.{r.randint(0, 9)} released?", None
    asked, key = r.choice(questions)
    return page.text, asked, page.place(key)


_MAKERS = (_facts_example,) * 10 + (_mail_example, _log_example, _log_example, _release_notes_example)


def examples(count: int, seed: int, around: list[str]) -> Iterator[Example]:
    """So many questions about made-up documents; some stand between paragraphs drawn from `around`."""
    r = random.Random(seed)
    for _ in range(count):
        text, question, answer = r.choice(_MAKERS)(r)
        if around and r.random() < 0.3:
            before = r.choice(around)[:600].strip() + "\n\n"
            text, answer = before + text, answer and Answer(answer.text, answer.start + len(before))
        if around and r.random() < 0.2:
            text = text + "\n" + r.choice(around)[:600].strip()
        yield Example(text, question, (answer,) if answer else ())
