package io.vesta.proof.testkit;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vesta.core.id.BrokerageId;
import io.vesta.core.storage.Database;
import io.vesta.core.storage.SchemaInstaller;
import io.vesta.core.storage.UnitOfWork;
import io.vesta.proof.ledger.Release;
import io.vesta.proof.ledger.ReleaseLedger;
import io.vesta.proof.ledger.internal.JdbcReleaseLedger;
import io.vesta.proof.protect.History;
import io.vesta.proof.protect.Renewal;
import io.vesta.proof.publish.ProofPublisher;
import io.vesta.testkit.Engine;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Phaser;
import java.util.function.BinaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** The built-in ledger keeps the contract, and the contract bites: broken ledgers fail it. */
class ReleaseLedgerTest extends ReleaseLedgerContract {

  @TempDir private Path folder;

  private static ReleaseLedger builtIn(Engine.Fresh fresh) {
    new SchemaInstaller(fresh.database(), Set.of(ProofPublisher.schema())).install();
    return new JdbcReleaseLedger(new SecureRandom());
  }

  @Override
  protected ReleaseLedger ledger(Engine.Fresh fresh) {
    return builtIn(fresh);
  }

  /** Does all as the built-in one; each broken ledger does one thing otherwise. */
  private static class Passing implements ReleaseLedger {

    final ReleaseLedger ledger;

    Passing(Engine.Fresh fresh) {
      ledger = builtIn(fresh);
    }

    @Override
    public BinaryOperator<String> commitments(UnitOfWork work, BrokerageId brokerage) {
      return ledger.commitments(work, brokerage);
    }

    @Override
    public History take(UnitOfWork work, BrokerageId brokerage, String claim) {
      return ledger.take(work, brokerage, claim);
    }

    @Override
    public History before(UnitOfWork work, BrokerageId brokerage, String claim, int number) {
      return ledger.before(work, brokerage, claim, number);
    }

    @Override
    public void append(
        UnitOfWork work, BrokerageId brokerage, String claim, Release release, Renewal renewal) {
      ledger.append(work, brokerage, claim, release, renewal);
    }

    @Override
    public Optional<Release> release(
        UnitOfWork work, BrokerageId brokerage, String claim, int number) {
      return ledger.release(work, brokerage, claim, number);
    }

    @Override
    public void retract(
        UnitOfWork work, BrokerageId brokerage, String claim, int number, Instant at) {
      ledger.retract(work, brokerage, claim, number, at);
    }

    @Override
    public Optional<Instant> retracted(
        UnitOfWork work, BrokerageId brokerage, String claim, int number) {
      return ledger.retracted(work, brokerage, claim, number);
    }
  }

  /** How a ledger is broken. */
  private interface Break {
    ReleaseLedger over(Engine.Fresh fresh);
  }

  private interface Law {
    void holds(ReleaseLedgerContract contract, Engine engine) throws Exception;
  }

  private void bites(Break broken, Engine engine, Law law) {
    ReleaseLedgerContract contract =
        new ReleaseLedgerContract() {
          @Override
          protected ReleaseLedger ledger(Engine.Fresh fresh) {
            return broken.over(fresh);
          }
        };
    contract.directory = folder;
    Executable run = () -> law.holds(contract, engine);
    assertThrows(AssertionError.class, run);
  }

  @Test
  void a_ledger_that_forgets_old_figures_fails() {
    bites(
        fresh ->
            new Passing(fresh) {
              @Override
              public History take(UnitOfWork work, BrokerageId brokerage, String claim) {
                History all = super.take(work, brokerage, claim);
                return new History(
                    all.releases(),
                    all.entries(),
                    all.figures().stream().filter(f -> f.basis() == all.releases()).toList());
              }
            },
        Engine.SQLITE,
        ReleaseLedgerContract::every_release_is_remembered_and_every_earlier_state_can_be_asked);
  }

