package io.vesta.approval.mail;

import io.vesta.approval.envelope.Address;
import io.vesta.approval.envelope.Channel;
import io.vesta.approval.envelope.Envelope;
import io.vesta.approval.envelope.Recipient;
import io.vesta.approval.envelope.Sender;
import io.vesta.approval.mail.internal.Mime;
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
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;

/**
 * A mailbox in a folder, for tests, demonstrations and hosts whose mail another program picks up:
 * one {@code .eml} file (RFC 5322) per message, named by {@link SendPermit#key}, so that a second
 * attempt changes nothing for as long as the folder keeps the file. A file is there whole or not at
 * all. Needs {@code org.eclipse.angus:angus-mail} on the host's class path. Thread-safe.
 *
 * <p><b>Not guaranteed.</b> That a message is known after somebody took its file away: then a
 * second attempt, if there is one, writes it again.
 */
public final class MailboxFolder implements DeliveryChannel {

  private static final String SUFFIX = ".eml";
  private static final Dedupe DEDUPE = new Dedupe.Keyed(Duration.ofDays(3650));

  private final Path folder;
  private final Clock clock;
  private final Session session = Session.getInstance(new Properties());

  /**
   * @param folder where the messages go; made if missing
   * @param clock dates them
   */
  public MailboxFolder(Path folder, Clock clock) {
    this.folder = Objects.requireNonNull(folder, "folder");
    this.clock = Objects.requireNonNull(clock, "clock");
  }

  @Override
  public Dedupe dedupe() {
    return DEDUPE;
  }

  @Override
  public Delivery send(SendPermit permit) {
    Envelope envelope = permit.open();
    Path file = file(permit.key());
    byte[] mail;
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      // Who gets a blind copy stands in no header.
      Mime.of(session, envelope, permit.key(), clock.instant())
          .writeTo(out, new String[] {Mime.BLIND});
      mail = out.toByteArray();
    } catch (MessagingException | IOException e) {
      return new Delivery.Rejected("NOT_A_MESSAGE");
    }
    try {
      Files.createDirectories(folder);
      if (!Files.exists(file)) {
        Path whole = Files.createTempFile(folder, "incoming", ".tmp");
        write(whole, mail);
        Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
      }
      return new Delivery.Accepted(permit.key() + SUFFIX);
    } catch (IOException e) {
      return new Delivery.Lost("FOLDER_FAILED");
    }
  }

  private static void write(Path file, byte[] bytes) throws IOException {
    try (FileChannel out = FileChannel.open(file, StandardOpenOption.WRITE)) {
      ByteBuffer left = ByteBuffer.wrap(bytes);
      while (left.hasRemaining()) {
        out.write(left);
      }
      out.force(true);
    }
  }

  /**
   * What a message in the folder says, as the envelope that it would have been: equal to the
   * approved one only if nothing was changed on the way, and nobody had a blind copy.
   *
   * @param key under which it was sent
   * @param draft whose message it should be
   * @param revision of which revision
   * @return the envelope; empty if there is no message of the key
   */
  public Optional<Envelope> read(String key, DraftId draft, int revision) {
    if (!Files.exists(file(key))) {
      return Optional.empty();
    }
    try (InputStream in = Files.newInputStream(file(key))) {
      MimeMessage message = new MimeMessage(session, in);
      InternetAddress from = (InternetAddress) message.getFrom()[0];
      String name = from.getPersonal() == null ? "" : from.getPersonal();
      Envelope.Builder envelope =
          Envelope.builder(
              draft,
              revision,
              Channel.EMAIL,
              new Sender(Address.of(Channel.EMAIL, from.getAddress()), name));
      add(envelope, Recipient.Role.TO, message, Message.RecipientType.TO);
      add(envelope, Recipient.Role.CC, message, Message.RecipientType.CC);
      return Optional.of(
          envelope
              .subject(message.getSubject())
              .body(((String) message.getContent()).replace("\r\n", "\n"))
              .build());
    } catch (IOException e) {
      throw new UncheckedIOException("the message cannot be read", e);
    } catch (MessagingException e) {
      throw new IllegalStateException("the file holds no message", e);
    }
  }

  private static void add(
      Envelope.Builder envelope,
      Recipient.Role role,
      MimeMessage message,
      Message.RecipientType type)
      throws MessagingException {
    jakarta.mail.Address[] found = message.getRecipients(type);
    if (found != null) {
      for (jakarta.mail.Address one : found) {
        envelope.add(role, Address.of(Channel.EMAIL, ((InternetAddress) one).getAddress()));
      }
    }
  }

  private Path file(String key) {
    return folder.resolve(key + SUFFIX);
  }
}
