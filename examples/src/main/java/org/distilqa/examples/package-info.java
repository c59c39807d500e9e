/**
 * The command line {@code distilqa}, and short programs to copy from: {@link org.distilqa.examples.QuickStart},
 * {@link org.distilqa.examples.AnswerManyQuestions}, and a backend of one's own in {@code org.distilqa.examples.backend}.
 */
package org.distilqa.examples;
