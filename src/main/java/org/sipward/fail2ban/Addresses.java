package org.sipward.fail2ban;

import java.util.ArrayList;
import java.util.List;

/** Makes patterns that hold exactly one address, and cannot do without. */
final class Addresses {
    private Addresses() {}

    /** Returns patterns, one for each place in the pattern at which the address can stand. */
    static List<Node> one(Node node) throws Untranslatable {
        List<Node> patterns = new ArrayList<>();
        if (node instanceof Node.Alt alt) {
            for (Node branch : alt.branches()) {
                if (branch.hasAddress()) {
                    patterns.addAll(one(branch));
                }
            }
        } else if (node instanceof Node.Seq seq) {
            List<Node> parts = seq.parts();
            int at = 0;
            while (!parts.get(at).hasAddress()) {
                at++;
            }
            if (parts.stream().filter(Node::hasAddress).count() > 1) {
                throw new Untranslatable("reads two addresses", "keep the one that the server wrote");
            }
            for (Node part : one(parts.get(at))) {
                List<Node> whole = new ArrayList<>(parts);
                whole.set(at, part);
                patterns.add(Node.seq(whole));
            }
        } else if (node instanceof Node.Repeat repeat) {
            if (repeat.max() != 1) {
                throw new Untranslatable("repeats an address", "keep the one that the server wrote");
            }
            patterns.addAll(one(repeat.body()));
        } else if (node instanceof Node.Capture capture) {
            // A group around the address is no claim of the sender's.
            patterns.addAll(one(capture.body()));
        } else if (node instanceof Node.AnyCase any) {
            one(any.body()).forEach(body -> patterns.add(new Node.AnyCase(body)));
        } else {
            patterns.add(node);
        }
        return patterns;
    }
}
