-- A comment; with a semicolon.
create table thing (id bigint not null primary key);
create index thing_id on thing (id);
