package org.distilqa.schedule;

import org.distilqa.device.Device;
import org.distilqa.device.Program;

/**
 * A device with the network compiled for it.
 *
 * @param device the device
 * @param program the network
 * @param batchSize how many sequences it is given at most
 * @param owned whether the device is closed in the end, or the program alone
 */
public record OpenDevice(Device device, Program program, int batchSize, boolean owned) {
    /**
     * Its provider's name.
     *
     * @return the name; devices of the same name share the work
     */
    public String name() {
        return device.info().name();
    }

    /** Closes the device, and with it the program; or the program alone, if the device is another's. */
    void close() {
        if (owned) {
            device.close();
        } else {
            program.close();
        }
    }
}
