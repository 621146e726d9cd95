package org.sipward.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipward.net.IpAddress;

class JsonTest {
    @Test
    void readsWhatItHasWritten() throws IOException {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("text", "quotes \" and ü and \\");
        object.put("number", -42L);
        object.put("share", 0.5);
        object.put("flag", true);
        object.put("list", List.of("a", 1L, Map.of("b", "c")));
        object.put("map", Map.of("deep", Map.of("er", List.of())));

        assertThat(Json.parse(Json.line(object))).isEqualTo(object);
    }

    @Test
    void writesWhatItDoesNotKnowAsItsText() {
        assertThat(Json.line(Map.of("address", IpAddress.parse("203.0.113.7").orElseThrow())))
                .isEqualTo("{\"address\":\"203.0.113.7\"}");
    }

    @Test
    void staysOnOneLineWhateverAStringHolds() throws IOException {
        Map<String, Object> object = Map.of("text\n", "a\nb\r\u0000\u2028\u001b[1m");

        assertThat(Json.line(object)).doesNotContain("\n", "\r", "\u0000", "\u001b");
        assertThat(Json.parse(Json.line(object))).isEqualTo(object);
    }

    @Test
    void writesAndReadsWhatIsNotThereAsNull() throws IOException {
        Map<String, Object> object = Map.of("until", Optional.empty(), "since", Optional.of("2026-11-22T10:00:00Z"));

        String line = Json.line(object);

        assertThat(line).contains("\"until\":null").contains("\"since\":\"2026-11-22T10:00:00Z\"");
        assertThat(Json.parse(line)).containsEntry("until", Optional.empty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "42",
                "\"text\"",
                "[{}]",
                "{",
                "{\"a\":",
                "{\"a\":1",
                "{\"a\":[1,2}",
                "{a:1}",
                "{} {}",
                "{\"a\":1}x",
                "{\"a\":99999999999999999999}",
                "{\"a\":NaN}",
                "\u0000"
            })
    void refusesWhatIsNoObject(String line) {
        assertThatThrownBy(() -> Json.parse(line)).isInstanceOf(IOException.class);
    }

    @Test
    void refusesWhatIsTooDeep() {
        assertThatThrownBy(() -> Json.parse("{\"a\":" + "[".repeat(100_000))).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> Json.parse("{\"a\":".repeat(9) + "1" + "}".repeat(9)))
                .isInstanceOf(IOException.class);
    }

    @Test
    void readsTheErrorsOfALongConfigurationButNoStringWithoutEnd() throws IOException {
        String errors = "an error\n".repeat(10_000);

        assertThat(Json.parse(Json.line(Map.of("message", errors)))).containsEntry("message", errors);
        assertThatThrownBy(() -> Json.parse(Json.line(Map.of("message", "x".repeat(2_000_000)))))
                .isInstanceOf(IOException.class);
    }
}
