package org.distilqa.safetensors;

import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.ShortBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The element types of the safetensors format, by the names in its header, and how the elements of those that a network's weights
 * may have become float32: exactly, but for float64, whose values are rounded to the nearest.
 */
enum Dtype {
    BOOL(8),
    F4(4),
    F6_E2M3(6),
    F6_E3M2(6),
    U8(8),
    I8(8),
    F8_E5M2(8),
    F8_E4M3(8),
    F8_E8M0(8),
    I16(16),
    U16(16),
    F16(16),
    BF16(16),
    I32(32),
    U32(32),
    F32(32),
    C64(64),
    F64(64),
    I64(64),
    U64(64);

    private static final Map<String, Dtype> BY_NAME =
            Arrays.stream(values()).collect(Collectors.toMap(Dtype::name, Function.identity()));

    private static final float[] E5M2 = table(Dtype::float8E5m2);
    private static final float[] E4M3 = table(Dtype::float8E4m3);
    private static final float[] E8M0 = table(Dtype::float8E8m0);

    private final int bits;

    Dtype(int bits) {
        this.bits = bits;
    }

    /** The type of this name; empty if this program knows none. */
    static Optional<Dtype> named(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }

    /** The bits of one element. */
    int bits() {
        return bits;
    }

    /** Whether a network's weights may have this type. */
    boolean isWeight() {
        return switch (this) {
            case F64, F32, F16, BF16, F8_E4M3, F8_E5M2, F8_E8M0 -> true;
            default -> false;
        };
    }

    /** The bytes of one element of a type that weights may have. */
    int bytes() {
        return bits / Byte.SIZE;
    }

    /** Converts elements of a type that weights may have, from the position of a little-endian buffer on. */
    void toFloats(ByteBuffer buffer, float[] target, int offset, int length) {
        switch (this) {
            case F32 -> buffer.asFloatBuffer().get(target, offset, length);
            case F64 -> {
                DoubleBuffer values = buffer.asDoubleBuffer();
                for (int i = 0; i < length; i++) {
                    target[offset + i] = (float) values.get(i);
                }
            }
            case F16 -> {
                ShortBuffer values = buffer.asShortBuffer();
                for (int i = 0; i < length; i++) {
                    target[offset + i] = float16(values.get(i));
                }
            }
            case BF16 -> {
                // The upper half of a float32.
                ShortBuffer values = buffer.asShortBuffer();
                for (int i = 0; i < length; i++) {
                    target[offset + i] = Float.intBitsToFloat(values.get(i) << 16);
                }
            }
            case F8_E5M2 -> lookUp(E5M2, buffer, target, offset, length);
            case F8_E4M3 -> lookUp(E4M3, buffer, target, offset, length);
            case F8_E8M0 -> lookUp(E8M0, buffer, target, offset, length);
            default -> throw new IllegalStateException(this + " is no type of weights");
        }
    }

    private static void lookUp(float[] table, ByteBuffer buffer, float[] target, int offset, int length) {
        for (int i = 0; i < length; i++) {
            target[offset + i] = table[buffer.get(buffer.position() + i) & 0xff];
        }
    }

    private interface Float8 {
        float value(int bits);
    }

    private static float[] table(Float8 type) {
        float[] table = new float[1 << Byte.SIZE];
        for (int bits = 0; bits < table.length; bits++) {
            table[bits] = type.value(bits);
        }
        return table;
    }

    /** The value of an IEEE 754 binary16 number. */
    static float float16(short bits) {
        int exponent = bits >>> 10 & 0x1f;
        int fraction = bits & 0x3ff;
        if (exponent == 0) {
            // Zero or subnormal: fraction * 2^-24, exact in float32.
            float value = fraction * 0x1p-24f;
            return bits < 0 ? -value : value;
        }
        int sign = (bits & 0x8000) << 16;
        int wideExponent = exponent == 0x1f ? 0xff : exponent + (127 - 15);
        return Float.intBitsToFloat(sign | wideExponent << 23 | fraction << 13);
    }

    /** The value of an 8-bit float with 5 bits of exponent (Micikevicius et al., 2022, "FP8 Formats for Deep Learning"). */
    static float float8E5m2(int bits) {
        // The upper half of a binary16 number.
        return float16((short) (bits << Byte.SIZE));
    }

    /**
     * The value of an 8-bit float with 4 bits of exponent (in the same paper): there is no infinity, and NaN only where all bits
     * but the sign are set.
     */
    static float float8E4m3(int bits) {
        int exponent = bits >>> 3 & 0xf;
        int fraction = bits & 0x7;
        if (exponent == 0xf && fraction == 0x7) {
            return Float.NaN;
        }
        float magnitude = exponent == 0 ? fraction * 0x1p-9f : Math.scalb(1 + fraction / 8f, exponent - 7);
        return (bits & 0x80) == 0 ? magnitude : -magnitude;
    }

    /** The power of two that 8 bits of exponent stand for (OCP Microscaling Formats Specification, 1.0, section 5.4.1). */
    static float float8E8m0(int bits) {
        return bits == 0xff ? Float.NaN : Math.scalb(1f, bits - 127);
    }
}
