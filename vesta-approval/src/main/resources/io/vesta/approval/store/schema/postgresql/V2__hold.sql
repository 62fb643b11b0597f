-- Kill switches that are on; an empty channel stands for all.
create table vesta_kill_switch (
  brokerage varchar(128) not null,
  channel   varchar(32)  not null,
  actor     varchar(200) not null,
  since     bigint       not null,
  primary key (brokerage, channel)
);

-- Attempts that rate limits count. The recipient is a keyed digest.
create table vesta_send (
  brokerage varchar(128) not null,
  draft     varchar(128) not null,
  attempt   integer      not null,
  recipient char(64)     not null,
  channel   varchar(32)  not null,
  begun_at  bigint       not null,
  primary key (brokerage, draft, attempt, recipient)
);
create index vesta_send_recent on vesta_send (brokerage, begun_at);
create index vesta_send_recipient on vesta_send (brokerage, channel, recipient, begun_at);
