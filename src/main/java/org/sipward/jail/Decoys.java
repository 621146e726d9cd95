package org.sipward.jail;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.sipward.filter.Match;
import org.sipward.net.IpAddress;
import org.sipward.net.Network;

/**
 * Detects the use of decoys: accounts and numbers that nobody uses and that the operator named for this purpose. One
 * use is enough.
 *
 * <p>Names are compared byte by byte, after percent-decoding; the operator's names are encoded as UTF-8. Trusted
 * addresses are never reported, because somebody in the office may have misdialled. Remembers nothing.
 */
final class Decoys implements Detector {
    /** The kind of its findings. */
    static final String KIND = "decoy";

    private final Set<String> accounts;
    private final Set<String> numbers;
    private final Predicate<Network> trusted;

    /** Makes a detector for these accounts and numbers, except in networks with a trusted address. */
    Decoys(Collection<String> accounts, Collection<String> numbers, Predicate<Network> trusted) {
        this.accounts = bytes(accounts);
        this.numbers = bytes(numbers);
        this.trusted = trusted;
    }

    @Override
    public Optional<Finding> see(Match failure, IpAddress offender, long second) {
        Optional<String> reason = isIn(accounts, failure.claims().user())
                ? Optional.of("decoy: an account that nobody has was tried")
                : isIn(numbers, failure.claims().number())
                        ? Optional.of("decoy: a number that nobody has was dialled")
                        : Optional.empty();
        Network network = Network.ofOffender(offender);
        return reason.filter(words -> !trusted.test(network))
                .map(words -> new Finding(network, KIND, words, 1, failure.proven(), Optional.empty()));
    }

    private static boolean isIn(Set<String> decoys, Optional<String> claim) {
        return !decoys.isEmpty()
                && claim.filter(text -> decoys.contains(NormalText.decoded(NormalText.account(text))))
                        .isPresent();
    }

    /** Returns the texts as log lines contain them: one char per byte. */
    private static Set<String> bytes(Collection<String> texts) {
        return texts.stream()
                .map(text -> new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1))
                .collect(Collectors.toUnmodifiableSet());
    }
}
