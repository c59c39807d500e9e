/**
 * How the native libraries come into the process: in goes the name of one in a jar, out comes a file that nobody else can have written,
 * loaded for good. Read {@code LibraryDirectory} first, which copies a library out of its jar; then {@code LibraryResource}, the
 * library in its jar and its hash in {@code libraries.sha256}; {@code ResidentLibrary} loads the file and has its functions bound.
 * {@code Platform} says which libraries there are.
 */
package org.distilqa.device.onednn.library;
