/**
 * The commands that ask the questions of a file in SQuAD's format: {@code squad} scores the answers as SQuAD's own script does, {@code
 * compare} sets the logits and the answers of two devices beside each other. {@link org.distilqa.cli.squad.SquadFile} reads such a file in
 * the memory of one paragraph, {@link org.distilqa.cli.squad.SquadMetric} has exact match and F1; the benchmarks use both.
 *
 * <p>Read {@link org.distilqa.cli.squad.SquadCommand} first.
 */
package org.distilqa.cli.squad;
