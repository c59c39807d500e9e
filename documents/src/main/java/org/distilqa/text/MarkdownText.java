package org.distilqa.text;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.commonmark.ext.gfm.tables.TableBlock;
import org.commonmark.ext.gfm.tables.TableCell;
import org.commonmark.ext.gfm.tables.TableRow;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.Block;
import org.commonmark.node.Code;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.HardLineBreak;
import org.commonmark.node.Heading;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.HtmlInline;
import org.commonmark.node.Image;
import org.commonmark.node.IndentedCodeBlock;
import org.commonmark.node.ListBlock;
import org.commonmark.node.ListItem;
import org.commonmark.node.Node;
import org.commonmark.node.Paragraph;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.SourceSpan;
import org.commonmark.node.Text;
import org.commonmark.parser.IncludeSourceSpans;
import org.commonmark.parser.Parser;
import org.distilqa.text.References.Writing;

/** What a reader sees of Markdown. */
final class MarkdownText {
    private static final Parser PARSER = Parser.builder()
            .extensions(List.of(TablesExtension.create()))
            .includeSourceSpans(IncludeSourceSpans.BLOCKS_AND_INLINES)
            .build();

    /** Facts about a page in YAML, which its readers do not see. */
    private static final Pattern FRONT_MATTER =
            Pattern.compile("---[ \\t]*+\\R(?:(?!---|\\.\\.\\.).*+\\R)*+(?:---|\\.\\.\\.)[ \\t]*+(?:\\R|\\z)");

    private static final Pattern TITLE = Pattern.compile("^title:[ \\t]*[\"']?(.*?)[\"']?[ \\t]*$", Pattern.MULTILINE);

    private final String file;
    private final ExtractedText text = new ExtractedText();

    /** The first heading; empty before it. */
    private String title = "";

    /** The cell of a table around the current place; null outside. */
    private TableCell cell;

    /** A place in the cell, and the same as the parser counts. */
    private int cellAt;

    private int cellUnescaped;

    private MarkdownText(String file) {
        this.file = file;
    }

    static Document read(String name, String file) {
        MarkdownText markdown = new MarkdownText(file);
        Matcher front = FRONT_MATTER.matcher(file);
        if (front.lookingAt()) {
            // Blanks in its place, so that all else stays at its own.
            markdown.append(PARSER.parse(
                    file.substring(0, front.end()).replaceAll("[^\\r\\n]", " ") + file.substring(front.end())));
            Matcher named = TITLE.matcher(front.group());
            markdown.title = named.find() ? named.group(1) : markdown.title;
        } else {
            markdown.append(PARSER.parse(file));
        }
        String title = markdown.title.isBlank() ? name : markdown.title.replaceAll("\\s+", " ");
        return Document.of(name, title, markdown.text.text(), markdown.text.places(file));
    }

    /** Goes through the tree without recursion: it may be deep. */
    private void append(Node root) {
        int headingStart = 0;
        Node node = root;
        while (node != null) {
            boolean skipped = enter(node);
            if (node instanceof Heading) {
                headingStart = text.length();
            }
            if (!skipped && node.getFirstChild() != null) {
                node = node.getFirstChild();
                continue;
            }
            while (node != null && node.getNext() == null) {
                leave(node, headingStart);
                node = node.getParent();
            }
            if (node != null) {
                leave(node, headingStart);
                node = node.getNext();
            }
        }
    }

    /** Adds what is the node's own; true if its children are not seen. */
    private boolean enter(Node node) {
        separate(node);
        if (node instanceof TableCell entered) {
            enterCell(entered);
        } else if (node instanceof Text part) {
            append(References.align(written(part), part.getLiteral(), Writing.MARKDOWN));
        } else if (node instanceof Code code) {
            Writing writing = cell == null ? Writing.CODE : Writing.CODE_IN_A_CELL;
            append(References.align(inner(written(code), code.getLiteral()), code.getLiteral(), writing));
        } else if (node instanceof SoftLineBreak || node instanceof HardLineBreak) {
            breakLine();
        } else if (node instanceof HtmlInline html
                && html.getLiteral().toLowerCase(Locale.ROOT).startsWith("<br")) {
            text.separate("\n", text.fileEnd(), text.fileEnd());
        } else if (node instanceof HtmlBlock) {
            HtmlText.append(written(node), text);
        } else if (node instanceof FencedCodeBlock code) {
            appendLines(code, code.getLiteral(), 1);
        } else if (node instanceof IndentedCodeBlock code) {
            appendLines(code, code.getLiteral(), 0);
        }
        return node instanceof Image;
    }

    private void leave(Node node, int headingStart) {
        if (node instanceof Heading && title.isEmpty()) {
            title = text.textFrom(headingStart).strip();
        } else if (node instanceof TableCell) {
            cell = null;
        }
        separate(node);
    }

    private void separate(Node node) {
        boolean tight = node instanceof Paragraph
                && node.getParent() instanceof ListItem item
                && item.getParent() instanceof ListBlock list
                && list.isTight();
        String separator = "";
        if (node instanceof TableCell) {
            separator = "\t";
        } else if (node instanceof TableRow || node instanceof ListItem || tight || isInside(node)) {
            separator = "\n";
        } else if (node instanceof Block) {
            separator = "\n\n";
        }
        text.separate(separator, text.fileEnd(), text.fileEnd());
    }

