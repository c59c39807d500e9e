package org.distilqa.spark;

import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Rows of a number, a question and a context. */
final class Texts {
    static final StructType SCHEMA = new StructType()
            .add("id", DataTypes.IntegerType)
            .add("question", DataTypes.StringType)
            .add("context", DataTypes.StringType);

    private static final List<String> BUILDERS = List.of("Ada Quill", "Jon Marsh", "Mary Dunmore", "Otto Brandt");

    private Texts() {}

    static String context(int number) {
        return "The mill of Hilltop " + number + " was built by " + BUILDERS.get(number % BUILDERS.size()) + " in "
                + (1700 + number % 300) + ". It still works.";
    }

    /** Rows numbered from 0, whose answers are names and years in turn. */
    static Dataset<Row> rows(SparkSession spark, int count) {
        return of(
                spark,
                IntStream.range(0, count)
                        .mapToObj(number -> RowFactory.create(
                                number,
                                number % 2 == 0 ? "Who built the mill?" : "When was the mill built?",
                                context(number)))
                        .toList());
    }

    static Dataset<Row> of(SparkSession spark, List<Row> rows) {
        return spark.createDataFrame(rows, SCHEMA);
    }
}
