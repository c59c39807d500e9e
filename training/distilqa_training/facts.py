"""
Made-up facts: things of a dozen kinds with their properties, each property with the labels a document gives it, the questions
that people ask for it, and a way to draw its value. documents.py lays them out as tables, lists, logs and the like.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass

Draw = Callable[[random.Random], str]


@dataclass(frozen=True)
class Property:
    labels: tuple[str, ...]
    questions: tuple[str, ...]
    draw: Draw
    sentence: str


@dataclass(frozen=True)
class Kind:
    """name: draws the name of one thing. nouns: what such things are called. properties: what is known of one."""

    nouns: tuple[str, ...]
    name: Draw
    properties: tuple[Property, ...]


def _words(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split("|"))


FIRST = _words(
    "Ada|Ben|Clara|David|Elena|Farid|Grace|Hugo|Ines|Jonas|Kira|Liam|Mara|Nils|Olga|Pedro|Quinn|Rosa|Samir|Tessa|Uma|Viktor|Wanda"
    "|Xin|Yusuf|Zoe|Anna|Bruno|Chen|Dora|Emil|Fiona|George|Hana|Ivan|Julia|Karim|Lena|Marco|Nora|Omar|Paula|Ravi|Sofia|Tom|Priya"
    "|Mei|Akira|Lars|Ingrid|Maria|John|Alice|Peter|Sarah|James|Laura|Daniel|Ruth|Simon"
)
LAST = _words(
    "Quill|Orr|Reed|Tanner|Vogel|Haddad|Novak|Silva|Larsen|Moreau|Okafor|Patel|Nguyen|Sato|Kim|Romero|Fischer|Weber|Rossi|Dubois"
    "|Kowalski|Ivanova|Murphy|Byrne|Stone|Hale|Marsh|Calder|Finch|Drummond|Archer|Whitlock|Barnes|Castillo|Lindqvist|Yamada|Singh"
    "|Mbeki|Demir|Horvath|Petrov|Jensen|Keller|Lopez|Meyer|Nolan|Ortiz|Price|Russo|Schmidt"
)
PLACES = _words(
    "Dunmore|Lisbon|Porto|Oslo|Bergen|Leipzig|Graz|Turin|Ghent|Malmo|Tartu|Riga|Krakow|Brno|Zagreb|Split|Varna|Izmir|Haifa|Cairo"
    "|Nairobi|Accra|Lagos|Durban|Mumbai|Pune|Chennai|Hanoi|Manila|Osaka|Kyoto|Busan|Perth|Hobart|Auckland|Lima|Quito|Bogota|Cusco"
    "|Austin|Denver|Boise|Portland|Halifax|Toronto|Quebec|Leeds|York|Bath|Cork|Galway|Dundee|Inverness|Rotterdam|Utrecht|Lyon|Nantes"
)
COMPANY = _words(
    "Works|Systems|Glass Company|Instruments|Labs|Foods|Motors|Energy|Textiles|Robotics|Software|Shipping|& Sons|Group|Ltd|Inc."
)
STEMS = _words(
    "Aero|Nova|Terra|Lumen|Vanta|Hydro|Quanta|Ferro|Cryo|Opti|Silva|Delta|Orbit|Polar|Alto|Brisk|Cobalt|Ember|Falcon|Granite|Harbor"
    "|Iris|Jade|Kestrel|Lark|Merlin|Nimbus|Onyx|Pioneer|Raven|Summit|Tundra|Vertex|Willow|Zephyr"
)
MONTHS = _words("January|February|March|April|May|June|July|August|September|October|November|December")
DAYS = _words("Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday")
MATERIALS = _words(
    "stainless steel|oak|aluminium|ABS plastic|carbon fibre|cast iron|brass|bamboo|tempered glass|recycled polyester|cotton|leather"
)
COLOURS = _words("black|white|dark green|navy blue|silver|red|matte grey|orange|yellow|burgundy")
DOMAINS = _words("example.org|example.com|example.net|mail.example.org|dunmore.example|quill.example|lab.example.edu")


def person(r: random.Random) -> str:
    middle = f" {r.choice('ABCDEFGHJKLMNPRST')}." if r.random() < 0.1 else ""
    return f"{r.choice(FIRST)}{middle} {r.choice(LAST)}"


def place(r: random.Random) -> str:
    return r.choice(PLACES)


def company(r: random.Random) -> str:
    return f"{r.choice(r.choice((STEMS, LAST, PLACES)))} {r.choice(COMPANY)}"


def model(r: random.Random) -> str:
    number = r.choice((str(r.randint(2, 9) * 10 ** r.randint(1, 3)), f"{r.choice('ABCDGKLMRSTXZ')}{r.randint(1, 990)}"))
    return f"{r.choice(STEMS)} {number}" if r.random() < 0.7 else f"{r.choice('ABCDGKLMRSTXZ')}{r.choice('ABCDEFX')}-{r.randint(10, 9900)}"


def date(r: random.Random) -> str:
    year, month, day = r.randint(1890, 2026), r.randint(1, 12), r.randint(1, 28)
    name = MONTHS[month - 1]
    return r.choice((
        f"{year}-{month:02}-{day:02}", f"{day} {name} {year}", f"{name} {day}, {year}", f"{day:02}/{month:02}/{year}",
        f"{day:02}.{month:02}.{year}", f"{name} {year}", str(year), f"{day} {name[:3]} {year}",
    ))  # fmt: skip


def clock(r: random.Random) -> str:
    hour, minute = r.randint(0, 23), r.choice((0, 0, 15, 30, 45, r.randint(0, 59)))
    if r.random() < 0.4:
        return f"{(hour - 1) % 12 + 1}:{minute:02} {'am' if hour < 12 else 'pm'}"
    return f"{hour:02}:{minute:02}"


def hours(r: random.Random) -> str:
    begin, end = r.randint(6, 11), r.randint(15, 22)
    return r.choice((f"{begin:02}:00-{end}:00", f"{begin} am to {end - 12} pm", f"{begin}:30 – {end}:00", f"{begin:02}:00 to {end}:30"))


def digits(r: random.Random) -> str:
    kind = r.random()
    if kind < 0.35:
        return str(r.randint(2, 99))
    if kind < 0.6:
        return f"{r.randint(0, 99)}.{r.randint(1, 99)}"
    if kind < 0.8:
        return str(r.randint(100, 9999))
    return f"{r.randint(1, 99)},{r.randint(0, 999):03}"


def measured(*units: str, signs: bool = True) -> Draw:
    def draw(r: random.Random) -> str:
        unit = r.choice(units)
        number = digits(r)
        if signs and r.random() < 0.12:
            number = r.choice(("-", "<", ">", "±", "~", "+")) + number
        elif r.random() < 0.1:
            number = f"{number}{r.choice(('-', ' to ', '–'))}{digits(r)}"
        return number + unit if unit in "%°" or r.random() < 0.2 else f"{number} {unit}"

    return draw


def price(r: random.Random) -> str:
    amount = r.choice(
        (f"{r.randint(1, 999)}.{r.randint(0, 99):02}", str(r.randint(5, 9000)), f"{r.randint(1, 99)},{r.randint(0, 999):03}.00")
    )
    return r.choice((f"${amount}", f"€{amount}", f"£{amount}", f"{amount} EUR", f"USD {amount}", f"{amount} €"))


def version(r: random.Random) -> str:
    return ".".join(str(r.randint(0, 20)) for _ in range(r.choice((2, 3, 3)))) + r.choice(("", "", "", "-rc1", "-beta", "b2"))


def address(r: random.Random) -> str:
    return f"{r.randint(1, 299)} {r.choice(LAST)} {r.choice(('Street', 'Road', 'Lane', 'Avenue', 'Square'))}, {place(r)}"


def mail(r: random.Random) -> str:
    return f"{r.choice(FIRST).lower()}{r.choice(('.', '_', ''))}{r.choice(LAST).lower()}@{r.choice(DOMAINS)}"


def phone(r: random.Random) -> str:
    return r.choice(
        (f"+{r.randint(1, 99)} {r.randint(10, 999)} {r.randint(100, 999)} {r.randint(1000, 9999)}", f"555-{r.randint(1000, 9999)}")
    )


def url(r: random.Random) -> str:
    return f"https://{r.choice(('', 'www.', 'docs.', 'api.'))}{r.choice(DOMAINS)}/{r.choice(STEMS).lower()}"


def host(r: random.Random) -> str:
    return r.choice((f"10.{r.randint(0, 255)}.{r.randint(0, 255)}.{r.randint(1, 254)}", f"{r.choice(STEMS).lower()}-{r.randint(1, 40):02}",
                     f"db{r.randint(1, 9)}.{r.choice(DOMAINS)}"))  # fmt: skip


def path(r: random.Random) -> str:
    file = f"{r.choice(STEMS).lower()}.{r.choice(('conf', 'log', 'yaml', 'json', 'db', 'pem', 'txt', 'csv'))}"
    return r.choice((file, f"/etc/{file}", f"/var/log/{file}", f"~/.config/{file}", f"C:\\data\\{file}", f"./{file}"))


def one_of(choices: str) -> Draw:
    options = _words(choices)
    return lambda r: r.choice(options)


def number(low: int, high: int) -> Draw:
    return lambda r: f"{r.randint(low, high):,}" if r.random() < 0.5 else str(r.randint(low, high))


def _p(labels: str, questions: str, draw: Draw, sentence: str) -> Property:
    return Property(_words(labels), _words(questions), draw, sentence)


DEVICE = Kind(_words("device|product|model|unit|machine"), model, (
    _p("Weight|Net weight|Mass|weight (net)", "How much does {e} weigh?|What is the weight of {e}?|How heavy is {e}?", measured("kg", "g", "lb"), "{e} weighs {v}."),
    _p("Height|Height (H)|Overall height", "How tall is {e}?|What is the height of {e}?|How high is {e}?", measured("mm", "cm", "m", "in"), "It is {v} high."),
    _p("Width|Overall width", "How wide is {e}?|What is the width of {e}?", measured("mm", "cm", "m"), "{e} is {v} wide."),
    _p("Length|Total length", "How long is {e}?|What is the length of {e}?", measured("mm", "cm", "m", "ft"), "{e} measures {v} in length."),
    _p("Price|List price|Cost|Unit price", "How much does {e} cost?|What is the price of {e}?|What does {e} cost?", price, "{e} sells for {v}."),
    _p("Power|Rated power|Power consumption|Max. power", "How much power does {e} use?|What is the power of {e}?|What is the rated power of {e}?", measured("W", "kW"), "It draws {v} at full load."),
    _p("Voltage|Supply voltage|Input", "What voltage does {e} need?|What is the supply voltage of {e}?", measured("V", "V AC", "V DC"), "It runs on {v}."),
    _p("Battery life|Run time|Battery", "How long does the battery of {e} last?|What is the battery life of {e}?", measured("hours", "h", "minutes"), "Its battery lasts {v}."),
    _p("Operating temperature|Temperature range|Ambient temp.", "At what temperature can {e} be used?|What is the operating temperature of {e}?", measured("°C", "degrees", "°F"), "It may be used at {v}."),
    _p("Humidity|Relative humidity", "What humidity does {e} allow?|What humidity is allowed?", measured("%", "% RH"), "The humidity must stay at {v}."),
    _p("Torque|Tightening torque|Max torque", "What torque is used for {e}?|What is the torque of {e}?", measured("Nm", "N·m", "lb-ft"), "Tighten the bolts to {v}."),
    _p("Colour|Color|Finish", "What colour is {e}?|What color does {e} have?", one_of("|".join(COLOURS)), "The housing is {v}."),
    _p("Material|Housing|Body", "What is {e} made of?|Which material is {e} made of?", one_of("|".join(MATERIALS)), "Its body is made of {v}."),
    _p("Manufacturer|Maker|Made by|Vendor|Brand", "Who makes {e}?|Who manufactures {e}?|Which company makes {e}?", company, "{e} is made by {v}."),
    _p("Designer|Designed by", "Who designed {e}?", person, "{e} was designed by {v}."),
    _p("Released|Launch date|Release date|On sale since", "When was {e} released?|When did {e} come out?", date, "{e} came out in {v}."),
    _p("Warranty|Guarantee", "How long is the warranty of {e}?|What is the warranty on {e}?", measured("months", "years", signs=False), "It comes with a warranty of {v}."),
    _p("Capacity|Tank|Volume", "How much does {e} hold?|What is the capacity of {e}?", measured("l", "litres", "ml", "gallons"), "Its tank holds {v}."),
    _p("Range|Max. range", "What is the range of {e}?|How far does {e} reach?", measured("km", "m", "miles"), "It has a range of {v}."),
    _p("Noise|Noise level|Sound level", "How loud is {e}?|What is the noise level of {e}?", measured("dB", "dB(A)"), "It is as loud as {v}."),
    _p("Speed|Top speed|Max. speed", "How fast is {e}?|What is the top speed of {e}?", measured("km/h", "mph", "rpm"), "It reaches {v}."),
    _p("Part number|Part no.|SKU|Article no.", "What is the part number of {e}?|Which article number does {e} have?", lambda r: f"{r.choice('ABCKPX')}{r.choice('ABCKPX')}-{r.randint(1000, 99999)}", "Order it as {v}."),
    _p("Origin|Made in|Country of origin", "Where is {e} made?|Where does {e} come from?", place, "It is built in {v}."),
))  # fmt: skip
PERSON = Kind(_words("employee|member|contact|person|speaker"), person, (
    _p("Role|Title|Position|Job title", "What is the role of {e}?|What does {e} do?|What is {e}'s job?", one_of("head of sales|software engineer|treasurer|night nurse|site manager|data analyst|editor|chief surgeon|train driver|project lead|accountant|gardener|librarian|curator"), "{e} works as {v}."),
    _p("E-mail|Email|Mail|e-mail address", "What is the e-mail address of {e}?|Where can one write to {e}?|How can {e} be reached by mail?", mail, "Write to {v}."),
    _p("Phone|Tel.|Telephone|Extension|Mobile", "What is the phone number of {e}?|What number does one call to reach {e}?", phone, "The phone number is {v}."),
    _p("Office|Room|Desk", "Which room is {e} in?|Where is the office of {e}?|What is {e}'s room?", lambda r: f"{r.choice(('Room ', '', 'B', 'Floor '))}{r.randint(1, 480)}", "The desk is in {v}."),
    _p("Born|Date of birth|Birthday", "When was {e} born?|What is the birthday of {e}?", date, "{e} was born on {v}."),
    _p("Born in|Place of birth|Home town|City|Location", "Where was {e} born?|Where does {e} come from?|Which city is {e} from?", place, "{e} comes from {v}."),
    _p("Joined|Start date|Since|Member since", "When did {e} join?|Since when has {e} been a member?|When did {e} start?", date, "{e} joined in {v}."),
    _p("Manager|Reports to|Supervisor", "Who is the manager of {e}?|Who does {e} report to?", person, "{e} reports to {v}."),
    _p("Department|Team|Unit", "Which department is {e} in?|Which team does {e} belong to?", one_of("Logistics|Finance|Research|Customer care|Radiology|Procurement|Platform|Quality|Human resources|Archives"), "{e} belongs to {v}."),
    _p("Salary|Pay|Hourly rate", "How much does {e} earn?|What is the salary of {e}?", price, "The pay is {v}."),
    _p("Employer|Company|Organisation", "Who does {e} work for?|Which company does {e} work for?", company, "{e} is employed by {v}."),
    _p("Blood type|Blood group", "What is the blood type of {e}?", one_of("A+|B-|0+|AB+|A-|O negative"), "The blood type is {v}."),
))  # fmt: skip
SERVICE = Kind(_words("service|server|job|system|application"), lambda r: f"{r.choice(STEMS).lower()}{r.choice(('-api', '-db', 'd', '-worker', ' server', '-gateway'))}", (
    _p("port|listen|Port|server.port", "Which port does {e} use?|What port does {e} listen on?|What is the port of {e}?", number(20, 65535), "{e} listens on port {v}."),
    _p("host|Host|bind_address|server.host|endpoint", "What host does {e} run on?|What is the address of {e}?", host, "It runs on {v}."),
    _p("timeout|connect_timeout|Timeout|read-timeout", "What is the timeout of {e}?|How long does {e} wait?", measured("s", "ms", "seconds", "minutes", signs=False), "The timeout is {v}."),
    _p("version|Version|image tag", "Which version of {e} is installed?|What is the version of {e}?|What version is {e}?", version, "The installed version is {v}."),
    _p("config|config_file|Configuration|conf", "Which file does {e} read?|Where is the configuration of {e}?|What is the configuration file of {e}?", path, "{e} reads {v} when it starts."),
    _p("log|log_file|Log|logging.file", "Where does {e} write its log?|What is the log file of {e}?", path, "Its log goes to {v}."),
    _p("retries|max_retries|Retries", "How many times does {e} retry?|How many retries does {e} make?", number(1, 40), "It tries {v} times before it gives up."),
    _p("memory|max_memory|Memory limit|mem", "How much memory does {e} get?|What is the memory limit of {e}?", measured("GB", "MiB", "Gi", "MB", signs=False), "It may use {v} of memory."),
    _p("owner|maintainer|Owner|contact", "Who owns {e}?|Who maintains {e}?|Who is responsible for {e}?", person, "{e} is maintained by {v}."),
    _p("workers|threads|Replicas|pool_size", "How many workers does {e} have?|How many threads does {e} use?", number(1, 256), "It starts {v} workers."),
    _p("url|URL|base_url|Homepage", "What is the URL of {e}?|Where can {e} be found?", url, "It is found at {v}."),
    _p("schedule|runs at|Start time|cron", "When does {e} run?|At what time does {e} start?", clock, "It starts at {v} every night."),
    _p("user|run_as|User", "Which user does {e} run as?|What user runs {e}?", one_of("root|www-data|postgres|svc_backup|nobody|deploy|ada"), "It runs as {v}."),
    _p("region|zone|Data centre|datacenter", "Where is {e} hosted?|Which region is {e} in?", one_of("eu-west-1|us-east-2|ap-south-1|Frankfurt|Dublin|Oregon|Singapore"), "It is hosted in {v}."),
    _p("log level|level|verbosity", "What is the log level of {e}?", one_of("DEBUG|INFO|WARN|error|trace"), "It logs at level {v}."),
    _p("license|Licence|License", "What is the licence of {e}?|Under which license is {e} published?", one_of("Apache-2.0|MIT|GPL-3.0|BSD-3-Clause|MPL 2.0|proprietary"), "It is published under {v}."),
))  # fmt: skip
ORDER = Kind(_words("order|invoice|parcel|shipment|contract"), lambda r: f"{r.choice(('order', 'invoice', 'parcel', 'contract'))} {r.choice(('', 'no. ', '#'))}{r.randint(1000, 99999)}", (
    _p("Customer|Bill to|Sold to|Client", "Who is the customer of {e}?|Who was {e} billed to?|Who ordered {e}?", person, "It was ordered by {v}."),
    _p("Supplier|Seller|Vendor|From", "Who is the supplier of {e}?|Who sold {e}?", company, "The supplier is {v}."),
    _p("Total|Amount due|Grand total|Sum", "What is the total of {e}?|How much is due for {e}?|What is the amount of {e}?", price, "The total is {v}."),
    _p("Subtotal|Net amount|Net", "What is the subtotal of {e}?|What is the net amount of {e}?", price, "The net amount is {v}."),
    _p("VAT|Tax|Sales tax", "How much tax is there on {e}?|What is the tax of {e}?", price, "Tax comes to {v}."),
    _p("Shipping|Delivery fee|Postage", "How much is the shipping of {e}?|What does delivery of {e} cost?", price, "Shipping costs {v}."),
    _p("Due date|Due|Payable by|Payment due", "When is {e} due?|By when must {e} be paid?", date, "It must be paid by {v}."),
    _p("Date|Issued|Order date|Date of issue", "When was {e} issued?|What is the date of {e}?|When was {e} placed?", date, "It was issued on {v}."),
    _p("Delivered|Delivery date|Arrival", "When was {e} delivered?|When does {e} arrive?", date, "It arrived on {v}."),
    _p("Ship to|Address|Delivery address", "Where is {e} sent?|What is the address of {e}?|Where was {e} delivered?", address, "It goes to {v}."),
    _p("Quantity|Qty|Pieces", "How many pieces are in {e}?|What is the quantity of {e}?", number(1, 2000), "It holds {v} pieces."),
    _p("Carrier|Shipped by|Courier", "Who delivers {e}?|Which carrier brings {e}?", company, "It is carried by {v}."),
    _p("IBAN|Account|Bank account", "Which account is {e} paid to?|What is the account for {e}?", lambda r: f"{r.choice(('DE', 'FR', 'NO', 'PT'))}{r.randint(10, 99)} {r.randint(1000, 9999)} {r.randint(1000, 9999)} {r.randint(1000, 9999)}", "Pay to {v}."),
    _p("Status|State", "What is the status of {e}?", one_of("paid|in transit|overdue|cancelled|waiting for approval|shipped|returned"), "Its status is {v}."),
    _p("Penalty|Late fee|Contract penalty", "What is the penalty in {e}?|What must be paid when {e} is late?", price, "Whoever is late owes {v}."),
    _p("Notice period|Notice|Termination", "What is the notice period of {e}?|How long is the notice period of {e}?", measured("days", "weeks", "months", signs=False), "It may be ended with a notice of {v}."),
))  # fmt: skip
EVENT = Kind(_words("meeting|course|train|concert|event|flight"), lambda r: r.choice((f"the {r.choice(STEMS)} {r.choice(('meeting', 'course', 'concert', 'workshop', 'fair'))}", f"train {r.choice(('IC', 'RE', 'S'))} {r.randint(1, 990)}", f"flight {r.choice('ABDKLQ')}{r.choice('AEFHZ')} {r.randint(10, 990)}")), (
    _p("Starts|Start|Departure|Dep.|Begin", "When does {e} start?|At what time does {e} begin?|When does {e} leave?", clock, "{e} starts at {v}."),
    _p("Ends|End|Arrival|Arr.", "When does {e} end?|At what time does {e} arrive?|When is {e} over?", clock, "It is over at {v}."),
    _p("Date|Day|When", "On which day is {e}?|When is {e}?|What is the date of {e}?", date, "{e} takes place on {v}."),
    _p("Weekday|Every", "On which weekday is {e}?", one_of("|".join(DAYS)), "It is held on {v}."),
    _p("Place|Venue|Room|Where|Location", "Where does {e} take place?|Where is {e} held?|What is the venue of {e}?", lambda r: r.choice((f"Hall {r.randint(1, 20)}", f"{r.choice(LAST)} Theatre", f"Room {r.randint(1, 400)}", place(r))), "{e} is held in {v}."),
    _p("Speaker|Host|Led by|Teacher|Conductor", "Who leads {e}?|Who speaks at {e}?|Who hosts {e}?", person, "It is led by {v}."),
    _p("From|Origin", "Where does {e} come from?|Where does {e} depart?", place, "It comes from {v}."),
    _p("To|Destination", "Where does {e} go?|What is the destination of {e}?", place, "It goes to {v}."),
    _p("Platform|Gate|Track", "From which platform does {e} leave?|What is the gate of {e}?", lambda r: f"{r.randint(1, 24)}{r.choice(('', '', 'a', 'B'))}", "It leaves from {v}."),
    _p("Fee|Ticket|Price|Admission", "How much is {e}?|What does a ticket for {e} cost?", price, "Admission is {v}."),
    _p("Seats|Places|Capacity|Max. participants", "How many seats does {e} have?|How many people can take part in {e}?", number(5, 900), "There are {v} seats."),
    _p("Duration|Length", "How long does {e} take?|How long is {e}?", measured("minutes", "hours", "h", "min", "days", signs=False), "It takes {v}."),
    _p("Delay|Delayed by", "How late is {e}?|What is the delay of {e}?", measured("minutes", "min", signs=False), "It is delayed by {v}."),
))  # fmt: skip
PLACE = Kind(_words("museum|shop|library|clinic|park|town"), lambda r: r.choice((f"{r.choice(LAST)} {r.choice(('Museum', 'Library', 'Clinic', 'Park', 'Bakery', 'Bridge', 'Lighthouse', 'Mill'))}", f"the {place(r)} {r.choice(('office', 'plant', 'branch', 'lighthouse', 'harbour'))}")), (
    _p("Open|Opening hours|Hours|Mon-Fri", "When is {e} open?|What are the opening hours of {e}?", hours, "It is open {v}."),
    _p("Address|Street|Location", "Where is {e}?|What is the address of {e}?", address, "{e} stands at {v}."),
    _p("Founded|Built|Opened|Established|Year built", "When was {e} built?|When was {e} founded?|When did {e} open?", date, "{e} was built in {v}."),
    _p("Architect|Built by|Builder", "Who built {e}?|Who was the architect of {e}?", person, "It was built by {v}."),
    _p("Director|Head|Managed by|Mayor", "Who is the director of {e}?|Who runs {e}?|Who heads {e}?", person, "{e} is headed by {v}."),
    _p("Visitors|Visitors per year|Annual visitors", "How many visitors does {e} have?|How many people visit {e} each year?", number(900, 900000), "Every year {v} people come."),
    _p("Area|Floor area|Size", "How large is {e}?|What is the area of {e}?", measured("m²", "hectares", "sq ft", "km²", signs=False), "It covers {v}."),
    _p("Entrance fee|Admission|Ticket", "How much is the entrance to {e}?|What is the entrance fee of {e}?", price, "Entry costs {v}."),
    _p("Closed|Closed on|Rest day", "On which day is {e} closed?|When is {e} closed?", one_of("|".join(DAYS)), "It is closed on {v}."),
    _p("Population|Inhabitants|Staff|Employees", "How many people work at {e}?|How many employees does {e} have?", number(3, 90000), "It employs {v} people."),
    _p("Owner|Owned by|Operator", "Who owns {e}?|Who operates {e}?", company, "Its owner is {v}."),
    _p("Phone|Tel.", "What is the phone number of {e}?", phone, "Call {v}."),
    _p("Website|Web|URL", "What is the website of {e}?", url, "Its website is {v}."),
    _p("Height|Elevation|Altitude", "How high is {e}?|What is the elevation of {e}?", measured("m", "metres", "ft", signs=False), "It stands {v} above the sea."),
    _p("Cost|Construction cost|Budget", "How much did {e} cost?|What was the budget of {e}?", lambda r: f"{r.choice('$€£')}{r.randint(1, 900)} {r.choice(('million', 'thousand', 'billion'))}", "Building it took {v}."),
))  # fmt: skip
DISH = Kind(_words("recipe|dish|drink|medicine"), lambda r: r.choice((f"{r.choice(LAST)}'s {r.choice(('soup', 'bread', 'apple cake', 'lemonade', 'stew'))}", f"{r.choice(STEMS).lower()}{r.choice(('ol', 'ine', 'in', 'ate'))}")), (
    _p("Flour|Wheat flour", "How much flour does {e} need?|How much flour is in {e}?", measured("g", "cups", "kg", signs=False), "It takes {v} of flour."),
    _p("Sugar|Cane sugar", "How much sugar does {e} need?|How much sugar is in {e}?", measured("g", "tbsp", "cups", signs=False), "It takes {v} of sugar."),
    _p("Water|Warm water", "How much water does {e} need?", measured("ml", "l", "cups", signs=False), "Add {v} of water."),
    _p("Salt|Sea salt", "How much salt goes into {e}?", measured("g", "tsp", "pinch", signs=False), "Add {v} of salt."),
    _p("Baking time|Cook time|Cooking time", "How long is {e} cooked?|What is the cooking time of {e}?|How long does {e} bake?", measured("minutes", "min", "hours", signs=False), "Cook it for {v}."),
    _p("Oven|Oven temperature|Bake at", "At what temperature is {e} baked?|How hot must the oven be for {e}?", measured("°C", "degrees", "°F", signs=False), "Heat the oven to {v}."),
    _p("Serves|Servings|Yield", "How many people does {e} serve?|How many servings does {e} make?", number(1, 24), "It serves {v}."),
    _p("Calories|Energy|kcal", "How many calories does {e} have?|How much energy is in {e}?", measured("kcal", "kJ", signs=False), "One portion has {v}."),
    _p("Dose|Dosage|Adult dose", "What is the dose of {e}?|How much {e} should be taken?", measured("mg", "ml", "tablets", signs=False), "The dose is {v}."),
    _p("Frequency|Taken|Intake", "How often is {e} taken?|How often should one take {e}?", one_of("twice a day|every 6 hours|once daily|three times a week|before meals|at bedtime"), "It is taken {v}."),
    _p("Storage|Store at|Keep at", "At what temperature is {e} stored?|How is {e} stored?", measured("°C", "degrees", "°F"), "Keep it at {v}."),
    _p("Side effects|Common side effect", "What is a side effect of {e}?", one_of("headache|dizziness|dry mouth|nausea|a mild rash|drowsiness"), "A common side effect is {v}."),
    _p("Allergens|Contains", "Which allergens are in {e}?|What allergen does {e} contain?", one_of("gluten|nuts|milk|eggs|soy|celery|none"), "It contains {v}."),
    _p("Inventor|Created by|Author", "Who created {e}?|Who invented {e}?", person, "It goes back to {v}."),
))  # fmt: skip
OPTION = Kind(_words("option|setting|parameter|flag|field"), lambda r: r.choice(("--", "-", "", "")) + "-".join(r.sample(("max", "cache", "size", "retry", "log", "level", "output", "batch", "timeout", "keep", "alive", "threads", "path", "user", "rate", "limit", "depth"), 2)), (
    _p("Default|default value|Default value|Initial", "What is the default of {e}?|What is the default value of {e}?", lambda r: r.choice((str(r.randint(0, 5000)), "true", "false", "none", "auto", path(r), f"{r.randint(1, 90)}s", "0.5")), "{e} is {v} unless set."),
    _p("Type|Kind|Data type", "What type is {e}?|What is the type of {e}?", one_of("integer|string|boolean|duration|float|path|list of strings|enum"), "Its type is {v}."),
    _p("Range|Allowed|Valid values", "What range may {e} have?|What values are allowed for {e}?", lambda r: r.choice((f"1-{r.randint(2, 999)}", f"0..{r.randint(2, 64)}", ">= 1", "0 to 1", "on or off")), "Allowed is {v}."),
    _p("Since|Added in|Available since|Introduced", "Since when is {e} available?|In which version was {e} added?", version, "It was added in {v}."),
    _p("Environment|Env|Environment variable", "Which environment variable sets {e}?|What is the environment variable of {e}?", lambda r: f"{r.choice(STEMS).upper()}_{r.choice(('HOME', 'LIMIT', 'LEVEL', 'PATH', 'TOKEN'))}", "The variable {v} sets it too."),
    _p("Deprecated|Deprecated in|Removed in", "In which version was {e} removed?|When was {e} deprecated?", version, "It was removed in {v}."),
    _p("Replaced by|See|Alias|Short form", "What replaces {e}?|What is the alias of {e}?|What is the short form of {e}?", lambda r: f"-{r.choice('abcdefghklmnpqrstuvw')}", "Use {v} for short."),
    _p("Unit|Measured in", "What is the unit of {e}?|In what unit is {e} given?", one_of("milliseconds|seconds|bytes|megabytes|percent|pixels|requests per second"), "It is given in {v}."),
))  # fmt: skip
KINDS = (DEVICE, PERSON, SERVICE, ORDER, EVENT, PLACE, DISH, OPTION)


@dataclass(frozen=True)
class Fact:
    """One property of one thing, with the value drawn for it."""

    property: Property
    label: str
    value: str


@dataclass(frozen=True)
class Record:
    """One thing and what is known of it."""

    kind: Kind
    name: str
    facts: tuple[Fact, ...]


def record(r: random.Random, kind: Kind, count: int, like: "Record | None" = None) -> Record:
    """A thing with so many facts; `like` gives the same properties under the same labels, with values of its own."""
    if like:
        facts = tuple(Fact(fact.property, fact.label, fact.property.draw(r)) for fact in like.facts)
    else:
        chosen = r.sample(kind.properties, min(count, len(kind.properties)))
        facts = tuple(Fact(p, r.choice(p.labels), p.draw(r)) for p in chosen)
    return Record(kind, kind.name(r), facts)


def question(r: random.Random, asked: Property, name: str) -> str:
    """A question for a property of the thing of this name, as careful or careless as people write."""
    text = r.choice(asked.questions).replace("{e}", name)
    if r.random() < 0.15:
        text = text.rstrip("?")
    return text if r.random() < 0.8 else text[0].lower() + text[1:]
