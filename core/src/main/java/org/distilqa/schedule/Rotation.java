package org.distilqa.schedule;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Whose turn it is, and with whom: the requests that wait, in turn, as in deficit round robin (Shreedhar and Varghese, "Efficient
 * Fair Queuing using Deficit Round Robin", SIGCOMM 1995). A request gets the right to the tokens of one window each time it is
 * passed, and pays for all that it is given: one with a thousand windows takes whatever place is left in a batch, and then waits
 * until the others have had as much. What it owes is never more than a full batch.
 *
 * <p>The request whose turn it is leads the batch, so none waits for ever. The others are taken by length: windows within half
 * and twice the leader's, the nearest first. So a short question is not kept by long ones beside it, and a device that pads has
 * little to pad. Not safe for use by many threads.
 */
final class Rotation {
    /** How many requests in turn are looked at for windows of the leader's length: it bounds the time that a batch takes to make. */
    private static final int HORIZON = 1024;

    /** Lengths that differ by so little are alike. */
    private static final int ALWAYS_ALIKE = 32;

    /** What a request gets in its turn, in tokens: the longest window. */
    private final int quantum;

    private final ArrayDeque<Ticket> tickets = new ArrayDeque<>();
    private int sequences;

    Rotation(int quantum) {
        this.quantum = quantum;
    }

    boolean isEmpty() {
        return sequences == 0;
    }

    /** How many sequences wait. */
    int sequences() {
        return sequences;
    }

    /** Lets a ticket wait for its turn, with all of {@link Ticket#waiting}, longest first. */
    void add(Ticket ticket) {
        tickets.addLast(ticket);
        sequences += ticket.waiting.size();
    }

    /** Puts sequences that were taken back to the front: they have had their turn. */
    void putBack(List<Sequence> taken) {
        for (int i = taken.size() - 1; i >= 0; i--) {
            Ticket ticket = taken.get(i).ticket();
            if (ticket.waiting.isEmpty()) {
                ticket.credit = quantum;
                tickets.addFirst(ticket);
            }
            ticket.waiting.addFirst(taken.get(i));
            sequences++;
        }
    }

    /** Takes a ticket out. */
    void remove(Ticket ticket) {
        if (!ticket.waiting.isEmpty()) {
            tickets.remove(ticket);
            sequences -= ticket.waiting.size();
            ticket.waiting.clear();
        }
    }

    /**
     * The next batch.
     *
     * @param size how many sequences at most, at least 1
     * @return at least one, if there is one
     */
    List<Sequence> next(int size) {
        List<Sequence> batch = new ArrayList<>(Math.min(size, sequences));
        if (sequences == 0) {
            return batch;
        }
        Ticket leader = leader();
        int length = leader.waiting.peekFirst().length();
        List<Ticket> alike = alike(length);
        // One of each, and what room is left for more of them.
        for (boolean more = true; more && batch.size() < size; ) {
            more = false;
            for (int i = 0; i < alike.size() && batch.size() < size; i++) {
                Ticket ticket = alike.get(i);
                Sequence first = ticket.waiting.peekFirst();
                if (first != null && isAlike(first.length(), length)) {
                    // Room that nobody else wanted must not keep it out for long once others come.
                    ticket.credit = Math.max(ticket.credit - first.length(), -(long) size * quantum);
                    batch.add(ticket.waiting.removeFirst());
                    more = true;
                }
            }
        }
        sequences -= batch.size();
        tickets.removeIf(ticket -> ticket.waiting.isEmpty());
        if (!leader.waiting.isEmpty()) {
            tickets.removeFirstOccurrence(leader);
            tickets.addLast(leader);
        }
        return batch;
    }

    /** Passes on to the first that may take a window, which stays the first. */
    private Ticket leader() {
        while (true) {
            Ticket ticket = tickets.peekFirst();
            ticket.credit = Math.min(ticket.credit, 0) + quantum;
            if (ticket.credit > 0) {
                return ticket;
            }
            tickets.addLast(tickets.removeFirst());
        }
    }

    /** Those with a window of about this length, the nearest first, the leader before all. */
    private List<Ticket> alike(int length) {
        return tickets.stream()
                .limit(HORIZON)
                .filter(ticket -> isAlike(ticket.waiting.peekFirst().length(), length))
                .sorted(Comparator.comparingInt(
                        ticket -> Math.abs(ticket.waiting.peekFirst().length() - length)))
                .toList();
    }

    private static boolean isAlike(int length, int leader) {
        return Math.abs(length - leader) <= ALWAYS_ALIKE || length <= 2 * leader && leader <= 2 * length;
    }
}
