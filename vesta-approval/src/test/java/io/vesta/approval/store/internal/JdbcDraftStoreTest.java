package io.vesta.approval.store.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vesta.approval.draft.Approval;
import io.vesta.approval.draft.Content;
import io.vesta.approval.draft.Draft;
import io.vesta.approval.draft.Waiver;
import io.vesta.approval.state.DraftState;
import io.vesta.approval.store.Change;
import io.vesta.approval.store.DraftQuery;
import io.vesta.approval.store.DraftStore;
import io.vesta.approval.testkit.DraftStoreContract;
import io.vesta.core.access.ResourceColumns;
import io.vesta.core.access.RowFilter;
import io.vesta.core.id.BrokerageId;
import io.vesta.core.id.DraftId;
import io.vesta.core.storage.SchemaInstaller;
import io.vesta.core.storage.UnitOfWork;
import io.vesta.testkit.Engine;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The built-in store keeps the contract, and stores that are broken on purpose do not. */
class JdbcDraftStoreTest extends DraftStoreContract {

  @Override
  protected DraftStore store(Engine.Fresh fresh) {
    return installed(fresh);
  }

  private static JdbcDraftStore installed(Engine.Fresh fresh) {
    new SchemaInstaller(fresh.database(), List.of(DraftStore.schema())).install();
    return new JdbcDraftStore();
  }

  static Stream<Arguments> broken() {
    return Stream.of(
        broken(
            "says that it made a change that it did not make",
            "ds06",
            new Delegate() {
              @Override
              public boolean apply(UnitOfWork work, Change change) {
                super.apply(work, change);
                return true;
              }
            }),
        broken(
            "forgets to revoke",
            "ds09",
            new Delegate() {
              @Override
              public boolean apply(UnitOfWork work, Change change) {
                return super.apply(
                    work, new Change(change.before(), change.after(), false, change.approval()));
              }
            }),
        broken(
            "commits by itself",
            "ds02",
            new Delegate() {
              @Override
              public void add(UnitOfWork work, Draft draft) {
                super.add(work, draft);
                try {
                  work.connection().commit();
                } catch (SQLException e) {
                  throw new IllegalStateException(e);
                }
              }
            }),
        broken(
            "adds what is there already",
            "ds03",
            new Delegate() {
              @Override
              public void add(UnitOfWork work, Draft draft) {
                if (find(work, draft.id()).isEmpty()) {
                  super.add(work, draft);
                }
              }
            }),
        broken(
            "looks past the tenant",
            "ds04",
            new Delegate() {
              @Override
              public List<Approval> approvals(UnitOfWork work, DraftId id) {
                List<Approval> all = new ArrayList<>(super.approvals(work, id));
                DraftId other = new DraftId(new BrokerageId("zeta"), id.key());
                all.addAll(super.approvals(work, other));
                return all;
              }
            }),
        broken(
            "gives the newest approval first",
            "ds09",
            new Delegate() {
              @Override
              public List<Approval> approvals(UnitOfWork work, DraftId id) {
                List<Approval> approvals = new ArrayList<>(super.approvals(work, id));
                Collections.reverse(approvals);
                return approvals;
              }
            }),
        broken(
            "shows what the filter hides",
            "ds12",
            new Delegate() {
              @Override
              public List<Draft> page(
                  UnitOfWork work, BrokerageId brokerage, RowFilter filter, DraftQuery query) {
                RowFilter all = new RowFilter.All("1 = 1", List.of(), "p1");
                return super.page(work, brokerage, all, query);
              }
            }),
        broken(
            "takes what is not due yet",
            "ds13",
            new Delegate() {
              @Override
              public List<DraftId> takeDue(UnitOfWork work, Instant now, int most) {
                return super.takeDue(work, now.plusSeconds(1), most);
              }
            }),
        broken(
            "leaves nodes that died alone",
            "ds15",
            new Delegate() {
              @Override
              public List<DraftId> takeOverdue(UnitOfWork work, Instant now, int most) {
                return List.of();
              }
            }),
        broken(
            "cannot reschedule",
            "ds16",
            new Delegate() {
              @Override
              public void reschedule(UnitOfWork work, DraftId id, @Nullable Instant at) {}
            }),
        broken(
            "cannot put off",
            "ds17",
            new Delegate() {
              @Override
              public void putOff(UnitOfWork work, DraftId id, Instant until) {}
            }),
        broken(
            "drops older revisions",
            "ds11",
            new Delegate() {
              @Override
              public List<Content> revisions(UnitOfWork work, DraftId id) {
                var all = super.revisions(work, id);
                return all.isEmpty() ? all : all.subList(all.size() - 1, all.size());
              }
            }));
  }

