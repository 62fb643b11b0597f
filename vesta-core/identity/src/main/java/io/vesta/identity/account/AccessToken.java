package io.vesta.identity.account;

import io.vesta.core.error.VestaException;
import io.vesta.core.secret.Secret;
import io.vesta.identity.IdentityError;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * An access token for the moment of its use. It does not print, is not serializable, has no bean
 * property, and its bytes are overwritten when the moment is over. Thread-safe.
 *
 * <p><b>Not guaranteed.</b> That copies which were asked for, or the HTTP client's, are gone.
 */
public final class AccessToken implements AutoCloseable {

  private final byte[] bytes;
  private boolean over;

  /** A token of a secret's bytes. */
  public AccessToken(Secret secret) {
    bytes = secret.reveal();
  }

  /**
   * The value of an {@code Authorization} header (RFC 6750 section 2.1).
   *
   * @throws VestaException with {@link IdentityError#TOKEN_SPENT} when its moment is over
   */
  public String authorization() {
    return "Bearer " + new String(reveal(), StandardCharsets.US_ASCII);
  }

  /**
   * The initial response of SASL XOAUTH2, the way into a mailbox without a password.
   *
   * @param mailbox the mailbox's address
   * @throws VestaException if the address has control characters, or with {@link
   *     IdentityError#TOKEN_SPENT} when the token's moment is over
   */
  public String xoauth2(String mailbox) {
    if (mailbox.isEmpty() || mailbox.chars().anyMatch(c -> c < 0x20 || c == 0x7F)) {
      throw VestaException.invalid(
          "mailbox", "empty or with control characters", "give the mailbox's address");
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(("user=" + mailbox + "\u0001auth=Bearer ").getBytes(StandardCharsets.UTF_8));
    out.writeBytes(reveal());
    out.writeBytes(new byte[] {1, 1});
    return Base64.getEncoder().encodeToString(out.toByteArray());
  }

  /**
   * A copy of the bytes.
   *
   * @throws VestaException with {@link IdentityError#TOKEN_SPENT} when its moment is over
   */
  public synchronized byte[] reveal() {
    if (over) {
      throw new VestaException(
          IdentityError.TOKEN_SPENT, "the moment of this token is over; ask for it anew");
    }
    return bytes.clone();
  }

  /** Ends its moment. */
  @Override
  public synchronized void close() {
    over = true;
    Arrays.fill(bytes, (byte) 0);
  }

  /** Always {@code AccessToken[hidden]}. */
  @Override
  public String toString() {
    return "AccessToken[hidden]";
  }
}
