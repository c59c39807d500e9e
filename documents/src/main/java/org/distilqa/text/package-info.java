/**
 * Files as texts for a {@link org.distilqa.QuestionAnswerer}: {@link org.distilqa.text.DocumentReader} decodes a file, takes its
 * markup away and gives a {@link org.distilqa.text.Document}, whose {@link org.distilqa.text.Places} lead from each character of the
 * text back to its place in the file. The command line, a search over a collection and a service read files with it; what reads further
 * formats makes documents with {@link org.distilqa.text.Document#of(String, String, String, org.distilqa.text.Places)}.
 */
package org.distilqa.text;
