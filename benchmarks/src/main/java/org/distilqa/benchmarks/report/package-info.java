/**
 * Results for people and for programs.
 *
 * <p>In come {@link org.distilqa.benchmarks.report.Results}, to be read first; out go text and Markdown ({@code Report}, which begins
 * with a {@code Summary}), JSON ({@code ResultsJson}) and charts ({@code NetworkChart}, {@code ServiceChart}).
 * {@code ResultFiles} writes them. A {@code Table} and {@code Figures} are how numbers look.
 */
package org.distilqa.benchmarks.report;
