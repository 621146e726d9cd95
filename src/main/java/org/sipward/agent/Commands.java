package org.sipward.agent;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import org.sipward.control.Answer;
import org.sipward.control.ExitCode;
import org.sipward.yaml.ConfigException;

/**
 * Answers the operator's commands to the running agent. Names and arguments are those of the command line; the keys of
 * rows are a promise to scripts.
 *
 * <p>A command that waits for the store or the firewall is answered within {@link #WAIT} all the same: what it changes is
 * changed later, in the order of the commands, and the answer says so.
 *
 * <p>Thread-safe, as what it asks is.
 */
final class Commands {
    /** With the way there and back, every answer is there within two seconds, whatever store and firewall do. */
    static final Duration WAIT = Duration.ofMillis(1_500);

    /** A reload reads files, asks the DNS, and waits for the reading of logs. */
    private static final Duration RELOAD = Duration.ofSeconds(30);

    private final Orders orders;
    private final Lists lists;
    private final Why why;
    private final Feeds feeds;
    private final Reload reload;
    private final Status status;
    private final InTime changes = new InTime("sipward-change", WAIT);
    private final InTime reloads = new InTime("sipward-reload", RELOAD);

    Commands(Orders orders, Lists lists, Why why, Feeds feeds, Reload reload, Status status) {
        this.orders = orders;
        this.lists = lists;
        this.why = why;
        this.feeds = feeds;
        this.reload = reload;
        this.status = status;
    }

    /** Returns the answer to one request. */
    Answer answer(Map<String, Object> request) {
        String command = Targets.text(request, "command");
        try {
            return switch (command) {
                case "status" -> status.answer();
                case "bans" -> lists.bans(request);
                case "top" -> lists.top(request);
                case "allowed" -> lists.allowed();
                case "trusted" -> lists.trusted(request);
                case "why" -> why.answer(Targets.address(request));
                case "ban" -> change(() -> orders.ban(request));
                case "unban" -> change(() -> orders.unban(request));
                case "allow" -> change(() -> orders.allow(request));
                case "reload" ->
                    reloads.order(this::reload)
                            .orElse(Answer.no("not done yet, goes on: see the agent's log for what comes of it"));
                case "feed-status" -> Answer.of(feeds.status());
                case "feed-sync" -> feeds.sync(Boolean.TRUE.equals(request.get("force")));
                case "feed-check" -> feeds.check(Targets.address(request));
                default ->
                    Answer.usage("this agent does not know the command " + command
                            + "; it may be older than the program, so restart it");
            };
        } catch (IllegalArgumentException e) {
            return Answer.usage(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return new Answer(ExitCode.BUG, List.of(), command + " failed: " + e.getMessage());
        }
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
                    + " commands wait already for the firewall or the store, which do not answer");
        }
    }

    /** One at a time, so that the parts do not end up with different configurations. */
    private synchronized Answer reload() throws IOException {
        try {
            return reload.reload();
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
        /** Returns what was done. */
        Answer reload() throws ConfigException, IOException;
    }

    /** Says how the agent does. */
    @FunctionalInterface
    interface Status {
        Answer answer() throws IOException;
    }
}
