package org.distilqa.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.distilqa.QuestionAnsweringException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RotationTest {
    private static final int QUANTUM = 384;

    private final Rotation rotation = new Rotation(QUANTUM);

    /** A request of windows of these lengths. */
    private static final class Request extends Ticket {
        Request(int... lengths) {
            IntStream.of(lengths)
                    .boxed()
                    .sorted(Comparator.reverseOrder())
                    .forEach(length -> waitsFor(new Sequence(new int[length], 1)));
        }

        @Override
        protected List<Sequence> toRead() {
            throw new AssertionError("not asked here");
        }

        @Override
        protected void read() {
            throw new AssertionError("not told here");
        }

        @Override
        protected void failed(QuestionAnsweringException failure) {
            throw new AssertionError("not told here");
        }
    }

    private Request add(int... lengths) {
        Request request = new Request(lengths);
        rotation.add(request);
        return request;
    }

    private static int[] book(int windows) {
        return IntStream.generate(() -> QUANTUM).limit(windows).toArray();
    }

    private static List<Integer> lengths(List<Sequence> batch) {
        return batch.stream().map(Sequence::length).toList();
    }

    @Test
    void givesAShortQuestionTheNextBatchHoweverLongTheBookBeforeIt() {
        add(book(1500));
        for (int batch = 0; batch < 10; batch++) {
            assertThat(rotation.next(8)).hasSize(8);
        }
        Request question = add(40);
        assertThat(rotation.next(8))
                .singleElement()
                .satisfies(first -> assertThat(first.ticket()).isSameAs(question));
        assertThat(rotation.next(8)).hasSize(8);
    }

    @Test
    void givesAQuestionAsLongAsTheBooksWindowsAPlaceInTheNextBatchAndTheBookTheRest() {
        Request book = add(book(100));
        rotation.next(8);
        Request question = add(300);
        List<Sequence> batch = rotation.next(8);
        assertThat(batch).hasSize(8);
        assertThat(batch.get(0).ticket()).isSameAs(question);
        assertThat(batch.subList(1, 8))
                .allSatisfy(sequence -> assertThat(sequence.ticket()).isSameAs(book));
    }

    @Test
    void letsAQuestionWaitForTwoBatchesHoweverManyBooksWait() {
        for (int i = 0; i < 30; i++) {
            add(book(200));
        }
        for (int batch = 0; batch < 100; batch++) {
            rotation.next(8);
        }
        for (int times = 0; times < 10; times++) {
            Request question = add(40);
            List<Sequence> two = new ArrayList<>(rotation.next(8));
            two.addAll(rotation.next(8));
            assertThat(two).anySatisfy(sequence -> assertThat(sequence.ticket()).isSameAs(question));
        }
    }

    @Test
    void keepsABookGoingBesideQuestionsThatNeverEnd() {
        Request book = add(book(100));
        int read = 0;
        for (int batch = 0; batch < 200; batch++) {
            for (int i = 0; i < 16; i++) {
                add(40);
            }
            read += (int) rotation.next(8).stream()
                    .filter(sequence -> sequence.ticket() == book)
                    .count();
        }
        // Sixteen questions come for each batch of eight, so the queue grows; the book still has its turn.
        assertThat(read).isEqualTo(100);
    }

    @Test
    void sharesTokensEquallyAmongLongTexts() {
        List<Request> books = List.of(add(book(400)), add(book(400)), add(book(400)));
        Map<Ticket, Integer> served = new HashMap<>();
        for (int batch = 0; batch < 60; batch++) {
            rotation.next(8).forEach(sequence -> served.merge(sequence.ticket(), 1, Integer::sum));
        }
        assertThat(books).allSatisfy(book -> assertThat(served.get(book)).isBetween(152, 168));
    }

    @Test
    void letsABookThatFilledTheRoomInTheBatchesOfOthersLeadAgainSoon() {
        Request book = add(book(3000));
        for (int batch = 0; batch < 300; batch++) {
            add(300);
            assertThat(rotation.next(8)).hasSize(8);
        }
        int batches = 0;
        List<Sequence> batch;
        do {
            add(40);
            batch = rotation.next(8);
            batches++;
        } while (batch.get(0).ticket() != book);
        assertThat(batches).isLessThanOrEqualTo(10);
    }

    @Test
    void letsARequestOweNoMoreThanAFullBatch() {
        Request book = add(book(100));
        rotation.next(3);
        assertThat(book.credit).isEqualTo(-2 * QUANTUM);
        add(300);
        // The question leads, and the book takes the two places that are left.
        assertThat(lengths(rotation.next(3))).containsExactly(300, QUANTUM, QUANTUM);
        assertThat(book.credit).isEqualTo(-3 * QUANTUM);
    }

    @Test
    void passesWhoHasJustPaid() {
        Request book = add(book(100));
        Request others = add(100, 100, 100, 100, 100, 100, 100);
        assertThat(rotation.next(2)).allMatch(sequence -> sequence.ticket() == book);
        assertThat(rotation.next(2)).allMatch(sequence -> sequence.ticket() == others);
        // It owed as much as it gets in a turn: it has nothing yet.
        assertThat(rotation.next(2)).allMatch(sequence -> sequence.ticket() == others);
        assertThat(rotation.next(2)).allMatch(sequence -> sequence.ticket() == book);
    }

    @ParameterizedTest
    @CsvSource({
        "10, 42, true", // 32 apart, though more than twice as long
        "10, 43, false",
        "42, 10, true",
        "43, 10, false",
        "100, 200, true", // twice as long
        "100, 201, false",
        "200, 100, true", // half as long
        "201, 100, false"
    })
    void letsWindowsShareABatchThatAre32TokensApartOrOneTwiceAsLongAsTheOther(int leader, int length, boolean share) {
        add(leader);
        add(length);
        assertThat(rotation.next(2)).hasSize(share ? 2 : 1);
    }

    @Test
    void takesTheWindowsOfOneTextThatAreOfTheLeadersLengthAndLeavesTheOthers() {
        add(100);
        add(200, 190, 40, 30);
        assertThat(lengths(rotation.next(8))).containsExactly(100, 200, 190);
        assertThat(lengths(rotation.next(8))).containsExactly(40, 30);
    }

    @Test
    void forgetsARequestThatHasHadATurn() {
        Request gone = add(100, 100);
        add(300, 300);
        assertThat(lengths(rotation.next(1))).containsExactly(100);
        assertThat(lengths(rotation.next(1))).containsExactly(300);
        rotation.remove(gone);
        assertThat(rotation.sequences()).isEqualTo(1);
        assertThat(lengths(rotation.next(1))).containsExactly(300);
        assertThat(rotation.isEmpty()).isTrue();
    }

    @Test
    void takesWindowsOfLikeLengthTheNearestFirst() {
        add(100);
        add(390);
        add(210);
        add(60);
        add(150);
        add(120);
        add(30);
        assertThat(lengths(rotation.next(3))).containsExactly(100, 120, 60);
        assertThat(lengths(rotation.next(3))).containsExactly(390, 210);
        assertThat(lengths(rotation.next(3))).containsExactly(150);
        assertThat(lengths(rotation.next(3))).containsExactly(30);
        assertThat(rotation.isEmpty()).isTrue();
    }

    @Test
    void givesEachSequenceOnceAndNeverAnEmptyBatchWhileThereIsOne() {
        Random random = new Random(7);
        List<Request> requests = new ArrayList<>();
        int given = 0;
        for (int i = 0; i < 300; i++) {
            int[] lengths = random.ints(1 + random.nextInt(6), 5, QUANTUM + 1).toArray();
            given += lengths.length;
            requests.add(add(lengths));
        }
        for (int i = 0; i < 300; i += 3) {
            given -= requests.get(i).waiting.size();
            rotation.remove(requests.get(i));
            rotation.remove(requests.get(i));
        }
        List<Sequence> taken = new ArrayList<>();
        while (!rotation.isEmpty()) {
            int size = 1 + random.nextInt(10);
            List<Sequence> batch = rotation.next(size);
            assertThat(batch).isNotEmpty().hasSizeLessThanOrEqualTo(size);
            int longest = batch.stream().mapToInt(Sequence::length).max().orElseThrow();
            int shortest = batch.stream().mapToInt(Sequence::length).min().orElseThrow();
            assertThat(longest).isLessThanOrEqualTo(Math.max(4 * shortest, shortest + 64));
            taken.addAll(batch);
            if (random.nextInt(10) == 0) {
                rotation.putBack(batch);
                taken.removeAll(batch);
            }
        }
        assertThat(taken).hasSize(given).doesNotHaveDuplicates();
        assertThat(rotation.sequences()).isZero();
    }

    @Test
    void givesWhatIsPutBackFirst() {
        add(50);
        Request second = add(52);
        List<Sequence> batch = rotation.next(2);
        add(51);
        rotation.putBack(batch);
        rotation.remove(second);
        assertThat(lengths(rotation.next(1))).containsExactly(50);
        assertThat(lengths(rotation.next(9))).containsExactly(51);
    }
}
