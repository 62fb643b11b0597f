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

-- Makes the commitments of a brokerage's deals, clients and brokers.
create table vesta_proof_salt (
  brokerage varchar(128) not null primary key,
  salt bytea not null
);

-- A row of a claim's population and the releases that it was part of. Contributors are commitments.
create table vesta_proof_entry (
  brokerage varchar(128) not null,
  claim varchar(128) not null,
  first_number integer not null,
  ordinal integer not null,
  last_number integer not null,
  deal varchar(64) not null,
  client varchar(64),
  broker varchar(64) not null,
  row_keys text not null,
  column_keys text not null,
  amounts text not null,
  primary key (brokerage, claim, first_number, ordinal),
  foreign key (brokerage, claim, first_number)
    references vesta_proof_release (brokerage, claim, number)
);

-- What a cell showed, made of the rows of one release; measure and figure are empty where it was
-- unsafe. Decimal figures as text: neither engine may round them.
create table vesta_proof_figure (
  brokerage varchar(128) not null,
  claim varchar(128) not null,
  basis integer not null,
  row_key varchar(64) not null,
  column_key varchar(64) not null,
  measure varchar(64) not null,
  figure varchar(64) not null,
  after_day varchar(10) not null,
  last_day varchar(10) not null,
  primary key (brokerage, claim, basis, row_key, column_key, measure),
  foreign key (brokerage, claim, basis) references vesta_proof_release (brokerage, claim, number)
);
