package org.distilqa.device;

/** A graph compiled for a device. Safe for use by many threads; a device may run their batches one after another. */
public interface Program extends AutoCloseable {

    /**
     * Runs the graph on some sequences. How they are padded or packed is the device's own business: the logits of a
     * sequence do not depend on the others in the batch, beyond the device's rounding.
     *
     * @param batch the sequences, of unequal lengths, in any number
     * @return the logits of their tokens
     * @throws org.distilqa.InvalidRequestException if a sequence is longer than the graph's positions or a token id is not
     *     in its vocabulary; see {@link TokenBatch#requireFits}
     * @throws org.distilqa.DeviceException if the device failed
     * @throws org.distilqa.ClosedException if the program or its device was closed
     */
    Logits run(TokenBatch batch);

    /** Frees what the program holds, after the runs under way. Closing again does nothing. */
    @Override
    void close();
}
