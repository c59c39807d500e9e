/**
 * The network as a graph of a few kinds of ops, which knows no device.
 *
 * <p>In come a checkpoint's dimensions ({@link org.distilqa.graph.NetworkConfig}) and the names and shapes of its tensors
 * ({@link org.distilqa.graph.Parameters}); out goes a {@link org.distilqa.graph.Graph} whose every parameter was found in its
 * shape. Read {@link org.distilqa.graph.DistilBertForQuestionAnswering} first, which is the network from top to bottom
 * ({@link org.distilqa.graph.BertForQuestionAnswering} is its larger teacher), then {@link org.distilqa.graph.Op}, what a device
 * has to compute. What a device wants to know beyond the nodes, such as when a result is used last, is in
 * {@link org.distilqa.graph.GraphUses}.
 */
package org.distilqa.graph;
