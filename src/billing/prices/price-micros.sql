-- The cost of a quantity of base units, in micro-units: multiplied first, rounded once, half to even. The function
-- `priceQuantity` of kernel/money is the same rule.
create or replace function price_micros(quantity bigint, nanos bigint, unit_quantity bigint) returns bigint
language sql immutable as $$
  select (sign(quantity) * (whole + case
    when 2 * rest > divisor or (2 * rest = divisor and mod(whole, 2) = 1) then 1 else 0 end))::bigint
  from (select div(amount, divisor) as whole, mod(amount, divisor) as rest, divisor
    from (select abs(quantity::numeric * nanos) as amount, unit_quantity::numeric * 1000 as divisor) a) b
$$;
