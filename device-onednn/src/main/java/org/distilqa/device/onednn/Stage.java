package org.distilqa.device.onednn;

/** A part of a pass, at whose end all lanes wait for each other. */
interface Stage {
    /** Computes it with all lanes. */
    void run(Pass pass, Workers workers, Lane[] lanes);
}
