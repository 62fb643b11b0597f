package io.vesta.approval.gate.internal;

import io.vesta.approval.ApprovalError;
import io.vesta.approval.draft.Content;
import io.vesta.approval.draft.Draft;
import io.vesta.approval.draft.Waiver;
import io.vesta.approval.lint.Verdict;
import io.vesta.approval.store.DraftStore;
import io.vesta.core.access.Action;
import io.vesta.core.access.Actor;
import io.vesta.core.access.Authorizer;
import io.vesta.core.access.Decision;
import io.vesta.core.error.VestaException;
import io.vesta.core.storage.UnitOfWork;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** What stands of the waivers of lint rules that block. Thread-safe. */
public final class Waivers {

  private static final Action OVERRIDE = new Action("override");

  private final DraftStore store;
  private final Seals seals;
  private final Authorizer authorizer;

  /** Judges the waivers of a store. */
  public Waivers(DraftStore store, Seals seals, Authorizer authorizer) {
    this.store = Objects.requireNonNull(store, "store");
    this.seals = Objects.requireNonNull(seals, "seals");
    this.authorizer = Objects.requireNonNull(authorizer, "authorizer");
  }

  /** Whether somebody may waive rules for a draft. */
  public Decision decide(Actor actor, Draft draft) {
    return authorizer.decide(actor, OVERRIDE, draft.resource());
  }

  /**
   * What stands against a draft's findings.
   *
   * @param covered whether each rule that blocks has a waiver of exactly these bytes, with its seal
   *     intact
   * @param standing whether each has one of somebody who may still waive it
   */
  public record Ruling(boolean covered, boolean standing) {}

  private static final Ruling NOTHING_BLOCKS = new Ruling(true, true);

  /** Judges a draft's findings; reads nothing if none of them blocks. */
  public Ruling rule(UnitOfWork work, Draft draft) {
    Content content = draft.content();
    if (content == null || content.lint().verdict() != Verdict.BLOCK) {
      return NOTHING_BLOCKS;
    }
    Set<String> covered = new HashSet<>();
    Set<String> standing = new HashSet<>();
    for (Waiver waiver : stored(work, draft)) {
      if (waiver.covers(draft) && seals.intact(waiver.bytes(), waiver.seal())) {
        covered.add(waiver.rule());
        if (decide(Actor.member(waiver.by(), waiver.capacity()), draft).allowed()) {
          standing.add(waiver.rule());
        }
      }
    }
    Set<String> blocking = content.lint().rules(Verdict.BLOCK);
    return new Ruling(covered.containsAll(blocking), standing.containsAll(blocking));
  }

  /** The waivers; none if a row of theirs is no waiver at all. */
  private List<Waiver> stored(UnitOfWork work, Draft draft) {
    try {
      return store.waivers(work, draft.id());
    } catch (VestaException e) {
      if (e.code() != ApprovalError.TAMPERED) {
        throw e;
      }
      return List.of();
    }
  }
}
