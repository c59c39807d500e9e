package org.distilqa.spark;

import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.ExpressionInfo;
import org.apache.spark.sql.catalyst.util.MapData;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MapType;
import org.distilqa.InvalidConfigurationException;
import scala.collection.immutable.Seq;
import scala.runtime.AbstractFunction1;

/** Makes a call of the arguments in a query. */
final class AnswerFunction extends AbstractFunction1<Seq<Expression>, Expression> {
    /** What {@code DESCRIBE FUNCTION EXTENDED answer_question} prints. */
    static final ExpressionInfo INFO = new ExpressionInfo(
            AnswerQuestion.class.getName(),
            null,
            DistilQa.FUNCTION,
            "_FUNC_(question, context[, options]) - Returns the answer to a question from a text, a struct of text, start, end, "
                    + "score and error.",
            """

                Arguments:
                  * question - the question, a string
                  * context - the text that holds the answer, a string
                  * options - a map of strings that is the same for all rows
            """,
            """

                Examples:
                  > SELECT _FUNC_('Who built the mill?', 'The mill was built by Ada Quill.', map('device', 'cpu')).text;
                   Ada Quill
            """,
            "",
            "",
            "",
            "",
            "java_udf");

    @Override
    public Expression apply(Seq<Expression> arguments) {
        if (arguments.size() < 2 || arguments.size() > 3) {
            throw new InvalidConfigurationException(DistilQa.FUNCTION + " takes a question, a context and, if need be, "
                    + "a map of options; it was given " + arguments.size() + " arguments");
        }
        return new AnswerQuestion(
                arguments.apply(0), arguments.apply(1), arguments.size() == 3 ? options(arguments.apply(2)) : Map.of());
    }

    private static Map<String, String> options(Expression argument) {
        if (!argument.foldable()
                || !argument.resolved()
                || !(argument.dataType() instanceof MapType type)
                || !type.keyType().equals(DataTypes.StringType)
                || !type.valueType().equals(DataTypes.StringType)) {
            throw new InvalidConfigurationException("the options of " + DistilQa.FUNCTION
                    + " must be a map of strings that is the same for all rows, such as map('device', 'cpu'); they are "
                    + argument.sql());
        }
        MapData map = (MapData) argument.eval(InternalRow.empty());
        Map<String, String> options = new TreeMap<>();
        for (int i = 0; map != null && i < map.numElements(); i++) {
            if (map.valueArray().isNullAt(i)) {
                throw new InvalidConfigurationException(
                        "the option " + map.keyArray().getUTF8String(i) + " of " + DistilQa.FUNCTION + " is null");
            }
            options.put(
                    map.keyArray().getUTF8String(i).toString(),
                    map.valueArray().getUTF8String(i).toString());
        }
        return options;
    }
}
