package org.distilqa.device.onednn.binding;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;

/**
 * The functions of this project's own small library for the tile unit of x86-64 processors (AMX), by JNA's direct mapping;
 * {@code tiles.h} says what each does. oneDNN uses that unit too, but for matrix products alone, and what lies between two
 * products costs more there than they do: here it is done on what a product leaves in the first cache.
 * {@link OneDnnLibrary} binds it.
 */
public final class Tiles {
    /** Of {@code tiles.h}: what is multiplied. */
    public static final int BFLOAT16 = 0;

    public static final int SIGNED = 1;
    public static final int UNSIGNED = 2;
    public static final int NOTHING = 3;

    /** Of {@code tiles.h}: activations. */
    public static final int NONE = 0;

    public static final int RELU = 1;
    public static final int GELU = 2;
    public static final int GELU_TANH = 3;

    /** The outputs of a panel of weights. */
    public static final int PANEL_OUTPUTS = 32;

    private static final String RESOURCE = "org/distilqa/device/onednn/linux-x86_64/libdistilqa_tiles.so";

    private Tiles() {}

    /** The library as a resource, where it was built. */
    static String resource() {
        return RESOURCE;
    }

    static void bind(NativeLibrary library) {
        Native.register(Tiles.class, library);
    }

    public static native void distilqa_tiles_linear(
            long map, long rows, long firstPanel, long endPanel, long input, long rowScales, long result);

    public static native void distilqa_tiles_pack(long rows, long depth, long isBfloat16, long panel);

    public static native void distilqa_tiles_norm(
            long norm, long rows, long source, long result, long converted, long scales);

    public static native void distilqa_tiles_convert(long conversion, long rows, long source, long result, long scales);

    public static native long distilqa_tiles_attention_work(long length, long headSize);

    public static native void distilqa_tiles_attention(
            long attention, long length, long firstHead, long heads, long input, long result, long work);
}
