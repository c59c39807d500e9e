package org.distilqa.benchmarks.subject;

import java.nio.file.Path;
import org.distilqa.benchmarks.contender.Contender;
import org.distilqa.benchmarks.peer.OnnxRuntimeDevice;
import org.distilqa.benchmarks.peer.PeerFiles;
import org.distilqa.device.Device;
import org.distilqa.device.Devices;

/** The device of a contender that has one: a device of ours, or ONNX Runtime as one. */
final class ContenderDevice {
    private ContenderDevice() {}

    /** Opens it. {@code folder} is what {@link PeerFiles} made of the model, for ONNX Runtime. */
    static Device open(Contender contender, Path folder) {
        return contender.isOnnxRuntime()
                ? OnnxRuntimeDevice.open(contender.options(), folder)
                : Devices.open(contender.name(), contender.options());
    }
}
