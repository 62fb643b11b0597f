package io.vesta.audit.entry;

import io.vesta.audit.AuditError;
import io.vesta.audit.tree.EntryBundle;
import io.vesta.core.access.Actor;
import io.vesta.core.audit.AuditAction;
import io.vesta.core.audit.AuditEvent;
import io.vesta.core.audit.AuditValue;
import io.vesta.core.error.VestaException;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.id.Ref;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One entry of the log, which is its bytes: UTF-8 JSON without white space, {@code "v":1} first and
 * the other members sorted, as RFC 8785 writes them. What is hashed, stored and exported is these
 * bytes; verification never writes them anew. Immutable.
 *
 * <p>There is exactly one way to write an entry, and {@link #parse} accepts no other. The members:
 *
 * <table>
 *   <caption>Version 1, and what {@link io.vesta.audit.export.EventFormat} makes of it</caption>
 *   <tr><th>member</th><th>holds</th><th>CloudEvents 1.0</th><th>CADF 1.0</th>
 *       <th>OCSF 1.3, Entity Management</th></tr>
 *   <tr><td>v</td><td>1</td><td>dataschema</td><td>typeURI of the attachment</td>
 *       <td>metadata.log_version</td></tr>
 *   <tr><td>action</td><td>{@link AuditAction}</td><td>type</td><td>action</td>
 *       <td>activity_name, metadata.event_code</td></tr>
 *   <tr><td>actor</td><td>kind, ref, as (capacity), for (whom a bot acts for)</td>
 *       <td>data.actor</td><td>initiator, attachment</td><td>actor.user, unmapped</td></tr>
 *   <tr><td>corr</td><td>what it belongs to, if anything</td><td>data.corr</td>
 *       <td>attachment</td><td>metadata.correlation_uid</td></tr>
 *   <tr><td>data</td><td>the details, if any</td><td>data.data</td><td>attachment</td>
 *       <td>unmapped</td></tr>
 *   <tr><td>id</td><td>UUID version 7</td><td>id</td><td>id</td><td>metadata.uid</td></tr>
 *   <tr><td>outcome</td><td>SUCCESS, DENIED, FAILURE</td><td>data.outcome</td>
 *       <td>outcome, reason</td><td>status_id, status_detail</td></tr>
 *   <tr><td>sd</td><td>salted digests of erasable details, ascending, if any</td>
 *       <td>data.sd</td><td>attachment</td><td>unmapped</td></tr>
 *   <tr><td>target</td><td>type:key</td><td>subject</td><td>target</td><td>entity</td></tr>
 *   <tr><td>tenant</td><td>the brokerage's key</td><td>source</td><td>observer</td>
 *       <td>metadata.tenant_uid</td></tr>
 *   <tr><td>time</td><td>RFC 3339, UTC, milliseconds</td><td>time</td><td>eventTime</td>
 *       <td>time, metadata.original_time</td></tr>
 * </table>
 */
public final class AuditEntry {

  private static final Instant FIRST = Instant.parse("0000-01-01T00:00:00Z");
  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999Z");

  private final UUID id;
  private final Instant at;
  private final Actor actor;
  private final AuditAction action;
  private final Ref target;
  private final AuditEvent.Outcome outcome;
  private final @Nullable Ref correlation;
  private final Map<String, AuditValue> details;
  private final List<String> sealed;
  private final byte[] bytes;

  /** Writes the bytes from the parts. */
  AuditEntry(
      UUID id,
      Instant at,
      Actor actor,
      AuditAction action,
      Ref target,
      AuditEvent.Outcome outcome,
      @Nullable Ref correlation,
      Map<String, AuditValue> details,
      List<String> sealed) {
    this.id = id;
    this.at = at;
    this.actor = actor;
    this.action = action;
    this.target = target;
    this.outcome = outcome;
    this.correlation = correlation;
    this.details = Collections.unmodifiableMap(new TreeMap<>(details));
    this.sealed = List.copyOf(sealed);
    this.bytes = EntryWriter.write(this).getBytes(StandardCharsets.UTF_8);
  }

  /**
   * The entry of an event.
   *
   * @param id a new id
   * @param at when it happened; kept to the millisecond, in the years 0 to 9999
   * @param event what happened
   * @param sealed the digests of the event's erasable details, in ascending order
   * @throws VestaException with code {@code VESTA-AUDIT-001} if the format cannot hold it
   */
  public static AuditEntry of(UUID id, Instant at, AuditEvent event, List<String> sealed) {
    AuditEntry entry =
        new AuditEntry(
            Objects.requireNonNull(id, "id"),
            requireWritable(at),
            event.actor(),
            event.action(),
            event.target(),
            event.outcome(),
            event.correlation().orElse(null),
            event.details(),
            sealed);
    if (entry.bytes.length > EntryBundle.LONGEST) {
      throw refused("has " + entry.bytes.length + " bytes; keep it to " + EntryBundle.LONGEST);
    }
    return entry;
  }

  /**
   * Reads an entry.
   *
   * @param bytes what is stored or exported
   * @throws VestaException with code {@code VESTA-AUDIT-002} if {@link #of} would not have written
   *     exactly these bytes
   */
  public static AuditEntry parse(byte[] bytes) {
    return EntryReader.read(bytes);
  }

  /** The id (UUID version 7); never null. */
  public UUID id() {
    return id;
  }

  /** When it happened by the clock of the node that wrote it; the index tells the order. */
  public Instant at() {
    return at;
  }

  /** The tenant whose log holds it; never null. */
  public BrokerageId brokerage() {
    return actor.brokerage();
  }

  /** Who did it; never null. */
  public Actor actor() {
    return actor;
  }

  /** What happened; never null. */
  public AuditAction action() {
    return action;
  }

  /** The thing it was done to; never null. */
  public Ref target() {
    return target;
  }

  /** How it ended; never null. */
  public AuditEvent.Outcome outcome() {
    return outcome;
  }

  /** What it belongs to; empty if nothing. */
  public Optional<Ref> correlation() {
    return Optional.ofNullable(correlation);
  }

  /** The details by name; never null, unmodifiable. */
  public Map<String, AuditValue> details() {
    return details;
  }

  /**
   * The digests of details that can be erased, in ascending order; never null. Which details they
   * are only their disclosures tell.
   */
  public List<String> sealed() {
    return sealed;
  }

  /** A copy of the bytes. */
  public byte[] bytes() {
    return bytes.clone();
  }

  static Instant requireWritable(Instant at) {
    if (at.isBefore(FIRST) || at.isAfter(LAST)) {
      throw refused("has a time outside the years 0 to 9999");
    }
    return at.truncatedTo(ChronoUnit.MILLIS);
  }

  static VestaException refused(String why) {
    return new VestaException(AuditError.EVENT_REFUSED, "the audit event " + why);
  }

  /** Two entries are equal if their bytes are. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof AuditEntry that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return id.hashCode();
  }

  @Override
  public String toString() {
    return action + " " + id;
  }
}
