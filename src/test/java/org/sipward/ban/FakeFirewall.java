package org.sipward.ban;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.sipward.net.Network;

/** Records its calls, and fails on request. */
final class FakeFirewall implements Firewall {
    final Set<Network> blocked = new LinkedHashSet<>();
    final List<String> calls = new ArrayList<>();
    List<Network> allowed = List.of();
    List<Network> shown = List.of();
    List<Ban> held = List.of();
    /** Its value is kept in {@link #expected} at each {@link #expectBlock}. */
    IntSupplier whenExpected = () -> 0;

    int expected = -1;
    boolean failing;
    /** If not null, each change fails with this. */
    @Nullable
    IOException failure;

    /** If not null, each question about its contents fails with this. */
    @Nullable
    IOException intactFailure;

    @Nullable
    RuntimeException bug;
    /** Runs at each call that changes something. */
    Runnable whenCalled = () -> {};

    boolean intact = true;

    @Override
    public void expectBlock() {
        expected = whenExpected.getAsInt();
    }

    @Override
    public void block(Collection<Ban> bans, Instant now) throws IOException {
        called("block " + bans.size());
        bans.forEach(ban -> blocked.add(ban.network()));
    }

    @Override
    public void unblock(Collection<Ban> bans) throws IOException {
        called("unblock " + bans.size());
        bans.forEach(ban -> blocked.remove(ban.network()));
    }

    @Override
    public void enforce(Collection<Ban> bans, List<Network> allowlist, Instant now) throws IOException {
        called("enforce " + bans.size());
        blocked.clear();
        bans.forEach(ban -> blocked.add(ban.network()));
        allowed = List.copyOf(allowlist);
        intact = true;
    }

    @Override
    public Optional<String> change(Collection<Ban> some, boolean isAll, List<Network> allowlist, Instant now)
            throws IOException {
        asked();
        shown = some.stream().map(Ban::network).toList();
        return intact ? Optional.empty() : Optional.of("flushed");
    }

    @Override
    public Difference compare(Collection<Ban> bans, List<Network> allowlist, Instant now) throws IOException {
        asked();
        return new Difference(
                bans.stream().filter(ban -> !blocked.contains(ban.network())).toList(), List.of());
    }

    @Override
    public void held(Instant now, Consumer<Ban> to) throws IOException {
        asked();
        held.forEach(to);
    }

    @Override
    public String name() {
        return "fake";
    }

    private void asked() throws IOException {
        if (intactFailure != null) {
            throw intactFailure;
        }
    }

    private void called(String call) throws IOException {
        calls.add(call);
        whenCalled.run();
        if (failure != null) {
            throw failure;
        }
        if (bug != null) {
            throw bug;
        }
        if (failing) {
            throw new IOException("nft is broken");
        }
    }
}
