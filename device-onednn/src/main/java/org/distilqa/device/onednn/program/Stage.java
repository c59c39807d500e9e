package org.distilqa.device.onednn.program;

/** A part of a pass, at whose end all lanes wait for each other. */
public interface Stage {
    /** Computes it with all lanes. */
    void run(Pass pass, Workers workers, Lane[] lanes);
}
