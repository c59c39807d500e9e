/**
 * Answers from a collection of documents: {@link org.distilqa.search.DocumentAnswerer} keeps them in an index of Lucene, finds the
 * passages that share a question's words, and lets a {@link org.distilqa.QuestionAnswerer} read them.
 */
package org.distilqa.search;
