package org.sipward.feed;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.sipward.apiban.PageAnswer;
import org.sipward.apiban.PageId;
import org.sipward.ban.Ban;
import org.sipward.net.Network;
import org.sipward.net.NetworkSet;

/**
 * One pass through the list: from a place to its end, page by page. It also judges whether each page is believable.
 *
 * <p>Memory: at most {@link #MAX_LISTED} networks, and as many bans if they are held back.
 */
final class Round {
    /** The longest list that is accepted, about thirty times the longest that APIBAN was seen to have. */
    static final int MAX_LISTED = 200_000;

    /** A list shorter than this may grow freely. */
    static final int SMALL = 1000;

    /** More than the pages of the longest list at APIBAN's page size. */
    static final int MAX_PAGES = 1000;

    /** A page of this many addresses is full, and there may be more with the same ID. */
    private static final int FULL_PAGE = 250;

    private static final int JUMP = 10;

    private final Kind kind;
    private final int limit;
    private final int listed;
    private final int base;
    private final Set<Network> seen = new NetworkSet();
    /** The address space that {@link #seen} covers. */
    private final AddressSpace extent = new AddressSpace();

    private final List<Ban> pending = new ArrayList<>();
    private String place;
    private int pages;
    private boolean last;

    /** The purpose of a round. */
    enum Kind {
        /** Reads the entries since the cursor. They count when the end was reached. */
        NEWS,
        /** Reads the whole list, if there is no previous one. Each page counts at once. */
        FIRST,
        /** Reads the whole list again. It counts when it was read in full. */
        AGAIN,
        /** The same, by order of the operator: however much the list grew or shrank. */
        FORCED
    }

    /**
     * @param place where to begin
     * @param listed how many networks the list held when it was last read whole; 0 if it never was, or was empty
     * @param held how many of its networks are in force
     */
    Round(Kind kind, String place, int listed, int held) {
        this.kind = kind;
        this.place = place;
        this.listed = listed;
        this.base = kind == Kind.NEWS ? held : 0;
        boolean free = kind == Kind.FORCED || listed == 0;
        this.limit = free ? MAX_LISTED : (int) Math.min(MAX_LISTED, Math.max(SMALL, (long) JUMP * listed));
    }

    /**
     * Returns why this page cannot be right, or empty. Nothing is changed.
     *
     * @param there returns the networks of this list that are in force
     */
    Optional<String> doubt(PageAnswer.Page page, Set<Network> networks, Supplier<Collection<Network>> there) {
        if (pages >= MAX_PAGES) {
            return Optional.of("its list does not end after " + MAX_PAGES + " pages");
        }
        int order = page.id()
                .map(id -> Long.compare(Long.parseLong(id), Long.parseLong(place)))
                .orElse(1);
        boolean atStart = place.equals(PageId.START);
        if ((order < 0 && !atStart) || (order == 0 && page.addresses().size() >= FULL_PAGE)) {
            return Optional.of("its list does not advance: the page after ID " + place + " has ID "
                    + page.id().orElse(""));
        }
        if (isTooMuch(networks, there)) {
            return Optional.of("its list would block more of the address space than a list of attackers may");
        }
        long fresh =
                networks.stream().filter(network -> !seen.contains(network)).count();
        if (base + seen.size() + fresh > limit) {
            return Optional.of(
                    limit == MAX_LISTED
                            ? "its list holds more than " + MAX_LISTED + " networks"
                            : "its list grew from " + listed + " to more than " + limit
                                    + " networks; 'sipward feed sync --force' accepts it");
        }
        return Optional.empty();
    }

    private boolean isTooMuch(Set<Network> networks, Supplier<Collection<Network>> there) {
        AddressSpace all = kind == Kind.NEWS ? new AddressSpace() : extent.copy();
        if (kind == Kind.NEWS) {
            networks.forEach(all::add);
            there.get().stream().filter(network -> !networks.contains(network)).forEach(all::add);
        } else {
            networks.stream().filter(network -> !seen.contains(network)).forEach(all::add);
        }
        return all.isTooMuch();
    }

    /** Counts a page whose bans are in force or {@linkplain #hold held back}. */
    void advance(PageAnswer.Page page, Set<Network> networks) {
        pages++;
        last = page.id().isEmpty() || page.id().get().equals(place);
        networks.forEach(network -> {
            if (seen.add(network)) {
                extent.add(network);
            }
        });
        place = page.id().orElse(place);
    }

    /** Returns whether the last page read was the end of the list. */
    boolean isAtEnd() {
        return last;
    }

    /** Returns whether bans wait until the end of the list, so that a refused list is refused as a whole. */
    boolean holdsBack() {
        return kind != Kind.FIRST;
    }

    /** Returns whether this round reads the whole list although there is a previous one. */
    boolean isRepeated() {
        return kind == Kind.AGAIN || kind == Kind.FORCED;
    }

    void hold(Collection<Ban> bans) {
        pending.addAll(bans);
    }

    /** Returns the bans that were held back. If a network appears twice, its later ban counts. */
    List<Ban> pending() {
        return pending;
    }

    /** Returns whether this round reads the whole list. */
    boolean isFull() {
        return kind != Kind.NEWS;
    }

    /**
     * Returns whether so little of the list is left that it must be a mistake of the server: nothing, or less than a
     * tenth of what is in force.
     */
    boolean hasShrunk(int held) {
        if (kind == Kind.FORCED || held == 0) {
            return false;
        }
        return seen.isEmpty() || (held > SMALL / JUMP && seen.size() * (long) JUMP < held);
    }

    Set<Network> seen() {
        return seen;
    }

    String place() {
        return place;
    }

    int pages() {
        return pages;
    }
}
