// Asks the server of the text on the page, and marks the answers in it. Texts are put in as text, never as HTML.

const EXAMPLE = `The lighthouse at Skerry Point was built between 1886 and 1889 by the engineer Agnes Rowe, whose father had surveyed the reef. It is 41 metres tall and stands on a base of grey granite. Its lamp, made by the Dunmore Glass Company, could be seen from 18 miles away.

For half a century three keepers and their families lived in the cottages beside the tower. The last of them, Tom Hale, left in the spring of 1938, when the lamp was changed from oil to electricity. Since 1991 the lighthouse has belonged to the town of Marrow, which opens it to visitors on Sundays.`;
const EXAMPLE_QUESTION = "Who built the lighthouse?";

const element = id => document.getElementById(id);
const question = element("question"), text = element("text"), marks = element("marks"), sheet = element("sheet");

/** What is shown: the text that was asked of, its answers, and which of them is chosen. */
let shown = { answers: [], chosen: -1 };
/** The request under way, if there is one. */
let underWay = null;
let settings = { maxContextLength: Infinity };

const numbers = new Intl.NumberFormat();
const percent = score => new Intl.NumberFormat(undefined, { style: "percent", maximumFractionDigits: 1 }).format(score);

function create(name, className, content = "") {
    const created = document.createElement(name);
    created.className = className;
    created.textContent = content;
    return created;
}

// ---- The text, and the marks in it

/** Writes the copy of the text that lies beneath it, with the answers marked. */
function drawMarks() {
    const content = text.value;
    const parts = [];
    let end = 0;
    const inOrder = shown.answers.map((answer, rank) => ({ ...answer, rank })).filter(answer => answer.text !== "");
    inOrder.sort((a, b) => a.start - b.start);
    for (const answer of inOrder) {
        if (answer.start < end) continue;
        parts.push(content.slice(end, answer.start));
        const mark = create("mark", answer.rank === shown.chosen ? "chosen" : "", content.slice(answer.start, answer.end));
        mark.dataset.rank = answer.rank;
        parts.push(mark);
        end = answer.end;
    }
    // A last line that is empty has a height only with something in it.
    parts.push(content.slice(end) + "\u200b");
    marks.replaceChildren(...parts);
}

function textChanged() {
    shown = { answers: [], chosen: -1 };
    if (!element("found").hidden) show("hint");
    drawMarks();
    const length = text.value.length;
    element("size").textContent = length === 0 ? "" : `${numbers.format(length)} characters`;
    element("clear").hidden = length === 0;
    element("next").hidden = element("previous").hidden = true;
}

function setText(content) {
    text.value = content;
    textChanged();
    sheet.scrollTop = 0;
}

function choose(rank, { scroll = true } = {}) {
    shown.chosen = rank;
    for (const mark of marks.querySelectorAll("mark")) {
        mark.classList.toggle("chosen", Number(mark.dataset.rank) === rank);
    }
    const radio = element(`candidate-${rank}`);
    if (radio) radio.checked = true;
    const mark = marks.querySelector("mark.chosen");
    if (mark && scroll) {
        // The sheet alone: on a telephone the page stays where the answers are.
        const middle = mark.offsetTop - sheet.offsetTop + mark.offsetHeight / 2;
        sheet.scrollTo({ top: middle - sheet.clientHeight / 2, behavior: calm() ? "auto" : "smooth" });
    }
}

const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** To the answer that stands before or after the chosen one in the text. */
function step(by) {
    const places = shown.answers.map((answer, rank) => ({ start: answer.start, rank, empty: answer.text === "" }))
        .filter(place => !place.empty).sort((a, b) => a.start - b.start);
    if (places.length === 0) return;
    const now = places.findIndex(place => place.rank === shown.chosen);
    choose(places[(now + by + places.length) % places.length].rank);
}

// ---- Asking

/** Shows one of: hint, waiting, problem, found. */
function show(what) {
    for (const id of ["hint", "waiting", "problem", "found"]) element(id).hidden = id !== what;
    element("result").setAttribute("aria-busy", String(what === "waiting"));
}

function showProblem(message) {
    show("problem");
    element("problem").textContent = message;
}

function tooLong(length) {
    return `The text has ${numbers.format(length)} characters. This server reads texts of up to `
        + `${numbers.format(settings.maxContextLength)}: give it a part of it.`;
}

async function ask() {
    if (question.value.trim() === "") { question.focus(); return showProblem("There is no question yet."); }
    if (text.value === "") { text.focus(); return showProblem("There is no text yet: type or paste one, or open a file."); }
    if (text.value.length > settings.maxContextLength) return showProblem(tooLong(text.value.length));
    underWay?.abort();
    const request = underWay = new AbortController();
    const asked = text.value;
    show("waiting");
    const start = performance.now();
    const tick = () => element("elapsed").textContent = `${Math.floor((performance.now() - start) / 1000)} s`;
    tick();
    const clock = setInterval(tick, 1000);
    try {
        const response = await fetch("answer", {
            method: "POST",
            headers: { "Content-Type": "application/json", "Accept": "application/json, application/problem+json" },
            body: JSON.stringify({
                question: question.value,
                context: asked,
                topK: Number(element("top-k").value),
                handleImpossibleAnswer: element("impossible").checked,
            }),
            signal: request.signal,
        });
        const body = await response.json();
        // What was asked of must still be what is there.
        if (request !== underWay || text.value !== asked) return;
        if (response.ok) showAnswers(body); else showProblem(problemText(body, response));
    } catch (failure) {
        if (request !== underWay) return;
        if (failure.name === "AbortError") show("hint");
        else showProblem("The server cannot be reached. Is it still running?");
    } finally {
        clearInterval(clock);
        if (request === underWay) underWay = null;
    }
}

