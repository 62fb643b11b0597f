-- The signed package of a release: until when it holds, its manifest and the head of the chain.
alter table vesta_proof_release add column expires_at bigint not null default 0;
alter table vesta_proof_release add column manifest_sha256 varchar(64) not null default '';
alter table vesta_proof_release add column head varchar(64) not null default '';

-- Releases that shall not be relied on any more; what they told stays in the other tables.
create table vesta_proof_retraction (
  brokerage varchar(128) not null,
  claim varchar(128) not null,
  number integer not null,
  retracted_at bigint not null,
  primary key (brokerage, claim, number),
  foreign key (brokerage, claim, number) references vesta_proof_release (brokerage, claim, number)
);

-- Who has seen and approved which files as which release.
create table vesta_proof_approval (
  brokerage varchar(128) not null,
  claim varchar(128) not null,
  number integer not null,
  files_sha256 varchar(64) not null,
  approver varchar(128) not null,
  approved_at bigint not null,
  primary key (brokerage, claim, number, files_sha256)
);
