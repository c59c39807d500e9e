package org.distilqa.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** WordNet's files with a dozen words, for tests. */
final class SmallWordNet {
    private SmallWordNet() {}

    static WordNet write(Path directory) throws IOException {
        StringBuilder data = new StringBuilder();
        StringBuilder index = new StringBuilder();
        List<String> nouns = List.of(
                "05 fox",
                "06 lamp",
                "06 bridge",
                "08 knee",
                "13 bread",
                "18 baker",
                "17 star",
                "20 oak",
                "27 tar",
                "28 day");
        for (int i = 0; i < nouns.size(); i++) {
            String[] noun = nouns.get(i).split(" ");
            data.append(String.format("%08d %s n 01 %s 0 000 | a %s%n", i + 1, noun[0], noun[1], noun[1]));
            index.append(String.format("%s n 1 0 1 1 %08d%n", noun[1], i + 1));
        }
        data.append("00000100 15 n 01 Lund 0 001 @i 00000101 n 0000 | a town in the south\n");
        data.append("00000101 15 n 01 town 0 000 | a place where people live\n");
        index.append("lund n 1 1 @i 1 1 00000100\n");
        index.append("town n 1 0 1 1 00000101\n");
        Files.writeString(directory.resolve("data.noun"), data);
        Files.writeString(directory.resolve("index.noun"), index);
        Files.writeString(directory.resolve("data.verb"), "00000001 29 v 02 build 0 make 0 000 | put together\n");
        Files.writeString(directory.resolve("index.verb"), "build v 1 0 1 1 00000001\nfinish v 1 0 1 1 00000002\n");
        Files.writeString(directory.resolve("data.adj"), "00000001 00 a 01 old 0 000 | of age\n");
        Files.writeString(directory.resolve("index.adj"), "old a 1 0 1 1 00000001\n");
        Files.writeString(directory.resolve("index.adv"), "quickly r 1 0 1 1 00000001\n");
        Files.writeString(directory.resolve("verb.exc"), "built build\n");
        Files.writeString(directory.resolve("noun.exc"), "");
        return WordNet.read(directory);
    }
}
