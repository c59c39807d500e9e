package org.distilqa.safetensors;

import java.io.Closeable;
import java.io.IOException;
import java.util.Set;
import org.distilqa.InvalidModelException;
import org.distilqa.graph.Parameters;

/** The tensors of a checkpoint, in one file or several. Safe for use by many threads. */
public sealed interface CheckpointTensors extends Parameters, Closeable permits SafetensorsFile, ShardedSafetensors {

    /**
     * The names of all tensors.
     *
     * @return the names, in the order of the file or the index
     */
    Set<String> names();

    /**
     * Checks that a tensor can serve as a weight: that it is there, that its type converts to float32, and that it is not too
     * large for an array.
     *
     * @param name the tensor's name
     * @throws InvalidModelException if not
     */
    void requireWeight(String name);

    /**
     * Closes the files, after which nothing can be read. Closing again does nothing.
     *
     * @throws IOException if one cannot be closed; all are tried
     */
    @Override
    void close() throws IOException;
}
