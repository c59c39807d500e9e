package org.distilqa.model;

/** The element types of the safetensors format, by the names in its header. */
enum Dtype {
    BOOL(1),
    U8(1),
    I8(1),
    F8_E5M2(1),
    F8_E4M3(1),
    I16(2),
    U16(2),
    F16(2),
    BF16(2),
    I32(4),
    U32(4),
    F32(4),
    F64(8),
    I64(8),
    U64(8);

    private final int bytes;

    Dtype(int bytes) {
        this.bytes = bytes;
    }

    /** The bytes of one element. */
    int bytes() {
        return bytes;
    }

    /** Whether a network's weights may have this type: float32, or a type that converts to it without loss. */
    boolean isWeight() {
        return this == F32 || this == F16 || this == BF16;
    }
}
