package org.sipward.fail2ban;

/** Prints a pattern as our filters write it. Serves one pattern. */
final class Printer {
    private boolean userNamed;

    private Printer() {}

    /** Returns a pattern of RE2's syntax, without an anchor, with {@code <ADDR>} and at most one {@code <F-USER>}. */
    static String print(Node node) throws Untranslatable {
        return new Printer().text(node, false);
    }

    private String text(Node node, boolean inSequence) throws Untranslatable {
        if (node instanceof Node.One one) {
            if (one.set().isEmpty()) {
                throw new Untranslatable("can match nothing", "delete it");
            }
            return Chars.print(one.set());
        } else if (node instanceof Node.Address) {
            return "<ADDR>";
        } else if (node instanceof Node.Spot spot) {
            if (spot.equals(Node.Spot.BEGIN)) {
                throw new Untranslatable("has a ^ that is not at its start", "split it");
            }
            return spot.sign();
        } else if (node instanceof Node.Seq seq) {
            StringBuilder text = new StringBuilder();
            for (Node part : seq.parts()) {
                text.append(text(part, true));
            }
            return text.toString();
        } else if (node instanceof Node.Alt alt) {
            StringBuilder text = new StringBuilder();
            for (Node branch : alt.branches()) {
                text.append(text.isEmpty() ? "" : "|").append(text(branch, false));
                if (text.isEmpty()) {
                    text.append("(?:)");
                }
            }
            return inSequence ? "(?:" + text + ")" : text.toString();
        } else if (node instanceof Node.Repeat repeat) {
            return repeated(repeat);
        } else if (node instanceof Node.AnyCase any) {
            return "(?i:" + text(any.body(), false) + ")";
        } else if (node instanceof Node.Capture capture) {
            return captured(capture, inSequence);
        } else if (node instanceof Node.Same) {
            throw new Untranslatable("refers back to an earlier text", "RE2 has no back-references: write it out");
        }
        throw new Untranslatable("looks around", "RE2 has no look-around: split it, or use ignoreregex");
    }

    private String captured(Node.Capture capture, boolean inSequence) throws Untranslatable {
        if (capture.name().equals("F-USER") && !userNamed) {
            userNamed = true;
            return "<F-USER>" + text(capture.body(), false) + "</F-USER>";
        }
        return text(capture.body(), inSequence);
    }

    private String repeated(Node.Repeat repeat) throws Untranslatable {
        Node body = repeat.body();
        while (body instanceof Node.Capture capture) {
            body = capture.body();
        }
        boolean single = body instanceof Node.One || body instanceof Node.AnyCase;
        String text = single ? text(body, true) : "(?:" + text(body, false) + ")";
        String times = repeat.min() == 0 && repeat.max() == 1
                ? "?"
                : repeat.min() == 0 && repeat.max() == Node.UNLIMITED
                        ? "*"
                        : repeat.min() == 1 && repeat.max() == Node.UNLIMITED
                                ? "+"
                                : repeat.min() == repeat.max()
                                        ? "{" + repeat.min() + "}"
                                        : "{" + repeat.min() + ","
                                                + (repeat.max() == Node.UNLIMITED ? "" : repeat.max()) + "}";
        return text + times + (repeat.lazy() ? "?" : "");
    }
}
