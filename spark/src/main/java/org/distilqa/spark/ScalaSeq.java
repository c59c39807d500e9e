package org.distilqa.spark;

import java.util.List;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** Lists as Spark's Scala takes and gives them. */
final class ScalaSeq {
    private ScalaSeq() {}

    @SafeVarargs
    @SuppressWarnings("varargs") // They are read only.
    static <T> Seq<T> of(T... elements) {
        return of(List.of(elements));
    }

    static <T> Seq<T> of(List<? extends T> elements) {
        return CollectionConverters.<T>asScala(List.<T>copyOf(elements)).toSeq();
    }

    static <T> List<T> toList(Seq<? extends T> elements) {
        return List.copyOf(CollectionConverters.asJava(elements));
    }
}
