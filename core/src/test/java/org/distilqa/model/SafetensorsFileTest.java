package org.distilqa.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.distilqa.InvalidModelException;
import org.distilqa.graph.Parameter;
import org.distilqa.graph.Shape;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
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

    @ParameterizedTest
    @CsvSource({
        "0x0000, 0",
        "0x8000, -0.0",
        "0x3c00, 1",
        "0xc000, -2",
        "0x7bff, 65504",
        "0x0400, 6.103515625e-5",
        "0x0001, 5.960464477539063e-8",
        "0x83ff, -6.097555160522461e-5",
        "0x3555, 0.333251953125",
        "0x7c00, Infinity",
        "0xfc00, -Infinity"
    })
    void convertsFloat16Exactly(String bits, float value) {
        assertThat(SafetensorsFile.float16((short) Integer.decode(bits).intValue()))
                .isEqualTo(value);
    }

    @Test
    void keepsFloat16NotANumber() {
        assertThat(SafetensorsFile.float16((short) 0x7e00)).isNaN();
    }

    @Test
    void readsFloat16Tensors() throws IOException {
        write("{\"a\":{\"dtype\":\"F16\",\"shape\":[2],\"data_offsets\":[0,4]}}", shorts((short) 0x3c00, (short)
                0xb800));
        assertThat(open().read(new Parameter("a", Shape.of(2)))).containsExactly(1f, -0.5f);
    }

    @Test
    void refusesAFileThatIsNotThere() {
        assertRefused("there is no such file");
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

    @Test
    void refusesAHeaderLengthBeyondTheFile() throws IOException {
        writeLength(90_000_000);
        assertRefused("it was cut short");
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
    @ValueSource(strings = {"F31", "", "f32", "COMPLEX"})
    void refusesAnUnknownDtype(String dtype) throws IOException {
        write("{\"a\":{\"dtype\":\"" + dtype + "\",\"shape\":[1],\"data_offsets\":[0,4]}}", new byte[4]);
        assertRefused("tensor a has the unknown dtype");
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
    void refusesAWeightOfATypeThatIsNotANumberOfTheNetwork() throws IOException {
        write("{\"a\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[0,8]}}", new byte[8]);
        SafetensorsFile tensors = open();
        assertThatThrownBy(() -> tensors.requireWeight("a"))
                .isInstanceOf(InvalidModelException.class)
                .hasMessageContaining("tensor a has dtype I64");
    }

    private SafetensorsFile open() {
        return SafetensorsFile.open(ModelFiles.of(directory), "model.safetensors");
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
