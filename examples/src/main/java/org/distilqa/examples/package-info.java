/**
 * Short programs to copy from: {@link org.distilqa.examples.QuickStart} asks one question, {@link
 * org.distilqa.examples.AnswerManyQuestions} many at once; a backend of one's own is in {@code org.distilqa.examples.backend}. Each takes
 * the name of a model, and prints. They use the public API alone; read them in that order.
 */
package org.distilqa.examples;