  @Test
  void a_ledger_that_shows_the_present_for_the_past_fails() {
    bites(
        fresh ->
            new Passing(fresh) {
              @Override
              public History before(
                  UnitOfWork work, BrokerageId brokerage, String claim, int number) {
                History now = ledger.before(work, brokerage, claim, 99);
                return new History(number - 1, now.entries(), now.figures());
              }
            },
        Engine.SQLITE,
        ReleaseLedgerContract::every_release_is_remembered_and_every_earlier_state_can_be_asked);
  }

  @Test
  void a_ledger_that_frees_what_was_retracted_fails() {
    bites(
        fresh ->
            new Passing(fresh) {
              @Override
              public History take(UnitOfWork work, BrokerageId brokerage, String claim) {
                return retracted(work, brokerage, claim, 1).isPresent()
                    ? History.NONE
                    : super.take(work, brokerage, claim);
              }
            },
        Engine.SQLITE,
        ReleaseLedgerContract::a_retracted_release_stays_in_the_history);
  }

  @Test
  void a_ledger_that_commits_by_itself_fails() {
    bites(
        fresh ->
            new Passing(fresh) {
              private final Database database = fresh.database();

              @Override
              public void append(
                  UnitOfWork work,
                  BrokerageId brokerage,
                  String claim,
                  Release release,
                  Renewal renewal) {
                database.write(
                    own -> {
                      super.append(own, brokerage, claim, release, renewal);
                      return "";
                    });
              }
            },
        Engine.POSTGRESQL,
        ReleaseLedgerContract::what_is_rolled_back_never_was);
  }

  @Test
  void a_ledger_that_mixes_claims_or_brokerages_fails() {
    bites(
        fresh ->
            new Passing(fresh) {
              @Override
              public History take(UnitOfWork work, BrokerageId brokerage, String claim) {
                return super.take(work, FIRM, claim);
              }
            },
        Engine.SQLITE,
        ReleaseLedgerContract::claims_and_brokerages_have_histories_of_their_own);
    bites(
        fresh ->
            new Passing(fresh) {
              @Override
              public History take(UnitOfWork work, BrokerageId brokerage, String claim) {
                return super.take(work, brokerage, "production");
              }
            },
        Engine.SQLITE,
        ReleaseLedgerContract::claims_and_brokerages_have_histories_of_their_own);
  }

  @Test
  void a_ledger_that_numbers_by_itself_fails() {
    bites(
        fresh ->
            new Passing(fresh) {
              @Override
              public void append(
                  UnitOfWork work,
                  BrokerageId brokerage,
                  String claim,
                  Release release,
                  Renewal renewal) {
                if (release.number() == take(work, brokerage, claim).releases() + 1) {
                  super.append(work, brokerage, claim, release, renewal);
                }
              }
            },
        Engine.SQLITE,
        ReleaseLedgerContract::a_number_that_does_not_follow_is_refused);
  }

  @Test
  void a_ledger_without_a_secret_of_each_brokerage_fails() {
    bites(
        fresh ->
            new Passing(fresh) {
              @Override
              public BinaryOperator<String> commitments(UnitOfWork work, BrokerageId brokerage) {
                return super.commitments(work, FIRM);
              }
            },
        Engine.SQLITE,
        ReleaseLedgerContract::commitments_are_stable_and_tell_nothing_without_the_secret);
  }

  @Test
  void a_ledger_that_lets_nodes_read_before_they_wait_fails() {
    // Both have read before either goes on, whatever the machine does meanwhile.
    Phaser read = new Phaser(2);
    bites(
        fresh ->
            new Passing(fresh) {
              @Override
              public History take(UnitOfWork work, BrokerageId brokerage, String claim) {
                History early = before(work, brokerage, claim, Integer.MAX_VALUE);
                read.arriveAndAwaitAdvance();
                int releases = super.take(work, brokerage, claim).releases();
                return new History(releases, early.entries(), early.figures());
              }
            },
        Engine.POSTGRESQL,
        ReleaseLedgerContract::nodes_that_race_see_each_others_releases);
  }
}
