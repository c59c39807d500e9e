package org.distilqa.cli.documents;

import java.util.List;
import java.util.Locale;
import org.distilqa.cli.options.Choice;
import org.distilqa.cli.options.Colours;
import org.distilqa.text.Document;
import org.distilqa.text.Span;

/** What is shown around an answer. */
enum Part {
    /** Where there are no sentences, such as in a table, no more of it than is read at a glance. */
    SENTENCE(200),
    LINE(Integer.MAX_VALUE),
    PARAGRAPH(Integer.MAX_VALUE);

    private final int reach;

    Part(int reach) {
        this.reach = reach;
    }

    /** What {@code --show} may say. */
    static final class Named extends Choice<Part> {
        private Named() {
            super(List.of(values()), part -> part.name().toLowerCase(Locale.ROOT));
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
