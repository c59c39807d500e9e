/**
 * Reads files of plain text, Markdown and HTML: their text, and the place in the file of each of its characters.
 */
module org.distilqa.text {
    requires transitive org.distilqa.core;
    requires org.commonmark;
    requires org.commonmark.ext.gfm.tables;
    requires org.jsoup;

    exports org.distilqa.text;
}
