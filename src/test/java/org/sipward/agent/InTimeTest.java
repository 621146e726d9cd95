package org.sipward.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class InTimeTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final List<String> done = Collections.synchronizedList(new ArrayList<>());
    private final CountDownLatch answers = new CountDownLatch(1);
    private final CountDownLatch last = new CountDownLatch(1);
    private final InTime patient = new InTime("test", LONG);
    private final InTime hasty = new InTime("test", Duration.ofMillis(50));

    @AfterEach
    void letThemGo() {
        answers.countDown();
    }

    @Test
    void returnsWhatIsDoneInTime() throws IOException {
        assertThat(patient.order(() -> "done")).hasValue("done");
        assertThat(patient.ask(() -> "answer")).hasValue("answer");
    }

    @Test
    void throwsWhatTheWorkThrows() {
        assertThatThrownBy(() -> patient.order(() -> {
                    throw new IOException("full");
                }))
                .isInstanceOf(IOException.class)
                .hasMessage("full");
        assertThatThrownBy(() -> patient.ask(() -> {
                    throw new IllegalArgumentException("odd");
                }))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void doesOrdersLaterInTheirOrderAndNoQuestionThatNobodyWaitsFor() throws Exception {
        assertThat(hasty.order(this::hang)).isEmpty();
        assertThat(hasty.order(() -> done.add("first"))).isEmpty();
        assertThat(hasty.ask(() -> done.add("question"))).isEmpty();
        assertThat(hasty.order(() -> done.add("second"))).isEmpty();
        hasty.order(() -> {
            last.countDown();
            return true;
        });
        assertThat(done).isEmpty();

        answers.countDown();
        last.await();

        assertThat(done).containsExactly("first", "second");
    }

    @Test
    void takesNoMoreOrdersThanItCanHold() throws IOException {
        InTime brief = new InTime("test", Duration.ofMillis(1));
        for (int i = 0; i <= InTime.MAX_WAITING; i++) {
            brief.order(this::hang);
        }

        assertThatThrownBy(() -> brief.order(this::hang)).isInstanceOf(RejectedExecutionException.class);
        assertThat(brief.ask(this::hang)).isEmpty();
    }

    private boolean hang() throws InterruptedException {
        answers.await();
        return true;
    }
}