  private static Arguments broken(String what, String rule, DraftStore store) {
    return Arguments.of(Named.of(what, store), rule);
  }

  @ParameterizedTest(name = "{0} breaks {1}")
  @MethodSource("broken")
  void a_broken_store_fails_the_contract(DraftStore broken, String rule, @TempDir Path directory)
      throws ReflectiveOperationException {
    DraftStoreContract contract =
        new DraftStoreContract() {
          @Override
          protected DraftStore store(Engine.Fresh fresh) {
            installed(fresh);
            return broken;
          }
        };
    Field field = DraftStoreContract.class.getDeclaredField("directory");
    field.setAccessible(true);
    field.set(contract, directory);
    Set<String> failed = new TreeSet<>();
    for (Method method : DraftStoreContract.class.getMethods()) {
      if (method.isAnnotationPresent(ParameterizedTest.class)
          && method.getName().startsWith("required_" + rule)) {
        try {
          method.invoke(contract, Engine.SQLITE);
        } catch (InvocationTargetException e) {
          failed.add(method.getName());
        }
      }
    }
    assertEquals(1, failed.size(), () -> "kept " + rule);
  }

  @Test
  void every_rule_has_a_number_of_its_own() {
    List<String> numbers =
        Arrays.stream(DraftStoreContract.class.getMethods())
            .map(Method::getName)
            .filter(name -> name.startsWith("required_"))
            .map(name -> name.substring(9, 13))
            .sorted()
            .toList();
    assertEquals(numbers.stream().distinct().toList(), numbers);
    assertTrue(numbers.size() >= 17, numbers::toString);
  }

  /** The built-in store, to be broken in one place. */
  private static class Delegate implements DraftStore {

    private final DraftStore store = new JdbcDraftStore();

    @Override
    public void add(UnitOfWork work, Draft draft) {
      store.add(work, draft);
    }

    @Override
    public Optional<Draft> find(UnitOfWork work, DraftId id) {
      return store.find(work, id);
    }

    @Override
    public boolean apply(UnitOfWork work, Change change) {
      return store.apply(work, change);
    }

    @Override
    public List<Approval> approvals(UnitOfWork work, DraftId id) {
      return store.approvals(work, id);
    }

    @Override
    public void waive(UnitOfWork work, Waiver waiver) {
      store.waive(work, waiver);
    }

    @Override
    public List<Waiver> waivers(UnitOfWork work, DraftId id) {
      return store.waivers(work, id);
    }

    @Override
    public Optional<DraftId> keyed(UnitOfWork work, BrokerageId brokerage, String key) {
      return store.keyed(work, brokerage, key);
    }

    @Override
    public Map<DraftState, Waiting> waiting(
        UnitOfWork work, BrokerageId brokerage, RowFilter filter, Set<DraftState> states) {
      return store.waiting(work, brokerage, filter, states);
    }

    @Override
    public List<Content> revisions(UnitOfWork work, DraftId id) {
      return store.revisions(work, id);
    }

    @Override
    public List<Draft> page(
        UnitOfWork work, BrokerageId brokerage, RowFilter filter, DraftQuery query) {
      return store.page(work, brokerage, filter, query);
    }

    @Override
    public ResourceColumns columns() {
      return store.columns();
    }

    @Override
    public List<DraftId> takeDue(UnitOfWork work, Instant now, int most) {
      return store.takeDue(work, now, most);
    }

    @Override
    public List<DraftId> takeOverdue(UnitOfWork work, Instant now, int most) {
      return store.takeOverdue(work, now, most);
    }

    @Override
    public void reschedule(UnitOfWork work, DraftId id, @Nullable Instant at) {
      store.reschedule(work, id, at);
    }

    @Override
    public void putOff(UnitOfWork work, DraftId id, Instant until) {
      store.putOff(work, id, until);
    }
  }
}
