package org.distilqa.text;

import java.util.Set;
import org.distilqa.text.References.Writing;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.Range;
import org.jsoup.nodes.TextNode;
import org.jsoup.parser.Parser;
import org.jsoup.select.NodeFilter;

/** What a reader sees of HTML. */
final class HtmlText implements NodeFilter {
    private static final Set<String> NOT_SHOWN = Set.of("head", "iframe", "noscript", "script", "style", "template");

    private static final Set<String> PREFORMATTED = Set.of("pre", "textarea", "listing", "xmp");

    /** After whose begin and end a new line begins. */
    private static final Set<String> LINES =
            Set.of("dd", "dt", "li", "option", "tr", "legend", "caption", "figcaption", "summary");

    private static final Set<String> CELLS = Set.of("td", "th");

    private final Source html;
    private final ExtractedText text;

    /** How many elements around the current place keep blanks and line breaks as they are. */
    private int preformatted;

    private HtmlText(Source html, ExtractedText text) {
        this.html = html;
        this.text = text;
    }

    static Document read(String name, String file) {
        ExtractedText text = new ExtractedText();
        String title = append(Source.of(file), text);
        return Document.of(name, title.isBlank() ? name : title, text.text(), text.places(file));
    }

    /** Adds what is seen of some HTML to a text, and gives its title. */
    static String append(Source html, ExtractedText text) {
        org.jsoup.nodes.Document document =
                Parser.htmlParser().setTrackPosition(true).parseInput(html.text(), "");
        document.filter(new HtmlText(html, text));
        return document.title();
    }

    @Override
    public FilterResult head(Node node, int depth) {
        if (node instanceof TextNode part) {
            append(part);
        } else if (node instanceof Element element) {
            if (NOT_SHOWN.contains(element.normalName()) || element.hasAttr("hidden")) {
                return FilterResult.SKIP_ENTIRELY;
            }
            preformatted += PREFORMATTED.contains(element.normalName()) ? 1 : 0;
            separate(element);
        }
        return FilterResult.CONTINUE;
    }

    @Override
    public FilterResult tail(Node node, int depth) {
        if (node instanceof Element element) {
            preformatted -= PREFORMATTED.contains(element.normalName()) ? 1 : 0;
            separate(element);
        }
        return FilterResult.CONTINUE;
    }

    private void separate(Element element) {
        String name = element.normalName();
        String separator = name.equals("br") || LINES.contains(name)
                ? "\n"
                : CELLS.contains(name) ? "\t" : element.isBlock() ? "\n\n" : "";
        text.separate(separator, text.fileEnd(), text.fileEnd());
    }

    private void append(TextNode node) {
        Range range = node.sourceRange();
        if (!range.isTracked()) {
            return;
        }
        Source written = html.slice(range.startPos(), range.endPos());
        Source part = References.align(written, node.getWholeText(), Writing.HTML);
        if (preformatted > 0) {
            text.copy(part, 0, part.length());
        } else {
            appendWords(part);
        }
    }

    /** Any blanks and line breaks in a row are one blank. */
    private void appendWords(Source part) {
        for (int i = 0; i < part.length(); ) {
            int end = i;
            while (end < part.length() && !isBlank(part.text().charAt(end))) {
                end++;
            }
            text.copy(part, i, end);
            if (end < part.length()) {
                text.separate(" ", part.start(end), part.end(end));
            }
            i = end + 1;
        }
    }

    /** What HTML takes for a blank; a no-break space is none. */
    private static boolean isBlank(char character) {
        return character == ' ' || character == '\t' || character == '\n' || character == '\r' || character == '\f';
    }
}
