package org.distilqa.device.onednn.program;

import java.util.function.Supplier;
import org.distilqa.device.onednn.binding.OpenMp;
import org.distilqa.internal.ThreadTeam;

/**
 * The threads of a device. Within a loop, each of them runs oneDNN by itself: oneDNN's own threads wait for each other after every
 * primitive, where these do so after a chain of them, and would spin on when all is done.
 */
public final class Workers {
    private final ThreadTeam team;
    /** Guarded by the team's lock, as is what follows. */
    private boolean inExclusive;

    private boolean closed;

    /**
     * The threads.
     *
     * @param name what they are called after
     * @param count how many share a loop, with the one that asks for it
     */
    public Workers(String name, int count) {
        this.team = new ThreadTeam(name, count, () -> OpenMp.omp_set_num_threads(1));
    }

    /** How many threads share a loop, with the one that asks for it. */
    public int count() {
        return team.count();
    }

    /** A loop: {@link ThreadTeam#forEach}. Called by {@link #exclusively} where its body uses oneDNN. */
    public void forEach(int iterations, ThreadTeam.Body body) {
        team.forEach(iterations, body);
    }

    /**
     * Calls something that uses oneDNN and {@link #forEach}, on the calling thread, one caller at a time. What the thread itself
     * had set OpenMP's number of threads to is as before afterwards.
     */
    public <T> T exclusively(Supplier<T> body) {
        // When closed, there is nothing to be done any more, and the library may be gone.
        return team.exclusively(() -> inExclusive || closed ? body.get() : withOneOpenMpThread(body));
    }

    private <T> T withOneOpenMpThread(Supplier<T> body) {
        int before = OpenMp.omp_get_max_threads();
        OpenMp.omp_set_num_threads(1);
        inExclusive = true;
        try {
            return body.get();
        } finally {
            inExclusive = false;
            OpenMp.omp_set_num_threads(before);
        }
    }

    /** Ends the threads, and returns when they have ended. Called by {@link #exclusively}. Closing again does nothing. */
    public void close() {
        closed = true;
        team.close();
    }
}
