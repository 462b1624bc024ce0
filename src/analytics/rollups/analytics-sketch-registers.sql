-- The registers of a sketch that are not empty; see analytics_sketch.
create or replace function analytics_sketch_registers(sketch text) returns table (register integer, rank integer)
language sql immutable as $$
  select ('x' || lpad(substr(sketch, 2 + 4 * place, 3), 8, '0'))::bit(32)::integer, ascii(substr(sketch, 5 + 4 * place, 1)) - 48
  from generate_series(0, (length(sketch) - 1) / 4 - 1) as place
  where left(sketch, 1) = 's'
  union all
  select place, ascii(substr(sketch, 2 + place, 1)) - 48
  from generate_series(0, 2047) as place
  where left(sketch, 1) = 'd' and substr(sketch, 2 + place, 1) <> '0'
$$;
