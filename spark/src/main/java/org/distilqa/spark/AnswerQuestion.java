package org.distilqa.spark;

import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.analysis.TypeCheckResult;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.ImplicitCastInputTypes;
import org.apache.spark.sql.catalyst.expressions.Unevaluable;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenContext;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenFallback;
import org.apache.spark.sql.catalyst.expressions.codegen.ExprCode;
import org.apache.spark.sql.types.AbstractDataType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.unsafe.types.UTF8String;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Seq;

/**
 * {@code answer_question(question, context)} in a query. {@link AnswerQuestionsStrategy} takes it out of lists of columns and of
 * filters, to be computed for many rows at a time; what it leaves, within {@code CASE} or an aggregate say, is computed row by row.
 *
 * <p>Public because Spark copies expressions by reflection; made by {@link DistilQa#answer} and by SQL.
 *
 * <p>To the optimizer it is {@link Unevaluable}: it would compute what it can on the driver, of a query over literal rows all of it, and
 * open the model there.
 *
 * @serial exclude
 */
@SuppressWarnings("serial") // Spark serializes plans of one version to executors of the same.
public final class AnswerQuestion extends Expression
        implements Unevaluable, ImplicitCastInputTypes, CodegenFallback, java.io.Serializable {
    private final Expression question;
    private final Expression context;
    private final Map<String, String> options;
    private final DataType type;
    private transient Answering answering;

    /**
     * A call.
     *
     * @param question the question, a string
     * @param context the text that holds the answer, a string
     * @param options as {@link DistilQa#answer(org.apache.spark.sql.Column, org.apache.spark.sql.Column, Map)} lists them
     * @throws org.distilqa.InvalidConfigurationException if an option is unknown or has a value that it cannot have
     */
    public AnswerQuestion(Expression question, Expression context, Map<String, String> options) {
        this.question = question;
        this.context = context;
        this.options = new TreeMap<>(options);
        this.type = ColumnOptions.of(options).type();
    }

    Expression question() {
        return question;
    }

    Expression context() {
        return context;
    }

    ColumnOptions options() {
        return ColumnOptions.of(options);
    }

    @Override
    public Object eval(InternalRow row) {
        UTF8String asked = (UTF8String) question.eval(row);
        UTF8String text = asked == null ? null : (UTF8String) context.eval(row);
        if (text == null) {
            return null;
        }
        if (answering == null) {
            answering = new Answering(options());
        }
        return answering.finish(answering.start(asked, text));
    }

    @Override
    public ExprCode doGenCode(CodegenContext code, ExprCode result) {
        return CodegenFallback.super.doGenCode(code, result);
    }

    @Override
    public boolean foldable() {
        return false;
    }

    @Override
    public boolean nullable() {
        return true;
    }

    @Override
    public DataType dataType() {
        return type;
    }

    @Override
    public Seq<AbstractDataType> inputTypes() {
        return ScalaSeq.of(DataTypes.StringType, DataTypes.StringType);
    }

    @Override
    public TypeCheckResult checkInputDataTypes() {
        return ImplicitCastInputTypes.super.checkInputDataTypes();
    }

    @Override
    public Seq<Expression> children() {
        return ScalaSeq.of(question, context);
    }

    @Override
    public Expression withNewChildrenInternal(IndexedSeq<Expression> children) {
        return new AnswerQuestion(children.apply(0), children.apply(1), options);
    }

    @Override
    public String prettyName() {
        return DistilQa.FUNCTION;
    }

    @Override
    public String toString() {
        return prettyName() + "(" + question + ", " + context + (options.isEmpty() ? "" : ", " + options) + ")";
    }

    @Override
    public int productArity() {
        return 3;
    }

    @Override
    public Object productElement(int index) {
        return switch (index) {
            case 0 -> question;
            case 1 -> context;
            case 2 -> options;
            default -> throw new IndexOutOfBoundsException(index);
        };
    }

    @Override
    public boolean canEqual(Object other) {
        return other instanceof AnswerQuestion;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AnswerQuestion call
                && question.equals(call.question)
                && context.equals(call.context)
                && options.equals(call.options);
    }

    @Override
    public int hashCode() {
        return super.hashCode();
    }
}
