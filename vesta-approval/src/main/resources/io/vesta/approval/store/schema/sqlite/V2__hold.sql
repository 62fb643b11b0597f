-- Kill switches that are on; an empty channel stands for all.
create table vesta_kill_switch (
  brokerage text    not null,
  channel   text    not null,
  actor     text    not null,
  since     integer not null,
  primary key (brokerage, channel)
);

-- Attempts that rate limits count. The recipient is a keyed digest.
create table vesta_send (
  brokerage text    not null,
  draft     text    not null,
  attempt   integer not null,
  recipient text    not null,
  channel   text    not null,
  begun_at  integer not null,
  primary key (brokerage, draft, attempt, recipient)
);
create index vesta_send_recent on vesta_send (brokerage, begun_at);
create index vesta_send_recipient on vesta_send (brokerage, channel, recipient, begun_at);
