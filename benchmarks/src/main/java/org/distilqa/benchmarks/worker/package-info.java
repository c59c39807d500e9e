/**
 * The processes that contenders live in, so that heaps, memory, threads and compilers do not mix.
 *
 * <p>The measuring program holds a {@link org.distilqa.benchmarks.worker.WorkerProcess} for each: a
 * {@link org.distilqa.benchmarks.worker.Command} goes in as a line of JSON, a {@link org.distilqa.benchmarks.worker.Reply} comes out as
 * one. Read {@code Command} first. At the other end is {@link org.distilqa.benchmarks.worker.Worker}, with the
 * {@link org.distilqa.benchmarks.worker.Subject} that the process is for, or {@code peer.py}, which speaks the same. A process is
 * started by a {@code JavaCommand}, and what it writes to its log is told where it dies ({@code LoggedProcess}).
 */
package org.distilqa.benchmarks.worker;
