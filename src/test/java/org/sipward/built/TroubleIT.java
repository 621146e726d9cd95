package org.sipward.built;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The agent's messages and its work when something that it needs is missing. */
class TroubleIT extends SiteFixture {
    @Test
    void namesAnUnknownFilterAndSuggestsAnother() throws Exception {
        site.sipward.configure(site.yaml.replace("filter: asterisk", "filter: astrisk"));

        Sipward.Answer answer = site.sipward.refused(site.pbx);

        assertThat(answer.exit()).isEqualTo(78);
        assertThat(answer.text()).contains("sipward.yaml:3").contains("astrisk").contains("asterisk");
    }

    @Test
    void listsBansAsNotEnforcedUntilNftIsInstalled() throws Exception {
        String mounts = site.placeWithNft("/dev/null");

        site.startBy("nsenter", mounts);
        site.fail("203.0.113.1", 5);
        Sipward.await("the ban", () -> site.sipward.command("bans").text().contains("203.0.113.1"));

        assertThat(site.sipward.output()).contains("nft is not installed: apt install nftables");
        Sipward.Answer status = site.sipward.command("status");
        assertThat(status.exit()).isEqualTo(1);
        assertThat(status.text()).contains("in kernel: 0 of 1").contains("nft is not installed: apt install nftables");
        assertThat(Kernel.members(site.pbx, "jail4")).isEmpty();

        site.pbx.run("nsenter", mounts, "umount", Site.NFT);
        site.awaitBan("203.0.113.1");
        assertThat(site.reaches("203.0.113.1")).isFalse();
        assertThat(site.sipward.command("status").exit()).isZero();
        assertThat(site.sipward.output()).contains("firewall works again");
    }

    @Test
    void reportsMissingPermissions() throws Exception {
        Files.setPosixFilePermissions(site.log, Set.of());

        // This root may neither change the firewall nor read files of other users.
        site.startBy("setpriv", "--bounding-set", "-net_admin,-dac_override,-dac_read_search");
        assertThat(site.sipward.command("ban", "203.0.113.1").text())
                .contains("nft is not permitted to change the firewall: run as root, or with CAP_NET_ADMIN");

        Sipward.Answer status = site.sipward.command("status");
        assertThat(status.exit()).isEqualTo(1);
        assertThat(status.text()).contains("in kernel: 0 of 1").contains("permission denied");
        assertThat(site.sipward.output()).contains(site.log + " cannot be read; will retry");

        Files.setPosixFilePermissions(site.log, Set.of(PosixFilePermission.OWNER_READ));
        Sipward.await("the log to be read", () -> site.sipward.output().contains(site.log + " can be read again"));
    }

    @Test
    void reportsThatALogIsMissingAndReadsItWhenItAppears() throws Exception {
        Path missing = folder.resolve("not-there.log");
        site.sipward.configure(site.yaml.replace(site.log.toString(), missing.toString()));

        site.start();
        assertThat(site.sipward.output()).contains("watching " + missing + " for asterisk, as soon as it is there");
        Files.write(missing, Corpus.failures("203.0.113.1", 0, 5));

        site.awaitBan("203.0.113.1");
    }

    @Test
    void runsInAPlainChroot() throws Exception {
        // The store lies on a folder that is not the root of a mount: Java finds no file store for it.
        Path root = folder.resolve("root");
        String script = """
                root=%1$s; folder=%2$s; top=/$(echo $folder | cut -d/ -f2)
                for d in /*; do
                  if [ -L $d ]; then cp -P $d $root$d
                  elif [ -d $d ] && [ $d != $top ]; then mkdir -p $root$d && mount --rbind $d $root$d
                  fi
                done
                mkdir -p $root$folder $root%3$s && cp $folder/sipward.yaml $root$folder && mount --bind %3$s $root%3$s
                exec chroot $root "$@"
                """.formatted(root, folder, Path.of("target").toAbsolutePath());
        Files.createDirectories(root);

        site.startBy("unshare", "--mount", "--propagation", "private", "sh", "-c", script, "sh");

        assertThat(site.sipward.output()).contains("firewall nftables").doesNotContain("Mount point");
        assertThat(site.stop()).isZero();
    }

    @Test
    void blocksNothingInADryRun() throws Exception {
        site.sipward.configure(site.yaml + "\nfirewall: {backend: none}");

        site.start();
        site.fail("203.0.113.1", 5);
        Sipward.await("the ban", () -> site.sipward.command("bans").text().contains("203.0.113.1"));

        assertThat(site.pbx.run("nft", "list", "ruleset")).isEmpty();
        assertThat(site.reaches("203.0.113.1")).isTrue();
        assertThat(site.stop()).isZero();
        assertThat(site.sipward.output()).contains("stopping; nothing is blocked");
    }
}
