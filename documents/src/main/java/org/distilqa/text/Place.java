package org.distilqa.text;

/**
 * A place in a file, as editors count.
 *
 * @param offset how many UTF-16 units of the decoded file stand before it; a byte order mark is not counted
 * @param line the line, from 1. Lines end with LF, CR LF or CR
 * @param column the character in the line, from 1; an emoji is one, a tab too
 * @param page the page, from 1; 0 if the file has none
 */
public record Place(int offset, int line, int column, int page) {}
