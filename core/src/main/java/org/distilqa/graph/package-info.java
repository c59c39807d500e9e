/**
 * The network as a graph of a few op kinds, independent of any device: {@link org.distilqa.graph.DistilBertForQuestionAnswering}
 * and {@link org.distilqa.graph.BertForQuestionAnswering} build it from a checkpoint's dimensions and check it against the
 * checkpoint's tensors. What a device wants to know of a graph beyond its nodes, such as when a result is used last, is in
 * {@link org.distilqa.graph.GraphUses}.
 */
package org.distilqa.graph;
