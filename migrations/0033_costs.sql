CREATE TABLE "cost_lines" (
	"organization_id" text collate "C" NOT NULL,
	"usage_id" text collate "C" NOT NULL,
	"entry" integer NOT NULL,
	"meter" text NOT NULL,
	"occurred_at" timestamp (3) with time zone NOT NULL,
	"call_id" text,
	"quantity" bigint NOT NULL,
	"price_version_id" text collate "C",
	"amount_micros" bigint,
	"unknown" smallint NOT NULL,
	"recorded_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "cost_lines_organization_id_usage_id_entry_pk" PRIMARY KEY("organization_id","usage_id","entry"),
	CONSTRAINT "cost_lines_known_check" CHECK (("cost_lines"."amount_micros" is null) = ("cost_lines"."price_version_id" is null) and ("cost_lines"."amount_micros" is null) = ("cost_lines"."unknown" <> 0))
);
--> statement-breakpoint
CREATE TABLE "price_versions" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"meter" text NOT NULL,
	"provider" text,
	"region" text,
	"model" text,
	"nanos" bigint NOT NULL,
	"unit_quantity" bigint NOT NULL,
	"effective_from" timestamp (3) with time zone NOT NULL,
	"effective_to" timestamp (3) with time zone,
	"source" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"seq" bigint GENERATED ALWAYS AS IDENTITY (sequence name "price_versions_seq_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	CONSTRAINT "price_versions_nanos_check" CHECK ("price_versions"."nanos" >= 0),
	CONSTRAINT "price_versions_unit_quantity_check" CHECK ("price_versions"."unit_quantity" > 0),
	CONSTRAINT "price_versions_effective_check" CHECK ("price_versions"."effective_to" > "price_versions"."effective_from")
);
--> statement-breakpoint
ALTER TABLE "cost_lines" ADD CONSTRAINT "cost_lines_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "cost_lines" ADD CONSTRAINT "cost_lines_price_version_id_price_versions_id_fk" FOREIGN KEY ("price_version_id") REFERENCES "public"."price_versions"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "cost_lines" ADD CONSTRAINT "cost_lines_usage_fk" FOREIGN KEY ("organization_id","usage_id") REFERENCES "public"."usage_events"("organization_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "cost_lines_time_idx" ON "cost_lines" USING btree ("organization_id","occurred_at");--> statement-breakpoint
CREATE INDEX "cost_lines_call_idx" ON "cost_lines" USING btree ("organization_id","call_id");--> statement-breakpoint
CREATE INDEX "cost_lines_occurred_at_idx" ON "cost_lines" USING btree ("occurred_at");--> statement-breakpoint
CREATE INDEX "cost_lines_price_version_id_idx" ON "cost_lines" USING btree ("price_version_id");--> statement-breakpoint
CREATE INDEX "price_versions_key_idx" ON "price_versions" USING btree ("meter","model","provider","region","effective_from");--> statement-breakpoint
select tenant_wall('cost_lines');--> statement-breakpoint
grant select on cost_lines to auralink_app;--> statement-breakpoint
grant select, insert on cost_lines to auralink_system;--> statement-breakpoint
select wall('price_versions');--> statement-breakpoint
-- An organization sees the prices of its own costs.
create policy used on price_versions for select to auralink_app using (
  exists (select from cost_lines where cost_lines.price_version_id = price_versions.id
    and cost_lines.organization_id = (select current_organization())));--> statement-breakpoint
grant select on price_versions to auralink_app;--> statement-breakpoint
grant select, insert, delete on price_versions to auralink_system;--> statement-breakpoint
create function refuse_price_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' then
    raise exception 'a price is never changed: store another one from some moment on' using errcode = '23001';
  end if;
  perform guard(not exists (select from cost_lines l where l.price_version_id = old.id), 'prices.in_use');
  return old;
end $$;--> statement-breakpoint
create trigger refuse_price_change before update or delete on price_versions
  for each row execute function refuse_price_change();
