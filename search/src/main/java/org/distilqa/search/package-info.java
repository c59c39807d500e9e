/**
 * Answers from a collection of documents: a folder or any documents come in, a question comes in, answers with their document, place and
 * passage go out.
 *
 * <p>Read {@link org.distilqa.search.DocumentAnswerer} first; it is all that users need. To index: {@code FolderFiles} lists a folder,
 * {@code FolderUpdate} reads what has changed, {@link org.distilqa.search.AnyFormatReader} makes documents of files of every format (PDF and
 * Office's in the package {@code format}), {@code PassageSplitter} cuts them, {@code PassageIndex} keeps the passages in Lucene, as
 * {@code PassageFields} says. To answer: {@code PassageIndex} finds passages by BM25, a {@link org.distilqa.QuestionAnswerer}
 * reads them as one request, and {@code IndexedPassage} places the answers.
 */
package org.distilqa.search;
