/**
 * What is measured, as it lives in a process of its own.
 *
 * <p>In come commands, out come times. Read {@link org.distilqa.benchmarks.subject.ContenderProcesses} first: it starts them. A
 * {@code NetworkSubject} is the network alone on a device; a {@code QuestionsSubject} answers whole questions by an {@code Answerer},
 * which is ours on any device, ONNX Runtime among them, or DJL's; {@code ColdStart} answers one question and ends.
 */
package org.distilqa.benchmarks.subject;
