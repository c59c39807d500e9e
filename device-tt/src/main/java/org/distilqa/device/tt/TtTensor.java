package org.distilqa.device.tt;

import com.sun.jna.Pointer;

/** A tensor on the card. Freed by {@link #close()}; used by the device's owner thread alone. */
final class TtTensor implements AutoCloseable {
    private Pointer handle;

    TtTensor(Pointer handle) {
        this.handle = handle;
    }

    Pointer handle() {
        if (handle == null) {
            throw new IllegalStateException("the tensor was freed");
        }
        return handle;
    }

    @Override
    public void close() {
        if (handle != null) {
            Pointer freed = handle;
            handle = null;
            TtLibraryLoader.check(TtLibrary.distilqa_tt_tensor_free(freed));
        }
    }
}
