package io.vesta.audit.log;

import io.vesta.audit.AuditError;
import io.vesta.audit.log.internal.LogState;
import io.vesta.audit.log.internal.LogTables;
import io.vesta.audit.log.internal.Testimony;
import io.vesta.audit.note.SignedNote;
import io.vesta.core.config.VestaConfig;
import io.vesta.core.error.VestaException;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.storage.Database;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;

/**
 * Has logs witnessed: the host calls it from its own scheduler, every few minutes, so that whoever
 * sets the database back is found out by all that happened since. Thread-safe.
 */
public final class Witnessing {

  private final Database database;
  private final Testimony testimony;

  @Inject
  Witnessing(VestaConfig config, Testimony testimony) {
    this.database = config.database();
    this.testimony = testimony;
  }

  /**
   * Shows a brokerage's last checkpoint to every witness, and keeps it with their signatures for
   * proofs and exports.
   *
   * @param brokerage whose log
   * @return the checkpoint with the cosignatures of all that answered
   * @throws VestaException with code {@code VESTA-AUDIT-004} if a witness remembers what the log
   *     does not continue: nothing more is signed in it; {@code VESTA-AUDIT-011} if there is no
   *     witness or none answers
   */
  public SignedNote cosign(BrokerageId brokerage) {
    if (!testimony.any()) {
      throw new VestaException(
          AuditError.WITNESS_UNAVAILABLE, "no witness is configured; give the module one");
    }
    LogState shown = testimony.show(brokerage.key());
    SignedNote note = SignedNote.parse(shown.note().getBytes(StandardCharsets.UTF_8));
    database.write(
        work -> {
          LogTables.saveWitnessed(work, brokerage.key(), note);
          return note;
        });
    return note;
  }
}
