package org.sipward.fail2ban;

/** Prints a pattern in the syntax of our filters. One instance prints one pattern. */
final class Printer {
    private boolean userNamed;

    private Printer() {}

    /** Returns a pattern of RE2's syntax, without an anchor, with {@code <ADDR>} and at most one {@code <F-USER>}. */
    static String print(RegexNode node) throws Untranslatable {
        // RE2 reads {,n} as plain text. Our filters refuse it, because its author may have meant a repetition.
        return new Printer().text(node, true).replace("\\{,", "\\x7b,");
    }

    private String text(RegexNode node, boolean inSequence) throws Untranslatable {
        if (node instanceof RegexNode.One one) {
            if (one.set().isEmpty()) {
                throw new Untranslatable("can never match", "delete it");
            }
            return Chars.print(one.set());
        } else if (node instanceof RegexNode.Address) {
            return "<ADDR>";
        } else if (node instanceof RegexNode.Spot spot) {
            if (spot.equals(RegexNode.Spot.BEGIN)) {
                throw new Untranslatable("has a ^ that is not at its start", "split it");
            }
            return spot.sign();
        } else if (node instanceof RegexNode.Seq seq) {
            StringBuilder text = new StringBuilder();
            for (RegexNode part : seq.parts()) {
                text.append(text(part, true));
            }
            return text.toString();
        } else if (node instanceof RegexNode.Alt alt) {
            StringBuilder text = new StringBuilder();
            for (RegexNode branch : alt.branches()) {
                text.append(text.isEmpty() ? "" : "|").append(text(branch, false));
                if (text.isEmpty()) {
                    text.append("(?:)");
                }
            }
            return inSequence ? "(?:" + text + ")" : text.toString();
        } else if (node instanceof RegexNode.Repeat repeat) {
            return repeated(repeat);
        } else if (node instanceof RegexNode.AnyCase any) {
            return "(?i:" + text(any.body(), false) + ")";
        } else if (node instanceof RegexNode.Capture capture) {
            return captured(capture, inSequence);
        } else if (node instanceof RegexNode.Same) {
            throw new Untranslatable("uses a back-reference", "RE2 has no back-references: write it out");
        }
        throw new Untranslatable("uses look-around", "RE2 has no look-around: split it, or use ignoreregex");
    }

    private String captured(RegexNode.Capture capture, boolean inSequence) throws Untranslatable {
        if (capture.name().equals("F-USER") && !userNamed) {
            userNamed = true;
            return "<F-USER>" + text(capture.body(), false) + "</F-USER>";
        }
        return text(capture.body(), inSequence);
    }

    private String repeated(RegexNode.Repeat repeat) throws Untranslatable {
        RegexNode body = repeat.body();
        while (body instanceof RegexNode.Capture capture) {
            body = capture.body();
        }
        boolean single = body instanceof RegexNode.One || body instanceof RegexNode.AnyCase;
        String text = single ? text(body, true) : "(?:" + text(body, false) + ")";
        String times = repeat.min() == 0 && repeat.max() == 1
                ? "?"
                : repeat.min() == 0 && repeat.max() == RegexNode.UNLIMITED
                        ? "*"
                        : repeat.min() == 1 && repeat.max() == RegexNode.UNLIMITED
                                ? "+"
                                : repeat.min() == repeat.max()
                                        ? "{" + repeat.min() + "}"
                                        : "{" + repeat.min() + ","
                                                + (repeat.max() == RegexNode.UNLIMITED ? "" : repeat.max()) + "}";
        return text + times + (repeat.lazy() ? "?" : "");
    }
}
