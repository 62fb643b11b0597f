package io.vesta.audit.log.internal;

import io.vesta.audit.AuditError;
import io.vesta.audit.note.SignedNote;
import io.vesta.audit.tree.Hash;
import io.vesta.audit.tree.Hashes;
import io.vesta.audit.tree.Tile;
import io.vesta.core.error.VestaException;
import io.vesta.core.storage.UnitOfWork;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads and writes the tables of logs and tiles. Stateless. */
public final class LogTables {

  private LogTables() {}

  /** The end of a log; empty if it was never signed. */
  public static Optional<LogState> find(UnitOfWork work, String brokerage) {
    return work.handle()
        .createQuery(
            "select fork, pruned, size, frontier, edge, chain, checkpoint from vesta_audit_log"
                + " where brokerage = ?")
        .bind(0, brokerage)
        .map(
            (row, context) ->
                new LogState(
                    brokerage,
                    row.getInt(1),
                    row.getLong(2),
                    row.getLong(3),
                    hashes(row.getBytes(4)),
                    hashes(row.getBytes(5)),
                    only(hashes(row.getBytes(6))),
                    row.getString(7)))
        .findOne();
  }

  /** Writes the end of a log. */
  public static void save(UnitOfWork work, LogState state) {
    work.handle()
        .createUpdate(
            "insert into vesta_audit_log (brokerage, fork, size, frontier, edge, chain, checkpoint)"
                + " values (?, ?, ?, ?, ?, ?, ?) on conflict (brokerage) do update set"
                + " fork = excluded.fork, size = excluded.size, frontier = excluded.frontier, edge = excluded.edge,"
                + " chain = excluded.chain, checkpoint = excluded.checkpoint")
        .bind(0, state.brokerage())
        .bind(1, state.fork())
        .bind(2, state.size())
        .bind(3, Hashes.pack(state.frontier()))
        .bind(4, Hashes.pack(state.edge()))
        .bind(5, state.chain().bytes())
        .bind(6, state.note())
        .execute();
  }

  /**
   * Deletes the entries of a full tile for good, with their index rows and leaf hashes. What later
   * proofs need stays: the tile's root, the plain chain's link and all tiles above.
   */
  public static void prune(UnitOfWork work, String brokerage, long n) {
    long first = n * Tile.WIDTH;
    long next = first + Tile.WIDTH;
    String row = "select xid, seq from vesta_audit_index where brokerage = ? and idx = ?";
    String start = "(select pos from vesta_audit_index where brokerage = ? and idx = ?)";
    // A row that holds entries of the next tile too keeps those, and is theirs from now on.
    work.handle()
        .execute(
            "update vesta_audit_entry set bytes = substr(bytes, "
                + start
                + " - 2) where (xid, seq) in ("
                + row
                + ") and (xid, seq) in ("
                + row
                + ")",
            brokerage,
            next,
            brokerage,
            next,
            brokerage,
            next - 1);
    work.handle()
        .execute(
            "update vesta_audit_index set pos = pos - "
                + start
                + " + 3 where brokerage = ? and idx >= ? and idx < ? and (xid, seq) in ("
                + row
                + ")",
            brokerage,
            next,
            brokerage,
            next,
            next + Tile.WIDTH,
            brokerage,
            next - 1);
    String range = " where brokerage = ? and idx >= ? and idx < ?";
    work.handle()
        .execute(
            "delete from vesta_audit_entry where (xid, seq) in (select xid, seq from"
                + " vesta_audit_index"
                + range
                + ") and (xid, seq) not in ("
                + row
                + ")",
            brokerage,
            first,
            next,
            brokerage,
            next);
    work.handle().execute("delete from vesta_audit_index" + range, brokerage, first, next);
    work.handle()
        .execute(
            "update vesta_audit_tile set hashes = ? where brokerage = ? and level = 0 and n = ?",
            new byte[0],
            brokerage,
            n);
    work.handle()
        .execute("update vesta_audit_log set pruned = ? where brokerage = ?", next, brokerage);
  }

  /** The plain chain's link after a full tile of level 0. */
  public static Hash chain(UnitOfWork work, String brokerage, long n) {
    return work.handle()
        .createQuery(
            "select chain from vesta_audit_tile where brokerage = ? and level = 0 and n = ?")
        .bind(0, brokerage)
        .bind(1, n)
        .map((row, context) -> only(hashes(row.getBytes(1))))
        .findOne()
        .orElseThrow(() -> damaged("a tile is missing"));
  }

  /** The last checkpoint that witnesses signed; empty if there is none. */
  public static Optional<SignedNote> witnessed(UnitOfWork work, String brokerage) {
    return work.handle()
        .createQuery("select note from vesta_audit_witnessed where brokerage = ?")
        .bind(0, brokerage)
        .mapTo(String.class)
        .findOne()
        .map(
            note -> {
              try {
                return SignedNote.parse(note.getBytes(StandardCharsets.UTF_8));
              } catch (IllegalArgumentException e) {
                throw damaged("a witnessed checkpoint is no signed note");
              }
            });
  }

  /** Keeps a checkpoint that witnesses signed. */
  public static void saveWitnessed(UnitOfWork work, String brokerage, SignedNote note) {
    work.handle()
        .createUpdate(
            "insert into vesta_audit_witnessed (brokerage, note) values (?, ?)"
                + " on conflict (brokerage) do update set note = excluded.note")
        .bind(0, brokerage)
        .bind(1, note.toString())
        .execute();
  }

