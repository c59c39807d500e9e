/**
 * Extractive question answering with DistilBERT: {@link org.distilqa.QuestionAnswerer} takes a question and a context and
 * gives the exact span of the context that answers it.
 */
package org.distilqa;
