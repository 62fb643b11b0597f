package io.vesta.approval.smtp;

import io.vesta.approval.mail.internal.Mime;
import io.vesta.approval.outbox.Dedupe;
import io.vesta.approval.outbox.Delivery;
import io.vesta.approval.outbox.DeliveryChannel;
import io.vesta.approval.outbox.SendPermit;
import io.vesta.core.error.VestaException;
import io.vesta.core.secret.Secret;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.Properties;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPTransport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends by a mail server (RFC 5321), one connection a message. Needs {@code
 * org.eclipse.angus:angus-mail} on the host's class path. Thread-safe.
 *
 * <p>A mail server sends a second message again, so an attempt without an answer is unknown and
 * waits for a person. What a server refuses before it has the text, or refuses with an answer, is
 * known. The {@code Message-ID} holds {@link SendPermit#key}, so that the same message is found in
 * the server's log. Either all recipients are taken or none.
 */
public final class SmtpChannel implements DeliveryChannel {

  /** How the connection is kept from being read or changed. */
  public enum Encryption {
    /** It begins open and must become encrypted before anything is said. */
    STARTTLS,
    /** It is encrypted from the beginning. */
    TLS,
    /** It is not: for a server on this machine only. */
    NONE
  }

  private static final Logger LOG = LoggerFactory.getLogger(SmtpChannel.class);
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration ANSWER = Duration.ofSeconds(30);
  private static final Duration SEND = Duration.ofMinutes(2);

  private final Clock clock;
  private final Session session;
  private final @Nullable String user;
  private final @Nullable Secret password;

  private SmtpChannel(Builder b) {
    clock = b.clock;
    user = b.user;
    password = b.password;
    Properties mail = new Properties();
    mail.setProperty("mail.smtp.host", b.host);
    mail.setProperty("mail.smtp.port", Integer.toString(b.port));
    mail.setProperty("mail.smtp.connectiontimeout", Long.toString(CONNECT.toMillis()));
    mail.setProperty("mail.smtp.timeout", Long.toString(ANSWER.toMillis()));
    mail.setProperty("mail.smtp.writetimeout", Long.toString(ANSWER.toMillis()));
    mail.setProperty("mail.smtp.ssl.checkserveridentity", "true");
    mail.setProperty("mail.smtp.auth", Boolean.toString(b.user != null));
    mail.setProperty("mail.smtp.sendpartial", "false");
    boolean startTls = b.encryption == Encryption.STARTTLS;
    mail.setProperty("mail.smtp.starttls.enable", Boolean.toString(startTls));
    mail.setProperty("mail.smtp.starttls.required", Boolean.toString(startTls));
    mail.setProperty("mail.smtp.ssl.enable", Boolean.toString(b.encryption == Encryption.TLS));
    session = Session.getInstance(mail);
  }

  /**
   * Starts a channel: STARTTLS, without a login.
   *
   * @param host the mail server
   * @param port its port, 1 to 65535
   * @param clock for the message's date
   */
  public static Builder builder(String host, int port, Clock clock) {
    return new Builder(host, port, clock);
  }

  @Override
  public Dedupe dedupe() {
    return new Dedupe.None();
  }

  @Override
  public Duration sendTime() {
    return SEND;
  }

  @Override
  public Delivery send(SendPermit permit) {
    SMTPTransport transport;
    try {
      transport = (SMTPTransport) session.getTransport("smtp");
      transport.connect(
          user, password == null ? null : new String(password.reveal(), StandardCharsets.UTF_8));
    } catch (MessagingException e) {
      return new Delivery.NotSent("NO_CONNECTION");
    }
    try {
      return handOver(transport, permit);
    } finally {
      close(transport);
    }
  }

  private static void close(SMTPTransport transport) {
    try {
      transport.close();
    } catch (MessagingException e) {
      // How the message fared was answered before, or not at all; a farewell changes neither.
      LOG.debug("The mail server did not say goodbye");
    }
  }

  private Delivery handOver(SMTPTransport transport, SendPermit permit) {
    MimeMessage message;
    try {
      message = Mime.of(session, permit.open(), permit.key(), clock.instant());
    } catch (MessagingException e) {
      return new Delivery.Rejected("NOT_A_MESSAGE");
    }
    try {
      transport.sendMessage(message, message.getAllRecipients());
      return new Delivery.Accepted(Objects.requireNonNull(message.getMessageID(), "was set"));
    } catch (SendFailedException e) {
      return refused(e);
    } catch (MessagingException e) {
      return new Delivery.Lost("NO_ANSWER");
    }
  }

  /** By the server's own code, if it gave one: 4xx is for now, 5xx for good (RFC 5321, 4.2.1). */
  private static Delivery refused(SendFailedException failure) {
    boolean forGood = false;
    boolean forNow = false;
    for (Exception e = failure; e instanceof MessagingException next; e = next.getNextException()) {
      int code =
          e instanceof SMTPAddressFailedException address
              ? address.getReturnCode()
              : e instanceof SMTPSendFailedException send ? send.getReturnCode() : -1;
      forGood |= code >= 500 && code < 600;
      forNow |= code >= 400 && code < 500;
    }
    if (forGood) {
      return new Delivery.Rejected("SERVER_REFUSED");
    }
    return forNow ? new Delivery.NotSent("SERVER_DEFERRED") : new Delivery.Lost("NO_ANSWER");
  }

  /** Collects a channel; not thread-safe. */
  public static final class Builder {

    private final String host;
    private final int port;
    private final Clock clock;
    private Encryption encryption = Encryption.STARTTLS;
    private @Nullable String user;
    private @Nullable Secret password;

    private Builder(String host, int port, Clock clock) {
      this.host = Objects.requireNonNull(host, "host");
      this.port = port;
      this.clock = Objects.requireNonNull(clock, "clock");
      if (port < 1 || port > 65535) {
        throw VestaException.invalid("port", Integer.toString(port), "use 1 to 65535");
      }
    }

    /** Another way to encrypt. */
    public Builder encryption(Encryption value) {
      encryption = Objects.requireNonNull(value, "encryption");
      return this;
    }

    /** How to log in; never over an open connection. */
    public Builder login(String name, Secret secret) {
      user = Objects.requireNonNull(name, "name");
      password = Objects.requireNonNull(secret, "secret");
      return this;
    }

    /**
     * The channel.
     *
     * @throws VestaException if a password would go over an open connection
     */
    public SmtpChannel build() {
      if (user != null && encryption == Encryption.NONE) {
        throw VestaException.invalid(
            "encryption", "NONE with a login", "use STARTTLS or TLS, or no login");
      }
      return new SmtpChannel(this);
    }
  }
}
