package org.sipward.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages that Linux 6.18 sent on x86-64 for nft 1.0.6, and broken ones. */
class TableMessagesTest {
    /** {@code add element inet sipward jail4 { 203.0.113.8 timeout 1h }}. */
    private static final String ELEMENT =
            "580000000c0a000400000000941a0000010000060c00010073697077617264000a0002006a61696c34000000"
                    + "2c000300280001000c00010008000100cb0071080c000400000000000036ee800c000500000000000036ee80";
    /** {@code delete element inet sipward jail4 { 203.0.113.8 }}. */
    private static final String DELETED_ELEMENT =
            "580000000e0a000000000000b61a0000010000070c00010073697077617264000a0002006a61696c34000000"
                    + "2c000300280001000c00010008000100cb0071080c000400000000000036ee800c000500000000000036eb40";
    /** {@code insert rule inet sipward guard accept}. */
    private static final String RULE =
            "6c000000060a000401000000d51a0000010000080c00010073697077617264000a00020067756172640000000c000300"
                    + "000000000000000434000400300001000e000100696d6d6564696174650000001c0002000800010000000000"
                    + "100002000c0002000800010000000001";
    /** {@code delete table inet sipward}. */
    private static final String DELETED_TABLE = "34000000020a00000100000063160000010000030c000100736970776172640008"
            + "000300000000000c0004000000000000000001";
    /** {@code add table ip sipward}. */
    private static final String OTHER_FAMILY = "3c000000000a0000010000005a1a0000020000040c00010073697077617264000800"
            + "0300000000010c0004000000000000000002080002000000" + "0000";
    /** {@code add table inet sipward2}. */
    private static final String OTHER_TABLE = "40000000000a0000010000006e1a0000010000050d000100736970776172643200000"
            + "0000800" + "0300000000010c0004000000000000000003080002000000" + "0000";
    /** The end of each transaction. */
    private static final String GENERATION =
            "2c0000000f0a000001000000941a00000000000608000100000000060800020000001a94080003006e667400";
    /** The answer to a request without an error. */
    private static final String ANSWER = "240000000200000100000000d21b00000000000010000000010005000000000000000000";

    private static boolean concern(String hex) {
        return TableMessages.concern(ByteBuffer.wrap(HexFormat.of().parseHex(hex)), "sipward");
    }

    @ParameterizedTest
    @ValueSource(strings = {ELEMENT, DELETED_ELEMENT, RULE, DELETED_TABLE})
    void findsTheTableInEachKindOfMessage(String message) {
        assertThat(concern(message)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {OTHER_FAMILY, OTHER_TABLE, GENERATION, ANSWER, ""})
    void leavesOtherMessagesAlone(String message) {
        assertThat(concern(message)).isFalse();
    }

    @Test
    void findsTheTableBehindOthersInOneDatagram() {
        assertThat(concern(OTHER_TABLE + OTHER_FAMILY + GENERATION)).isFalse();
        assertThat(concern(OTHER_TABLE + OTHER_FAMILY + ELEMENT)).isTrue();
    }

    @Test
    void takesALostMessageForAChange() {
        assertThat(concern("10000000" + "0400" + "0000" + "0000000000000000")).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "a length of 0, 00000000000a0000010000005a1a000002000004",
        "a negative length, ffffffff000a0000010000005a1a000002000004",
        "a length beyond the end, 3c000000000a0000010000005a1a000002000004",
        "half a header, 3c000000000a0000",
        "no family, 10000000000a0000010000005a1a0000",
        "no attribute, 14000000000a0000010000005a1a000001000004",
        "an attribute of length 0, 18000000000a0000010000005a1a00000100000400000100",
        "an attribute beyond the end, 18000000000a0000010000005a1a0000010000040c000100",
        "half an attribute, 16000000000a0000010000005a1a0000010000040c00"
    })
    void takesAMessageThatItCannotReadForAChange(String what, String hex) {
        assertThat(concern(hex)).describedAs(what).isTrue();
    }

    @Test
    void readsAnyBytesToTheirEnd() {
        Random random = new Random(1);
        byte[] sound = HexFormat.of().parseHex(OTHER_TABLE + OTHER_FAMILY + ELEMENT);
        int changes = 0;
        for (int i = 0; i < 200_000; i++) {
            byte[] bytes = sound.clone();
            for (int j = random.nextInt(4); j >= 0; j--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            int length = random.nextInt(bytes.length + 1);
            changes += TableMessages.concern(ByteBuffer.wrap(bytes, 0, length), "sipward") ? 1 : 0;
        }

        assertThat(changes).isBetween(1, 199_999);
    }
}
