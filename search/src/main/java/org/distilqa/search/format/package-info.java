/**
 * Files of PDF, RTF and Office's formats come in; their texts, with the places of lines and pages in them, go out. Apache Tika is known
 * here alone.
 *
 * <p>Read {@link org.distilqa.search.format.TikaReader} first; {@code XhtmlText} takes down what Tika tells it.
 */
package org.distilqa.search.format;
