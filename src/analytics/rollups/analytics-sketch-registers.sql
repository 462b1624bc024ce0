-- The registers of a sketch that are not empty; see analytics_sketch. Its characters are read as bytes, because the place of a
-- character in a text is found by counting from the start.
create or replace function analytics_sketch_registers(sketch text) returns table (register integer, rank integer)
language sql immutable as $$
  select case form when 'd' then place
      else ('x' || lpad(convert_from(substr(bytes, 2 + 4 * place, 3), 'UTF8'), 8, '0'))::bit(32)::integer end,
    get_byte(bytes, case form when 'd' then 1 + place else 4 + 4 * place end) - 48
  from (select left(sketch, 1) as form, convert_to(sketch, 'UTF8') as bytes offset 0) s
    cross join lateral generate_series(0, case form when 'd' then 2047 else (length(bytes) - 1) / 4 - 1 end) as place
  where form = 's' or get_byte(bytes, 1 + place) <> 48
$$;
