package org.distilqa.training;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.distilqa.training.WordNet.Kind;

/** What fills the slots of the made-up texts: names, numbers, dates and nouns, one sort for each name of a slot. */
final class Slots {
    private static final List<String> ONSETS = List.of(
            "b", "br", "c", "ch", "d", "dr", "f", "g", "gr", "h", "k", "kr", "l", "m", "n", "p", "r", "s", "sh", "st",
            "t", "th", "tr", "v", "w", "z", "", "");
    private static final List<String> VOWELS = List.of("a", "a", "e", "e", "i", "o", "o", "u", "ai", "ea", "ou", "y");
    private static final List<String> CODAS =
            List.of("", "", "", "n", "r", "l", "s", "m", "rd", "nd", "ck", "th", "st");
    private static final List<String> PLACE_ENDS = List.of(
            "ton", "burg", "ford", "ville", "field", "ham", "stad", "haven", "wick", "bridge", "dale", "mouth", "port",
            "ia", "ova", "ino", "");
    private static final List<String> SURNAME_ENDS =
            List.of("son", "er", "ez", "ov", "ski", "mann", "ini", "sen", "i", "a", "ley", "", "", "");
    static final List<String> MONTHS = List.of(
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December");
    private static final List<String> WORDS_FOR_NUMBERS = List.of(
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
            "twenty",
            "thirty",
            "forty",
            "fifty");
    private static final List<String> ORDINALS =
            List.of("first", "second", "third", "fourth", "fifth", "sixth", "seventh");
    private static final List<String> CENTURIES =
            List.of("twelfth", "thirteenth", "fifteenth", "seventeenth", "eighteenth", "19th", "16th", "14th", "20th");
    private static final List<String> COLOURS = List.of(
            "red", "green", "blue", "white", "black", "yellow", "grey", "brown", "orange", "purple", "pink", "silver");
    private static final List<String> NATIONS = List.of(
            "French",
            "German",
            "English",
            "Italian",
            "Spanish",
            "Dutch",
            "Polish",
            "Russian",
            "Turkish",
            "Chinese",
            "Indian",
            "Japanese",
            "Mexican",
            "Swedish",
            "Greek",
            "Irish",
            "American",
            "Canadian",
            "Danish",
            "Egyptian");
    private static final List<String> FIELDS = List.of(
            "medicine",
            "law",
            "physics",
            "chemistry",
            "history",
            "music",
            "mathematics",
            "philosophy",
            "botany",
            "engineering",
            "theology",
            "economics",
            "painting",
            "geology",
            "astronomy",
            "architecture",
            "agriculture");
    private static final List<String> DISEASES = List.of(
            "pneumonia",
            "typhus",
            "cholera",
            "cancer",
            "malaria",
            "tuberculosis",
            "influenza",
            "smallpox",
            "a stroke",
            "heart failure",
            "yellow fever",
            "diabetes");
    private static final List<String> UNITS = List.of("days", "weeks", "months", "years", "hours", "minutes");
    private static final List<String> DIRECTIONS =
            List.of("north", "south", "east", "west", "south-east", "north-west");
    private static final List<String> WEEKDAYS =
            List.of("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday");

    private final Random random;
    private final List<String> firstNames;
    private final List<String> places;
    private final List<String> countries;
    private final Map<Kind, List<String>> nouns = new HashMap<>();
    private final List<String> adjectives;
    private final Map<String, Supplier<String>> makers = new HashMap<>();

    Slots(Lexicon lexicon, List<String> firstNames, List<String> countries, Random random) {
        this.random = random;
        this.firstNames = firstNames;
        this.countries = countries;
        WordNet wordNet = lexicon.wordNet();
        this.places = wordNet.names(Kind.LOCATION);
        for (Kind kind : Kind.values()) {
            nouns.put(kind, wordNet.commonNouns(kind, 1));
        }
        this.adjectives = List.of(
                "golden",
                "old",
                "small",
                "great",
                "northern",
                "spotted",
                "giant",
                "common",
                "striped",
                "silent",
                "royal",
                "wild",
                "long-tailed",
                "little",
                "dwarf",
                "blind",
                "sweet",
                "bitter",
                "flying",
                "hollow",
                "lonely");
        fillMakers();
    }

    /** A value for a slot of this name; every call gives another. */
    String value(String name) {
        Supplier<String> maker = makers.get(name);
        if (maker == null) {
            throw new IllegalArgumentException("there is no slot {" + name + "}");
        }
        return maker.get();
    }

    private void fillMakers() {
        makers.put("person", this::person);
        makers.put("first", () -> one(firstNames));
        makers.put("last", this::surname);
        makers.put("city", this::place);
        makers.put("place", this::place);
        makers.put("country", () -> one(countries));
        makers.put("river", () -> capital(syllables(2)));
        makers.put("mountain", () -> (random.nextBoolean() ? "Mount " : "") + place());
        makers.put("range", () -> capital(syllables(2)));
        makers.put(
                "year",
                () -> String.valueOf(random.nextInt(4) == 0 ? 900 + random.nextInt(1120) : 1780 + random.nextInt(245)));
        makers.put("date", this::date);
        makers.put("month", () -> one(MONTHS));
        makers.put("weekday", () -> one(WEEKDAYS));
        makers.put("century", () -> one(CENTURIES) + " century");
        makers.put("ordinal", () -> one(ORDINALS));
        makers.put("time", () -> one("year", "month", "week", "decade"));
        makers.put("small", this::small);
        makers.put("age", () -> String.valueOf(20 + random.nextInt(75)));
        makers.put(
                "num",
                () -> random.nextInt(3) == 0
                        ? (1 + random.nextInt(40)) + "." + random.nextInt(10)
                        : String.valueOf(2 + random.nextInt(2000)));
        makers.put("count", () -> random.nextBoolean() ? small() : String.valueOf(20 + random.nextInt(900)));
        makers.put("bigcount", this::bigCount);
        makers.put(
                "percent",
                () -> one(
                        (1 + random.nextInt(99)) + " percent",
                        (1 + random.nextInt(99)) + "%",
                        "a third",
                        "half",
                        "two thirds",
                        "a quarter"));
        makers.put("km", () -> (2 + random.nextInt(900)) + one(" kilometres", " km", " miles", " kilometers"));
        makers.put(
                "metres",
                () -> one(
                        small() + " feet",
                        bigCount() + " feet",
                        (3 + random.nextInt(800)) + " metres",
                        (3 + random.nextInt(800)) + " m",
                        "about " + (3 + random.nextInt(80)) + " meters"));
        makers.put(
                "money",
                () -> one(
                        "$" + bigCount(),
                        "$" + (1 + random.nextInt(90)) + " million",
                        bigCount() + " crowns",
                        "£" + bigCount(),
                        (2 + random.nextInt(90)) + " dollars",
                        small() + " million euros",
                        small() + " francs"));
        makers.put(
                "duration",
                () -> (random.nextBoolean() ? small() : String.valueOf(2 + random.nextInt(60))) + " " + one(UNITS));
        makers.put("direction", () -> one(DIRECTIONS));
        makers.put("colour", () -> one(COLOURS));
        makers.put("nation", () -> one(NATIONS));
        makers.put("field", () -> one(FIELDS));
        makers.put("disease", () -> one(DISEASES));
        makers.put(
                "university",
                () -> one(
                        "the University of " + place(),
                        place() + " University",
                        surname() + " College",
                        place() + " College"));
        makers.put(
                "company",
                () -> one(
                        surname() + " & " + one("Sons", "Company", surname()),
                        surname() + " "
                                + one("Motors", "Works", "Industries", "Brothers", "Records", "Group", "Systems"),
                        capital(syllables(2)) + one(" Inc.", " Limited", " AG", "")));
        makers.put(
                "organisation",
                () -> "the "
                        + one(
                                "Royal Society of " + place(),
                                surname() + " Foundation",
                                place() + " " + one("Council", "Institute", "Academy", "Museum"),
                                "Ministry of " + capital(one(FIELDS)),
                                "Bank of " + place(),
                                one(NATIONS) + " government"));
        makers.put(
                "party",
                () -> "the " + one("Liberal", "Labour", "National", "Farmers'", "Republican", "Green", "People's")
                        + " Party");
        makers.put(
                "act",
                () -> one("Factory", "Harbour", "School", "Land", "Water", "Trade", "Forest", "Press", "Railway")
                        + " Act");
        makers.put(
                "prize",
                () -> one(
                        surname() + " Prize",
                        surname() + " Medal",
                        surname() + " Cup",
                        one(NATIONS) + " Championship",
                        "Golden " + capital(noun(Kind.ANIMAL))));
        makers.put(
                "landmark",
                () -> one(place() + " ", surname() + " ", capital(one(adjectives)) + " ")
                        + one("Tower", "Bridge", "Hall", "Palace", "Stadium", "Museum", "House", "Park", "Castle"));
        makers.put(
                "building",
                () -> one(
                        "tower",
                        "castle",
                        "theatre",
                        "museum",
                        "palace",
                        "station",
                        "bridge",
                        "school",
                        "hospital",
                        "temple",
                        "church",
                        "library",
                        "hall"));
        makers.put(
                "festival",
                () -> one(
                        place() + " Festival",
                        "Feast of " + capital(plural(noun(Kind.FOOD))),
                        "festival of " + one(firstNames),
                        capital(one(adjectives)) + " Night",
                        capital(noun(Kind.PLANT)) + " Fair"));
        makers.put("saint", () -> "Saint " + one(firstNames));
        makers.put(
                "newspaper", () -> one("Daily ", "Evening ", place() + " ") + one("News", "Times", "Post", "Herald"));
        makers.put("title", this::title);
        makers.put(
                "theory",
                () -> one(
                        "the " + surname() + " " + one("theory", "effect", "hypothesis", "model"),
                        "the theory of " + one(adjectives) + " " + plural(noun(Kind.OBJECT))));
        makers.put(
                "ship",
                () -> one("", "HMS ", "SS ")
                        + one(
                                one(firstNames) + " " + one(firstNames),
                                capital(one(adjectives)) + " " + capital(noun(Kind.ANIMAL)),
                                place(),
                                surname()));
        makers.put(
                "team",
                () -> one(
                        "the " + place() + " " + capital(plural(noun(Kind.ANIMAL))),
                        "the " + capital(one(COLOURS)) + " " + capital(plural(noun(Kind.ANIMAL))),
                        place() + " United",
                        "the " + capital(plural(noun(Kind.PERSON)))));
        makers.put(
                "sport",
                () -> one(
                        "football",
                        "hockey",
                        "rugby",
                        "cricket",
                        "basketball",
                        "handball",
                        "tennis",
                        "rowing",
                        "chess",
                        syllables(2)));
        makers.put(
                "element",
                () -> one(syllables(2) + "ium", syllables(2) + "ite", noun(Kind.SUBSTANCE), syllables(1) + "on"));
        makers.put(
                "material",
                () -> one(
                        "stone",
                        "wood",
                        "steel",
                        "brick",
                        "marble",
                        "glass",
                        "iron",
                        "copper",
                        "concrete",
                        "granite",
                        "oak",
                        "bronze",
                        "ivory",
                        "silver",
                        "bamboo",
                        "clay",
                        "leather"));
        makers.put("substance", () -> noun(Kind.SUBSTANCE));
        makers.put(
                "goods",
                () -> one(
                        plural(noun(Kind.ARTIFACT)),
                        plural(noun(Kind.ARTIFACT)),
                        noun(Kind.SUBSTANCE),
                        noun(Kind.FOOD),
                        plural(noun(Kind.ANIMAL))));
        makers.put("food", () -> one(noun(Kind.FOOD), one(adjectives) + " " + noun(Kind.FOOD)));
        makers.put("foods", () -> one(plural(noun(Kind.ANIMAL)), plural(noun(Kind.PLANT)), noun(Kind.FOOD)));
        makers.put("animal", () -> noun(Kind.ANIMAL));
        makers.put("animals", () -> plural(noun(Kind.ANIMAL)));
        makers.put("plant", () -> noun(Kind.PLANT));
        makers.put("epithet", () -> one(one(adjectives), one(COLOURS), one(NATIONS)));
        makers.put("adj", () -> one(adjectives));
        makers.put("body", () -> noun(Kind.BODY));
        makers.put("jobs", () -> plural(noun(Kind.PERSON)));
        makers.put("organ", () -> one(noun(Kind.BODY), one(COLOURS) + " gland", syllables(2) + " gland"));
        makers.put("job", () -> noun(Kind.PERSON));
        makers.put("invention", () -> one(noun(Kind.ARTIFACT), one(adjectives) + " " + noun(Kind.ARTIFACT)));
        makers.put(
                "instrument",
                () -> one("violin", "piano", "flute", "drum", "guitar", "trumpet", "harp", "organ", "fiddle"));
        makers.put(
                "abstract",
                () -> "the " + one("loss", "death", "price", "theft", "noise", "burning", "lack", "fear") + " of "
                        + one(plural(noun(Kind.ARTIFACT)), noun(Kind.FOOD), plural(noun(Kind.ANIMAL)), "the king"));
        makers.put("weather", () -> one("rain", "rust", "the sun", "the wind", "snow", "salt water"));
    }

    private String one(String... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private String one(List<String> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    private String noun(Kind kind) {
        return one(nouns.get(kind));
    }

    private static String plural(String noun) {
        if (noun.matches(".*(s|x|z|ch|sh)")) {
            return noun + "es";
        }
        return noun.matches(".*[^aeiou]y") ? noun.substring(0, noun.length() - 1) + "ies" : noun + "s";
    }

    private static String capital(String text) {
        return text.isEmpty() ? text : text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }

    private String syllables(int count) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append(one(ONSETS)).append(one(VOWELS)).append(one(CODAS));
        }
        return text.toString();
    }

    private String person() {
        String first = one(firstNames);
        String middle = random.nextInt(8) == 0 ? " " + (char) ('A' + random.nextInt(26)) + "." : "";
        String particle = random.nextInt(15) == 0 ? one(" von", " de", " van der") : "";
        return first + middle + particle + " " + surname();
    }

    private String surname() {
        return random.nextInt(6) == 0
                ? one(firstNames) + one("s", "son", "")
                : capital(syllables(1 + random.nextInt(2)) + one(SURNAME_ENDS));
    }

    private String place() {
        return random.nextBoolean() ? one(places) : capital(syllables(1 + random.nextInt(2)) + one(PLACE_ENDS));
    }

    private String small() {
        return random.nextInt(3) > 0 ? one(WORDS_FOR_NUMBERS) : String.valueOf(2 + random.nextInt(40));
    }

    private String bigCount() {
        int value = (int) Math.pow(10, 2 + 4.5 * random.nextDouble());
        return random.nextInt(4) == 0 ? String.valueOf(value) : String.format(Locale.ROOT, "%,d", value);
    }

    private String date() {
        String day = String.valueOf(1 + random.nextInt(28));
        String month = one(MONTHS);
        String year = value("year");
        return one(
                day + " " + month + " " + year,
                month + " " + day + ", " + year,
                day + " " + month + " " + year,
                month + " " + year);
    }

    private String title() {
        String noun = capital(one(noun(Kind.ARTIFACT), noun(Kind.ANIMAL), noun(Kind.PERSON)));
        return one(
                "The " + capital(one(adjectives)) + " " + noun,
                "A " + noun + " for " + one(firstNames),
                "The " + noun + " of " + place(),
                "The Last " + noun,
                capital(one(adjectives)) + " " + capital(plural(noun(Kind.BODY))));
    }
}
