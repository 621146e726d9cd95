package org.sipward.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each kind of error in a feed, word for word as the operator reads it. */
class FeedErrorsTest extends ConfigFixture {
    static Stream<Arguments> feeds() {
        return Stream.of(
                error("apiban: {}", "feeds.apiban.keyfile: is missing; write the key into a file and its path here"),
                error(
                        "apiban: {keyfile: 0123456789abcdef}",
                        "feeds.apiban.keyfile: is not the absolute path of a file; write a path that begins with /"),
                error(
                        "apiban: {key: 0123456789abcdef, keyfile: /k}",
                        "feeds.apiban.key: unknown key; did you mean keyfile?"),
                error(
                        "apiban: 0123456789abcdef",
                        "feeds.apiban: is a single value; write KEY: VALUE lines below it",
                        "feeds.apiban.keyfile: is missing; write the key into a file and its path here"),
                error(
                        "hub: {keyfile: /k}",
                        "feeds.hub.url: is missing; write the address of the list, as in url: https://hub.example.net/"),
                notAnAddress("ftp://hub.example.net/"),
                notAnAddress("hub.example.net"),
                notAnAddress("https:///x"),
                notAnAddress("https://a b/"),
                error(
                        "hub: {url: 'https://key@hub.example.net/', keyfile: /k}",
                        "feeds.hub.url: has a user, a ? or a # in it; write it as in https://hub.example.net/, and put the key into keyfile"),
                error(
                        "hub: {url: 'https://hub.example.net/?key=x', keyfile: /k}",
                        "feeds.hub.url: has a user, a ? or a # in it; write it as in https://hub.example.net/, and put the key into keyfile"),
                error(
                        "hub: {url: 'http://hub.example.net/', keyfile: /k}",
                        "feeds.hub.url: would send the key unencrypted over the internet; write https"),
                error(
                        "hub: {url: 'http://203.0.113.1/', keyfile: /k}",
                        "feeds.hub.url: would send the key unencrypted over the internet; write https"),
                error(
                        "apiban: {keyfile: /k, set: sips}",
                        "feeds.apiban.set: sips: is not a set; write sip, http or all"),
                error("apiban: {keyfile: /k, every: 30s}", "feeds.apiban.every: 30s: is too short; write 1m to 1d"),
                error("apiban: {keyfile: /k, bantime: 8d}", "feeds.apiban.bantime: 8d: is too long; write 1m to 1w"),
                error("apiban: {enabled: false, bantime: 8d}", "feeds.apiban.bantime: 8d: is too long; write 1m to 1w"),
                error(
                        "'x y': {url: 'https://h/', keyfile: /k}",
                        "feeds.x y: is not a name for a feed; use a to z, 0 to 9, - and _, at most 40"));
    }

    private static Arguments notAnAddress(String url) {
        return error(
                "hub: {url: '" + url + "', keyfile: /k}",
                "feeds.hub.url: is not the address of a server; write it as in https://hub.example.net/");
    }

    @ParameterizedTest
    @MethodSource("feeds")
    void saysWhatIsWrongWithAFeedAndShowsNoKey(String yaml, List<String> errors) {
        String jail = "jails: {a: {filter: asterisk, source: {file: /a}}}\n";

        assertThat(folder.errors(jail + "feeds:\n  " + yaml)).containsExactlyInAnyOrderElementsOf(inLine(3, errors));
    }
}
