/**
 * What stands between the callers and the devices: the queue of windows, whose turn it is, and a thread for each device. Not
 * exported: the public API is {@link org.distilqa.QuestionAnswerer}.
 */
package org.distilqa.schedule;
