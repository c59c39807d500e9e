package org.distilqa.examples;

import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import org.distilqa.text.Document;
import org.distilqa.text.Span;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** What is shown around an answer. */
enum Part {
    /** Where there are no sentences, such as in a table, no more of it than is read at a glance. */
    SENTENCE(200),
    LINE(Integer.MAX_VALUE),
    PARAGRAPH(Integer.MAX_VALUE);

    private static final List<String> NAMES = List.of("sentence", "line", "paragraph");

    private final int reach;

    Part(int reach) {
        this.reach = reach;
    }

    /** What {@code --show} may say. */
    static final class Named implements ITypeConverter<Part>, Iterable<String> {
        @Override
        public Part convert(String name) {
            if (!NAMES.contains(name)) {
                throw new TypeConversionException("'" + name + "' is none of " + String.join(", ", NAMES));
            }
            return valueOf(name.toUpperCase(Locale.ROOT));
        }

        @Override
        public Iterator<String> iterator() {
            return NAMES.iterator();
        }
    }

    /** On one line, with the answer marked. */
    String excerpt(Document document, Span answer, Colours colours) {
        return Excerpt.of(document.text(), around(document, answer), answer, reach, colours);
    }

    private Span around(Document document, Span span) {
        return switch (this) {
            case SENTENCE -> document.sentence(span);
            case LINE -> document.line(span);
            case PARAGRAPH -> document.paragraph(span);
        };
    }
}
