/**
 * What all others speak of: who takes part, and what they are given.
 *
 * <p>{@link org.distilqa.benchmarks.contender.Contender} is a device of ours or a peer, with its options, as the command line names
 * it: read it first. A {@code MeasuredModel} is what they load, an {@code InputShape} a batch of the network alone, a {@code Question}
 * a question with its text, and a {@code TokenizedQuestion} what of it goes through the network. {@code WrappedDevice} is a device that
 * is watched or asked in another way. What is wrong is told by a {@code BenchmarkException}, whose message is for people.
 */
package org.distilqa.benchmarks.contender;
