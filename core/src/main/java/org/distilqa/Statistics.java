package org.distilqa;

import java.time.Duration;

/**
 * What a {@link QuestionAnswerer} has done since it was opened. Times are added up over threads.
 *
 * @param questions requests answered
 * @param windows windows that the network read for them
 * @param tokens tokens in those windows
 * @param batches runs of the network
 * @param loading time to read the checkpoint, open the device and compile the network
 * @param tokenization time to tokenize questions and contexts and to form windows
 * @param inference time in which the device ran
 * @param decoding time to find the best spans
 */
public record Statistics(
        long questions,
        long windows,
        long tokens,
        long batches,
        Duration loading,
        Duration tokenization,
        Duration inference,
        Duration decoding) {}