  /** Writes a full tile. */
  static void addTile(
      UnitOfWork work,
      String brokerage,
      int level,
      long n,
      List<Hash> hashes,
      Hash root,
      @Nullable Hash chain) {
    int added =
        work.handle()
            .createUpdate(
                "insert into vesta_audit_tile (brokerage, level, n, hashes, root, chain)"
                    + " values (?, ?, ?, ?, ?, ?) on conflict do nothing")
            .bind(0, brokerage)
            .bind(1, level)
            .bind(2, n)
            .bind(3, Hashes.pack(hashes))
            .bind(4, root.bytes())
            .bind(5, chain == null ? null : chain.bytes())
            .execute();
    if (added == 0) {
      throw damaged("a tile is there before its time");
    }
  }

  /** The roots of consecutive full tiles of a level, fewer if there are fewer. */
  static List<Hash> roots(UnitOfWork work, String brokerage, int level, long from, int count) {
    return work.handle()
        .createQuery(
            "select root from vesta_audit_tile"
                + " where brokerage = ? and level = ? and n >= ? and n < ? order by n")
        .bind(0, brokerage)
        .bind(1, level)
        .bind(2, from)
        .bind(3, from + count)
        .map((row, context) -> only(hashes(row.getBytes(1))))
        .list();
  }

  /**
   * The hashes of a tile as the tree of a log's present size has it.
   *
   * @param state the log's end, which holds the unfinished tile of level 0
   * @param level the level of tiles
   * @param n which tile of the level
   * @throws VestaException if the tables do not hold it
   */
  public static List<Hash> tile(UnitOfWork work, LogState state, int level, long n) {
    int width = (int) Math.min(Tile.WIDTH, Tile.hashesAt(state.size(), level) - n * Tile.WIDTH);
    List<Hash> hashes;
    if (width == Tile.WIDTH) {
      hashes =
          work.handle()
              .createQuery(
                  "select hashes from vesta_audit_tile where brokerage = ? and level = ? and n = ?")
              .bind(0, state.brokerage())
              .bind(1, level)
              .bind(2, n)
              .map((row, context) -> hashes(row.getBytes(1)))
              .findOne()
              .orElse(List.of());
    } else if (level == 0) {
      hashes = state.edge();
    } else {
      hashes = roots(work, state.brokerage(), level - 1, n * Tile.WIDTH, width);
    }
    if (hashes.size() != width) {
      throw damaged("a tile is missing or cut");
    }
    return hashes;
  }

  /** Whether a full tile of level 0 says that the plain chain ends in a link. */
  public static boolean linked(UnitOfWork work, String brokerage, long n, Hash link) {
    return work.handle()
            .createQuery(
                "select count(*) from vesta_audit_tile"
                    + " where brokerage = ? and level = 0 and n = ? and chain = ?")
            .bind(0, brokerage)
            .bind(1, n)
            .bind(2, link.bytes())
            .mapTo(Integer.class)
            .one()
        == 1;
  }

  /** The index rows from one index to before another with their entries' bytes, in order. */
  public static List<Row> rows(UnitOfWork work, String brokerage, long from, long to) {
    return work.handle()
        .createQuery(
            Row.SELECT + " where i.brokerage = ? and i.idx >= ? and i.idx < ? order by i.idx")
        .bind(0, brokerage)
        .bind(1, from)
        .bind(2, to)
        .map((row, context) -> new Row(row))
        .list();
  }

  private static List<Hash> hashes(byte @Nullable [] packed) {
    try {
      return Hashes.unpack(packed == null ? new byte[0] : packed);
    } catch (IllegalArgumentException e) {
      throw damaged("packed hashes are cut");
    }
  }

  private static Hash only(List<Hash> hashes) {
    if (hashes.size() != 1) {
      throw damaged("a hash is missing");
    }
    return hashes.get(0);
  }

  private static VestaException damaged(String what) {
    return new VestaException(
        AuditError.LOG_DAMAGED, "the tables of a log are damaged: " + what + "; restore them");
  }

  /** An index row with its entry. */
  public static final class Row {

    /** Selects rows from {@code i}, the index, and {@code e}, the entries. */
    public static final String SELECT =
        "select i.idx, i.id, i.at_ms, i.action, i.actor, i.target, i.member, i.len,"
            + " substr(e.bytes, i.pos - 2, i.len + 2) from vesta_audit_index i"
            + " left join vesta_audit_entry e on e.xid = i.xid and e.seq = i.seq";

    private final long index;
    private final Columns columns;
    private final byte @Nullable [] bytes;

    /** Reads a row of {@link #SELECT}. */
    public Row(ResultSet row) throws SQLException {
      index = row.getLong(1);
      columns =
          new Columns(
              row.getString(2),
              row.getLong(3),
              row.getString(4),
              row.getString(5),
              row.getString(6),
              row.getString(7));
      bytes = entry(row.getBytes(9), row.getInt(8));
    }

    /** The only entry of a piece of a bundle; null if it does not say of itself how long it is. */
    private static byte @Nullable [] entry(byte @Nullable [] piece, int length) {
      if (piece == null
          || piece.length != 2 + length
          || length != (Byte.toUnsignedInt(piece[0]) << 8 | Byte.toUnsignedInt(piece[1]))) {
        return null;
      }
      return Arrays.copyOfRange(piece, 2, piece.length);
    }

    /** The entry's place in the log. */
    public long index() {
      return index;
    }

    /** What is indexed. */
    public Columns columns() {
      return columns;
    }

    /** The entry's bytes, not copied; null if the entry is gone or no longer where it was. */
    public byte @Nullable [] bytes() {
      return bytes;
    }
  }
}
