package io.vesta.approval.report;

import io.vesta.core.error.VestaException;
import io.vesta.core.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Verifies reports that are signed as the Standard Webhooks specification 1.0 says, symmetrically:
 * HMAC-SHA-256 over {@code id.timestamp.body}, in Base64 after {@code v1,}, several signatures
 * separated by spaces while a secret is changed. A report older or younger than five minutes is
 * none. Thread-safe.
 */
public final class StandardWebhooks implements ReportReader {

  private static final String ALGORITHM = "HmacSHA256";
  private static final String VERSION = "v1,";
  private static final int FEWEST_BYTES = 24;
  private static final Duration TOLERANCE = Duration.ofMinutes(5);
  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,12}");

  private final SecretKeySpec key;
  private final Clock clock;
  private final Function<byte[], Optional<Report>> parse;

  /**
   * @param secret shared with the provider: 24 bytes or more, decoded from what follows {@code
   *     whsec_}
   * @param clock for the age of reports
   * @param parse what a verified body says, in the provider's form; empty if it says nothing of
   *     whether a message was taken
   * @throws VestaException if the secret is too short
   */
  public StandardWebhooks(Secret secret, Clock clock, Function<byte[], Optional<Report>> parse) {
    byte[] bytes = secret.reveal();
    if (bytes.length < FEWEST_BYTES) {
      throw VestaException.invalid(
          "webhook secret", bytes.length + " bytes", "use " + FEWEST_BYTES + " or more");
    }
    key = new SecretKeySpec(bytes, ALGORITHM);
    this.clock = Objects.requireNonNull(clock, "clock");
    this.parse = Objects.requireNonNull(parse, "parse");
  }

  @Override
  public Optional<Report> read(Map<String, String> headers, byte[] body) {
    String id = headers.get("webhook-id");
    String timestamp = headers.get("webhook-timestamp");
    String signatures = headers.get("webhook-signature");
    if (id == null || signatures == null || !timely(timestamp)) {
      return Optional.empty();
    }
    byte[] ours = mac((id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8), body);
    boolean signed = false;
    for (String one : signatures.split(" ", -1)) {
      signed |= one.startsWith(VERSION) && equal(ours, one.substring(VERSION.length()));
    }
    return signed ? parse.apply(body) : Optional.empty();
  }

  private boolean timely(@Nullable String timestamp) {
    if (timestamp == null || !SECONDS.matcher(timestamp).matches()) {
      return false;
    }
    Instant sent = Instant.ofEpochSecond(Long.parseLong(timestamp));
    return Duration.between(sent, clock.instant()).abs().compareTo(TOLERANCE) <= 0;
  }

  private static boolean equal(byte[] ours, String theirs) {
    return MessageDigest.isEqual(
        Base64.getEncoder().encode(ours), theirs.getBytes(StandardCharsets.UTF_8));
  }

  private byte[] mac(byte[] head, byte[] body) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      mac.update(head);
      return mac.doFinal(body);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HMAC-SHA-256", e);
    }
  }
}
