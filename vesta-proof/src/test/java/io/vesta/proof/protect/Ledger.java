package io.vesta.proof.protect;

import io.vesta.proof.protect.History.Entry;
import io.vesta.proof.protect.History.Figure;
import java.util.ArrayList;
import java.util.List;

/** A release ledger in memory: the reference for the stored one. */
public final class Ledger {

  private History history = History.NONE;

  /** Everything published so far. */
  public History history() {
    return history;
  }

  /** Publishes a table as far as its history allows. */
  public Renewal publish(Protection protection) {
    Renewal renewal = Renewal.of(protection, protection.population(), history);
    List<Entry> entries = new ArrayList<>();
    for (Entry entry : history.entries()) {
      entries.add(
          renewal.closed().stream()
              .filter(c -> c.first() == entry.first() && c.ordinal() == entry.ordinal())
              .findFirst()
              .orElse(entry));
    }
    entries.addAll(renewal.opened());
    List<Figure> figures = new ArrayList<>(history.figures());
    figures.addAll(renewal.figures());
    history = new History(history.releases() + 1, entries, figures);
    return renewal;
  }
}
