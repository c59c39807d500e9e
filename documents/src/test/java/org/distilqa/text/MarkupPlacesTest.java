package org.distilqa.text;

import static org.assertj.core.api.Assertions.fail;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** Every character of the text stands in the file at the place that is given for it. */
class MarkupPlacesTest {
    private static final int FILES = 500;

    private static final String[][] REFERENCES = {
        {"&", "&amp;"},
        {"<", "&lt;"},
        {">", "&gt;"},
        {"é", "&eacute;"},
        {"é", "&#233;"},
        {"é", "&#xE9;"},
        {"😀", "&#128512;"},
        {"\"", "&quot;"}
    };

    @Test
    void everyCharacterOfRandomHtmlStandsAtItsPlace() {
        for (int seed = 0; seed < FILES; seed++) {
            MarkupWriter html = new MarkupWriter(seed);
            html.markup(
                    html.chance(0.5)
                            ? "<!doctype html>\n<html><head><title>No &amp; text</title></head><body>\r\n"
                            : "<p>");
            for (int i = html.random.nextInt(40); i >= 0; i--) {
                addHtml(html);
            }
            html.check(new DocumentReader().read("page.html", html.file.toString()));
        }
    }

    private static void addHtml(MarkupWriter html) {
        String[] tags = {"p", "b", "div", "li", "h2", "pre", "span", "em"};
        String tag = tags[html.random.nextInt(tags.length)];
        switch (html.random.nextInt(12)) {
            case 0 -> html.markup("<" + tag + " class=\"x &amp; y\">");
            case 1 -> html.markup("</" + tag + ">");
            case 2 -> html.markup("<script>if (a < b) { f('<p>no</p>'); }</script>");
            case 3 -> html.markup("<!-- not > seen -->");
            case 4 -> html.markup("<br/>\r\n");
            case 5 -> html.markup("<p hidden>not seen</p><style>p { x: y }</style>");
            case 6 -> {
                String[] reference = REFERENCES[html.random.nextInt(REFERENCES.length)];
                html.written(reference[0], reference[1]);
            }
            case 7 -> {
                html.written("&", "&amp");
                html.plain("x");
            }
            default -> {
                html.plain(html.word());
                html.markup(html.chance(0.6) ? " " : html.chance(0.5) ? "\n  " : "");
            }
        }
    }

    @Test
    void everyCharacterOfRandomMarkdownStandsAtItsPlace() {
        for (int seed = 0; seed < FILES; seed++) {
            MarkupWriter markdown = new MarkupWriter(seed);
            for (int i = markdown.random.nextInt(12); i >= 0; i--) {
                addBlock(markdown);
                markdown.markup(markdown.chance(0.3) ? "\r\n\r\n" : "\n\n");
            }
            markdown.check(new DocumentReader().read("page.md", markdown.file.toString()));
        }
    }

    private static void addBlock(MarkupWriter markdown) {
        switch (markdown.random.nextInt(9)) {
            case 0 -> {
                markdown.markup("## ");
                addInlines(markdown, "");
                markdown.markup(markdown.chance(0.3) ? " ##" : "");
            }
            case 1 -> {
                for (int i = markdown.random.nextInt(4); i >= 0; i--) {
                    markdown.markup("- ");
                    addInlines(markdown, "\n  ");
                    markdown.markup("\n");
                }
            }
            case 2 -> {
                markdown.markup("> ");
                addInlines(markdown, "\n> ");
            }
            case 3 -> {
                markdown.markup("```java\n");
                for (int i = markdown.random.nextInt(4); i >= 0; i--) {
                    markdown.markup("  ".repeat(markdown.random.nextInt(3)));
                    markdown.plain(markdown.word() + "&amp;*x*\\_");
                    markdown.markup(markdown.chance(0.2) ? "\n\n" : "\n");
                }
                markdown.markup("```");
            }
            case 4 -> {
                markdown.markup("<!-- so that no list goes on -->\n\n    ");
                markdown.plain(markdown.word() + "\\*");
                markdown.markup("\n\n      ");
                markdown.plain(markdown.word());
            }
            case 5 -> {
                markdown.markup("|  |  |\n|---|---|\n");
                for (int i = markdown.random.nextInt(3); i >= 0; i--) {
                    addRow(markdown);
                }
            }
            case 6 -> {
                markdown.markup("<div>\n");
                markdown.plain(markdown.word());
                markdown.markup(" <b>");
                markdown.written("&", "&amp;");
                markdown.plain(markdown.word());
                markdown.markup("</b>\n</div>");
            }
            default -> addInlines(markdown, "\n");
        }
    }

