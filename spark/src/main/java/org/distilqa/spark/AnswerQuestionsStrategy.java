package org.distilqa.spark;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.And;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeSet;
import org.apache.spark.sql.catalyst.expressions.ConditionalExpression;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.HigherOrderFunction;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.expressions.Or;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.execution.FilterExec;
import org.apache.spark.sql.execution.ProjectExec;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.SparkStrategy;
import scala.collection.immutable.Seq;

/**
 * Plans lists of columns and filters that ask questions: the calls go into an {@link AnswerQuestionsExec} below them, equal ones once.
 * Conditions that ask nothing go below that, so that no row is answered that they refuse.
 *
 * <p>What is evaluated for some rows only, depending on the row, is left where it is: within {@code CASE}, {@code coalesce}, the right
 * side of {@code OR}, or a lambda. So are calls on arguments that are not deterministic.
 */
@SuppressWarnings("serial") // Spark's class is serializable by accident of its traits.
final class AnswerQuestionsStrategy extends SparkStrategy {
    @Override
    public Seq<SparkPlan> apply(LogicalPlan plan) {
        if (plan instanceof Project project) {
            List<Expression> columns = expressions(project.projectList());
            if (project.child() instanceof Filter filter
                    && filter.condition().deterministic()
                    && (asks(columns) || asks(List.of(filter.condition())))) {
                return plan(columns, conjuncts(filter.condition()), filter.child());
            }
            if (asks(columns)) {
                return plan(columns, List.of(), project.child());
            }
        } else if (plan instanceof Filter filter
                && filter.condition().deterministic()
                && asks(List.of(filter.condition()))) {
            return plan(expressions(filter.output()), conjuncts(filter.condition()), filter.child());
        }
        return ScalaSeq.of();
    }

    /** Scala knows that they are expressions; Java does not. */
    private static List<Expression> expressions(Seq<? extends NamedExpression> named) {
        return ScalaSeq.toList(named).stream().map(Expression.class::cast).toList();
    }

    private static boolean asks(List<Expression> expressions) {
        return expressions.stream().anyMatch(expression -> !calls(expression).isEmpty());
    }

    private static List<Expression> conjuncts(Expression condition) {
        if (condition instanceof And and) {
            List<Expression> conjuncts = new ArrayList<>(conjuncts(and.left()));
            conjuncts.addAll(conjuncts(and.right()));
            return conjuncts;
        }
        return List.of(condition);
    }

    private Seq<SparkPlan> plan(List<Expression> columns, List<Expression> conditions, LogicalPlan child) {
        Predicate<Expression> asking = condition -> asks(List.of(condition));
        List<Expression> asked = conditions.stream().filter(asking).toList();
        List<Expression> others = conditions.stream().filter(asking.negate()).toList();
        List<Expression> used = new ArrayList<>(columns);
        used.addAll(asked);
        Answered answered = new Answered(planLater(narrow(used, others, child)));
        for (Expression condition : asked) {
            answered.filter(condition);
        }
        return ScalaSeq.of(answered.project(columns));
    }

    /** The rows that pass the conditions that ask nothing, with the columns that are used; Spark reads no more of a file. */
    private static LogicalPlan narrow(List<Expression> used, List<Expression> conditions, LogicalPlan child) {
        LogicalPlan rows = conditions.stream()
                .reduce(And::new)
                .<LogicalPlan>map(condition -> new Filter(condition, child))
                .orElse(child);
        AttributeSet names = AttributeSet.fromAttributeSets(
                ScalaSeq.of(used.stream().map(Expression::references).toList()));
        List<Attribute> output = ScalaSeq.toList(child.output());
        List<Attribute> kept = output.stream().filter(names::contains).toList();
        return kept.size() == output.size() ? rows : new Project(ScalaSeq.of(kept), rows);
    }

    /** The calls that are evaluated for every row and whose arguments hold none of their kind. */
    private static List<AnswerQuestion> calls(Expression expression) {
        List<AnswerQuestion> calls = new ArrayList<>();
        for (Expression child : alwaysEvaluated(expression)) {
            calls.addAll(calls(child));
        }
        if (calls.isEmpty() && expression instanceof AnswerQuestion call && call.deterministic()) {
            calls.add(call);
        }
        return calls;
    }

    private static List<Expression> alwaysEvaluated(Expression expression) {
        if (expression instanceof HigherOrderFunction) {
            return List.of();
        } else if (expression instanceof ConditionalExpression conditional) {
            return ScalaSeq.toList(conditional.alwaysEvaluatedInputs());
        } else if (expression instanceof And and) {
            return List.of(and.left());
        } else if (expression instanceof Or or) {
            return List.of(or.left());
        }
        return ScalaSeq.toList(expression.children());
    }

    /** A plan that grows, with the columns that hold the answers so far. */
    private static final class Answered {
        private final Map<Expression, Attribute> columns = new HashMap<>();
        private SparkPlan plan;

        Answered(SparkPlan plan) {
            this.plan = plan;
        }

        void filter(Expression condition) {
            plan = new FilterExec(replaced(answer(List.of(condition)).get(0)), plan);
        }

        SparkPlan project(List<Expression> list) {
            List<NamedExpression> replaced =
                    answer(list).stream().map(NamedExpression.class::cast).toList();
            return new ProjectExec(ScalaSeq.of(replaced), plan);
        }

        /** Adds steps until no call is left, those within the arguments of others first. */
        private List<Expression> answer(List<Expression> expressions) {
            List<Expression> left = expressions.stream().map(this::replaced).toList();
            Map<Expression, Alias> calls = new LinkedHashMap<>();
            left.forEach(expression -> calls(expression)
                    .forEach(call -> calls.computeIfAbsent(call.canonicalized(), same -> named(call))));
            if (calls.isEmpty()) {
                return left;
            }
            plan = new AnswerQuestionsExec(ScalaSeq.of(List.copyOf(calls.values())), plan);
            calls.forEach((call, name) -> columns.put(call, name.toAttribute()));
            return answer(left);
        }

        private static Alias named(AnswerQuestion call) {
            return new Alias(
                    call, "answer", NamedExpression.newExprId(), ScalaSeq.of(), scala.Option.empty(), ScalaSeq.of());
        }

        private Expression replaced(Expression expression) {
            Expression inner = expression.mapChildren(this::replaced);
            Attribute column = inner instanceof AnswerQuestion ? columns.get(inner.canonicalized()) : null;
            return column == null ? inner : column;
        }
    }
}
