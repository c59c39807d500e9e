/**
 * The processor's cores, with the kernels of oneDNN.
 */
@SuppressWarnings(
        "requires-automatic") // JNA has no explicit module in this artifact; in jna-jpms it has one of the same name.
module org.distilqa.device.onednn {
    requires com.sun.jna;
    requires transitive org.distilqa.core;
    requires org.slf4j;

    exports org.distilqa.device.onednn;

    provides org.distilqa.device.DeviceProvider with
            org.distilqa.device.onednn.OneDnnDeviceProvider;
}
