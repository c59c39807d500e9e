package org.distilqa.device.tt;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.distilqa.DeviceUnavailableException;
import org.distilqa.QuestionAnsweringException;
import org.distilqa.device.Availability;
import org.distilqa.device.Device;
import org.distilqa.device.DeviceOptions;
import org.distilqa.device.DeviceProvider;
import org.distilqa.internal.LibraryFault;
import org.distilqa.internal.SharedLibrary;

/**
 * Opens Tenstorrent Wormhole cards under the name {@code tt}: an n150, one chip of an n300, or both as a mesh. Found by the
 * service loader. docs/wormhole.md has the options.
 */
public final class TtDeviceProvider implements DeviceProvider {
    private static final Path DRIVER_NODES = Path.of("/dev/tenstorrent");

    /** A provider, as the service loader makes it. */
    public TtDeviceProvider() {}

    @Override
    public String name() {
        return "tt";
    }

    @Override
    public int priority() {
        return 1000;
    }

    @Override
    public Availability availability() {
        try {
            acquireLibrary();
            try {
                return availability(TtLibraryLoader.describe());
            } finally {
                TtLibraryLoader.release();
            }
        } catch (QuestionAnsweringException e) {
            return Availability.unavailable(e.getMessage());
        } catch (Error e) {
            LibraryFault.rethrowUnlessOne(e);
            return Availability.unavailable("the native library or JNA could not be used: " + LibraryFault.explain(e));
        }
    }

    private static Availability availability(Map<String, String> facts) {
        if (!"1".equals(facts.get("usable"))) {
            return Availability.unavailable(facts.getOrDefault("reason", "the library gives no reason") + driver());
        }
        return Availability.available(facts.getOrDefault("cards", "?") + " card(s), the first an "
                + facts.getOrDefault("card.0.board", "unknown board") + " with "
                + facts.getOrDefault("card.0.chips", "?") + " chip(s), through " + facts.get("library") + " "
                + facts.getOrDefault("version", ""));
    }

    private static void acquireLibrary() {
        Optional<String> problem = SharedLibrary.JNA.problem(TtDeviceProvider.class.getClassLoader());
        if (problem.isPresent()) {
            throw new DeviceUnavailableException(problem.get());
        }
        try {
            TtLibraryLoader.acquire();
        } catch (Error e) {
            LibraryFault.rethrowUnlessOne(e);
            throw new DeviceUnavailableException(
                    "the native library or JNA could not be used: " + LibraryFault.explain(e), e);
        }
    }

    private static String driver() {
        return Files.exists(DRIVER_NODES)
                ? ""
                : "; there is no driver node " + DRIVER_NODES + ", so the tt-kmd driver is not loaded";
    }

    @Override
    public Device open(DeviceOptions options) {
        TtOptions ttOptions = TtOptions.of(options);
        acquireLibrary();
        return TtDevice.open(ttOptions);
    }
}
