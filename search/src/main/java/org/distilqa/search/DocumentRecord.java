package org.distilqa.search;

/**
 * What an index knows of a document.
 *
 * @param name its name
 * @param state the state of its file when it was read, as {@link FolderFiles#states} gives it; empty if it is no file
 * @param failure why its file could not be read; empty if it could
 */
record DocumentRecord(String name, String state, String failure) {}
