/**
 * Answers from a collection of documents: Lucene finds the passages, a {@link org.distilqa.QuestionAnswerer} reads them.
 */
@SuppressWarnings("requires-automatic") // Tika's jars have a module's name, and no descriptor.
module org.distilqa.search {
    requires transitive org.distilqa.core;
    requires transitive org.distilqa.text;
    requires java.sql; // Of what Tika's classes name.
    requires java.xml;
    requires org.apache.lucene.analysis.common;
    requires transitive org.apache.lucene.core;
    requires org.apache.tika.core;
    requires org.apache.tika.parser.microsoft;
    requires org.apache.tika.parser.pdf;

    exports org.distilqa.search;
}