function problemText(problem, response) {
    const detail = problem.detail ?? problem.title ?? `status ${response.status}`;
    const later = response.status === 429 || response.status === 503 ? " Try again in a moment." : "";
    return detail.charAt(0).toUpperCase() + detail.slice(1).replace(/\.?$/, ".") + later;
}

function showAnswers(result) {
    shown = { answers: result.answers, chosen: 0 };
    const legend = element("candidates").querySelector("legend");
    element("candidates").replaceChildren(legend, ...result.answers.map(candidate));
    const windows = result.windows === 1 ? "one window" : `${numbers.format(result.windows)} windows`;
    const cut = result.questionCut ? " The question was too long; its end was not read." : "";
    element("cost").textContent =
        `${duration(result.milliseconds)} for ${windows} on ${result.device}. No answer: ${percent(result.noAnswerScore)}.${cut}`;
    show("found");
    drawMarks();
    element("next").hidden = element("previous").hidden = marks.querySelectorAll("mark").length < 2;
    choose(0);
}

const duration = milliseconds => milliseconds < 1000
    ? `${Math.max(1, Math.round(milliseconds))} ms`
    : `${(milliseconds / 1000).toFixed(1)} s`;

function candidate(answer, rank) {
    const label = create("label", "candidate");
    const radio = create("input", "");
    radio.type = "radio";
    radio.name = "candidate";
    radio.id = `candidate-${rank}`;
    radio.addEventListener("change", () => choose(rank));
    const score = create("span", "score", percent(answer.score));
    const bar = create("progress", "bar");
    bar.max = 1;
    bar.value = answer.score;
    bar.setAttribute("aria-hidden", "true");
    label.append(radio, create("span", "answer", answer.text === "" ? "No answer in this text" : answer.text), score, bar);
    if (answer.text !== "") label.append(excerpt(answer));
    return label;
}

/** The answer amid its surroundings, cut between words. */
function excerpt(answer) {
    const around = 70;
    const from = Math.max(0, answer.start - around), to = Math.min(text.value.length, answer.end + around);
    let before = text.value.slice(from, answer.start), after = text.value.slice(answer.end, to);
    if (from > 0) before = before.replace(/^\S*\s+/, "…");
    if (to < text.value.length) after = after.replace(/\s+\S*$/, "…");
    const line = create("span", "excerpt");
    line.append(before, create("mark", "", answer.text), after);
    return line;
}

// ---- Files

async function read(file) {
    if (!file) return;
    // A character has four bytes at most, in the encodings that are read here.
    if (file.size > 4 * settings.maxContextLength) return showProblem(tooLong(file.size));
    try {
        const content = decode(new Uint8Array(await file.arrayBuffer()));
        if (content === null) return showProblem(`${file.name} is not a text.`);
        setText(content);
        question.focus();
        if (content.length > settings.maxContextLength) showProblem(tooLong(content.length)); else show("hint");
    } catch (failure) {
        showProblem(`${file.name} cannot be read: ${failure.message}`);
    }
}

/** The text of a file in UTF-8, in UTF-16 with a byte order mark, or else in Windows-1252; null where bytes are no text. */
function decode(bytes) {
    if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
    if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder("utf-16be").decode(bytes);
    if (bytes.subarray(0, 65536).includes(0)) return null;
    try {
        return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    } catch {
        return new TextDecoder("windows-1252").decode(bytes);
    }
}

// ---- What the user does

element("ask").addEventListener("submit", event => { event.preventDefault(); ask(); });
element("cancel").addEventListener("click", () => underWay?.abort());
element("open").addEventListener("click", () => element("file").click());
element("file").addEventListener("change", event => { read(event.target.files[0]); event.target.value = ""; });
element("clear").addEventListener("click", () => { setText(""); show("hint"); text.focus(); });
element("next").addEventListener("click", () => step(1));
element("previous").addEventListener("click", () => step(-1));
text.addEventListener("input", () => { underWay?.abort(); textChanged(); });

document.addEventListener("keydown", event => {
    const writing = event.target.matches("input[type=text], textarea, select");
    if (event.key === "/" && !writing && !event.ctrlKey && !event.metaKey && !event.altKey) {
        event.preventDefault();
        question.focus();
        question.select();
    } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target === text) {
        event.preventDefault();
        ask();
    } else if (event.key === "Escape") {
        underWay?.abort();
    }
});

let dragged = 0;
const hasFile = event => event.dataTransfer?.types.includes("Files");
addEventListener("dragenter", event => { if (hasFile(event)) { dragged++; document.body.classList.add("dropping"); } });
addEventListener("dragleave", event => { if (hasFile(event) && --dragged <= 0) endDrag(); });
addEventListener("dragover", event => { if (hasFile(event)) event.preventDefault(); });
addEventListener("drop", event => {
    if (!hasFile(event)) return;
    event.preventDefault();
    endDrag();
    read(event.dataTransfer.files[0]);
});
function endDrag() {
    dragged = 0;
    document.body.classList.remove("dropping");
}

const theme = element("theme");
function applyTheme() {
    if (theme.value === "") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme.value;
}
theme.addEventListener("change", () => { localStorage.setItem("theme", theme.value); applyTheme(); });
theme.value = localStorage.getItem("theme") ?? "";
applyTheme();

async function loadSettings() {
    try {
        const response = await fetch("settings");
        if (!response.ok) throw new Error(`status ${response.status}`);
        settings = await response.json();
        element("device").textContent = `on ${settings.device}`;
    } catch {
        showProblem("The server cannot be reached. Is it still running?");
    }
}

setText(EXAMPLE);
question.value = EXAMPLE_QUESTION;
show("hint");
await loadSettings();
document.body.dataset.ready = "true";
