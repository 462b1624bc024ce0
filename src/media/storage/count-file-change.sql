-- The trigger of a file whose size changes, because a smaller copy took the place of its bytes.
create or replace function count_file_change() returns trigger language plpgsql as $$
begin
  update storage_totals set size_bytes = size_bytes + new.size_bytes - old.size_bytes
  where organization_id = new.organization_id;
  return null;
end $$;
