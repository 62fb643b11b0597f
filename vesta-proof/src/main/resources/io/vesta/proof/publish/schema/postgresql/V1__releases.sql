create table vesta_proof_release (
  brokerage varchar(128) not null,
  claim varchar(128) not null,
  number integer not null,
  id varchar(36) not null unique,
  first_day varchar(10) not null,
  last_day varchar(10) not null,
  as_of varchar(10) not null,
  page_sha256 bytea not null,
  shown integer not null,
  withheld integer not null,
  released_at bigint not null,
  primary key (brokerage, claim, number)
);

-- Decimal figures as text: neither engine may round them.
create table vesta_proof_cell (
  brokerage varchar(128) not null,
  claim varchar(128) not null,
  number integer not null,
  row_key varchar(64) not null,
  column_key varchar(64) not null,
  measure varchar(64) not null,
  figure varchar(64) not null,
  primary key (brokerage, claim, number, row_key, column_key, measure),
  foreign key (brokerage, claim, number) references vesta_proof_release (brokerage, claim, number)
);
