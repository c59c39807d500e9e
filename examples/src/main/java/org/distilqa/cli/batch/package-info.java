/**
 * The command {@code batch}: lines of JSON come in, each a question and its context, and lines of JSON go out in their order, each with
 * the answers or with the reason why there are none. What was interrupted goes on behind the last whole line of the output.
 *
 * <p>Read {@link org.distilqa.cli.batch.BatchCommand} first; {@code BatchRows} reads, {@code Batch} keeps a bounded number of rows under
 * way, {@code BatchOutput} writes and finds where to go on.
 */
package org.distilqa.cli.batch;
