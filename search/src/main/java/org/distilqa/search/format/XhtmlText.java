package org.distilqa.search.format;

import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.distilqa.text.Places;
import org.xml.sax.Attributes;
import org.xml.sax.helpers.DefaultHandler;

/**
 * The text of what Tika gives as XHTML: an empty line between two paragraphs, a tab between two cells of a table, and the places
 * where pages start. Not safe for use by many threads.
 */
final class XhtmlText extends DefaultHandler {
    private static final Set<String> BLOCKS = Set.of(
            "p",
            "div",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "li",
            "ul",
            "ol",
            "dl",
            "dt",
            "dd",
            "table",
            "blockquote",
            "pre");
    /** The narrower before the wider. */
    private static final List<String> GAPS = List.of("", " ", "\t", "\n", "\n\n");

    private static final Set<String> CELLS = Set.of("td", "th");

    private final StringBuilder text = new StringBuilder();
    private final IntStream.Builder pageStarts = IntStream.builder();
    private boolean inBody;
    private int cells;

    /** What is to stand before the next character. */
    private String gap = "";

    private boolean pageStarting;
    private boolean hasPages;

    @Override
    public void startElement(String uri, String name, String qualified, Attributes attributes) {
        if (name.equals("body")) {
            inBody = true;
        } else if (name.equals("div") && isPage(attributes)) {
            startPage();
        } else if (CELLS.contains(name)) {
            cells++;
        } else if (name.equals("br")) {
            separate(cells > 0 ? " " : "\n");
        } else if (BLOCKS.contains(name)) {
            separate(cells > 0 ? " " : "\n\n");
        }
    }

    /** Of PDF a page, of PowerPoint a slide. */
    private static boolean isPage(Attributes attributes) {
        String kind = attributes.getValue("class");
        return "page".equals(kind) || "slide-content".equals(kind);
    }

    /** A page that has no text starts where the next one does. */
    private void startPage() {
        flushPage();
        separate("\n\n");
        hasPages = true;
        pageStarting = true;
    }

    private void flushPage() {
        if (pageStarting) {
            pageStarts.add(text.length());
            pageStarting = false;
        }
    }

    @Override
    public void endElement(String uri, String name, String qualified) {
        if (name.equals("body")) {
            inBody = false;
        } else if (CELLS.contains(name)) {
            cells--;
            separate("\t");
        } else if (name.equals("tr")) {
            separate("\n");
        } else if (BLOCKS.contains(name)) {
            separate(cells > 0 ? " " : "\n\n");
        }
    }

    /** Of several gaps the widest holds. */
    private void separate(String wanted) {
        gap = GAPS.indexOf(wanted) > GAPS.indexOf(gap) ? wanted : gap;
    }

    @Override
    public void characters(char[] characters, int from, int length) {
        if (!inBody) {
            return;
        }
        for (int i = from; i < from + length; i++) {
            boolean blank = Character.isWhitespace(characters[i]);
            if (blank && (text.length() == 0 || !gap.isEmpty())) {
                continue;
            }
            if (!blank) {
                if (text.length() > 0) {
                    text.append(gap);
                }
                gap = "";
                flushPage();
            }
            text.append(characters[i]);
        }
    }

    @Override
    public void ignorableWhitespace(char[] characters, int from, int length) {
        characters(characters, from, length);
    }

    String text() {
        return text.toString();
    }

    Places places() {
        flushPage();
        if (!hasPages) {
            return Places.ofPlainText(text());
        }
        int[] starts = pageStarts.build().toArray();
        // Whatever stands before the first page belongs to it.
        starts[0] = 0;
        return Places.ofPages(text(), starts);
    }
}
