ALTER TABLE "rooms" ADD COLUMN "cluster" text;
--> statement-breakpoint
update rooms r set cluster = i.cluster
  from (select distinct on (room_id) room_id, cluster from ingresses where kind <> 'url' order by room_id, id) i
  where i.room_id = r.id;
