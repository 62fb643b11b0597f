-- Entries as host transactions wrote them: only ever inserted. Each row is an entry bundle of C2SP tlog-tiles, each entry
-- after its length in two bytes: those that were committed together share a row. There is one writer, so seq is the order of commits;
-- autoincrement never gives a number twice. xid stands for PostgreSQL's transaction number and is always 0 here.
create table vesta_audit_entry (
  seq       integer primary key autoincrement,
  xid       integer not null default 0,
  brokerage text    not null,
  bytes     blob    not null
);

-- Which entry has which index in which log: len bytes from byte pos (the first is 1) of its row, with columns derived from
-- them for searching.
create table vesta_audit_index (
  brokerage text    not null,
  idx       integer not null,
  xid       integer not null,
  seq       integer not null,
  pos       integer not null check (pos > 2),
  len       integer not null check (len > 0),
  id        text    not null,
  at_ms     integer not null,
  action    text    not null,
  actor     text    not null,
  target    text    not null,
  member    text    null,
  primary key (brokerage, idx)
) without rowid;
-- Unique: whoever copies a row cannot have it signed a second time.
create unique index vesta_audit_index_id on vesta_audit_index (id);
create index vesta_audit_index_actor on vesta_audit_index (brokerage, actor, idx);
create index vesta_audit_index_target on vesta_audit_index (brokerage, target, idx);
create index vesta_audit_index_action on vesta_audit_index (brokerage, action, idx);
create index vesta_audit_index_at on vesta_audit_index (brokerage, at_ms);

-- Full tiles of each tree: 256 hashes, their root, and for level 0 the plain chain up to the tile's last leaf.
create table vesta_audit_tile (
  brokerage text    not null,
  level     integer not null,
  n         integer not null,
  hashes    blob    not null,
  root      blob    not null,
  chain     blob    null,
  primary key (brokerage, level, n)
);

-- The growing end of each log: how often it was continued under a new origin, how many first entries were pruned,
-- subtree roots, the leaves after the last full tile, the chain, the signed checkpoint.
create table vesta_audit_log (
  brokerage  text    not null primary key,
  fork       integer not null default 0,
  pruned     integer not null default 0,
  size       integer not null,
  frontier   blob    not null,
  edge       blob    not null,
  chain      blob    not null,
  checkpoint text    not null
);

-- The last checkpoint of each log that witnesses signed.
create table vesta_audit_witnessed (
  brokerage text not null primary key,
  note      text not null
);

-- How far the sequencer has come: the last seq that it took.
create table vesta_audit_head (
  id    integer not null primary key check (id = 1),
  epoch integer not null,
  taken integer not null
);
insert into vesta_audit_head (id, epoch, taken) values (1, 0, 0);

-- Rows that the sequencer came by and left, because their log is parked: it cannot be signed until somebody mended it.
create table vesta_audit_parked (
  brokerage text    not null,
  seq       integer not null,
  xid       integer not null,
  primary key (brokerage, seq, xid)
);

-- Keys of the subjects of erasable details, sealed under the vault's key. A subject may have several: transactions that
-- meet a new one at the same time do not wait for each other. Erasing a subject deletes them.
create table vesta_audit_vault_key (
  id        text not null primary key,
  brokerage text not null,
  subject   text not null,
  wrapped   blob not null
);
create index vesta_audit_vault_key_subject on vesta_audit_vault_key (brokerage, subject);

-- Erasable details, sealed under their subject's key; the digest stands in the entry.
create table vesta_audit_vault (
  digest text not null primary key,
  key_id text not null,
  sealed blob not null
);
create index vesta_audit_vault_key_id on vesta_audit_vault (key_id);

-- Whose details and entries must be kept although they could go.
create table vesta_audit_hold (
  brokerage text not null,
  subject   text not null,
  matter    text not null,
  primary key (brokerage, subject, matter)
);
