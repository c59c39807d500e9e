/**
 * How commands read and print: {@link org.distilqa.cli.io.TextFile} opens what was named on the command line, standard input as
 * {@code -}; {@link org.distilqa.cli.io.Json} reads and makes JSON; {@link org.distilqa.cli.io.ProgressBar} draws on standard error. A file
 * that cannot be used goes out as a {@link org.distilqa.cli.io.FileException}, whose message names it and says why.
 */
package org.distilqa.cli.io;
