package org.sipward.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SampleTest {
    @Test
    void readsTheCommentAboveALine() throws IOException {
        Sample sample = Sample.of(
                        "\n# {\"kind\": \"failure\", \"user\": \"a \\\"b\\\"\", \"proven\": true}\nfailed\nnone\n")
                .get(0);

        assertThat(sample.number()).isEqualTo(3);
        assertThat(sample.line()).isEqualTo("failed");
        assertThat(sample.text("kind")).contains("failure");
        assertThat(sample.text("user")).contains("a \"b\"");
        assertThat(sample.text("proven")).contains("true");
        assertThat(sample.text("address")).isEqualTo(Optional.empty());
        assertThat(sample.mayMatch()).isTrue();
    }

    @Test
    void readsThatNothingMayMatch() throws IOException {
        assertThat(Sample.of("# {\"match\": false}\nfine\n").get(0).mayMatch()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"kind": "failure"      | 1: is not a JSON object
                    {"kind": "failure"} x   | 1: is not a JSON object
                    {"kind": ["failure"]}   | 1: is not a JSON object
                    {kind}                  | 1: is not a JSON object
                    {"kidn": "failure"}     | 1: has an unknown key, kidn
                    """)
    void saysWhichCommentIsNotValid(String comment, String words) {
        assertThatThrownBy(() -> Sample.of("# " + comment + "\nfailed\n"))
                .isInstanceOf(IOException.class)
                .hasMessage(words);
    }
}
