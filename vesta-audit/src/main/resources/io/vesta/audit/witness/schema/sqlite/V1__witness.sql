-- The last checkpoint of each log that was shown; an empty note while none was.
create table vesta_witness_checkpoint (
  origin text not null primary key,
  note   text not null
);
