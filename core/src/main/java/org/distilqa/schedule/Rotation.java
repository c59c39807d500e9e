package org.distilqa.schedule;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Whose turn it is, and with whom: the requests that wait, in turn, as in deficit round robin (Shreedhar and Varghese, "Efficient
 * Fair Queuing using Deficit Round Robin", SIGCOMM 1995). A request gets the right to the tokens of one window each time it is
 * passed, and pays for all that it is given: one with a thousand windows takes whatever place is left in a batch, and then waits
 * until the others have had as much. What it owes is never more than a full batch.
 *
 * <p>The request whose turn it is leads the batch. Those that have just come and those that had a turn before lead one batch after
 * the other, as the new and the old flows of FQ-CoDel (RFC 8290) would without the danger that ever new ones keep the old ones out:
 * so a question that comes beside any number of books waits for two batches, and no book waits for ever. The others are taken by length: windows within half
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

    /** Those that have had no turn since they came. */
    private final ArrayDeque<Ticket> fresh = new ArrayDeque<>();

    private final ArrayDeque<Ticket> old = new ArrayDeque<>();

    /** Whether one that has just come led the last batch while old ones waited. */
    private boolean oldAreNext;

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
        fresh.addLast(ticket);
        sequences += ticket.waiting.size();
    }

    /** Puts sequences that were taken back to the front: they have had their turn. */
    void putBack(List<Sequence> taken) {
        for (int i = taken.size() - 1; i >= 0; i--) {
            Ticket ticket = taken.get(i).ticket();
            if (ticket.waiting.isEmpty()) {
                ticket.credit = quantum;
                fresh.addFirst(ticket);
            }
            ticket.waiting.addFirst(taken.get(i));
            sequences++;
        }
    }

    /** Takes a ticket out. */
    void remove(Ticket ticket) {
        if (!ticket.waiting.isEmpty()) {
            if (!fresh.remove(ticket)) {
                old.remove(ticket);
            }
            sequences -= ticket.waiting.size();
            ticket.waiting.clear();
        }
    }

    /**
     * The next batch, while anything waits.
     *
     * @param size how many sequences at most, at least 1
     * @return at least one
     */
    List<Sequence> next(int size) {
        List<Sequence> batch = new ArrayList<>(Math.min(size, sequences));
        Ticket leader = leader();
        int length = leader.waiting.peekFirst().length();
        Deque<Ticket> alike = alike(leader);
        // One of each, and what room is left for more of them.
        while (batch.size() < size && !alike.isEmpty()) {
            Ticket ticket = alike.removeFirst();
            Sequence first = ticket.waiting.removeFirst();
            // Room that nobody else wanted must not keep it out for long once others come.
            ticket.credit = Math.max(ticket.credit - first.length(), -(long) size * quantum);
            batch.add(first);
            if (hasWindowLike(length, ticket)) {
                alike.addLast(ticket);
            }
        }
        sequences -= batch.size();
        fresh.removeIf(ticket -> ticket.waiting.isEmpty());
        old.removeIf(ticket -> ticket.waiting.isEmpty());
        if (!leader.waiting.isEmpty()) {
            old.addLast(leader);
        }
        return batch;
    }

    /** Takes out the one whose turn it is. */
    private Ticket leader() {
        if (old.isEmpty() || !fresh.isEmpty() && !oldAreNext) {
            oldAreNext = !old.isEmpty();
            Ticket ticket = fresh.removeFirst();
            ticket.credit = quantum;
            return ticket;
        }
        oldAreNext = false;
        while (true) {
            Ticket ticket = old.removeFirst();
            ticket.credit = Math.min(ticket.credit, 0) + quantum;
            if (ticket.credit > 0) {
                return ticket;
            }
            old.addLast(ticket);
        }
    }

    /** The leader, and those with a window of about that length, the nearest first. */
    private Deque<Ticket> alike(Ticket leader) {
        int length = leader.waiting.peekFirst().length();
        Stream<Ticket> others = Stream.concat(fresh.stream(), old.stream())
                .limit(HORIZON)
                .filter(ticket -> hasWindowLike(length, ticket))
                .sorted(Comparator.comparingInt(
                        ticket -> Math.abs(ticket.waiting.peekFirst().length() - length)));
        return Stream.concat(Stream.of(leader), others).collect(Collectors.toCollection(ArrayDeque::new));
    }

    private static boolean hasWindowLike(int leader, Ticket ticket) {
        return !ticket.waiting.isEmpty() && isAlike(ticket.waiting.peekFirst().length(), leader);
    }

    private static boolean isAlike(int length, int leader) {
        return Math.abs(length - leader) <= ALWAYS_ALIKE || length <= 2 * leader && leader <= 2 * length;
    }
}
