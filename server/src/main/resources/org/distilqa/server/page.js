// Asks the server of the text on the page, and marks the answers in it. Texts are put in as text, never as HTML.

const EXAMPLE = `The lighthouse at Skerry Point was built between 1886 and 1889 by the engineer Agnes Rowe, whose father had surveyed the reef. It is 41 metres tall and stands on a base of grey granite. Its lamp, made by the Dunmore Glass Company, could be seen from 18 miles away.

For half a century three keepers and their families lived in the cottages beside the tower. The last of them, Tom Hale, left in the spring of 1938, when the lamp was changed from oil to electricity. Since 1991 the lighthouse has belonged to the town of Marrow, which opens it to visitors on Sundays.`;
const EXAMPLE_QUESTION = "Who built the lighthouse?";

const element = id => document.getElementById(id);
const question = element("question"), text = element("text"), marks = element("marks"), sheet = element("sheet");

/** The answers that are shown, and which of them is chosen. Those of the collection each have a passage, the others are of the text. */
let shown = { answers: [], chosen: -1 };
/** The request under way, if there is one. */
let underWay = null;
let settings = { maxContextLength: Infinity, maxFileSize: Infinity };
/** The user's own text, while a passage of the collection is in its place. */
let ownText = "";

const searching = () => document.querySelector("input[name=source]:checked").value === "collection";

const numbers = new Intl.NumberFormat();
const percents = new Intl.NumberFormat(undefined, { style: "percent", maximumFractionDigits: 1 });
const percent = score => score > 0 && score < 0.0005 ? `< ${percents.format(0.001)}` : percents.format(score);

function create(name, className, content = "") {
    const created = document.createElement(name);
    created.className = className;
    created.textContent = content;
    return created;
}

// ---- The text, and the marks in it

/** The answers in the text that is shown, at their places in it, one after the other. */
function inOrder() {
    return shown.answers.map((answer, rank) => ({ ...answer, rank }))
        .filter(answer => answer.text !== "" && samePassage(answer, shown.answers[shown.chosen]))
        .sort((a, b) => a.start - b.start);
}

const samePassage = (a, b) => a.document === b?.document && a.passage === b?.passage;

/** Answers of the collection with their places in their passage, as a text area has it: each of its lines ends with LF. */
function inPassages(answers) {
    const withLf = content => content.replace(/\r\n?/g, "\n");
    return answers.map(answer => {
        const place = at => withLf(answer.passage.text.slice(0, at - answer.passage.start)).length;
        return {
            ...answer,
            text: withLf(answer.text),
            passage: withLf(answer.passage.text),
            start: place(answer.start),
            end: place(answer.end),
        };
    });
}

