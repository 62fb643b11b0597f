package io.vesta.approval.mail.internal;

import io.vesta.approval.envelope.Address;
import io.vesta.approval.envelope.Envelope;
import io.vesta.approval.envelope.Recipient;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.UnsupportedEncodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;

/** Makes a mail (RFC 5322, RFC 2045) of an approved envelope. Stateless and thread-safe. */
public final class Mime {

  private Mime() {}

  /** The header that no reader may see: whoever writes the mail out leaves it out. */
  public static final String BLIND = "Bcc";

  /**
   * A mail that says exactly what the envelope says: the text quoted-printable, so that no server
   * on the way changes a long line, a space at an end or a dot at a beginning.
   *
   * @param session the mail's session
   * @param envelope what was approved
   * @param key stands in the {@code Message-ID}, so that every attempt has the same
   * @param date when it is sent
   * @throws MessagingException if no mail can say it
   */
  public static MimeMessage of(Session session, Envelope envelope, String key, Instant date)
      throws MessagingException {
    Address from = envelope.sender().address();
    String domain = from.value().substring(from.value().lastIndexOf('@') + 1);
    MimeMessage message = new Identified(session, "<" + key + "@" + domain + ">");
    try {
      message.setFrom(
          new InternetAddress(
              from.value(), envelope.sender().name(), StandardCharsets.UTF_8.name()));
    } catch (UnsupportedEncodingException e) {
      throw new IllegalStateException("every Java platform has UTF-8", e);
    }
    for (Recipient recipient : envelope.recipients()) {
      Message.RecipientType type =
          switch (recipient.role()) {
            case TO -> Message.RecipientType.TO;
            case CC -> Message.RecipientType.CC;
            case BCC -> Message.RecipientType.BCC;
          };
      message.addRecipient(type, new InternetAddress(recipient.address().value(), true));
    }
    message.setSubject(envelope.subject(), StandardCharsets.UTF_8.name());
    message.setText(envelope.body().replace("\n", "\r\n"), StandardCharsets.UTF_8.name(), "plain");
    message.setHeader("Content-Transfer-Encoding", "quoted-printable");
    message.setSentDate(Date.from(date));
    message.saveChanges();
    return message;
  }

  /** A message that keeps its id. */
  private static final class Identified extends MimeMessage {

    private final String id;

    Identified(Session session, String id) {
      super(session);
      this.id = id;
    }

    @Override
    protected void updateMessageID() throws MessagingException {
      setHeader("Message-ID", id);
    }
  }
}
