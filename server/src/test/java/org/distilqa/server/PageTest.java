package org.distilqa.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.FilePayload;
import com.microsoft.playwright.options.ReducedMotion;
import java.math.RoundingMode;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.text.NumberFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.distilqa.Answer;
import org.distilqa.DeviceException;
import org.distilqa.QuestionAnswerer;
import org.distilqa.QuestionRequest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The page in a real browser. Its pictures lie in target/pictures; those of the docs are made by this test too. */
@Timeout(300)
class PageTest {
    private static final int MOST_CHARACTERS = 60_000;
    private static final double MILLISECONDS = 60_000;

    private static Playwright playwright;
    private static Browser browser;
    private static RunningServer server;

    private final List<String> faults = new ArrayList<>();
    private BrowserContext context;
    private Page page;

    @BeforeAll
    static void start() {
        Path program = Chromium.require();
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(program)
                        .setArgs(List.of("--disable-dev-shm-usage")));
        server = new RunningServer(options -> options.withMaxContextLength(MOST_CHARACTERS), builder -> builder);
    }

    @AfterAll
    static void stop() {
        if (playwright != null) {
            playwright.close();
        }
        if (server != null) {
            server.close();
        }
    }

    @BeforeEach
    void open() {
        open(new Browser.NewContextOptions().setViewportSize(1280, 800).setColorScheme(ColorScheme.LIGHT));
    }

    private void open(Browser.NewContextOptions options) {
        if (context != null) {
            context.close();
        }
        context = browser.newContext(options.setLocale("en-US").setReducedMotion(ReducedMotion.REDUCE));
        context.setDefaultTimeout(MILLISECONDS);
        PlaywrightAssertions.setDefaultAssertionTimeout(MILLISECONDS);
        page = context.newPage();
        page.onConsoleMessage(message -> {
            // The browser itself tells of every response with a status of 400 or more.
            if (message.type().equals("error") && !message.text().contains("the server responded with a status")) {
                faults.add(message.text());
            }
        });
        page.onPageError(faults::add);
        page.navigate(server.server().uri().toString());
        page.locator("body[data-ready]").waitFor();
    }

    @AfterEach
    void close() {
        server.device().recover();
        server.device().release();
        context.close();
        assertThat(faults)
                .as("what the browser complained of, such as a breach of the security policy")
                .isEmpty();
    }

    private void picture(String name) {
        page.screenshot(new Page.ScreenshotOptions().setPath(Path.of("target/pictures", name + ".png")));
    }

    private Locator chosenMark() {
        return page.locator("#marks mark.chosen");
    }

    private void ask(String question) {
        page.locator("#question").fill(question);
        page.keyboard().press("Enter");
        page.locator("#found").waitFor();
    }

    private String text() {
        return page.locator("#text").inputValue();
    }

    /** Where the chosen mark stands in the text, and what it marks. */
    private void assertChosen(Answer answer) {
        assertThat(chosenMark()).hasText(answer.text());
        Object start = page.evaluate("""
                () => {
                    const range = document.createRange();
                    range.setStart(document.getElementById("marks"), 0);
                    range.setEndBefore(document.querySelector("#marks mark.chosen"));
                    return range.toString().length;
                }""");
        assertThat(start).isEqualTo(answer.start());
        assertThat(text().substring(answer.start(), answer.end())).isEqualTo(answer.text());
    }

    private static List<Answer> expected(String question, String context, int topK) {
        try (QuestionAnswerer answerer =
                QuestionAnswerer.builder().model("bundled").device("cpu").build()) {
            return answerer.answer(
                    QuestionRequest.of(question, context).withTopK(topK).withHandleImpossibleAnswer(true));
        }
    }

    /** By the rules of WCAG 2.2, levels A and AA. */
    private void assertAccessible() {
        var results = new AxeBuilder(page)
                .withTags(List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"))
                .analyze();
        assertThat(results.getViolations().stream()
                        .map(rule -> rule.getId() + ": " + rule.getHelp() + " "
                                + rule.getNodes().stream()
                                        .map(node -> node.getHtml())
                                        .toList()))
                .isEmpty();
        assertThat(results.getPasses()).isNotEmpty();
    }

    /** The characters of the text and of the copy that is marked are at the same places. */
    private void assertMarksLieUnderTheText() {
        assertThat(page.evaluate("""
                () => {
                    const text = document.getElementById("text"), marks = document.getElementById("marks");
                    const a = getComputedStyle(text), b = getComputedStyle(marks);
                    const same = ["fontFamily", "fontSize", "lineHeight", "letterSpacing", "wordSpacing", "whiteSpaceCollapse",
                        "overflowWrap", "wordBreak", "tabSize", "paddingLeft", "paddingTop", "paddingRight", "direction"];
                    const x = text.getBoundingClientRect(), y = marks.getBoundingClientRect();
                    return same.filter(name => a[name] !== b[name])
                        .concat(x.width === y.width && x.left === y.left && x.top === y.top ? [] : ["place"])
                        .concat(text.scrollHeight <= Math.ceil(y.height) ? [] : ["height"]).join();
                }""")).isEqualTo("");
    }

    private boolean chosenMarkIsInView() {
        return (boolean) page.evaluate("""
                () => {
                    const mark = document.querySelector("#marks mark.chosen").getBoundingClientRect();
                    const sheet = document.getElementById("sheet").getBoundingClientRect();
                    return mark.top >= sheet.top && mark.bottom <= sheet.bottom;
                }""");
    }

    @Test
    void marksTheAnswerAtItsCharactersAndTellsItsScoreAndTheTime() {
        String question = "How tall is the lighthouse?";
        ask(question);
        List<Answer> answers = expected(question, text(), 3);
        assertChosen(answers.get(0));
        assertThat(page.locator(".candidate")).hasCount(answers.size());
        assertThat(page.locator(".candidate .answer").first())
                .hasText(answers.get(0).text());
        assertThat(page.locator(".candidate .score").first())
                .hasText(percent(answers.get(0).score()));
        assertThat(page.locator("#cost")).containsText(Pattern.compile("\\d ?m?s for one window on cpu"));
        assertMarksLieUnderTheText();
        assertAccessible();
        picture("serve-light");
    }

    private static String percent(double score) {
        NumberFormat format = NumberFormat.getPercentInstance(Locale.US);
        format.setMaximumFractionDigits(1);
        format.setRoundingMode(RoundingMode.HALF_UP);
        return format.format(score);
    }

    @Test
    void goesThroughTheOtherAnswersWithTheKeyboardAlone() {
        String question = "Who built the lighthouse?";
        page.locator("#text").focus();
        page.keyboard().press("Tab");
        page.keyboard().press("Shift+Tab");
        page.evaluate("document.activeElement.blur()");
        page.keyboard().press("/");
        assertThat(page.locator("#question")).isFocused();
        page.keyboard().type(question);
        page.keyboard().press("Enter");
        page.locator("#found").waitFor();
        List<Answer> answers = expected(question, text(), 3);
        assertChosen(answers.get(0));
        for (int tabs = 0;
                !page.locator("#candidate-0")
                        .evaluate("e => e === document.activeElement")
                        .equals(true);
                tabs++) {
            assertThat(tabs).as("Tab leads to the answers").isLessThan(8);
            page.keyboard().press("Tab");
        }
        for (int rank = 1; rank < answers.size(); rank++) {
            page.keyboard().press("ArrowDown");
            assertThat(page.locator("#candidate-" + rank)).isChecked();
            if (answers.get(rank).isEmpty()) {
                assertThat(chosenMark()).hasCount(0);
            } else {
                assertChosen(answers.get(rank));
            }
        }
        page.keyboard().press("ArrowUp");
        assertThat(page.locator("#candidate-" + (answers.size() - 2))).isChecked();
    }

    @Test
    void asksFromWithinTheText() {
        page.locator("#text").fill("The bridge was built by Bea Stone in 1921.");
        page.locator("#question").fill("Who built the bridge?");
        page.locator("#text").focus();
        page.keyboard().press("Control+Enter");
        assertThat(chosenMark()).hasText("Bea Stone");
    }

    @Test
    void showsTextsAsTextsWhateverIsInThem() {
        String text =
                "<b onclick=alert(1)>Ada & Quill</b> built the mill.\r\n\t<img src=x onerror=\"document.title='broken'\">"
                        + "<script>document.title='broken'</script> \ud83d\ude42 e\u0301 Its miller was Tom Hale \ud83c\udfed.";
        page.locator("#text").fill(text);
        ask("Who was the miller?");
        assertChosen(expected("Who was the miller?", text(), 1).get(0));
        assertThat(chosenMark()).hasText("Tom Hale");
        assertThat(page.locator("#marks *:not(mark), .candidate b, .candidate img"))
                .hasCount(0);
        assertThat(page).hasTitle("DistilQA");
        assertMarksLieUnderTheText();
    }

    @Test
    void saysThatThereIsNoAnswer() {
        page.locator("#text").fill("The quick brown fox jumps over the lazy dog.");
        ask("Who built the lighthouse at Skerry Point?");
        assertThat(page.locator(".candidate .answer").first()).hasText("No answer in this text");
        assertThat(chosenMark()).hasCount(0);
        assertAccessible();
    }

    @Test
    void bringsAnAnswerFarDownIntoView() {
        String text = "Nothing of note happened that day.\n\n".repeat(300) + "The mill was built by Ada Quill."
                + "\n\nNothing of note happened that day.".repeat(300);
        page.locator("#text").fill(text);
        ask("Who built the mill?");
        assertThat(chosenMark()).hasText("Ada Quill");
        assertThat(chosenMarkIsInView()).isTrue();
        assertMarksLieUnderTheText();
    }

    @Test
    void forgetsTheAnswersWhenTheTextChanges() {
        ask("How tall is the lighthouse?");
        assertThat(page.locator("#marks mark").first()).isVisible();
        page.locator("#text").press("End");
        page.keyboard().type(" And more.");
        assertThat(page.locator("#marks mark")).hasCount(0);
        assertThat(page.locator("#found")).isHidden();
    }

    @Test
    void saysWhatIsWrongWithATextThatIsTooLarge() {
        page.locator("#text").fill("word ".repeat(MOST_CHARACTERS / 5 + 1));
        page.locator("#question").fill("Who?");
        page.keyboard().press("Enter");
        assertThat(page.locator("#problem"))
                .hasText(
                        "The text has 60,005 characters. This server reads texts of up to 60,000: give it a part of it.");
        assertAccessible();
        picture("serve-problem");
    }

    @Test
    void showsTheServersProblem() {
        server.device().failWith(() -> new DeviceException("out of memory"));
        page.locator("#question").press("Enter");
        assertThat(page.locator("#problem")).hasText("The server cannot answer at the moment. Try again in a moment.");
    }

    @Test
    void asksForAQuestionAndATextWhereThereIsNone() {
        page.locator("#clear").click();
        page.locator("#question").press("Enter");
        assertThat(page.locator("#problem")).containsText("There is no text yet");
        assertThat(page.locator("#text")).isFocused();
    }

    @Test
    void cancelsWhatTakesLong() throws Exception {
        server.device().hold();
        page.locator("#question").press("Enter");
        assertThat(page.locator("#waiting")).isVisible();
        server.device().awaitHeld();
        page.keyboard().press("Escape");
        assertThat(page.locator("#hint")).isVisible();
        server.device().release();
        ask("How tall is the lighthouse?");
        assertThat(chosenMark()).hasText("41 metres");
    }

    @Test
    void readsAFileFromTheButtonWhateverItsEncodingAndFormat() {
        open("mill.txt", "\ufeffThe mill was built by Ada Quill.".getBytes(StandardCharsets.UTF_8));
        assertThat(page.locator("#text")).hasValue("The mill was built by Ada Quill.");
        open("mill.txt", "\ufeffDie M\u00fchle".getBytes(StandardCharsets.UTF_16LE));
        assertThat(page.locator("#text")).hasValue("Die M\u00fchle");
        open("mill.txt", "Die M\u00fchle \u20ac".getBytes(Charset.forName("windows-1252")));
        assertThat(page.locator("#text")).hasValue("Die M\u00fchle \u20ac");
        open("mill.md", "# The mill\n\nIt was built by **Ada Quill**.\n".getBytes(StandardCharsets.UTF_8));
        assertThat(page.locator("#text")).hasValue("The mill\n\nIt was built by Ada Quill.");
        assertThat(page.locator("#text-label")).hasText("The mill");
        open(
                "mill.html",
                "<title>A mill</title><p>Built by <b>Ada</b> Quill &amp; Co.</p>".getBytes(StandardCharsets.UTF_8));
        assertThat(page.locator("#text")).hasValue("Built by Ada Quill & Co.");
        ask("Who built it?");
        assertThat(chosenMark()).containsText("Ada Quill");
        open("mill.png", new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0, 0, 0, 13, 'I', 'H', 'D', 'R'
        });
        assertThat(page.locator("#problem")).containsText("Mill.png: is a PNG image");
    }

    private void open(String name, byte[] content) {
        page.locator("#file").setInputFiles(file(name, content));
    }

    private static FilePayload file(String name, byte[] content) {
        return new FilePayload(name, "application/octet-stream", content);
    }

    @Test
    void readsAFileThatIsDroppedOnIt() {
        page.evaluate("""
                () => {
                    const data = new DataTransfer();
                    data.items.add(new File(["The mill was built by Ada Quill."], "mill.txt", { type: "text/plain" }));
                    for (const type of ["dragenter", "dragover", "drop"]) {
                        document.body.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }));
                    }
                }""");
        assertThat(page.locator("#text")).hasValue("The mill was built by Ada Quill.");
        ask("Who built the mill?");
        assertThat(chosenMark()).hasText("Ada Quill");
    }

    @Test
    void isDarkWhereTheSystemIsOrTheUserWantsIt() {
        assertThat(background()).isGreaterThan(600);
        page.locator("#theme").selectOption("dark");
        assertThat(background()).isLessThan(150);
        page.reload();
        page.locator("body[data-ready]").waitFor();
        assertThat(background()).as("remembered").isLessThan(150);
        open(new Browser.NewContextOptions().setViewportSize(1280, 800).setColorScheme(ColorScheme.DARK));
        assertThat(background()).isLessThan(150);
        ask("Who built the lighthouse?");
        assertThat(chosenMark()).hasText("Agnes Rowe");
        assertAccessible();
        picture("serve-dark");
    }

    /** Red, green and blue, added up. */
    private int background() {
        return (int) page.evaluate("""
                () => getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3)
                    .reduce((sum, value) => sum + Number(value), 0)""");
    }

    @Test
    void fitsATelephone() {
        open(new Browser.NewContextOptions()
                .setViewportSize(390, 844)
                .setDeviceScaleFactor(1.5)
                .setHasTouch(true)
                .setIsMobile(true)
                .setColorScheme(ColorScheme.LIGHT));
        page.locator("#question").fill("Who built the lighthouse?");
        page.locator("#submit").tap();
        assertThat(chosenMark()).hasText("Agnes Rowe");
        assertThat(page.evaluate("() => document.documentElement.scrollWidth")).isEqualTo(390);
        assertThat(chosenMarkIsInView()).isTrue();
        assertThat(page.evaluate("""
                () => [...document.querySelectorAll("button, select")].filter(e => e.offsetParent)
                    .filter(e => e.getBoundingClientRect().height < 44).map(e => e.id).join()""")).as("too small to tap").isEqualTo("");
        assertMarksLieUnderTheText();
        assertAccessible();
        picture("serve-phone");
        page.locator(".candidate").nth(1).tap();
        assertThat(page.locator("#candidate-1")).isChecked();
    }

    @Test
    void saysSoWhenTheServerIsGone() {
        try (RunningServer other = new RunningServer()) {
            page.navigate(other.server().uri().toString());
            page.locator("body[data-ready]").waitFor();
        }
        page.locator("#question").press("Enter");
        assertThat(page.locator("#problem")).hasText("The server cannot be reached. Is it still running?");
        faults.removeIf(fault -> fault.contains("ERR_CONNECTION_REFUSED"));
    }

    @Test
    void reachesEveryControlWithTheTabulatorAlone() {
        ask("Who built the lighthouse?");
        List<String> reached = new ArrayList<>();
        page.locator("#theme").focus();
        for (int i = 0; i < 16; i++) {
            reached.add((String) page.evaluate("() => document.activeElement.id"));
            page.keyboard().press("Tab");
        }
        assertThat(reached)
                .containsSubsequence(
                        "theme",
                        "question",
                        "submit",
                        "top-k",
                        "impossible",
                        "candidate-0",
                        "previous",
                        "next",
                        "clear",
                        "open",
                        "text");
    }

    @Test
    void searchesTheCollectionAndShowsThePassageOfEachAnswer() {
        try (RunningServer library = RunningServer.ofCollection()) {
            page.navigate(library.server().uri().toString());
            page.locator("body[data-ready]").waitFor();
            assertThat(page.locator("#sources")).containsText("village (3 documents)");
            ask("Who built the lighthouse?");
            assertThat(chosenMark()).hasText("Agnes Rowe");
            assertThat(page.locator("#text-label")).hasText("lighthouse.md, line 3");
            assertThat(page.locator("#text")).not().isEditable();
            assertMarksLieUnderTheText();
            assertAccessible();
            picture("serve-docs");
            ask("Who built the mill?");
            assertThat(chosenMark()).hasText("Ada Quill");
            assertThat(page.locator("#text-label")).hasText("more/mill.txt, line 3");
            page.getByLabel("in the text").check();
            assertThat(page.locator("#text")).isEditable();
            ask("How tall is the lighthouse?");
            assertThat(chosenMark()).hasText("41 metres");
        }
    }
}
