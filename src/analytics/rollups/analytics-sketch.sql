-- A sketch of distinct values from its registers: `s` and four characters for each register (three hexadecimal digits of its
-- number, one of its rank), while there are few; else `d` and the ranks of all 2,048. A rank is a character from `0` on.
create or replace function analytics_sketch(registers integer[], ranks integer[]) returns text
language sql immutable as $$
  select case
    when coalesce(cardinality(registers), 0) <= 480 then 's' || coalesce((
      select string_agg(lpad(to_hex(register), 3, '0') || chr(48 + rank), '' order by register)
      from unnest(registers, ranks) as known(register, rank)), '')
    else 'd' || (
      select string_agg(chr(48 + coalesce(rank, 0)), '' order by number)
      from generate_series(0, 2047) as number
      left join unnest(registers, ranks) as known(register, rank) on register = number)
  end
$$;
