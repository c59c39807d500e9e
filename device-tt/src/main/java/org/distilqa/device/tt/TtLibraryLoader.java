package org.distilqa.device.tt;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.distilqa.DeviceException;
import org.distilqa.DeviceUnavailableException;

/**
 * Finds the native library and binds {@link TtLibrary} to it while a device is open: the file that the system property
 * {@code distilqa.tt.library} names, else the one that the environment variable {@code DISTILQA_TT_LIBRARY} names, else
 * {@code distilqa_tt} on the usual library path.
 */
final class TtLibraryLoader {
    static final String PROPERTY = "distilqa.tt.library";
    static final String VARIABLE = "DISTILQA_TT_LIBRARY";
    private static final String NAME = "distilqa_tt";

    /** As in {@code dlfcn.h}; the first two are JNA's default. */
    private static final int RTLD_LAZY = 1;

    private static final int RTLD_GLOBAL = Platform.isMac() ? 0x8 : 0x100;
    private static final int RTLD_NODELETE = Platform.isMac() ? 0x80 : 0x1000;

    /** How many devices are open. */
    private static int users;

    private TtLibraryLoader() {}

    /**
     * Loads the library and binds its functions, for one who calls them until {@link #release()}. What JNA keeps for each of them
     * would hold the class loader of an application that was undeployed.
     *
     * @throws DeviceUnavailableException if there is no library, or it implements another version of the ABI
     */
    static synchronized void acquire() {
        if (users == 0) {
            bind(find());
        }
        users++;
        int version = TtLibrary.distilqa_tt_abi_version();
        if (version != TtLibrary.ABI_VERSION) {
            release();
            throw new DeviceUnavailableException("the native library implements version " + version
                    + " of the ABI, but this is version " + TtLibrary.ABI_VERSION
                    + "; build the library from the sources of the same DistilQA release");
        }
    }

    /** One who called {@link #acquire()} needs the functions no more. */
    static synchronized void release() {
        users--;
        if (users == 0) {
            Native.unregister(TtLibrary.class);
        }
    }

    /**
     * Binds a library and closes it, though it stays loaded: JNA has a thread that closes each open library once it is garbage, and
     * which lasts as long as one is open. It would hold the class loader of an application that was undeployed.
     */
    @SuppressWarnings("deprecation") // Older releases of JNA have no other method to close a library.
    private static void bind(NativeLibrary library) {
        try {
            TtLibrary.bind(library);
        } finally {
            if (!Platform.isWindows()) {
                library.dispose();
            }
        }
    }

    static NativeLibrary find() {
        String property = System.getProperty(PROPERTY);
        if (property != null && !property.isBlank()) {
            return open(property, "the system property " + PROPERTY);
        }
        String variable = System.getenv(VARIABLE);
        if (variable != null && !variable.isBlank()) {
            return open(variable, "the environment variable " + VARIABLE);
        }
        try {
            return instance(NAME);
        } catch (UnsatisfiedLinkError e) {
            throw new DeviceUnavailableException(
                    "there is no native library " + System.mapLibraryName(NAME) + ": neither the system property "
                            + PROPERTY + " nor the environment variable " + VARIABLE
                            + " names one, and it is not on the library path (jna.library.path, java.library.path,"
                            + " LD_LIBRARY_PATH). docs/wormhole.md says how to build it",
                    e);
        }
    }

    private static NativeLibrary open(String file, String where) {
        Path path = Path.of(file).toAbsolutePath();
        if (!Files.exists(path)) {
            throw new DeviceUnavailableException(where + " names " + path + ", but there is no such file");
        }
        try {
            return instance(path.toString());
        } catch (UnsatisfiedLinkError e) {
            throw new DeviceUnavailableException(
                    where + " names " + path + ", which cannot be loaded: " + firstLine(e.getMessage()), e);
        }
    }

    private static String firstLine(String message) {
        return message == null ? "no reason given" : message.lines().findFirst().orElse("");
    }

    private static NativeLibrary instance(String name) {
        Map<String, Object> options = new HashMap<>();
        options.put(Library.OPTION_STRING_ENCODING, StandardCharsets.UTF_8.name());
        if (!Platform.isWindows()) {
            options.put(Library.OPTION_OPEN_FLAGS, RTLD_LAZY | RTLD_GLOBAL | RTLD_NODELETE);
        }
        return NativeLibrary.getInstance(name, options);
    }

    /** What the library says of itself and the machine: the lines of {@code distilqa_tt_describe}. */
    static Map<String, String> describe() {
        return text((buffer, capacity, length) -> TtLibrary.distilqa_tt_describe(buffer, capacity, length));
    }

    /** A function that fills a buffer with lines "name=value". */
    interface TextFunction {
        int fill(byte[] buffer, TtLibrary.SizeT capacity, long[] length);
    }

    /** Calls such a function, with as large a buffer as it asks for. */
    static Map<String, String> text(TextFunction function) {
        byte[] buffer = new byte[4096];
        long[] length = new long[1];
        check(function.fill(buffer, new TtLibrary.SizeT(buffer.length), length));
        if (length[0] > buffer.length) {
            buffer = new byte[Math.toIntExact(length[0])];
            check(function.fill(buffer, new TtLibrary.SizeT(buffer.length), length));
        }
        Map<String, String> values = new LinkedHashMap<>();
        int end = 0;
        while (end < buffer.length && buffer[end] != 0) {
            end++;
        }
        new String(buffer, 0, end, StandardCharsets.UTF_8).lines().forEach(line -> {
            int equals = line.indexOf('=');
            if (equals > 0) {
                values.put(line.substring(0, equals), line.substring(equals + 1));
            }
        });
        return values;
    }

    /**
     * Throws what a status other than OK stands for.
     *
     * @throws DeviceUnavailableException if there is no usable card
     * @throws DeviceException for everything else
     */
    static void check(int status) {
        if (status == TtLibrary.OK) {
            return;
        }
        String message = TtLibrary.distilqa_tt_last_error();
        if (status == TtLibrary.UNAVAILABLE) {
            throw new DeviceUnavailableException(message);
        }
        throw new TtStatusException(status, message);
    }

    /** A call that failed, with its status. */
    static final class TtStatusException extends DeviceException {
        private static final long serialVersionUID = 1L;

        private final int status;

        TtStatusException(int status, String message) {
            super(prefix(status) + message);
            this.status = status;
        }

        int status() {
            return status;
        }

        private static String prefix(int status) {
            return switch (status) {
                case TtLibrary.OUT_OF_MEMORY -> "the card is out of memory: ";
                case TtLibrary.TIMEOUT -> "the card did not finish in time: ";
                case TtLibrary.DEVICE_LOST -> "the card was lost: ";
                case TtLibrary.UNSUPPORTED -> "the card cannot do this: ";
                default -> "";
            };
        }
    }
}
