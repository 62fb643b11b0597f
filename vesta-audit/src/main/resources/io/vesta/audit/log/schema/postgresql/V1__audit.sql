-- Entries as host transactions wrote them: only ever inserted. Each row is an entry bundle of C2SP tlog-tiles, each entry
-- after its length in two bytes: those that were committed together share a row. xid names the transaction, so that the
-- sequencer can tell which rows an earlier snapshot could not see; one index serves that search and the way from index to
-- bytes.
create table vesta_audit_entry (
  xid       xid8         not null default pg_current_xact_id(),
  seq       bigint       not null generated always as identity,
  brokerage varchar(128) not null,
  bytes     bytea        not null,
  primary key (xid, seq)
);
-- The bytes hold ids and digests: compressing them costs time and saves little.
alter table vesta_audit_entry alter column bytes set storage external;

-- Which entry has which index in which log: len bytes from byte pos (the first is 1) of its row, with columns derived from
-- them for searching.
create table vesta_audit_index (
  brokerage varchar(128) not null,
  idx       bigint       not null,
  xid       xid8         not null,
  seq       bigint       not null,
  pos       integer      not null check (pos > 2),
  len       integer      not null check (len > 0),
  id        uuid         not null,
  at_ms     bigint       not null,
  action    varchar(96)  not null,
  actor     varchar(200) not null,
  target    varchar(200) not null,
  member    varchar(128) null,
  primary key (brokerage, idx)
);
-- Unique: whoever copies a row cannot have it signed a second time.
create unique index vesta_audit_index_id on vesta_audit_index (id);
create index vesta_audit_index_actor on vesta_audit_index (brokerage, actor, idx);
create index vesta_audit_index_target on vesta_audit_index (brokerage, target, idx);
create index vesta_audit_index_action on vesta_audit_index (brokerage, action, idx);
-- Rows lie nearly in the order of their times.
create index vesta_audit_index_at on vesta_audit_index using brin (at_ms);

-- Full tiles of each tree: 256 hashes, their root, and for level 0 the plain chain up to the tile's last leaf.
create table vesta_audit_tile (
  brokerage varchar(128) not null,
  level     smallint     not null,
  n         bigint       not null,
  hashes    bytea        not null,
  root      bytea        not null,
  chain     bytea        null,
  primary key (brokerage, level, n)
);
alter table vesta_audit_tile alter column hashes set storage external;

-- The growing end of each log: how often it was continued under a new origin, how many first entries were pruned,
-- subtree roots, the leaves after the last full tile, the chain, the signed checkpoint.
create table vesta_audit_log (
  brokerage  varchar(128) not null primary key,
  fork       integer      not null default 0,
  pruned     bigint       not null default 0,
  size       bigint       not null,
  frontier   bytea        not null,
  edge       bytea        not null,
  chain      bytea        not null,
  checkpoint text         not null
);

-- The last checkpoint of each log that witnesses signed.
create table vesta_audit_witnessed (
  brokerage varchar(128) not null primary key,
  note      text         not null
);

-- How far the sequencer has come: the snapshot that its last batch saw, in which cluster, and the highest seq that
-- came from another cluster, if the tables were moved.
create table vesta_audit_head (
  id       smallint    not null primary key check (id = 1),
  epoch    bigint      not null,
  cluster  varchar(32) not null,
  moved    bigint      not null,
  snapshot text        not null
);
insert into vesta_audit_head (id, epoch, cluster, moved, snapshot) values (1, 0, '', 0, '1:1:');

-- Rows that the sequencer came by and left, because their log is parked: it cannot be signed until somebody mended it.
create table vesta_audit_parked (
  brokerage varchar(128) not null,
  seq       bigint       not null,
  xid       xid8         not null,
  primary key (brokerage, seq, xid)
);

-- Keys of the subjects of erasable details, sealed under the vault's key. A subject may have several: transactions that
-- meet a new one at the same time do not wait for each other. Erasing a subject deletes them.
create table vesta_audit_vault_key (
  id        varchar(36) not null primary key,
  brokerage varchar(128) not null,
  subject   varchar(200) not null,
  wrapped   bytea not null
);
create index vesta_audit_vault_key_subject on vesta_audit_vault_key (brokerage, subject);

-- Erasable details, sealed under their subject's key; the digest stands in the entry.
create table vesta_audit_vault (
  digest varchar(43) not null primary key,
  key_id varchar(36) not null,
  sealed bytea not null
);
create index vesta_audit_vault_key_id on vesta_audit_vault (key_id);

-- Whose details and entries must be kept although they could go.
create table vesta_audit_hold (
  brokerage varchar(128) not null,
  subject   varchar(200) not null,
  matter    varchar(200) not null,
  primary key (brokerage, subject, matter)
);
