package org.distilqa.text;

import java.nio.charset.Charset;
import java.util.Objects;
import java.util.Optional;

/**
 * A text that questions are asked of, and where it comes from. Answers are spans of {@link #text()}, which has no markup;
 * {@link #places()} leads from them to the file. Immutable.
 */
public final class Document {
    private final String name;
    private final String title;
    private final String text;
    private final Places places;
    private final Charset guessedEncoding;

    private Document(String name, String title, String text, Places places, Charset guessedEncoding) {
        this.name = Objects.requireNonNull(name, "name");
        this.title = Objects.requireNonNull(title, "title");
        this.text = Objects.requireNonNull(text, "text");
        this.places = Objects.requireNonNull(places, "places");
        this.guessedEncoding = guessedEncoding;
    }

    /**
     * A document that is a plain text.
     *
     * @param name what messages call it, such as the file's name
     * @param text the text
     * @return the document, with its name as its title
     */
    public static Document of(String name, String text) {
        return of(name, name, text, Places.ofPlainText(text));
    }

    /**
     * A document of any kind.
     *
     * @param name what messages call it, such as the file's name
     * @param title its title; empty if it has none
     * @param text its text, without markup
     * @param places where that text stands in the file
     * @return the document
     */
    public static Document of(String name, String title, String text, Places places) {
        return new Document(name, title, text, places, null);
    }

    Document withGuessedEncoding(Charset encoding) {
        return new Document(name, title, text, places, encoding);
    }

    /**
     * What messages call it.
     *
     * @return the name of its file as it was given, or {@code -} for standard input
     */
    public String name() {
        return name;
    }

    /**
     * Its title: of HTML, its {@code title}; of Markdown, its first heading.
     *
     * @return the title; where it has none, its name
     */
    public String title() {
        return title;
    }

    /**
     * Its text, without markup. Paragraphs, headings and the like are set off by an empty line, the cells of a table by tabs.
     *
     * @return the text; empty if there is none
     */
    public String text() {
        return text;
    }

    /**
     * Where its text stands in its file.
     *
     * @return the places
     */
    public Places places() {
        return places;
    }

    /**
     * The encoding, if it was guessed: neither did the caller or the file name one, nor is it UTF-8. Whoever shows the text should
     * say so.
     *
     * @return the encoding that was taken; empty if there is no doubt
     */
    public Optional<Charset> guessedEncoding() {
        return Optional.ofNullable(guessedEncoding);
    }

    /**
     * The sentence that a span stands in, or the sentences, if it is in more than one. A sentence does not go beyond its
     * paragraph, nor beyond a row of a table.
     *
     * @param span a part of the text
     * @return where that starts and ends, without blanks around it, at most 2,000 characters to either side of the span
     * @throws IndexOutOfBoundsException if the text ends before the span
     */
    public Span sentence(Span span) {
        return Surroundings.sentence(text, span);
    }

    /**
     * The line of the text, or the lines, that a span stands in. Of a file without markup these are the file's.
     *
     * @param span a part of the text
     * @return where that starts and ends, without the line breaks around it
     * @throws IndexOutOfBoundsException if the text ends before the span
     */
    public Span line(Span span) {
        return Surroundings.line(text, span);
    }

    /**
     * The paragraph that a span stands in, or the paragraphs: all that there is up to an empty line before it and after it.
     *
     * @param span a part of the text
     * @return where that starts and ends, without blanks around it
     * @throws IndexOutOfBoundsException if the text ends before the span
     */
    public Span paragraph(Span span) {
        return Surroundings.paragraph(text, span);
    }

    @Override
    public String toString() {
        return name + ": " + text.length() + " characters";
    }
}
