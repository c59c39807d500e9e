/**
 * Answers as a column of Apache Spark 4: {@link org.distilqa.spark.DistilQa#answer} in Java and Scala, {@code answer_question} in SQL.
 */
package org.distilqa.spark;
