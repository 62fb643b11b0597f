-- Emergencies: asked for, opened by a second person, ended. Rows are kept; a step that was taken is never taken back.
create table vesta_break_glass (
  id varchar(36) primary key,
  brokerage varchar(128) not null,
  member varchar(128) not null,
  capacity varchar(64) not null,
  over_kind varchar(9) not null check (over_kind in ('BROKERAGE', 'OFFICE', 'TEAM', 'SELF')),
  over_key varchar(128),
  reason varchar(193) not null,
  length_ms integer not null check (length_ms between 1 and 3600000),
  requested_at integer not null,
  approved_by varchar(128),
  opened_at integer,
  until_at integer,
  ended_at integer,
  check ((approved_by is null) = (opened_at is null) and (opened_at is null) = (until_at is null)),
  check (approved_by is null or approved_by <> member),
  check (until_at is null or until_at = opened_at + length_ms)
);

create index vesta_break_glass_live on vesta_break_glass (until_at);
create index vesta_break_glass_waiting on vesta_break_glass (brokerage, requested_at);
