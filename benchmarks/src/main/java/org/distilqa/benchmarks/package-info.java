/**
 * The program that measures DistilQA beside its peers; {@code benchmarks/run} starts it.
 *
 * <p>In come the options of the command line, out go tables and the files of {@code benchmarks/target/results}. Read
 * {@link org.distilqa.benchmarks.Benchmarks} first: it chooses who takes part ({@code ContenderChoice}), has made what the peers need
 * ({@code peer}), measures ({@code measurement}, {@code service}) and reports ({@code report}). What is measured runs in processes of
 * its own ({@code worker}), which hold {@code subject}s. Two commands look at answers, not at speed ({@code study}), and single steps
 * are measured by JMH ({@code jmh}). The packages know each other in this order and never back:
 * {@code contender}, {@code worker}, {@code peer} and {@code peak}, {@code subject}, {@code measurement}, {@code service},
 * {@code report}, {@code study}, and this one.
 */
package org.distilqa.benchmarks;