/** Writes the copy of the text that lies beneath it, with the answers marked. */
function drawMarks() {
    const content = text.value;
    const parts = [];
    let end = 0;
    for (const answer of inOrder()) {
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
    element("clear").hidden = length === 0 || searching();
    element("next").hidden = element("previous").hidden = true;
}

/** Puts the passage of an answer where the text is. */
function showPassage(answer) {
    element("text-label").textContent = `${answer.document}, ${place(answer)}`;
    if (text.value === answer.passage) return;
    text.value = answer.passage;
    element("size").textContent = "";
    sheet.scrollTop = 0;
}

const place = answer => answer.page ? `page ${answer.page}` : `line ${answer.line}`;

function setText(content) {
    text.value = content;
    textChanged();
    sheet.scrollTop = 0;
}

function choose(rank, { scroll = true } = {}) {
    shown.chosen = rank;
    if (shown.answers[rank]?.passage !== undefined) showPassage(shown.answers[rank]);
    drawMarks();
    element("next").hidden = element("previous").hidden = marks.querySelectorAll("mark").length < 2;
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
    const places = inOrder();
    if (places.length === 0) return;
    const now = places.findIndex(place => place.rank === shown.chosen);
    choose(places[(now + by + places.length) % places.length].rank);
}

// ---- Asking

/** Shows one of: hint, waiting, problem, found. */
function show(what) {
    for (const id of ["hint", "waiting", "problem", "found"]) element(id).hidden = id !== what;
    element("cost").hidden = what !== "found";
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
    const inCollection = searching();
    if (!inCollection) {
        if (text.value === "") { text.focus(); return showProblem("There is no text yet: type or paste one, or open a file."); }
        if (text.value.length > settings.maxContextLength) return showProblem(tooLong(text.value.length));
    }
    const asked = text.value;
    const answer = await send(inCollection ? "search" : "answer", "application/json", JSON.stringify({
        question: question.value,
        context: inCollection ? undefined : asked,
        topK: Number(element("top-k").value),
        handleImpossibleAnswer: element("impossible").checked,
    }));
    // What was asked of must still be what is there.
    if (answer !== null && searching() === inCollection && (inCollection || text.value === asked)) showAnswers(answer);
}

/** Sends a request and gives the response's JSON; null where it failed, which is shown, or another took its place. */
async function send(path, type, body) {
    underWay?.abort();
    const request = underWay = new AbortController();
    show("waiting");
    const start = performance.now();
    const tick = () => element("elapsed").textContent = `${Math.floor((performance.now() - start) / 1000)} s`;
    tick();
    const clock = setInterval(tick, 1000);
    try {
        const response = await fetch(path, {
            method: "POST",
            headers: { "Content-Type": type, "Accept": "application/json, application/problem+json" },
            body,
            signal: request.signal,
        });
        const received = await response.json();
        if (request !== underWay) return null;
        if (response.ok) return received;
        showProblem(problemText(received, response));
    } catch (failure) {
        if (request !== underWay) return null;
        if (failure.name === "AbortError") show("hint");
        else showProblem("The server cannot be reached. Is it still running?");
    } finally {
        clearInterval(clock);
        if (request === underWay) underWay = null;
    }
    return null;
}

function problemText(problem, response) {
    const detail = problem.detail ?? problem.title ?? `status ${response.status}`;
    const later = response.status === 429 || response.status === 503 ? " Try again in a moment." : "";
    return detail.charAt(0).toUpperCase() + detail.slice(1).replace(/\.?$/, ".") + later;
}

function showAnswers(result) {
    // The collection's server leaves out what is less likely than that there is none.
    const none = { text: "", start: 0, end: 0, score: result.noAnswerScore };
    const answers = result.answers.length === 0 ? [none] : searching() ? inPassages(result.answers) : result.answers;
    shown = { answers, chosen: -1 };
    const legend = element("candidates").querySelector("legend");
    element("candidates").replaceChildren(legend, ...answers.map(candidate));
    const windows = result.windows === 1 ? "one window" : `${numbers.format(result.windows)} windows`;
    const passages = result.passages === undefined ? "" : ` of ${numbers.format(result.passages)} passages`;
    const cut = result.questionCut ? ". The question was too long; its end was not read" : "";
    element("cost").textContent = `${duration(result.milliseconds)} for ${windows}${passages} on ${result.device}${cut}`;
    show("found");
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
    label.append(radio, create("span", "answer", answer.text === "" ? noAnswer() : answer.text), score, bar);
    if (answer.passage !== undefined) label.append(create("span", "place", `${answer.document}, ${place(answer)}`));
    if (answer.text !== "") label.append(excerpt(answer, rank === 0 ? 80 : 40));
    return label;
}

const noAnswer = () => searching() ? `No answer in ${settings.collection.title}` : "No answer in this text";

/** The answer amid its surroundings, cut between words. */
function excerpt(answer, around) {
    const content = answer.passage ?? text.value;
    const from = Math.max(0, answer.start - around), to = Math.min(content.length, answer.end + around);
    let before = content.slice(from, answer.start), after = content.slice(answer.end, to);
    if (from > 0) before = before.replace(/^\S*\s+/, "… ");
    if (to < content.length) after = after.replace(/\s+\S*$/, " …");
    const line = create("span", "excerpt");
    line.append(before, create("mark", "", answer.text), after);
    return line;
}

// ---- Files, which the server reads: it knows their encodings and formats

async function open(file) {
    if (!file) return;
    if (file.size > settings.maxFileSize) {
        return showProblem(`${file.name} has ${numbers.format(file.size)} bytes. This server reads files of up to `
            + `${numbers.format(settings.maxFileSize)}.`);
    }
    const read = await send(`document?name=${encodeURIComponent(file.name)}`, "application/octet-stream", file);
    if (read === null) return;
    lookIn("text");
    setText(read.text);
    element("text-label").textContent = read.title;
    show("hint");
    question.focus();
}

// ---- Where to look

function lookIn(source) {
    document.querySelector(`input[name=source][value=${source}]`).checked = true;
    const inCollection = source === "collection";
    if (inCollection === text.readOnly) return;
    underWay?.abort();
    const content = inCollection ? "" : ownText;
    if (inCollection) ownText = text.value;
    text.readOnly = inCollection;
    text.placeholder = inCollection ? "The passage of the answer will stand here." : "Type or paste a text here, or drop a file.";
    element("text-label").textContent = inCollection ? "Passage" : "Text";
    element("open").hidden = inCollection;
    setText(content);
    show("hint");
}

// ---- What the user does

element("ask").addEventListener("submit", event => { event.preventDefault(); ask(); });
element("cancel").addEventListener("click", () => underWay?.abort());
element("open").addEventListener("click", () => element("file").click());
element("file").addEventListener("change", event => { open(event.target.files[0]); event.target.value = ""; });
element("clear").addEventListener("click", () => {
    setText("");
    element("text-label").textContent = "Text";
    show("hint");
    text.focus();
});
element("sources").addEventListener("change", event => lookIn(event.target.value));
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
    open(event.dataTransfer.files[0]);
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
        if (settings.collection) {
            element("collection").textContent =
                `${settings.collection.title} (${numbers.format(settings.collection.documents)} documents)`;
            element("sources").hidden = false;
            lookIn("collection");
            question.value = "";
            question.focus();
        }
    } catch {
        showProblem("The server cannot be reached. Is it still running?");
    }
}

setText(EXAMPLE);
question.value = EXAMPLE_QUESTION;
show("hint");
await loadSettings();
document.body.dataset.ready = "true";