    private static void addRow(MarkupWriter markdown) {
        for (int cell = 0; cell < 2; cell++) {
            markdown.markup("| ");
            for (int i = markdown.random.nextInt(3); i >= 0; i--) {
                switch (markdown.random.nextInt(4)) {
                    case 0 -> markdown.written("|", "\\|");
                    case 1 -> {
                        markdown.markup("`");
                        markdown.plain("c" + markdown.word());
                        markdown.written("|", "\\|");
                        markdown.markup("`");
                    }
                    default -> addInline(markdown);
                }
                markdown.markup(" ");
            }
        }
        markdown.markup("|\n");
    }

    private static void addInlines(MarkupWriter markdown, String lineBreak) {
        markdown.plain("w");
        for (int i = markdown.random.nextInt(12); i >= 0; i--) {
            markdown.markup(markdown.chance(0.8) || lineBreak.isEmpty() ? " " : lineBreak);
            addInline(markdown);
        }
    }

    private static void addInline(MarkupWriter markdown) {
        switch (markdown.random.nextInt(10)) {
            case 0 -> {
                markdown.markup("*");
                markdown.plain("ab");
                markdown.markup("*");
            }
            case 1 -> {
                markdown.markup("`` ");
                markdown.plain("`" + markdown.word() + "&lt;\\*");
                markdown.markup(" ``");
            }
            case 2 -> {
                markdown.markup("[");
                markdown.plain("link" + markdown.word());
                markdown.markup("](http://example.org/a_b)");
            }
            case 3 -> markdown.written("*", "\\*");
            case 4 -> {
                String[] reference = REFERENCES[markdown.random.nextInt(REFERENCES.length)];
                markdown.written(reference[0], reference[1]);
            }
            case 5 -> markdown.markup("![not seen](picture.png)");
            case 6 -> {
                markdown.markup("<b>");
                markdown.plain("q");
                markdown.markup("</b>");
            }
            default -> markdown.plain("w" + markdown.word());
        }
    }

    /** What is broken has no right text, but its characters stand somewhere, in their order. */
    @Test
    void placesAscendWithinTheFileWhateverIsInIt() {
        String[] parts = {
            "<",
            ">",
            "&",
            ";",
            "&am",
            "&amp",
            "&#",
            "&#0;",
            "&#xD800;",
            "&notit;",
            "\\",
            "`",
            "```",
            "*",
            "_",
            "|",
            "---",
            "\n",
            "\r",
            "\t",
            " ",
            "</",
            "<b",
            "<p>",
            "<pre>\n",
            "<table>",
            "<td>",
            "<!--",
            "-->",
            "<![CDATA[",
            "\0",
            "\ud83d",
            "\ude00",
            "#",
            "> ",
            "- ",
            "1. ",
            "    ",
            "[a](b",
            "![",
            "word",
            "é",
            "<textarea>",
            "<script>",
            "</script>",
            "<svg>",
            "<title>",
            "\ufeff",
            "<br>",
            "<br",
            "&semi;",
            "==="
        };
        for (int seed = 0; seed < 4 * FILES; seed++) {
            Random random = new Random(seed);
            StringBuilder file = new StringBuilder();
            for (int i = random.nextInt(60); i >= 0; i--) {
                file.append(parts[random.nextInt(parts.length)]);
            }
            String name = seed % 2 == 0 ? "page.html" : "page.md";
            Document document = new DocumentReader().read(name, file.toString());
            // Text that stands in a table where it must not comes before the table, as browsers show it.
            boolean inOrder = file.indexOf("<table>") < 0;
            int last = 0;
            for (int i = 0; i < document.text().length(); i++) {
                int start = document.places().start(i).offset();
                int end = document.places().end(i + 1).offset();
                if (start > end || end > file.length() || inOrder && start < last) {
                    fail("character %d is from %d to %d, after %d, in %s", i, start, end, last, file);
                }
                last = start;
            }
        }
    }
}
