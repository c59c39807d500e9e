package org.distilqa.training;

import ai.djl.ndarray.NDArray;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;

/** A training's state in a file, so that it can go on where it was stopped. */
final class State {
    private State() {}

    static void save(Path file, int step, List<Map<String, NDArray>> groups) throws IOException {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(part)))) {
            out.writeInt(step);
            for (Map<String, NDArray> group : groups) {
                for (NDArray array : group.values()) {
                    float[] values = array.toFloatArray();
                    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length);
                    bytes.asFloatBuffer().put(values);
                    out.write(bytes.array());
                }
            }
        }
        Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Fills the arrays and gives the step. */
    static int load(Path file, List<Map<String, NDArray>> groups) throws IOException {
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            int step = in.readInt();
            for (Map<String, NDArray> group : groups) {
                for (NDArray array : group.values()) {
                    float[] values = new float[Math.toIntExact(array.size())];
                    ByteBuffer.wrap(in.readNBytes(4 * values.length))
                            .asFloatBuffer()
                            .get(values);
                    boolean trained = array.hasGradient();
                    array.setRequiresGradient(false);
                    array.set(values);
                    array.setRequiresGradient(trained);
                }
            }
            return step;
        }
    }
}
