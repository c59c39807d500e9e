package org.distilqa.benchmarks;

import java.nio.file.Path;

/** The files that the peers read: the checkpoint's network in ONNX's format. */
final class OnnxFiles {
    private OnnxFiles() {}

    /** Why a file is missed, and how to make it. */
    static String missing(Path file) {
        return file
                + ": there is no such file; python3 ../shared/tools/make_checkpoint.py OUT_DIR --vocab VOCAB.txt makes a"
                + " checkpoint of random weights with plain.onnx, fused.onnx and int8.onnx beside it";
    }
}
