package org.distilqa.schedule;

/** A sequence on its way through a device. The logits are there once its {@link Ticket} is told so. */
public final class Sequence {
    private final int[] ids;
    private final int secondSegment;
    private Ticket ticket;
    private float[] start;
    private float[] end;
    private DeviceThread refusedBy;

    /**
     * The token ids of a window, and where its second segment begins: see {@link org.distilqa.device.TokenBatch}.
     *
     * @param ids the token ids
     * @param secondSegment the position of its first token; their number if there is none
     */
    public Sequence(int[] ids, int secondSegment) {
        this.ids = ids;
        this.secondSegment = secondSegment;
    }

    int[] ids() {
        return ids;
    }

    int secondSegment() {
        return secondSegment;
    }

    /**
     * How long it is.
     *
     * @return its tokens
     */
    public int length() {
        return ids.length;
    }

    /**
     * What the network said of each token as an answer's first.
     *
     * @return the logits, one for each token; null as long as the sequence was not read
     */
    public float[] startLogits() {
        return start;
    }

    /**
     * What the network said of each token as an answer's last.
     *
     * @return the logits, one for each token; null as long as the sequence was not read
     */
    public float[] endLogits() {
        return end;
    }

    void belongsTo(Ticket owner) {
        ticket = owner;
    }

    Ticket ticket() {
        return ticket;
    }

    /** The device that could not read it, null if there is none; the scheduler's lock guards it. */
    DeviceThread refusedBy() {
        return refusedBy;
    }

    void refusedBy(DeviceThread device) {
        refusedBy = device;
    }

    void read(float[] startLogits, float[] endLogits) {
        start = startLogits;
        end = endLogits;
    }
}
