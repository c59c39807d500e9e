/**
 * What the peers need and do not bring.
 *
 * <p>In comes a checkpoint, out goes a folder with the network in ONNX's format, the tokenizer as JSON and the questions' windows:
 * read {@link org.distilqa.benchmarks.peer.PeerFiles} first. {@code OnnxNetwork} writes the graph's nodes in ONNX's ops,
 * {@code OnnxWriter} the file. {@code OnnxRuntimeDevice} is ONNX Runtime behind the interface of our own devices. {@code Python} is the
 * interpreter that OpenVINO and transformers run in, by {@code src/main/python/peer.py}.
 */
package org.distilqa.benchmarks.peer;
