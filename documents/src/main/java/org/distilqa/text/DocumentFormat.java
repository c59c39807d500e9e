package org.distilqa.text;

import java.util.Locale;
import java.util.regex.Pattern;

/** How a document's text is written in its file. */
public enum DocumentFormat {
    /** The file is the text. */
    TEXT,
    /** CommonMark with the tables of GitHub. */
    MARKDOWN,
    /** HTML of any version, also with errors. */
    HTML;

    private static final Pattern BEGIN_OF_HTML = Pattern.compile(
            "\\s*+(?:<\\?xml[^>]*+>\\s*+)?+(?:<!--.*?-->\\s*+)*+<(?:!doctype\\s++html|html)[\\s>]",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private static final int BEGIN = 4096;

    /** By the name's end ({@code .md}, {@code .markdown}, {@code .html}, {@code .htm}, {@code .xhtml}), else by how the text begins. */
    static DocumentFormat of(String name, String text) {
        String extension = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return switch (extension) {
            case "md", "markdown", "mdown", "mkd" -> MARKDOWN;
            case "html", "htm", "xhtml" -> HTML;
            default ->
                BEGIN_OF_HTML
                                .matcher(text)
                                .region(0, Math.min(BEGIN, text.length()))
                                .lookingAt()
                        ? HTML
                        : TEXT;
        };
    }
}
