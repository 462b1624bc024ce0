-- Subscriptions from before seats were sold have none and grant none beyond their plan: what the next reading of them would store.
set local role auralink_system;--> statement-breakpoint
update subscriptions set granted_seats = 0
where ended_at is null and granted_plan <> 'free' and granted_seats is null;--> statement-breakpoint
update organizations o set seats = 0
where o.seats is null and exists (
  select from subscriptions s
  where s.organization_id = o.id and s.ended_at is null and s.granted_plan <> 'free' and s.granted_seats = 0);--> statement-breakpoint
reset role;
