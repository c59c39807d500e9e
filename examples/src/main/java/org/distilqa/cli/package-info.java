/**
 * The command line {@code distilqa}. Arguments come in, results go to standard output, and everything else, messages and progress, to
 * standard error; a status goes out: 0 if all went well, 2 if an argument is wrong, 1 for every other failure.
 *
 * <p>Read {@link org.distilqa.cli.DistilQa} first: it has the list of commands, and makes one line of every failure. A command is a class
 * with its options as fields. Those about texts are in {@code documents} (answer, ask, serve), about many rows in {@code batch}, about
 * question sets in {@code squad} (squad, compare); those about the program and its network are here (demo, logits, devices, completion,
 * man). What several of them have, they have from {@code options}, and read and print with {@code io}; both know no command. The launcher
 * {@code ./distilqa} starts this, and {@code Rehearsal} once before, for the archive of loaded classes.
 */
package org.distilqa.cli;
