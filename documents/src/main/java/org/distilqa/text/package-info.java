/**
 * Files as texts for a {@link org.distilqa.QuestionAnswerer}. The bytes of a file come in; a {@link org.distilqa.text.Document} goes out,
 * its text without markup, whose {@link org.distilqa.text.Places} lead from each character back to its place in the file.
 *
 * <p>Read {@link org.distilqa.text.DocumentReader} first. {@code DecodedText} finds the encoding, {@link org.distilqa.text.FileKind} names
 * what is no text, {@code HtmlText} and {@code MarkdownText} take markup away and put the text together in an {@code ExtractedText}, piece
 * by piece with its place; {@code Surroundings} has the sentence, line or paragraph around an answer. The command line, a search over a
 * collection and a service read files with it; what reads further formats makes documents with
 * {@link org.distilqa.text.Document#of(String, String, String, org.distilqa.text.Places)}.
 */
package org.distilqa.text;
