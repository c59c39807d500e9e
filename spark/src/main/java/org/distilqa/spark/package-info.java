/**
 * Answers as a column of Apache Spark 4. Two columns of strings come in, a column of structs goes out.
 *
 * <p>Read {@link org.distilqa.spark.DistilQa} first: {@code answer} in Java and Scala, {@code answer_question} in SQL, and the options of
 * both. On the driver, the call is an {@code AnswerQuestion}, an expression of Spark's catalyst, and {@code AnswerQuestionsStrategy} plans
 * a step of its own for it, {@code AnswerQuestionsExec}. On an executor, that step's rows go through {@code AnsweredRows}, which reads
 * ahead, and {@code Answering}, to the {@code Engine} that all of its tasks share; {@code Engines} opens it once and closes it at the end.
 * Where Spark calls row by row, {@code AnswerFunction} answers. What uses catalyst, which is no stable API, is the first three and {@code
 * Registration}.
 */
package org.distilqa.spark;
