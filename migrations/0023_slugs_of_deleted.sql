-- Slugs of deleted organizations were free before: those that may be in use again make room.
set local role auralink_system;--> statement-breakpoint
update organizations set slug = slug || '-' || id where deleted_at is not null;--> statement-breakpoint
reset role;--> statement-breakpoint
DROP INDEX "organizations_slug_key";--> statement-breakpoint
CREATE UNIQUE INDEX "organizations_slug_key" ON "organizations" USING btree ("slug");
