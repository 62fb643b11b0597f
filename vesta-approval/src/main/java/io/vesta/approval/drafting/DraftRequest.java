package io.vesta.approval.drafting;

import io.vesta.approval.draft.Attribution;
import io.vesta.approval.envelope.Address;
import io.vesta.approval.envelope.Channel;
import io.vesta.approval.envelope.Envelope;
import io.vesta.approval.envelope.Recipient;
import io.vesta.approval.envelope.Sender;
import io.vesta.core.error.VestaException;
import io.vesta.core.id.DraftId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Everything about a message but its text. It comes from the host's own records; no model has a say
 * in whom a message goes to, from whom, by which channel or under which subject. Immutable.
 */
public final class DraftRequest {

  private final DraftId id;
  private final Attribution attribution;
  private final Channel channel;
  private final Sender sender;
  private final List<Recipient> recipients;
  private final String subject;
  private final int approvals;
  private final int priority;
  private final boolean routed;
  private final Duration expiry;
  private final Duration writing;

  private DraftRequest(Builder b) {
    id = b.id;
    attribution = b.attribution;
    channel = b.channel;
    sender = b.sender;
    recipients = List.copyOf(b.recipients);
    subject = b.subject;
    approvals = b.approvals;
    priority = b.priority;
    routed = b.routed || b.approvals > 1;
    expiry = b.expiry;
    writing = b.writing;
  }

  /**
   * Starts a request: one approval, priority 50, two days until it expires, one minute for a model
   * to write it.
   *
   * @param id a new id of the host's choice
   * @param attribution whom and what it concerns
   * @param channel by which it would leave
   * @param sender in whose name
   */
  public static Builder builder(
      DraftId id, Attribution attribution, Channel channel, Sender sender) {
    return new Builder(id, attribution, channel, sender);
  }

  DraftId id() {
    return id;
  }

  Attribution attribution() {
    return attribution;
  }

  Channel channel() {
    return channel;
  }

  int approvals() {
    return approvals;
  }

  int priority() {
    return priority;
  }

  boolean routed() {
    return routed;
  }

  Duration expiry() {
    return expiry;
  }

  Duration writing() {
    return writing;
  }

  /** The first revision with a text. */
  Envelope envelope(String body) {
    Envelope.Builder envelope = Envelope.builder(id, 1, channel, sender);
    recipients.forEach(recipient -> envelope.add(recipient.role(), recipient.address()));
    return envelope.subject(subject).body(body).build();
  }

  /** Collects a request; not thread-safe. */
  public static final class Builder {

    private static final Duration MOST_EXPIRY = Duration.ofDays(90);
    private static final Duration MOST_WRITING = Duration.ofMinutes(10);

    private final DraftId id;
    private final Attribution attribution;
    private final Channel channel;
    private final Sender sender;
    private final List<Recipient> recipients = new ArrayList<>();
    private String subject = "";
    private int approvals = 1;
    private int priority = 50;
    private boolean routed;
    private Duration expiry = Duration.ofDays(2);
    private Duration writing = Duration.ofMinutes(1);

    private Builder(DraftId id, Attribution attribution, Channel channel, Sender sender) {
      this.id = Objects.requireNonNull(id, "id");
      this.attribution = Objects.requireNonNull(attribution, "attribution");
      this.channel = Objects.requireNonNull(channel, "channel");
      this.sender = Objects.requireNonNull(sender, "sender");
      if (!id.brokerage().equals(attribution.owner().brokerage())) {
        throw VestaException.invalid(
            "draft id", "of another brokerage than the owner's", "use one brokerage");
      }
    }

    /** For whom; the address is brought to the channel's spelling. */
    public Builder to(String address) {
      return add(Recipient.Role.TO, address);
    }

    /** Another recipient. */
    public Builder add(Recipient.Role role, String address) {
      recipients.add(new Recipient(role, Address.of(channel, address)));
      return this;
    }

    /** The subject; empty for channels that have none. */
    public Builder subject(String value) {
      subject = Objects.requireNonNull(value, "subject");
      return this;
    }

    /** How many persons must approve, 1 to 5; from 2 on, nobody who wrote it is one of them. */
    public Builder approvals(int value) {
      approvals = value;
      return this;
    }

    /** Somebody else than the owner has to decide on it; so it is, too, if several must approve. */
    public Builder routedToReview() {
      routed = true;
      return this;
    }

    /** Greater is earlier in the queue, 0 to 100. */
    public Builder priority(int value) {
      priority = value;
      return this;
    }

    /** From when on nobody can approve it, counted from now: up to 90 days. */
    public Builder expiresIn(Duration value) {
      expiry = within("expiry", value, MOST_EXPIRY);
      return this;
    }

    /** How long a model may write, up to ten minutes; a later text is thrown away. */
    public Builder writesFor(Duration value) {
      writing = writingTime(value);
      return this;
    }

    /**
     * The request.
     *
     * @throws VestaException if a part has the wrong form
     */
    public DraftRequest build() {
      DraftRequest request = new DraftRequest(this);
      // Whatever is wrong with the head is told now, not when a model has written.
      request.envelope("text");
      return request;
    }

    static Duration writingTime(Duration value) {
      return within("writing time", value, MOST_WRITING);
    }

    private static Duration within(String field, Duration value, Duration most) {
      if (value.isNegative() || value.isZero() || value.compareTo(most) > 0) {
        throw VestaException.invalid(field, value.toString(), "use more than zero, up to " + most);
      }
      return value;
    }
  }
}
