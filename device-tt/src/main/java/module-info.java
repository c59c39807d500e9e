/**
 * Tenstorrent Wormhole cards, through TT-NN.
 */
@SuppressWarnings(
        "requires-automatic") // JNA has no explicit module in this artifact; in jna-jpms it has one of the same name.
module org.distilqa.device.tt {
    requires com.sun.jna;
    requires transitive org.distilqa.core;
    requires org.slf4j;

    exports org.distilqa.device.tt;
    // The fields of structures.
    opens org.distilqa.device.tt to
            com.sun.jna;

    provides org.distilqa.device.DeviceProvider with
            org.distilqa.device.tt.TtDeviceProvider;
}
