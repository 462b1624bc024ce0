-- The trigger that keeps a sealed audit entry where it is in the hash chain.
create or replace function audit_logs_keep_seal() returns trigger language plpgsql as $$
begin
  if old.seq is not null and (new.seq, new.previous_hash, new.hash) is distinct from (old.seq, old.previous_hash, old.hash) then
    raise exception 'a sealed audit entry keeps its place in the chain';
  end if;
  return new;
end $$;
