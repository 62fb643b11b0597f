-- Documents of model routes, by the SHA-256 of their bytes, and who said that production may use them.
create table vesta_llm_routes (
  digest char(64) primary key,
  brokerage varchar(128) not null,
  proposer varchar(128) not null,
  proposed_at bigint not null,
  approver varchar(128) check (approver <> proposer),
  approved_at bigint,
  check ((approver is null) = (approved_at is null))
);

-- Tokens that a brokerage used by a route on a UTC day, counted in days since 1970.
create table vesta_llm_tokens (
  brokerage varchar(128) not null,
  route varchar(64) not null,
  day bigint not null,
  used bigint not null check (used >= 0),
  primary key (brokerage, route, day)
);
