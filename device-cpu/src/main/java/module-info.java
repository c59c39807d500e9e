/**
 * The processor's cores, in pure Java.
 */
module org.distilqa.device.cpu {
    requires java.management;
    requires static jdk.management;
    requires transitive org.distilqa.core;
    requires org.slf4j;

    exports org.distilqa.device.cpu;

    provides org.distilqa.device.DeviceProvider with
            org.distilqa.device.cpu.CpuDeviceProvider;
}
