package io.vesta.examples.quickstart.mail;

import io.vesta.approval.envelope.Address;
import io.vesta.approval.envelope.Channel;
import io.vesta.approval.envelope.Envelope;
import io.vesta.approval.envelope.Recipient;
import io.vesta.approval.envelope.Sender;
import io.vesta.approval.outbox.Dedupe;
import io.vesta.approval.outbox.Delivery;
import io.vesta.approval.outbox.DeliveryChannel;
import io.vesta.approval.outbox.SendPermit;
import io.vesta.core.id.DraftId;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.Date;
import java.util.Properties;

/**
 * A mailbox in a folder: one {@code .eml} file (RFC 5322) per message, named by the permit's key,
 * so that a second attempt under the same key changes nothing, for as long as the folder is kept.
 * Thread-safe.
 */
public final class MailboxFolder implements DeliveryChannel {

  private static final String SUFFIX = ".eml";
  private static final Dedupe DEDUPE = new Dedupe.Keyed(Duration.ofDays(3650));

  private final Path folder;
  private final Clock clock;

  /**
   * @param folder where the messages go; made if missing
   * @param clock dates them
   */
  public MailboxFolder(Path folder, Clock clock) {
    this.folder = folder;
    this.clock = clock;
  }

  @Override
  public Dedupe dedupe() {
    return DEDUPE;
  }

  @Override
  public Delivery send(SendPermit permit) {
    Envelope envelope = permit.open();
    Path file = file(permit.key());
    try {
      Files.createDirectories(folder);
      if (!Files.exists(file)) {
        Path whole = Files.createTempFile(folder, "incoming", ".tmp");
        Files.write(whole, write(envelope, permit.key()));
        Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
      }
      return new Delivery.Accepted(file.getFileName().toString());
    } catch (MessagingException e) {
      return new Delivery.Rejected("NO_SUCH_MESSAGE");
    } catch (IOException e) {
      return new Delivery.Lost("FOLDER_FAILED");
    }
  }

  private byte[] write(Envelope envelope, String key) throws MessagingException, IOException {
    Sender sender = envelope.sender();
    String domain = sender.address().value().replaceFirst(".*@", "");
    MimeMessage message =
        new MimeMessage(Session.getInstance(new Properties())) {
          @Override
          protected void updateMessageID() throws MessagingException {
            setHeader("Message-ID", "<" + key + "@" + domain + ">");
          }
        };
    message.setFrom(
        new InternetAddress(
            sender.address().value(), sender.name(), StandardCharsets.UTF_8.name()));
    for (Recipient recipient : envelope.recipients()) {
      // Who gets a blind copy stands in no header.
      if (recipient.role() != Recipient.Role.BCC) {
        message.addRecipients(
            recipient.role() == Recipient.Role.TO
                ? Message.RecipientType.TO
                : Message.RecipientType.CC,
            recipient.address().value());
      }
    }
    message.setSubject(envelope.subject(), StandardCharsets.UTF_8.name());
    message.setSentDate(Date.from(clock.instant()));
    message.setText(envelope.body().replace("\n", "\r\n"), StandardCharsets.UTF_8.name());
    message.setHeader("Content-Transfer-Encoding", "quoted-printable");
    message.saveChanges();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    message.writeTo(out);
    return out.toByteArray();
  }

  /**
   * What a message in the folder says, as the envelope that it would have been: equal to the
   * approved one only if nothing was changed on the way.
   *
   * @param key under which it was sent
   * @param draft whose message it should be
   * @param revision of which revision
   */
  public Envelope read(String key, DraftId draft, int revision) {
    try (InputStream in = Files.newInputStream(file(key))) {
      MimeMessage message = new MimeMessage(Session.getInstance(new Properties()), in);
      InternetAddress from = (InternetAddress) message.getFrom()[0];
      String name = from.getPersonal() == null ? "" : from.getPersonal();
      Envelope.Builder envelope =
          Envelope.builder(
              draft,
              revision,
              Channel.EMAIL,
              new Sender(Address.of(Channel.EMAIL, from.getAddress()), name));
      for (var to : message.getRecipients(Message.RecipientType.TO)) {
        String address = ((InternetAddress) to).getAddress();
        envelope.add(Recipient.Role.TO, Address.of(Channel.EMAIL, address));
      }
      return envelope
          .subject(message.getSubject())
          .body(((String) message.getContent()).replace("\r\n", "\n"))
          .build();
    } catch (IOException e) {
      throw new UncheckedIOException("the message cannot be read", e);
    } catch (MessagingException e) {
      throw new IllegalStateException("the file holds no message", e);
    }
  }

  private Path file(String key) {
    return folder.resolve(key + SUFFIX);
  }
}
