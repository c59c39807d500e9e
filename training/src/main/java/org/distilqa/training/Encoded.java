package org.distilqa.training;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * An example as the network sees it: [CLS] question [SEP] context [SEP].
 *
 * @param ids the tokens
 * @param context the place of the context's first token
 * @param start the place of the answer's first token
 * @param end the place of the answer's last token
 */
record Encoded(short[] ids, int context, int start, int end) {
    int length() {
        return ids.length;
    }

    void write(DataOutputStream out) throws IOException {
        out.writeShort(ids.length);
        out.writeShort(context);
        out.writeShort(start);
        out.writeShort(end);
        for (short id : ids) {
            out.writeShort(id);
        }
    }

    static List<Encoded> readAll(DataInputStream in) throws IOException {
        List<Encoded> examples = new ArrayList<>();
        while (true) {
            int length;
            try {
                length = in.readShort();
            } catch (EOFException e) {
                return examples;
            }
            int context = in.readShort();
            int start = in.readShort();
            int end = in.readShort();
            short[] ids = new short[length];
            for (int i = 0; i < length; i++) {
                ids[i] = in.readShort();
            }
            examples.add(new Encoded(ids, context, start, end));
        }
    }
}
