-- Custom SQL migration file, put your code below! --
create function refuse_erasure_of_subscribed() returns trigger language plpgsql as $$
begin
  perform guard(not exists (select from subscriptions s where s.organization_id = old.id
    and (s.ended_at is null or s.refund_due_at is not null)), 'billing.already_subscribed');
  return old;
end $$;
--> statement-breakpoint
create trigger refuse_erasure_of_subscribed before delete on organizations for each row execute function refuse_erasure_of_subscribed();
