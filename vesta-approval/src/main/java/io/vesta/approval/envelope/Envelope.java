package io.vesta.approval.envelope;

import io.vesta.approval.envelope.internal.Bytes;
import io.vesta.core.error.VestaException;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.id.DraftId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One revision of a message exactly as it would leave: who, to whom, by which channel, subject and
 * text. It is made once, stored as {@link #bytes}, approved by {@link #digest}, and what is sent is
 * read back from those bytes; there is no template after it. Holds client data, so it prints its
 * digest only. Immutable.
 *
 * <p><b>Encoding.</b> The word {@code vesta/envelope/v1}, then the fields in the order of {@link
 * #builder}'s and {@link Builder}'s documentation, each as its length in four bytes, big-endian,
 * and its bytes: texts in UTF-8 as they are, without normalisation, numbers in eight bytes. No two
 * envelopes have the same bytes, and no bytes but these are read back.
 */
public final class Envelope {

  private static final String DOMAIN = "vesta/envelope/v1";
  private static final int LONGEST_SUBJECT = 500;
  private static final int LONGEST_BODY = 100_000;
  private static final int MOST_RECIPIENTS = 100;

  private final DraftId draft;
  private final int revision;
  private final Channel channel;
  private final Sender sender;
  private final List<Recipient> recipients;
  private final String subject;
  private final String body;
  private final byte[] bytes;
  private final String digest;

  private Envelope(Builder b) {
    draft = b.draft;
    revision = b.revision;
    channel = b.channel;
    sender = b.sender;
    recipients = List.copyOf(b.recipients);
    subject = b.subject;
    body = b.body;
    bytes = encode();
    digest = Bytes.sha256(bytes);
  }

  /**
   * Starts an envelope.
   *
   * @param draft whose (encoded as the brokerage's and the draft's key)
   * @param revision which revision, from 1
   * @param channel by which way
   * @param sender in whose name (encoded as address and name)
   */
  public static Builder builder(DraftId draft, int revision, Channel channel, Sender sender) {
    return new Builder(draft, revision, channel, sender);
  }

  /**
   * Reads an envelope back.
   *
   * @param bytes what {@link #bytes} gave
   * @throws VestaException if no envelope has these bytes
   */
  public static Envelope parse(byte[] bytes) {
    try {
      Bytes.Reader in = new Bytes.Reader(DOMAIN, bytes);
      DraftId draft = new DraftId(new BrokerageId(in.text()), in.text());
      int revision = Math.toIntExact(in.number());
      Channel channel = new Channel(in.text());
      Builder builder =
          builder(draft, revision, channel, new Sender(new Address(in.text()), in.text()));
      int count = in.count();
      for (int i = 0; i < count; i++) {
        builder.add(Recipient.Role.valueOf(in.text()), new Address(in.text()));
      }
      Envelope envelope = builder.subject(in.text()).body(in.text()).build();
      in.end();
      return envelope;
    } catch (IllegalArgumentException | ArithmeticException | VestaException e) {
      // Without its cause, which may quote what it read.
      throw VestaException.invalid(
          "envelope",
          bytes.length + " bytes of another form",
          "restore the bytes that were stored");
    }
  }

  private byte[] encode() {
    Bytes.Writer out =
        new Bytes.Writer(DOMAIN)
            .text(draft.brokerage().key())
            .text(draft.key())
            .number(revision)
            .text(channel.name())
            .text(sender.address().value())
            .text(sender.name())
            .number(recipients.size());
    for (Recipient recipient : recipients) {
      out.text(recipient.role().name()).text(recipient.address().value());
    }
    return out.text(subject).text(body).toBytes();
  }

  /** Whose; never null. */
  public DraftId draft() {
    return draft;
  }

  /** Which revision, from 1. */
  public int revision() {
    return revision;
  }

  /** By which way; never null. */
  public Channel channel() {
    return channel;
  }

  /** In whose name; never null. */
  public Sender sender() {
    return sender;
  }

  /** To whom, in the given order; never empty, unmodifiable. */
  public List<Recipient> recipients() {
    return recipients;
  }

  /** The subject; empty for channels that have none. */
  public String subject() {
    return subject;
  }

  /** The text, lines ending in {@code \n}; never blank. */
  public String body() {
    return body;
  }

  /**
   * What a reader sees, and what lint looks at: the subject, an empty line and the body; the body
   * alone without a subject.
   */
  public String text() {
    return subject.isEmpty() ? body : subject + "\n\n" + body;
  }

  /** The encoding; a copy. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /** SHA-256 of the encoding: 64 lower-case hexadecimal digits. */
  public String digest() {
    return digest;
  }

  /** The next revision with another subject and text, same sender, recipients and channel. */
  public Envelope revised(String newSubject, String newBody) {
    Builder next = builder(draft, revision + 1, channel, sender);
    recipients.forEach(recipient -> next.add(recipient.role(), recipient.address()));
    return next.subject(newSubject).body(newBody).build();
  }

  /** Two envelopes are equal if their bytes are. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Envelope that && digest.equals(that.digest);
  }

  @Override
  public int hashCode() {
    return digest.hashCode();
  }

  /** The digest only. */
  @Override
  public String toString() {
    return "Envelope[" + draft.key() + " revision " + revision + ", " + digest + "]";
  }

  /** Whether a text is one line of whole Unicode. */
  static boolean line(String text) {
    return text.chars().noneMatch(c -> c < ' ' || (c >= 0x7f && c < 0xa0)) && whole(text);
  }

  private static boolean whole(String text) {
    return text.indexOf('\u2028') < 0 && text.indexOf('\u2029') < 0 && Bytes.encodable(text);
  }

  /**
   * Collects an envelope; not thread-safe. Encoded after the head: the number of recipients, each
   * as role and address, subject, body.
   */
  public static final class Builder {

    private final DraftId draft;
    private final int revision;
    private final Channel channel;
    private final Sender sender;
    private final List<Recipient> recipients = new ArrayList<>();
    private final Set<Address> addresses = new HashSet<>();
    private String subject = "";
    private String body = "";

    private Builder(DraftId draft, int revision, Channel channel, Sender sender) {
      this.draft = Objects.requireNonNull(draft, "draft");
      this.revision = revision;
      this.channel = Objects.requireNonNull(channel, "channel");
      this.sender = Objects.requireNonNull(sender, "sender");
      if (revision < 1) {
        throw VestaException.invalid("revision", Integer.toString(revision), "count from 1");
      }
      requireSpelling(sender.address());
    }

    /** A recipient; each address once, at most 100. */
    public Builder add(Recipient.Role role, Address address) {
      requireSpelling(address);
      if (!addresses.add(address)) {
        throw VestaException.invalid("recipient", "given twice", "name each address once");
      }
      recipients.add(new Recipient(role, address));
      return this;
    }

    /** The subject: one line of at most 500 characters. */
    public Builder subject(String value) {
      subject = Objects.requireNonNull(value, "subject");
      return this;
    }

    /**
     * The text: at most 100,000 characters, lines ending in {@code \n}, without other control
     * characters but tabs.
     */
    public Builder body(String value) {
      body = Objects.requireNonNull(value, "body");
      return this;
    }

    /**
     * The envelope.
     *
     * @throws VestaException if a part is missing or has the wrong form
     */
    public Envelope build() {
      if (recipients.isEmpty() || recipients.size() > MOST_RECIPIENTS) {
        throw VestaException.invalid(
            "recipients", recipients.size() + " addresses", "name 1 to " + MOST_RECIPIENTS);
      }
      if (subject.length() > LONGEST_SUBJECT || !line(subject)) {
        throw VestaException.invalid(
            "subject",
            "a text of " + subject.length() + " characters, or with control characters",
            "use one line of at most " + LONGEST_SUBJECT);
      }
      boolean clean = body.chars().allMatch(c -> c == '\n' || c == '\t' || (c >= ' ' && c != 0x7f));
      if (body.isBlank() || body.length() > LONGEST_BODY || !clean || !Bytes.encodable(body)) {
        throw VestaException.invalid(
            "body",
            "a text of "
                + body.length()
                + " characters, blank, too long or with control characters",
            "use at most " + LONGEST_BODY + ", with line feeds and tabs as its only controls");
      }
      return new Envelope(this);
    }

    /** What is digested has one spelling. */
    private void requireSpelling(Address address) {
      if (!Address.of(channel, address.value()).equals(address)) {
        throw VestaException.invalid(
            "address", "not in the spelling of " + channel.name(), "make it with Address.of");
      }
    }
  }
}
