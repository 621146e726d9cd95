package org.sipward.fail2ban;

import java.util.ArrayList;
import java.util.List;

/** Makes patterns that hold exactly one address, which is not optional. */
final class AddressPatterns {
    private AddressPatterns() {}

    /** Returns patterns, one for each place in the pattern at which the address can stand. */
    static List<RegexNode> one(RegexNode node) throws Untranslatable {
        List<RegexNode> patterns = new ArrayList<>();
        if (node instanceof RegexNode.Alt alt) {
            for (RegexNode branch : alt.branches()) {
                if (branch.hasAddress()) {
                    patterns.addAll(one(branch));
                }
            }
        } else if (node instanceof RegexNode.Seq seq) {
            List<RegexNode> parts = seq.parts();
            int at = 0;
            while (!parts.get(at).hasAddress()) {
                at++;
            }
            if (parts.stream().filter(RegexNode::hasAddress).count() > 1) {
                throw new Untranslatable("reads two addresses", "keep the one that the server wrote");
            }
            for (RegexNode part : one(parts.get(at))) {
                List<RegexNode> whole = new ArrayList<>(parts);
                whole.set(at, part);
                patterns.add(RegexNode.seq(whole));
            }
        } else if (node instanceof RegexNode.Repeat repeat) {
            if (repeat.max() != 1) {
                throw new Untranslatable("repeats an address", "keep the one that the server wrote");
            }
            patterns.addAll(one(repeat.body()));
        } else if (node instanceof RegexNode.Capture capture) {
            // A group around the address is not a claim of the sender.
            patterns.addAll(one(capture.body()));
        } else if (node instanceof RegexNode.AnyCase any) {
            one(any.body()).forEach(body -> patterns.add(new RegexNode.AnyCase(body)));
        } else {
            patterns.add(node);
        }
        return patterns;
    }
}
