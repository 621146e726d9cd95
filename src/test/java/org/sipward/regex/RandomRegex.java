package org.sipward.regex;

import java.util.SplittableRandom;

/** Makes random regular expressions, and bytes that they may match; the same for the same seed. */
final class RandomRegex {
    private static final String[] ATOMS = {
        "a",
        "b",
        "c",
        ":",
        "\\.",
        "\\[",
        " ",
        ".",
        "[ab]",
        "[^a]",
        "[^a-c ]",
        "\\d",
        "\\w",
        "\\s",
        "\\S",
        "[0-9a-f]",
        "\\x41",
        "\\xff",
        "[^\\x80-\\xff]",
        "[[:alpha:]]",
        "\\b",
        "\\B",
        "$",
        "(?i:aB)",
        "(?-s:.)",
        "\\W",
        "[]a]",
        "[^]a]",
        "^",
        "\\z"
    };
    private static final String[] REPEATS = {"*", "+", "?", "*?", "+?", "??", "{2}", "{0,2}", "{1,}", "{1,3}?"};

    private final SplittableRandom random;
    private int groups;

    RandomRegex(SplittableRandom random) {
        this.random = random;
    }

    /** Returns an expression with at most three named groups: a, b and c, in this order. */
    String regex() {
        groups = 0;
        return choice(3) + (random.nextInt(2) == 0 ? "$" : "");
    }

    /** Returns how many groups the last expression has. */
    int groups() {
        return groups;
    }

    /** Returns up to this many bytes, of those that the atoms use. */
    byte[] bytes(int most) {
        byte[] bytes = new byte[random.nextInt(most + 1)];
        String some = "aaabbcAB:.[] 0\n\u0080\u00ff_f]";
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) some.charAt(random.nextInt(some.length()));
        }
        return bytes;
    }

    private String choice(int depth) {
        StringBuilder regex = new StringBuilder(sequence(depth));
        while (random.nextInt(4) == 0) {
            regex.append('|').append(sequence(depth));
        }
        return regex.toString();
    }

    private String sequence(int depth) {
        StringBuilder regex = new StringBuilder();
        for (int i = random.nextInt(4); i >= 0; i--) {
            regex.append(part(depth));
        }
        return regex.toString();
    }

    private String part(int depth) {
        int draw = depth == 0 ? 9 : random.nextInt(10);
        String part;
        if (draw == 0 && groups < 3) {
            part = "(?P<" + (char) ('a' + groups++) + ">" + choice(depth - 1) + ")";
        } else if (draw < 3) {
            part = "(?:" + choice(depth - 1) + ")";
        } else {
            part = ATOMS[random.nextInt(ATOMS.length)];
        }
        return random.nextInt(3) == 0 ? part + REPEATS[random.nextInt(REPEATS.length)] : part;
    }
}
