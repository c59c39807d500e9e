package org.distilqa.cli.options;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.distilqa.InvalidConfigurationException;
import org.distilqa.InvalidRequestException;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/**
 * An option that was given with a value that the library refuses: a wrong argument, though it was the library that said so. Its
 * exceptions name the setting and its range; here they become what a wrong argument is told with, which names the option.
 */
public final class RefusedOption {
    private static final Pattern OUT_OF_RANGE =
            Pattern.compile("(?<setting>\\w+)(?<refusal> is .*; it must be .*)", Pattern.DOTALL);

    private static final Pattern OF_DEVICE =
            Pattern.compile("(.*; and )?device (option \\S+|\\S+ has no option) .*", Pattern.DOTALL);

    private static final String DEVICE_OPTION = "--device-option";

    /** Settings that the library calls otherwise than the options that give them. */
    private static final Map<String, String> OPTION_OF_SETTING =
            Map.of("allowedHost", "--allow-host", "batchPerChip", "--batch-size");

    private RefusedOption() {}

    /**
     * What is wrong with the arguments of a command that failed.
     *
     * @param failure why it failed
     * @param command the command, with what it was given
     * @return what is wrong; empty if the failure does not come from the value of an option that was given
     */
    public static Optional<ParameterException> in(Exception failure, CommandLine command) {
        return command.getParseResult().matchedOptions().stream()
                .map(OptionSpec::longestName)
                .flatMap(option -> refusal(option, failure).stream())
                .findFirst()
                .map(refusal -> new ParameterException(command, refusal, failure));
    }

    private static Optional<String> refusal(String option, Exception failure) {
        if (option.equals(DEVICE_OPTION)
                && failure instanceof InvalidConfigurationException
                && OF_DEVICE.matcher(failure.getMessage()).matches()) {
            return Optional.of(option + ": " + failure.getMessage());
        }
        return outOfRange(failure)
                .filter(refused -> option.equals(option(refused.group("setting"))))
                .map(refused -> option + refused.group("refusal"));
    }

    /**
     * Whether a request is refused for an option out of its range, so that every other with these options is too.
     *
     * @param failure why it is refused
     * @return whether that is so; not if it is for its question or its context
     */
    public static boolean isReasonOf(Exception failure) {
        return outOfRange(failure).isPresent();
    }

    private static Optional<Matcher> outOfRange(Exception failure) {
        boolean refusal =
                failure instanceof InvalidConfigurationException || failure instanceof InvalidRequestException;
        return Optional.of(OUT_OF_RANGE.matcher(refusal ? failure.getMessage() : ""))
                .filter(Matcher::matches);
    }

    /** In the command line's words: {@code --top-k} for {@code topK}. */
    private static String option(String setting) {
        return OPTION_OF_SETTING.getOrDefault(
                setting, "--" + setting.replaceAll("(?=[A-Z])", "-").toLowerCase(Locale.ROOT));
    }
}
