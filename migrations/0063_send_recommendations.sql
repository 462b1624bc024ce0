CREATE TABLE "send_recommendations" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"organization_id" text collate "C" NOT NULL,
	"session_id" text collate "C" NOT NULL,
	"mode" text NOT NULL,
	"level" smallint NOT NULL,
	"max_send_bps" integer NOT NULL,
	"sent_bps" bigint,
	"quality" text,
	"available_bps" bigint,
	"forecast_bps" bigint,
	"round_trip_ms" integer,
	"loss_ppm" integer,
	"settings" jsonb NOT NULL,
	"outcome" text,
	"skipped" jsonb,
	"followed_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "send_recommendations_mode_check" CHECK ("send_recommendations"."mode" in ('off', 'conservative', 'adaptive', 'aggressive')),
	CONSTRAINT "send_recommendations_quality_check" CHECK ("send_recommendations"."quality" in ('poor', 'fair', 'good', 'excellent')),
	CONSTRAINT "send_recommendations_outcome_check" CHECK ("send_recommendations"."outcome" in ('followed', 'partly', 'ignored'))
);
--> statement-breakpoint
CREATE TABLE "send_sessions" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"organization_id" text collate "C" NOT NULL,
	"call_id" text collate "C" NOT NULL,
	"participant_id" text collate "C" NOT NULL,
	"mode" text NOT NULL,
	"level" smallint NOT NULL,
	"level_changed_at" timestamp (3) with time zone NOT NULL,
	"hold_seconds" smallint NOT NULL,
	"rose" boolean NOT NULL,
	"connection" text NOT NULL,
	"last_recommendation_id" text collate "C" NOT NULL,
	"recommended_at" timestamp (3) with time zone NOT NULL,
	"recommendations" integer NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "send_sessions_mode_check" CHECK ("send_sessions"."mode" in ('off', 'conservative', 'adaptive', 'aggressive'))
);
--> statement-breakpoint
ALTER TABLE "quality_totals" ADD COLUMN "network" jsonb;--> statement-breakpoint
ALTER TABLE "send_recommendations" ADD CONSTRAINT "send_recommendations_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "send_recommendations" ADD CONSTRAINT "send_recommendations_session_id_send_sessions_id_fk" FOREIGN KEY ("session_id") REFERENCES "public"."send_sessions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "send_sessions" ADD CONSTRAINT "send_sessions_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "send_sessions" ADD CONSTRAINT "send_sessions_call_id_calls_id_fk" FOREIGN KEY ("call_id") REFERENCES "public"."calls"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "send_sessions" ADD CONSTRAINT "send_sessions_participant_id_call_participants_id_fk" FOREIGN KEY ("participant_id") REFERENCES "public"."call_participants"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "send_recommendations_session_id_idx" ON "send_recommendations" USING btree ("session_id","id");--> statement-breakpoint
CREATE INDEX "send_recommendations_organization_id_idx" ON "send_recommendations" USING btree ("organization_id","id");--> statement-breakpoint
CREATE INDEX "send_recommendations_made_idx" ON "send_recommendations" USING btree ("organization_id","created_at");--> statement-breakpoint
CREATE INDEX "send_recommendations_created_at_idx" ON "send_recommendations" USING btree ("created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "send_sessions_participant_id_key" ON "send_sessions" USING btree ("participant_id");--> statement-breakpoint
CREATE INDEX "send_sessions_call_id_idx" ON "send_sessions" USING btree ("call_id");--> statement-breakpoint
CREATE INDEX "send_sessions_organization_id_idx" ON "send_sessions" USING btree ("organization_id","id");--> statement-breakpoint
select tenant_wall('send_recommendations');--> statement-breakpoint
grant select, insert, update, delete on send_recommendations to auralink_app, auralink_system;--> statement-breakpoint
select tenant_wall('send_sessions');--> statement-breakpoint
grant select, insert, update, delete on send_sessions to auralink_app, auralink_system;
