package org.sipward.agent;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.sipward.control.Answer;
import org.sipward.control.ExitCode;
import org.sipward.feed.ListCheck;
import org.sipward.net.IpAddress;
import org.sipward.status.AddressStatus;
import org.sipward.status.AgentStatus;
import org.sipward.yaml.ConfigException;

/**
 * Answers the operator's commands to the running agent: asks the parts for values, and makes rows of them ({@link
 * JsonRows}). Commands and their arguments are named as on the command line.
 *
 * <p>A command that waits for the store or the firewall is still answered within {@link #WAIT}. The answer then says
 * that the change is made later; changes keep the order of the commands.
 *
 * <p>Thread-safe, as the parts that it asks are.
 */
final class Commands {
    /** With the time on the socket, every answer arrives within two seconds, whatever store and firewall do. */
    static final Duration WAIT = Duration.ofMillis(1_500);

    /** A reload reads files, asks the DNS, and waits for the thread that reads logs. */
    private static final Duration RELOAD = Duration.ofSeconds(30);

    private final Orders orders;
    private final Lists lists;
    private final Why why;
    private final Feeds feeds;
    private final Reload reload;
    private final StatusReport status;
    private final Runnable done;
    private final InTime changes = new InTime("sipward-change", WAIT);
    private final InTime reloads = new InTime("sipward-reload", RELOAD);

    /** @param done is told after each answer */
    Commands(Orders orders, Lists lists, Why why, Feeds feeds, Reload reload, StatusReport status, Runnable done) {
        this.orders = orders;
        this.lists = lists;
        this.why = why;
        this.feeds = feeds;
        this.reload = reload;
        this.status = status;
        this.done = done;
    }

    /** Returns the answer to one request. */
    Answer answer(Map<String, Object> arguments) {
        Request request = new Request(arguments);
        try {
            return switch (request.command()) {
                case "status" -> status();
                case "bans" -> request.has("past") ? past(request) : rows(lists.bans(request), JsonRows::of);
                case "top" -> rows(lists.top(request), JsonRows::of);
                case "allowed" -> rows(lists.allowed(), JsonRows::of);
                case "trusted" -> rows(lists.trusted(request), JsonRows::of);
                case "why" -> why(request.address());
                case "ban" -> change(() -> orders.ban(request));
                case "unban" -> change(() -> orders.unban(request));
                case "allow" -> change(() -> orders.allow(request));
                case "reload" ->
                    reloads.order(this::reload)
                            .orElse(Answer.no("not done yet; the reload goes on, see the agent's log for its result"));
                case "feed-status" -> rows(feeds.status(), JsonRows::of);
                case "feed-sync" -> sync(request.has("force"));
                case "feed-check" -> check(request.address());
                default ->
                    Answer.usage("this agent does not know the command " + request.command()
                            + "; it may be older than the program, so restart it");
            };
        } catch (IllegalArgumentException e) {
            return Answer.usage(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return new Answer(ExitCode.BUG, List.of(), request.command() + " failed: " + e.getMessage());
        } finally {
            done.run();
        }
    }

    private Answer status() throws IOException {
        AgentStatus now = status.now();
        return new Answer(now.isWell() ? ExitCode.YES : ExitCode.NO, List.of(JsonRows.of(now)), "");
    }

    private Answer past(Request request) throws IOException {
        return lists.past(request)
                .map(past -> rows(past, JsonRows::of))
                .orElse(new Answer(
                        ExitCode.UNAVAILABLE, List.of(), "the store does not answer: past bans are not known now"));
    }

    private Answer why(IpAddress address) throws IOException {
        AddressStatus known = why.about(address);
        List<Map<String, Object>> rows = JsonRows.of(known);
        return rows.isEmpty()
                ? Answer.no("nothing is known of " + address)
                : new Answer(known.isBanned() ? ExitCode.YES : ExitCode.NO, rows, "");
    }

    private Answer sync(boolean force) {
        List<String> fetching = feeds.sync(force);
        if (fetching.isEmpty()) {
            return noFeed();
        }
        String message = "fetching " + Wording.count(fetching.size(), "list") + "; see 'sipward feed status'";
        return new Answer(
                ExitCode.YES, fetching.stream().map(JsonRows::fetching).toList(), message);
    }

    private Answer check(IpAddress address) {
        List<Feeds.Check> checks = feeds.check(address);
        if (checks.isEmpty()) {
            return noFeed();
        }
        int exit = ExitCode.NO;
        if (has(checks, ListCheck.Verdict.LISTED)) {
            exit = ExitCode.YES;
        } else if (has(checks, ListCheck.Verdict.UNKNOWN)) {
            // A server that gave no answer has not said that it does not list the address.
            exit = ExitCode.UNAVAILABLE;
        }
        return new Answer(exit, checks.stream().map(JsonRows::of).toList(), "");
    }

    private static boolean has(List<Feeds.Check> checks, ListCheck.Verdict verdict) {
        return checks.stream().anyMatch(check -> check.answer().verdict() == verdict);
    }

    private static Answer noFeed() {
        return new Answer(
                ExitCode.CONFIGURATION, List.of(), "no feed is configured; write one below feeds: and reload");
    }

    /** Rows are made one by one as they are sent, since there may be a hundred thousand. */
    private static <T> Answer rows(List<T> values, Function<T, Map<String, Object>> row) {
        return Answer.of(() -> values.stream().map(row).iterator());
    }

    /** Changes something; if that takes long, it is done later. */
    private Answer change(Callable<Answer> change) throws IOException {
        try {
            return changes.order(change)
                    .orElse(Answer.no(
                            "not done yet: the firewall or the store does not answer; it will be done as soon as they do, "
                                    + "see 'sipward status'"));
        } catch (RejectedExecutionException full) {
            return Answer.no("not done: " + InTime.MAX_WAITING
                    + " commands already wait for the firewall or the store, which do not answer");
        }
    }

    /** Runs one reload at a time, so that the parts do not end up with different configurations. */
    private synchronized Answer reload() throws IOException {
        try {
            Reloaded reloaded = reload.reload();
            return new Answer(ExitCode.YES, List.of(JsonRows.of(reloaded)), reloaded.words());
        } catch (ConfigException e) {
            return new Answer(
                    ExitCode.CONFIGURATION,
                    e.problems().stream().map(problem -> problem.row("error")).toList(),
                    e.getMessage() + "\nnot reloaded: the agent keeps its running configuration");
        }
    }

    /** Reads the configuration again. */
    @FunctionalInterface
    interface Reload {
        Reloaded reload() throws ConfigException, IOException;
    }
}
