/**
 * The commands that answer one question from texts: {@code answer} from a text, files or folders, {@code ask} from a collection with an
 * index, {@code serve} over HTTP. Files and a question come in; answers go out with their place in the file and what stands around them,
 * for a person or as JSON.
 *
 * <p>Read {@link org.distilqa.cli.documents.AnswerCommand} first. {@code DocumentFiles} reads the files that it names, {@code
 * JoinedDocuments} makes one text of several and finds the way back, {@code Excerpt} and {@code Part} cut out what is shown; {@code
 * DocumentFolder} is what {@code ask} and {@code serve} open.
 */
package org.distilqa.cli.documents;
