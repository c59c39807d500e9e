/**
 * The network as a graph of a few op kinds, independent of any device: {@link org.distilqa.graph.DistilBertForQuestionAnswering}
 * builds it from a checkpoint's dimensions and checks it against the checkpoint's tensors.
 */
package org.distilqa.graph;
