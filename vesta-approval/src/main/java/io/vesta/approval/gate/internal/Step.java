package io.vesta.approval.gate.internal;

import io.vesta.approval.draft.Approval;
import io.vesta.approval.draft.Content;
import io.vesta.approval.draft.DraftContext;
import io.vesta.approval.state.DraftEvent;
import io.vesta.approval.state.Guard;
import io.vesta.core.access.Actor;
import io.vesta.core.id.MemberId;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An event on its way to a draft, with what its effects need. Not thread-safe. */
public final class Step {

  final DraftEvent event;
  final Actor actor;
  final Set<Guard> holding = EnumSet.noneOf(Guard.class);
  String reason = "";
  String evidence = "";
  @Nullable Content content;
  @Nullable DraftContext context;
  @Nullable Approval approval;
  @Nullable MemberId assignee;
  @Nullable Integer priority;
  String dedupeKey = "";
  String policyVersion = "";
  @Nullable Instant now;
  @Nullable Instant at;

  /**
   * A step.
   *
   * @param event what happens
   * @param actor who does it
   */
  public Step(DraftEvent event, Actor actor) {
    this.event = Objects.requireNonNull(event, "event");
    this.actor = Objects.requireNonNull(actor, "actor");
  }

  /** A fact that holds. */
  public Step holds(Guard guard) {
    holding.add(guard);
    return this;
  }

  /** A fact that holds or not. */
  public Step holds(Guard guard, boolean value) {
    if (value) {
      holding.add(guard);
    }
    return this;
  }

  /** Why, as an upper-case word. */
  public Step reason(String value) {
    reason = value;
    return this;
  }

  /** The word of the provider or of a person. */
  public Step evidence(String value) {
    evidence = value;
    return this;
  }

  /** By which policy it was allowed. */
  public Step policy(String version) {
    policyVersion = version;
    return this;
  }

  /** By which policy it was allowed; empty if nobody was asked. */
  public String policyVersion() {
    return policyVersion;
  }

  /** The new revision. */
  public Step content(Content value) {
    content = value;
    return this;
  }

  /** The new context. */
  public Step context(DraftContext value) {
    context = value;
    return this;
  }

  /** The approval, and the key under which the envelope is sent. */
  public Step approval(Approval value, String key) {
    approval = value;
    dedupeKey = key;
    return this;
  }

  /** Who looks after it from now on; null for nobody. */
  public Step assignee(@Nullable MemberId value) {
    assignee = value;
    return this;
  }

  /** How urgent it is from now on, 0 to 100. */
  public Step priority(int value) {
    priority = value;
    return this;
  }

  /** When it is or was due, or until when the lease runs. */
  public Step at(Instant value) {
    at = value;
    return this;
  }

  /** When a lease begins. */
  public Step now(Instant value) {
    now = value;
    return this;
  }
}
