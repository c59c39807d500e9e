package org.distilqa.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.distilqa.ClosedException;
import org.distilqa.InvalidModelException;
import org.distilqa.OpenFiles;
import org.distilqa.content.DiskContent;
import org.distilqa.graph.Parameter;
import org.distilqa.graph.Shape;
import org.distilqa.model.CheckpointFiles;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsFileTest {
    @TempDir
    private Path directory;

    private Path file;

    @BeforeEach
    void nameTheFile() {
        file = directory.resolve("model.safetensors");
    }

    @Test
    void readsFloat32AsItIs() throws IOException {
        write("{\"a\":{\"dtype\":\"F32\",\"shape\":[2,2],\"data_offsets\":[0,16]}}", floats(1.5f, -2f, 1e-40f, 3e38f));
        SafetensorsFile tensors = open();
        assertThat(tensors.shape("a")).contains(Shape.of(2, 2));
        assertThat(tensors.read(new Parameter("a", Shape.of(2, 2)))).containsExactly(1.5f, -2f, 1e-40f, 3e38f);
    }

    @Test
    void readsPartsOfATensor() throws IOException {
        write("{\"a\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,16]}}", floats(1, 2, 3, 4));
        float[] target = {9, 9, 9, 9};
        open().read("a", 1, target, 2, 2);
        assertThat(target).containsExactly(9, 9, 2, 3);
    }

    @Test
    void readsTensorsInTheOrderOfTheirOffsetsWhateverTheOrderOfTheHeader() throws IOException {
        write(
                "{\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]},"
                        + "\"none\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[4,4]},"
                        + "\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
                floats(1, 2));
        SafetensorsFile tensors = open();
        assertThat(tensors.read(new Parameter("a", Shape.of(1)))).containsExactly(1);
        assertThat(tensors.read(new Parameter("b", Shape.of(1)))).containsExactly(2);
        assertThat(tensors.read(new Parameter("none", Shape.of(0)))).isEmpty();
    }

    @Test
    @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void readsNothingWhereNothingIsAskedFor() throws IOException {
        write("{\"a\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,16]}}", floats(1, 2, 3, 4));
        float[] target = {9, 9};
        open().read("a", 2, target, 1, 0);
        assertThat(target).containsExactly(9, 9);
    }

    @Test
    void readsATensorOfManyPiecesWhole() throws IOException {
        float[] values = new float[100_000];
        for (int i = 0; i < values.length; i++) {
            values[i] = i;
        }
        write("{\"a\":{\"dtype\":\"F32\",\"shape\":[100000],\"data_offsets\":[0,400000]}}", floats(values));
        assertThat(open().read(new Parameter("a", Shape.of(100_000)))).containsExactly(values);
    }

    @ParameterizedTest
    @CsvSource({"-1, 1", "0, 5", "4, 1", "9223372036854775807, 1", "0, -1"})
    void refusesToReadOutsideATensor(long offset, int length) throws IOException {
        write("{\"a\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,16]}}", floats(1, 2, 3, 4));
        SafetensorsFile tensors = open();
        assertThatThrownBy(() -> tensors.read("a", offset, new float[8], 0, length))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void readsTensorsThatAreNotAligned() throws IOException {
        ByteBuffer data = ByteBuffer.allocate(9).order(ByteOrder.LITTLE_ENDIAN);
        data.put((byte) 1).putFloat(0.25f).putFloat(-7f);
        write(
                "{\"flag\":{\"dtype\":\"BOOL\",\"shape\":[1],\"data_offsets\":[0,1]},"
                        + "\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[1,9]}}",
                data.array());
        assertThat(open().read(new Parameter("a", Shape.of(2)))).containsExactly(0.25f, -7f);
    }

    @Test
    void readsBfloat16AsTheUpperHalfOfFloat32() throws IOException {
        write(
                "{\"a\":{\"dtype\":\"BF16\",\"shape\":[3],\"data_offsets\":[0,6]}}",
                shorts((short) 0x3f80, (short) 0xc049, (short) 0x0001));
        assertThat(open().read(new Parameter("a", Shape.of(3))))
                .containsExactly(1f, -3.140625f, Float.intBitsToFloat(0x10000));
    }

    @Test
    void readsFloat16Tensors() throws IOException {
        write("{\"a\":{\"dtype\":\"F16\",\"shape\":[2],\"data_offsets\":[0,4]}}", shorts((short) 0x3c00, (short)
                0xb800));
        assertThat(open().read(new Parameter("a", Shape.of(2)))).containsExactly(1f, -0.5f);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7})
    void refusesAFileWithoutALength(int bytes) throws IOException {
        Files.write(file, new byte[bytes]);
        assertRefused("has only " + bytes + " bytes");
    }

    @Test
    void refusesAHeaderLengthOfTwoToThe63WithoutAllocatingIt() throws IOException {
        writeLength(Long.MIN_VALUE);
        assertRefused("claims a header of 9223372036854775808 bytes");
    }

    @Test
    void refusesAHeaderLengthBeyondTheFormatsLimit() throws IOException {
        writeLength(100_000_001);
        assertRefused("claims a header of 100000001 bytes");
    }

    @ParameterizedTest
    @ValueSource(longs = {57, 73, 90_000_000, 100_000_000})
    void refusesAHeaderLengthBeyondTheFile(long length) throws IOException {
        // The file has 64 bytes, 56 of them for the header.
        writeLength(length);
        assertRefused("claims a header of " + length + " bytes, but has only 64 bytes; it was cut short");
    }

    @Test
    void refusesAFileThatEndsWithItsLength() throws IOException {
        Files.write(file, new byte[8]);
        assertRefused("the header is not a JSON object");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "null",
                "nonsense",
                "{\"a\":1}",
                "{\"a\":{}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
                        + "\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}"
            })
    void refusesAHeaderThatIsNotWhatTheFormatAsksFor(String header) throws IOException {
        write(header, new byte[4]);
        assertRefused("model.safetensors");
    }

    @ParameterizedTest
    @ValueSource(strings = {"F31", "f32", "F8_E8M1", "I64", "BOOL", "F4", "C64"})
    void refusesAWeightOfATypeThatIsNotANumberOfTheNetworkAndNoOtherTensor(String dtype) throws IOException {
        // Eight elements take as many bytes as one has bits; of a type that nobody knows, they may take any number.
        int bytes = Dtype.named(dtype).map(Dtype::bits).orElse(7);
        write(
                "{\"a\":{\"dtype\":\"" + dtype + "\",\"shape\":[8],\"data_offsets\":[0," + bytes + "]}}",
                new byte[bytes]);
        SafetensorsFile tensors = open();
        assertThat(tensors.shape("a")).contains(Shape.of(8));
        assertThatThrownBy(() -> tensors.requireWeight("a"))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("tensor a has dtype " + dtype + "; F32, F64,");
        assertThatThrownBy(() -> tensors.read("a", 0, new float[8], 0, 8)).isInstanceOf(InvalidModelException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"\"", "7", "null", "[]"})
    void refusesATensorWithoutADtype(String dtype) throws IOException {
        write("{\"a\":{\"dtype\":" + dtype + ",\"shape\":[1],\"data_offsets\":[0,4]}}", new byte[4]);
        assertRefused("tensor a has no dtype");
    }

    @Test
    void refusesElementsOfHalfAByteThatDoNotFillTheirBytes() throws IOException {
        write("{\"a\":{\"dtype\":\"F4\",\"shape\":[3],\"data_offsets\":[0,2]}}", new byte[2]);
        assertRefused("tensor a has 2 bytes, but F4 [3] takes 12 bits");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[-1]",
                "[1.5]",
                "[\"1\"]",
                "[9223372036854775808]",
                "1",
                "[4611686018427387904,4]",
                "[4611686018427387904]"
            })
    void refusesAShapeThatNoTensorHas(String shape) throws IOException {
        write("{\"a\":{\"dtype\":\"F32\",\"shape\":" + shape + ",\"data_offsets\":[0,4]}}", new byte[4]);
        assertRefused("tensor a");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"[0,3]", "[0,8]", "[4,0]", "[-4,0]", "[0]", "[0,4,8]", "7", "[0,1e1]", "[0,18446744073709551620]"
            })
    void refusesOffsetsThatDoNotFitTheShape(String offsets) throws IOException {
        write("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":" + offsets + "}}", new byte[4]);
        assertRefused("tensor a");
    }

    /** 2^63 - 1, which has as many digits as any, and one more. */
    @Test
    void takesAnyNumberOfDimensionsThatFitsTheFormat() throws IOException {
        write("{\"a\":{\"dtype\":\"F32\",\"shape\":[0,9223372036854775807],\"data_offsets\":[0,0]}}", new byte[0]);
        assertThat(open().shape("a")).contains(Shape.of(0, Long.MAX_VALUE));
        write("{\"a\":{\"dtype\":\"F32\",\"shape\":[0,9223372036854775808],\"data_offsets\":[0,0]}}", new byte[0]);
        assertRefused("tensor a has in shape what is not a whole number from 0 to 2^63 - 1");
    }

    @Test
    void refusesOverlappingTensors() throws IOException {
        write(twoTensors("[0,8]", "[4,12]"), new byte[12]);
        assertRefused("they overlap");
    }

    @Test
    void refusesAHoleBetweenTensors() throws IOException {
        write(twoTensors("[0,8]", "[12,20]"), new byte[20]);
        assertRefused("a hole");
    }

    @Test
    void refusesATensorBeyondTheEndOfTheFile() throws IOException {
        write(twoTensors("[0,8]", "[8,16]"), new byte[12]);
        assertRefused("there are only 12; the file was cut short");
    }

    @Test
    void refusesBytesAfterTheLastTensor() throws IOException {
        write(twoTensors("[0,8]", "[8,16]"), new byte[17]);
        assertRefused("has 1 bytes after tensor b");
    }

    private static String twoTensors(String first, String second) {
        return "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":" + first + "},"
                + "\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":" + second + "}}";
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void refusesAWeightThatIsNotAFiniteNumberAndSaysWhere(float value) throws IOException {
        float[] values = new float[40_000];
        values[39_998] = value;
        write("{\"a\":{\"dtype\":\"F32\",\"shape\":[40000],\"data_offsets\":[0,160000]}}", floats(values));
        SafetensorsFile tensors = open();
        assertThatThrownBy(() -> tensors.read("a", 1, new float[40_000], 2, 39_998))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("tensor a has the value " + value + " at index 39998");
    }

    @Test
    void acceptsTheLargestFiniteWeight() throws IOException {
        write("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", floats(-Float.MAX_VALUE));
        float[] values = new float[1];
        open().read("a", 0, values, 0, 1);
        assertThat(values).containsExactly(-Float.MAX_VALUE);
    }

    @Test
    void roundsFloat64ToTheNearest() throws IOException {
        ByteBuffer data = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
        data.putDouble(0.1).putDouble(-2.5).putDouble(1 + 0x1p-24);
        write("{\"a\":{\"dtype\":\"F64\",\"shape\":[3],\"data_offsets\":[0,24]}}", data.array());
        assertThat(open().read(new Parameter("a", Shape.of(3)))).containsExactly(0.1f, -2.5f, 1f);
    }

    @Test
    void refusesAFloat64BeyondFloat32() throws IOException {
        ByteBuffer data = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putDouble(1e300);
        write("{\"a\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[0,8]}}", data.array());
        SafetensorsFile tensors = open();
        assertThatThrownBy(() -> tensors.read("a", 0, new float[1], 0, 1))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("tensor a has the value Infinity at index 0");
    }

    @Test
    void readsEightBitFloatsFromAnyElementOn() throws IOException {
        write(
                "{\"a\":{\"dtype\":\"F8_E4M3\",\"shape\":[3],\"data_offsets\":[0,3]},"
                        + "\"b\":{\"dtype\":\"F8_E5M2\",\"shape\":[2],\"data_offsets\":[3,5]},"
                        + "\"c\":{\"dtype\":\"F8_E8M0\",\"shape\":[2],\"data_offsets\":[5,7]}}",
                new byte[] {0x38, (byte) 0xc4, 0x7e, 0x3c, (byte) 0xc1, 0x7f, (byte) 0x80});
        SafetensorsFile tensors = open();
        assertThat(tensors.read(new Parameter("a", Shape.of(3)))).containsExactly(1f, -3f, 448f);
        assertThat(tensors.read(new Parameter("b", Shape.of(2)))).containsExactly(1f, -2.5f);
        assertThat(tensors.read(new Parameter("c", Shape.of(2)))).containsExactly(1f, 2f);
        float[] one = new float[1];
        tensors.read("a", 2, one, 0, 1);
        assertThat(one).containsExactly(448f);
    }

    @Test
    void refusesMoreTensorsThanAnyCheckpointHas() throws IOException {
        StringBuilder header = new StringBuilder("{");
        for (int i = 0; i <= 100_000; i++) {
            header.append(i == 0 ? "" : ",").append("\"").append(i);
            header.append("\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}");
        }
        write(header.append("}").toString(), new byte[0]);
        assertRefused("has more than 100000 tensors");
    }

    @Test
    void keepsNothingOfAHeaderThatIsMostlyMetadataOrDimensions() throws IOException {
        write("{\"__metadata__\":{" + "\"a\":\"b\",".repeat(1_000_000) + "\"c\":[[[{}]]]}}", new byte[0]);
        open();
        write(
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[" + "1,".repeat(1_000_000) + "1],\"data_offsets\":[0,4]}}",
                new byte[4]);
        assertRefused("tensor a has more than 32 numbers in shape");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"shape\":[1],\"data_offsets\":[0,4]}}"
            })
    void refusesATensorWithAFieldTwice(String header) throws IOException {
        write(header, new byte[4]);
        assertRefused("tensor a has two fields");
    }

    @Test
    void refusesTextAfterTheHeadersObject() throws IOException {
        write("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}  {}", new byte[4]);
        assertRefused("the header goes on after its end");
    }

    @Test
    void takesAWeightOfTheMostElements() throws IOException {
        assertThat(openSparse(1L << 29).shape("a")).contains(Shape.of(1 << 29));
        openSparse(1L << 29).requireWeight("a");
    }

    @Test
    void refusesAWeightThatIsTooLargeForAnArrayBeforeItIsRead() throws IOException {
        SafetensorsFile tensors = openSparse((1L << 29) + 1);
        assertThatThrownBy(() -> tensors.requireWeight("a"))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("tensor a has 536870913 elements");
    }

    /** A file with a tensor of so many bytes, which takes no room on the disk. */
    private SafetensorsFile openSparse(long elements) throws IOException {
        write(
                "{\"a\":{\"dtype\":\"F8_E4M3\",\"shape\":[" + elements + "],\"data_offsets\":[0," + elements + "]}}",
                new byte[0]);
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(sparse.length() + elements);
        }
        return open();
    }

    @Test
    void namesATensorThatIsNotThere() throws IOException {
        write("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", floats(1));
        SafetensorsFile tensors = open();
        assertThat(tensors.shape("b")).isEmpty();
        assertThat(tensors.names()).containsExactly("a");
        assertThatThrownBy(() -> tensors.requireWeight("b"))
                .isInstanceOf(InvalidModelException.class)
                .hasMessage(file + ": has no tensor b");
    }

    /** The rest of what is asked for is not taken from somewhere else. */
    @ParameterizedTest
    @ValueSource(ints = {1, 16, 399_998, 400_000})
    void refusesAFileThatBecameShorterSinceItWasOpened(int bytes) throws IOException {
        write("{\"a\":{\"dtype\":\"F32\",\"shape\":[100000],\"data_offsets\":[0,400000]}}", new byte[400_000]);
        SafetensorsFile tensors = open();
        try (RandomAccessFile shorter = new RandomAccessFile(file.toFile(), "rw")) {
            shorter.setLength(shorter.length() - bytes);
        }
        assertThatThrownBy(() -> tensors.read("a", 0, new float[100_000], 0, 100_000))
                .isInstanceOf(InvalidModelException.class)
                .hasMessage(file + ": became shorter while it was read");
    }

    @Test
    void letsGoOfItsFileWhenItIsClosedAndOfOneThatItRefusesAtOnce() throws IOException {
        write("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", floats(1));
        SafetensorsFile tensors = open();
        assertThat(OpenFiles.below(directory)).isPositive();
        tensors.close();
        assertThat(OpenFiles.below(directory)).isZero();
        write("{}", new byte[1]);
        assertRefused("has 1 bytes after the header");
        assertThat(OpenFiles.below(directory)).isZero();
    }

    /** Where the file is closed under a thread that reads, that is what it is told: the file itself is sound. */
    @Test
    @Timeout(60)
    void tellsThoseWhoReadItThatItWasClosed() throws Exception {
        int elements = 1 << 20;
        write(
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[" + elements + "],\"data_offsets\":[0," + 4 * elements + "]}}",
                new byte[4 * elements]);
        for (int round = 0; round < 5; round++) {
            SafetensorsFile tensors = open();
            CountDownLatch read = new CountDownLatch(1);
            FutureTask<Object> reader = new FutureTask<>(() -> {
                float[] values = new float[elements];
                while (true) {
                    tensors.read("a", 0, values, 0, elements);
                    read.countDown();
                }
            });
            new Thread(reader).start();
            read.await();
            tensors.close();
            assertThatThrownBy(reader::get)
                    .hasCauseInstanceOf(ClosedException.class)
                    .hasMessageContaining(file + ": the checkpoint was closed");
        }
    }

    @Test
    void cannotBeReadAfterItWasClosed() throws IOException {
        write("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", floats(1));
        SafetensorsFile tensors = open();
        tensors.close();
        tensors.close();
        assertThatThrownBy(() -> tensors.read("a", 0, new float[1], 0, 1)).isInstanceOf(ClosedException.class);
    }

    private SafetensorsFile open() {
        Path file = directory.resolve("model.safetensors");
        try {
            return SafetensorsFile.open(file.toString(), DiskContent.of(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void assertRefused(String message) {
        assertThatThrownBy(this::open)
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(message);
    }

    private void write(String header, byte[] data) throws IOException {
        CheckpointFiles.writeFile(file, header, data);
    }

    private void writeLength(long length) throws IOException {
        Files.write(
                file,
                ByteBuffer.allocate(64)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(length)
                        .array());
    }

    private static byte[] floats(float... values) {
        ByteBuffer buffer = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        buffer.asFloatBuffer().put(values);
        return buffer.array();
    }

    private static byte[] shorts(short... values) {
        ByteBuffer buffer = ByteBuffer.allocate(2 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        buffer.asShortBuffer().put(values);
        return buffer.array();
    }
}