    /** Whether it is a list in an item of a list, or a part of a table. */
    private static boolean isInside(Node node) {
        return node instanceof ListBlock && node.getParent() instanceof ListItem
                || node.getParent() instanceof TableBlock;
    }

    private void append(Source part) {
        text.copy(part, 0, part.length());
    }

    /** At the line's end in the file, which follows what was added last, but for blanks, a backslash and the like. */
    private void breakLine() {
        int at = text.fileEnd();
        while (at < file.length() && file.charAt(at) != '\n' && file.charAt(at) != '\r') {
            at++;
        }
        int end = at + (file.startsWith("\r\n", at) ? 2 : at < file.length() ? 1 : 0);
        text.separate("\n", at, end);
    }

    /** What stands in the file for a node; the lines of one in several lines are joined by line breaks. */
    private Source written(Node node) {
        List<SourceSpan> spans = node.getSourceSpans();
        if (spans.isEmpty()) {
            return Source.of("").slice(0, 0);
        }
        if (cell != null) {
            return writtenInCell(spans.get(0));
        }
        if (spans.size() == 1) {
            return Source.of(file).slice(start(spans.get(0)), end(spans.get(0)));
        }
        StringBuilder characters = new StringBuilder();
        int[] starts = new int[end(spans.get(spans.size() - 1)) - start(spans.get(0)) + spans.size()];
        for (SourceSpan span : spans) {
            if (!characters.isEmpty()) {
                starts[characters.length()] = starts[characters.length() - 1] + 1;
                characters.append('\n');
            }
            for (int i = start(span); i < end(span); i++) {
                starts[characters.length()] = i;
                characters.append(file.charAt(i));
            }
        }
        int[] ends = new int[characters.length()];
        for (int i = 0; i < ends.length; i++) {
            ends[i] = starts[i] + 1;
        }
        return Source.of(characters.toString(), starts, ends);
    }

    /**
     * In a cell, {@code \|} stands for {@code |}, and the parser counts it as one character: what it gives as a place is that in the cell
     * without these backslashes. From there to the cell's end.
     */
    private Source writtenInCell(SourceSpan span) {
        if (start(span) < cellUnescaped) {
            enterCell(cell);
        }
        int end = end(cell.getSourceSpans().get(0));
        for (; cellUnescaped < start(span) && cellAt < end; cellUnescaped++) {
            cellAt += file.startsWith("\\|", cellAt) ? 2 : 1;
        }
        // As if all of it were written with backslashes.
        return Source.of(file).slice(cellAt, Math.min(end, cellAt + 2 * span.getLength()));
    }

    private void enterCell(TableCell entered) {
        cell = entered;
        // A row with fewer cells than the table has columns is given empty ones, which stand nowhere.
        cellAt = entered.getSourceSpans().isEmpty()
                ? text.fileEnd()
                : start(entered.getSourceSpans().get(0));
        cellUnescaped = cellAt;
    }

    /** What is between the backticks of code, without the blank on either side that is not part of it; and what follows. */
    private static Source inner(Source code, String literal) {
        int ticks = 0;
        while (ticks < code.length() && code.text().charAt(ticks) == '`') {
            ticks++;
        }
        Source inner = code.slice(ticks, code.length());
        boolean padded = leadingBlanks(inner.text()) > leadingBlanks(literal);
        return inner.slice(padded ? 1 : 0, inner.length());
    }

    private static int leadingBlanks(String text) {
        return text.length() - text.stripLeading().length();
    }

    /** The lines of a block of code, each of which ends as a line of the file does; at its begin, blanks may have been taken away. */
    private void appendLines(Node block, String literal, int firstLine) {
        List<SourceSpan> lines = block.getSourceSpans();
        int line = firstLine;
        for (String content : literal.split("\n", -1)) {
            // Blank lines are left out, here and there.
            while (line < lines.size() && written(lines.get(line)).isBlank()) {
                line++;
            }
            if (!content.isBlank() && line < lines.size()) {
                appendLine(lines.get(line), content);
                line++;
            }
            text.separate("\n", text.fileEnd(), text.fileEnd());
        }
    }

    private void appendLine(SourceSpan line, String content) {
        String written = written(line);
        int same = 0;
        while (same < Math.min(content.length(), written.length())
                && content.charAt(content.length() - 1 - same) == written.charAt(written.length() - 1 - same)) {
            same++;
        }
        // Of a tab that belongs in part to the indentation, blanks are left.
        text.replace(content.substring(0, content.length() - same), start(line), end(line) - same);
        append(Source.of(file).slice(end(line) - same, end(line)));
    }

    private String written(SourceSpan line) {
        return file.substring(start(line), end(line));
    }

    private static int start(SourceSpan span) {
        return span.getInputIndex();
    }

    private static int end(SourceSpan span) {
        return span.getInputIndex() + span.getLength();
    }
}
