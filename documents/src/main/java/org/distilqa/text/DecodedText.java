package org.distilqa.text;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * The characters of a file, without a byte order mark.
 *
 * @param text the characters
 * @param encoding what they were written in
 * @param guessed whether neither the caller nor the file named that, and it is not UTF-8
 */
record DecodedText(String text, Charset encoding, boolean guessed) {
    /** What browsers read as Latin-1: the same, with letters and signs instead of 27 control characters. */
    private static final Charset WINDOWS_1252 = Charset.forName("windows-1252");

    private static final Charset UTF_32LE = Charset.forName("UTF-32LE");
    private static final Charset UTF_32BE = Charset.forName("UTF-32BE");

    private static final char MARK = '\ufeff';

    /** How much of a file tells what it is, in bytes. */
    private static final int SAMPLE = 1 << 16;

    /** How far to look for the encoding that an HTML file names, as its standard says. */
    private static final int HEAD = 1024;

    private static final Pattern BEGIN_OF_MARKUP =
            Pattern.compile("\\s*+<[!?a-z].*", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private static final Pattern NAMED = Pattern.compile(
            "<meta\\s[^>]*?charset\\s*=\\s*[\"']?([\\w.:-]+)|<\\?xml\\s[^>]*?encoding\\s*=\\s*[\"']([\\w.:-]+)",
            Pattern.CASE_INSENSITIVE);

    /** More control characters than this share are in no text. */
    private static final double MOST_CONTROLS = 0.02;

    /** One byte in so many of UTF-16 is a control character of ASCII at least, if none is beyond ASCII. */
    private static final int LEAST_CONTROLS_OF_UTF_16 = 8;

    /** A byte order mark and the encoding that it stands for; the longer before those that they begin with. */
    private record Mark(Charset encoding, byte[] bytes) {
        boolean begins(byte[] file) {
            return file.length >= bytes.length
                    && ByteBuffer.wrap(file, 0, bytes.length).equals(ByteBuffer.wrap(bytes));
        }
    }

    private static final List<Mark> MARKS = List.of(
            mark(StandardCharsets.UTF_8),
            mark(UTF_32LE),
            mark(UTF_32BE),
            mark(StandardCharsets.UTF_16LE),
            mark(StandardCharsets.UTF_16BE));

    private static Mark mark(Charset encoding) {
        return new Mark(encoding, String.valueOf(MARK).getBytes(encoding));
    }

    /** A byte that does not belong in an encoding, and the text before it. */
    private record Malformed(int at, int bytes, String before) {}

    /** What came of decoding: the text, or where it failed. */
    private record Attempt(String text, Malformed malformed) {}

    /**
     * Decodes a file.
     *
     * @param name what messages call it
     * @param bytes the file
     * @param encoding its encoding; null if that is to be found out
     * @param fallback its encoding if it does not tell one; null if that is to be guessed
     */
    static DecodedText of(String name, byte[] bytes, Charset encoding, Charset fallback) {
        for (Mark mark : MARKS) {
            if (encoding == null && mark.begins(bytes)) {
                return inNamed(name, bytes, mark.encoding());
            }
        }
        Optional<FileKind> kind = FileKind.of(bytes);
        if (kind.isPresent()) {
            throw new DocumentException(name, kind.get());
        }
        if (encoding != null) {
            return inNamed(name, bytes, encoding);
        }
        return unmarked(name, bytes, fallback);
    }

    private static DecodedText inNamed(String name, byte[] bytes, Charset encoding) {
        Attempt attempt = decode(bytes, encoding);
        if (attempt.malformed() != null) {
            throw new DocumentException(
                    name, "is not text in " + encoding.name() + ": " + place(bytes, attempt.malformed()));
        }
        String text = attempt.text();
        return new DecodedText(text.startsWith(String.valueOf(MARK)) ? text.substring(1) : text, encoding, false);
    }

    private static DecodedText unmarked(String name, byte[] bytes, Charset fallback) {
        Attempt utf8 = decode(bytes, StandardCharsets.UTF_8);
        boolean hasNul = hasNul(bytes);
        if (hasNul) {
            Optional<DecodedText> wide = inUtf16(bytes, utf8.malformed() == null);
            if (wide.isPresent()) {
                return wide.get();
            }
        }
        int[] controls = controls(bytes);
        if (controls.length > Math.min(SAMPLE, bytes.length) * MOST_CONTROLS) {
            return inWide(bytes, fallback).orElseThrow(() -> binary(name, bytes, controls[0]));
        }
        Optional<Charset> named = named(bytes);
        // Bytes of ASCII alone may be an encoding that shifts between sets of characters, as ISO-2022-JP does.
        boolean toldOtherwise = (named.isPresent() || fallback != null) && isAscii(bytes);
        if (utf8.malformed() == null && !toldOtherwise) {
            return new DecodedText(utf8.text(), StandardCharsets.UTF_8, false);
        }
        if (named.isPresent() || fallback != null) {
            return inNamed(name, bytes, named.orElse(fallback));
        }
        if (!hasNul && isWestern(bytes)) {
            Attempt western = decode(bytes, WINDOWS_1252);
            if (western.malformed() == null) {
                return new DecodedText(western.text(), WINDOWS_1252, true);
            }
        }
        throw new DocumentException(
                name,
                "is not text in UTF-8: " + place(bytes, utf8.malformed())
                        + "; if it is in another encoding, such as windows-1251, name that");
    }

    /** Decodes all of it or says where it fails. */
    private static Attempt decode(byte[] bytes, Charset encoding) {
        CharsetDecoder decoder = encoding.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate((int) Math.min(
                Integer.MAX_VALUE - 8, (long) Math.ceil(bytes.length * (double) decoder.maxCharsPerByte()) + 1));
        CoderResult result = decoder.decode(in, out, true);
        if (!result.isError()) {
            result = decoder.flush(out);
        }
        String text = out.flip().toString();
        return result.isError()
                ? new Attempt("", new Malformed(in.position(), result.length(), text))
                : new Attempt(text, null);
    }

    private static String place(byte[] bytes, Malformed malformed) {
        Place place =
                Places.ofPlainText(malformed.before()).end(malformed.before().length());
        StringBuilder hex = new StringBuilder();
        for (int i = malformed.at(); i < Math.min(bytes.length, malformed.at() + malformed.bytes()); i++) {
            hex.append(String.format(Locale.ROOT, " 0x%02X", bytes[i]));
        }
        return "the byte" + hex + " at line " + place.line() + ", column " + place.column() + " (offset "
                + malformed.at() + ") is no character";
    }

    /**
     * Without a mark, UTF-16 shows in the zeros of its blanks, digits and line ends, all in the same half of the pairs. A stray zero in
     * other text is none of these: what could be UTF-8 must have many, or other control characters, as Cyrillic in UTF-16 has.
     */
    private static Optional<DecodedText> inUtf16(byte[] bytes, boolean couldBeUtf8) {
        int sample = Math.min(SAMPLE, bytes.length);
        if (bytes.length % 2 != 0 || couldBeUtf8 && controls(bytes).length < sample / LEAST_CONTROLS_OF_UTF_16) {
            return Optional.empty();
        }
        int[] zeros = new int[2];
        for (int i = 0; i < Math.min(SAMPLE, bytes.length); i++) {
            if (bytes[i] == 0) {
                zeros[i % 2]++;
            }
        }
        Charset encoding = zeros[1] >= zeros[0] ? StandardCharsets.UTF_16LE : StandardCharsets.UTF_16BE;
        if (Math.min(zeros[0], zeros[1]) > Math.max(zeros[0], zeros[1]) / 20) {
            return Optional.empty();
        }
        return sound(bytes, encoding).map(text -> new DecodedText(text, encoding, true));
    }

    /** In UTF-16 and UTF-32, bytes that are control characters elsewhere are halves of letters. */
    private static Optional<DecodedText> inWide(byte[] bytes, Charset fallback) {
        return Optional.ofNullable(fallback)
                .flatMap(encoding -> sound(bytes, encoding))
                .map(text -> new DecodedText(text, fallback, false));
    }

    /** The text of bytes that are characters of texts in an encoding, every one. */
    private static Optional<String> sound(byte[] bytes, Charset encoding) {
        Attempt attempt = decode(bytes, encoding);
        boolean isText = attempt.malformed() == null
                && attempt.text().codePoints().limit(SAMPLE).allMatch(DecodedText::isOfText);
        return isText ? Optional.of(attempt.text()) : Optional.empty();
    }

    private static boolean isOfText(int codePoint) {
        int type = Character.getType(codePoint);
        return type != Character.UNASSIGNED
                && type != Character.PRIVATE_USE
                && type != Character.SURROGATE
                && (type != Character.CONTROL || !isControl(codePoint));
    }

    /** Other than those that texts have: tabs, line ends, form feeds, and the escapes of terminals. */
    private static boolean isControl(int value) {
        return value < ' '
                        && value != '\t'
                        && value != '\n'
                        && value != '\r'
                        && value != '\f'
                        && value != '\b'
                        && value != 0x1b
                || value == 0x7f;
    }

    private static DocumentException binary(String name, byte[] bytes, int at) {
        return new DocumentException(
                name,
                String.format(
                        Locale.ROOT,
                        "is not text but binary data: there is a byte 0x%02X at offset %d",
                        bytes[at],
                        at));
    }

    /** Where the control characters of ASCII stand that texts do not have. */
    private static int[] controls(byte[] bytes) {
        return IntStream.range(0, Math.min(SAMPLE, bytes.length))
                .filter(i -> isControl(bytes[i] & 0xff))
                .toArray();
    }

    private static boolean hasNul(byte[] bytes) {
        for (int i = 0; i < Math.min(SAMPLE, bytes.length); i++) {
            if (bytes[i] == 0) {
                return true;
            }
        }
        return false;
    }

    private static boolean isAscii(byte[] bytes) {
        for (byte value : bytes) {
            if (value < 0) {
                return false;
            }
        }
        return true;
    }

    /** The encoding that a file of HTML or XML names, other than UTF-8. */
    private static Optional<Charset> named(byte[] bytes) {
        String head = new String(bytes, 0, Math.min(HEAD, bytes.length), StandardCharsets.ISO_8859_1);
        Matcher matcher = NAMED.matcher(head);
        if (!BEGIN_OF_MARKUP.matcher(head).matches() || !matcher.find()) {
            return Optional.empty();
        }
        String name = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
        try {
            Charset encoding = Charset.forName(name);
            if (encoding.equals(StandardCharsets.ISO_8859_1) || encoding.equals(StandardCharsets.US_ASCII)) {
                return Optional.of(WINDOWS_1252);
            }
            // A file that can name UTF-16 in bytes is not in it.
            boolean unicode = encoding.name().startsWith("UTF-");
            return unicode ? Optional.empty() : Optional.of(encoding);
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            return Optional.empty();
        }
    }

    /**
     * Whether bytes beyond ASCII stand as in texts of western Europe: few, nearly all alone or in twos among letters of ASCII, and not
     * mostly sound UTF-8. Cyrillic, Greek or Chinese in an encoding of its own is refused rather than read as the wrong letters.
     */
    private static boolean isWestern(byte[] bytes) {
        int high = 0;
        int inRuns = 0;
        int sequences = 0;
        int run = 0;
        for (int i = 0; i <= bytes.length; i++) {
            if (i < bytes.length && bytes[i] < 0) {
                run++;
                continue;
            }
            high += run;
            inRuns += run > 2 ? run : 0;
            sequences += run > 1 && isUtf8(bytes, i - run, i) ? 1 : 0;
            run = 0;
        }
        return high <= bytes.length * 0.3 && inRuns <= high * 0.2 && sequences * 2 <= high / 2;
    }

    private static boolean isUtf8(byte[] bytes, int from, int to) {
        return decode(Arrays.copyOfRange(bytes, from, to), StandardCharsets.UTF_8)
                        .malformed()
                == null;
    }
}
