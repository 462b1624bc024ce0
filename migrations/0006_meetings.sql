CREATE TABLE "lobby_entries" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"organization_id" text collate "C" NOT NULL,
	"room_id" text collate "C" NOT NULL,
	"identity" text NOT NULL,
	"kind" text NOT NULL,
	"user_id" text collate "C",
	"name" text NOT NULL,
	"role" text NOT NULL,
	"status" text DEFAULT 'waiting' NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"decided_at" timestamp (3) with time zone,
	"decided_by" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "lobby_entries_kind_check" CHECK ("lobby_entries"."kind" in ('user', 'guest', 'service', 'agent')),
	CONSTRAINT "lobby_entries_role_check" CHECK ("lobby_entries"."role" in ('host', 'moderator', 'participant', 'viewer', 'agent', 'observer')),
	CONSTRAINT "lobby_entries_status_check" CHECK ("lobby_entries"."status" in ('waiting', 'admitted', 'denied', 'cancelled', 'expired'))
);
--> statement-breakpoint
CREATE TABLE "breakout_people" (
	"organization_id" text collate "C" NOT NULL,
	"breakout_id" text collate "C" NOT NULL,
	"identity" text NOT NULL,
	"room_id" text collate "C" NOT NULL,
	"kind" text NOT NULL,
	"user_id" text collate "C",
	"link_id" text collate "C",
	"name" text NOT NULL,
	"role" text NOT NULL,
	CONSTRAINT "breakout_people_breakout_id_identity_pk" PRIMARY KEY("breakout_id","identity"),
	CONSTRAINT "breakout_people_kind_check" CHECK ("breakout_people"."kind" in ('user', 'guest', 'service', 'agent')),
	CONSTRAINT "breakout_people_role_check" CHECK ("breakout_people"."role" in ('host', 'moderator', 'participant', 'viewer', 'agent', 'observer'))
);
--> statement-breakpoint
CREATE TABLE "breakout_rooms" (
	"organization_id" text collate "C" NOT NULL,
	"breakout_id" text collate "C" NOT NULL,
	"room_id" text collate "C" NOT NULL,
	"position" integer NOT NULL,
	CONSTRAINT "breakout_rooms_breakout_id_room_id_pk" PRIMARY KEY("breakout_id","room_id")
);
--> statement-breakpoint
CREATE TABLE "breakouts" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"organization_id" text collate "C" NOT NULL,
	"room_id" text collate "C" NOT NULL,
	"assignment" text NOT NULL,
	"status" text DEFAULT 'open' NOT NULL,
	"closes_at" timestamp (3) with time zone,
	"opened_by" text NOT NULL,
	"opened_at" timestamp (3) with time zone NOT NULL,
	"closed_at" timestamp (3) with time zone,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "breakouts_assignment_check" CHECK ("breakouts"."assignment" in ('manual', 'automatic', 'self_chosen')),
	CONSTRAINT "breakouts_status_check" CHECK ("breakouts"."status" in ('open', 'closed'))
);
--> statement-breakpoint
CREATE TABLE "call_connections" (
	"organization_id" text collate "C" NOT NULL,
	"call_id" text collate "C" NOT NULL,
	"sid" text NOT NULL,
	"participant_id" text collate "C" NOT NULL,
	"name" text NOT NULL,
	"joined" jsonb NOT NULL,
	"joined_at" timestamp (3) with time zone NOT NULL,
	"left" jsonb,
	"left_at" timestamp (3) with time zone,
	"leave_reason" text,
	"connected" boolean NOT NULL,
	"evidence" jsonb NOT NULL,
	"version" integer NOT NULL,
	CONSTRAINT "call_connections_call_id_sid_pk" PRIMARY KEY("call_id","sid"),
	CONSTRAINT "call_connections_leave_reason_check" CHECK ("call_connections"."leave_reason" in ('left', 'replaced', 'removed', 'call_ended', 'connection_lost', 'join_failed', 'server_stopped', 'moved'))
);
--> statement-breakpoint
CREATE TABLE "call_participants" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"organization_id" text collate "C" NOT NULL,
	"call_id" text collate "C" NOT NULL,
	"identity" text NOT NULL,
	"kind" text NOT NULL,
	"user_id" text collate "C",
	"name" text NOT NULL,
	"role" text NOT NULL,
	"status" text DEFAULT 'waiting' NOT NULL,
	"seat_since" timestamp (3) with time zone,
	"seat_until" timestamp (3) with time zone,
	"joined_at" timestamp (3) with time zone,
	"left_at" timestamp (3) with time zone,
	"connected_ms" bigint DEFAULT 0 NOT NULL,
	"region" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "call_participants_kind_check" CHECK ("call_participants"."kind" in ('user', 'guest', 'service', 'agent')),
	CONSTRAINT "call_participants_role_check" CHECK ("call_participants"."role" in ('host', 'moderator', 'participant', 'viewer', 'agent', 'observer')),
	CONSTRAINT "call_participants_status_check" CHECK ("call_participants"."status" in ('waiting', 'connected', 'disconnected', 'left'))
);
--> statement-breakpoint
CREATE TABLE "call_tracks" (
	"organization_id" text collate "C" NOT NULL,
	"call_id" text collate "C" NOT NULL,
	"sid" text NOT NULL,
	"participant_id" text collate "C" NOT NULL,
	"connection_sid" text NOT NULL,
	"kind" text NOT NULL,
	"source" text NOT NULL,
	"muted" boolean DEFAULT false NOT NULL,
	"published" jsonb NOT NULL,
	"published_at" timestamp (3) with time zone NOT NULL,
	"unpublished" jsonb,
	"unpublished_at" timestamp (3) with time zone,
	"evidence" jsonb NOT NULL,
	"version" integer NOT NULL,
	CONSTRAINT "call_tracks_call_id_sid_pk" PRIMARY KEY("call_id","sid"),
	CONSTRAINT "call_tracks_kind_check" CHECK ("call_tracks"."kind" in ('audio', 'video', 'data')),
	CONSTRAINT "call_tracks_source_check" CHECK ("call_tracks"."source" in ('camera', 'microphone', 'screen_share', 'screen_share_audio', 'unknown'))
);
--> statement-breakpoint
CREATE TABLE "calls" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"organization_id" text collate "C" NOT NULL,
	"room_id" text collate "C" NOT NULL,
	"cluster" text NOT NULL,
	"region" text,
	"status" text DEFAULT 'waiting' NOT NULL,
	"started_at" timestamp (3) with time zone,
	"started" jsonb,
	"ended_at" timestamp (3) with time zone,
	"ended" jsonb,
	"end_reason" text,
	"peak_participants" integer DEFAULT 0 NOT NULL,
	"participant_ms" bigint DEFAULT 0 NOT NULL,
	"evidence" jsonb,
	"swept_at" timestamp (3) with time zone,
	"swept_version" integer,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "calls_status_check" CHECK ("calls"."status" in ('waiting', 'active', 'ended', 'failed')),
	CONSTRAINT "calls_end_reason_check" CHECK ("calls"."end_reason" in ('closed', 'empty', 'out_of_time', 'lost', 'nobody_came'))
);
--> statement-breakpoint
CREATE TABLE "contacts" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"organization_id" text collate "C" NOT NULL,
	"user_id" text collate "C" NOT NULL,
	"contact_user_id" text collate "C",
	"name" text,
	"address" text,
	"nickname" text,
	"relationship" text NOT NULL,
	"favourite" boolean DEFAULT false NOT NULL,
	"tags" text[] DEFAULT '{}' NOT NULL,
	"notes" text,
	"blocked_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "contacts_relationship_check" CHECK ("contacts"."relationship" in ('friend', 'colleague')),
	CONSTRAINT "contacts_kind_check" CHECK (("contacts"."contact_user_id" is null) = ("contacts"."name" is not null and "contacts"."address" is not null)),
	CONSTRAINT "contacts_self_check" CHECK ("contacts"."contact_user_id" is null or "contacts"."contact_user_id" <> "contacts"."user_id")
);
--> statement-breakpoint
CREATE TABLE "livekit_events" (
	"id" text PRIMARY KEY NOT NULL,
	"cluster" text NOT NULL,
	"room" text NOT NULL,
	"type" text NOT NULL,
	"body" text NOT NULL,
	"received_at" timestamp (3) with time zone NOT NULL,
	"reduced_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "link_visitors" (
	"organization_id" text collate "C" NOT NULL,
	"link_id" text collate "C" NOT NULL,
	"visitor_hash" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "link_visitors_link_id_visitor_hash_pk" PRIMARY KEY("link_id","visitor_hash")
);
--> statement-breakpoint
CREATE TABLE "links" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"organization_id" text collate "C" NOT NULL,
	"room_id" text collate "C" NOT NULL,
	"call_id" text collate "C",
	"type" text NOT NULL,
	"code" text NOT NULL,
	"title" text,
	"description" text,
	"access" text NOT NULL,
	"password_hash" text,
	"max_uses" integer,
	"uses" integer DEFAULT 0 NOT NULL,
	"clicks" integer DEFAULT 0 NOT NULL,
	"unique_visitors" integer DEFAULT 0 NOT NULL,
	"enable_recording" boolean NOT NULL,
	"enable_screen_share" boolean NOT NULL,
	"enable_chat" boolean NOT NULL,
	"auto_join" boolean NOT NULL,
	"require_approval" boolean NOT NULL,
	"default_role" text NOT NULL,
	"is_active" boolean DEFAULT true NOT NULL,
	"metadata" jsonb NOT NULL,
	"expires_at" timestamp (3) with time zone,
	"last_used_at" timestamp (3) with time zone,
	"created_by" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"deleted_at" timestamp (3) with time zone,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "links_type_check" CHECK ("links"."type" in ('room', 'call', 'agent')),
	CONSTRAINT "links_access_check" CHECK ("links"."access" in ('public', 'password', 'restricted')),
	CONSTRAINT "links_default_role_check" CHECK ("links"."default_role" in ('host', 'moderator', 'participant', 'viewer'))
);
--> statement-breakpoint
CREATE TABLE "room_moves" (
	"organization_id" text collate "C" NOT NULL,
	"room_id" text collate "C" NOT NULL,
	"identity" text NOT NULL,
	"from_room_id" text collate "C" NOT NULL,
	"kind" text NOT NULL,
	"user_id" text collate "C",
	"link_id" text collate "C",
	"name" text NOT NULL,
	"role" text NOT NULL,
	"moved_by" text NOT NULL,
	"moved_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"entered_at" timestamp (3) with time zone,
	CONSTRAINT "room_moves_room_id_identity_pk" PRIMARY KEY("room_id","identity"),
	CONSTRAINT "room_moves_kind_check" CHECK ("room_moves"."kind" in ('user', 'guest', 'service', 'agent')),
	CONSTRAINT "room_moves_role_check" CHECK ("room_moves"."role" in ('host', 'moderator', 'participant', 'viewer', 'agent', 'observer'))
);
--> statement-breakpoint
CREATE TABLE "poll_votes" (
	"organization_id" text collate "C" NOT NULL,
	"poll_id" text collate "C" NOT NULL,
	"voter" text NOT NULL,
	"user_id" text collate "C",
	"choices" text[] NOT NULL,
	CONSTRAINT "poll_votes_poll_id_voter_pk" PRIMARY KEY("poll_id","voter")
);
--> statement-breakpoint
CREATE TABLE "polls" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"organization_id" text collate "C" NOT NULL,
	"room_id" text collate "C" NOT NULL,
	"question" text NOT NULL,
	"options" jsonb NOT NULL,
	"max_choices" integer NOT NULL,
	"anonymous" boolean NOT NULL,
	"results_shown" text NOT NULL,
	"changeable" boolean NOT NULL,
	"status" text DEFAULT 'open' NOT NULL,
	"opened_by" text NOT NULL,
	"opened_at" timestamp (3) with time zone NOT NULL,
	"closed_at" timestamp (3) with time zone,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "polls_results_shown_check" CHECK ("polls"."results_shown" in ('always', 'after_vote', 'after_close')),
	CONSTRAINT "polls_status_check" CHECK ("polls"."status" in ('open', 'closed'))
);
--> statement-breakpoint
CREATE TABLE "presences" (
	"organization_id" text collate "C" NOT NULL,
	"user_id" text collate "C" NOT NULL,
	"status" text DEFAULT 'online' NOT NULL,
	"message" text,
	"expires_at" timestamp (3) with time zone,
	"visibility" text DEFAULT 'everyone' NOT NULL,
	"screen_unknown" boolean DEFAULT false NOT NULL,
	"favourites_ring" boolean DEFAULT true NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "presences_organization_id_user_id_pk" PRIMARY KEY("organization_id","user_id"),
	CONSTRAINT "presences_status_check" CHECK ("presences"."status" in ('online', 'away', 'busy', 'dnd', 'offline')),
	CONSTRAINT "presences_visibility_check" CHECK ("presences"."visibility" in ('everyone', 'contacts', 'nobody'))
);
--> statement-breakpoint
CREATE TABLE "call_feedback" (
	"participant_id" text collate "C" PRIMARY KEY NOT NULL,
	"organization_id" text collate "C" NOT NULL,
	"call_id" text collate "C" NOT NULL,
	"rating" smallint NOT NULL,
	"reasons" text[] NOT NULL,
	"comment" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "call_feedback_rating_check" CHECK ("call_feedback"."rating" between 1 and 5),
	CONSTRAINT "call_feedback_reasons_check" CHECK ("call_feedback"."reasons" <@ array['audio_dropouts', 'audio_distorted', 'echo', 'noise', 'not_heard', 'could_not_hear', 'video_frozen', 'video_blurry', 'out_of_sync', 'delay', 'disconnected', 'could_not_join', 'screen_share', 'captions', 'other']::text[])
);
--> statement-breakpoint
CREATE TABLE "quality_samples" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"organization_id" text collate "C" NOT NULL,
	"call_id" text collate "C" NOT NULL,
	"participant_id" text collate "C" NOT NULL,
	"connection" text NOT NULL,
	"sequence" integer NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone NOT NULL,
	"dropped" smallint DEFAULT 0 NOT NULL,
	"bytes_sent" bigint DEFAULT 0 NOT NULL,
	"bytes_received" bigint DEFAULT 0 NOT NULL,
	"size" integer NOT NULL,
	"samples" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "quality_totals" (
	"participant_id" text collate "C" PRIMARY KEY NOT NULL,
	"organization_id" text collate "C" NOT NULL,
	"call_id" text collate "C" NOT NULL,
	"batches" integer NOT NULL,
	"bytes_sent" bigint DEFAULT 0 NOT NULL,
	"bytes_received" bigint DEFAULT 0 NOT NULL,
	"marks" jsonb NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "rings" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"organization_id" text collate "C" NOT NULL,
	"caller_id" text collate "C" NOT NULL,
	"callee_id" text collate "C" NOT NULL,
	"room_id" text collate "C",
	"direct" boolean NOT NULL,
	"message" text,
	"status" text NOT NULL,
	"unheard" text,
	"timeout_seconds" integer NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"ended_by" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "rings_status_check" CHECK ("rings"."status" in ('ringing', 'accepted', 'declined', 'cancelled', 'busy', 'missed')),
	CONSTRAINT "rings_unheard_check" CHECK ("rings"."unheard" in ('busy', 'do_not_disturb', 'screened', 'blocked'))
);
--> statement-breakpoint
CREATE TABLE "room_people" (
	"organization_id" text collate "C" NOT NULL,
	"room_id" text collate "C" NOT NULL,
	"identity" text NOT NULL,
	"user_id" text collate "C",
	"role" text,
	"link_id" text collate "C",
	"removed_at" timestamp (3) with time zone,
	"changed_by" text NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "room_people_room_id_identity_pk" PRIMARY KEY("room_id","identity"),
	CONSTRAINT "room_people_role_check" CHECK ("room_people"."role" in ('host', 'moderator', 'participant', 'viewer', 'agent', 'observer'))
);
--> statement-breakpoint
CREATE TABLE "rooms" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"organization_id" text collate "C" NOT NULL,
	"name" text NOT NULL,
	"type" text NOT NULL,
	"status" text DEFAULT 'open' NOT NULL,
	"capacity" integer NOT NULL,
	"features" jsonb NOT NULL,
	"lobby" boolean DEFAULT false NOT NULL,
	"locked" boolean DEFAULT false NOT NULL,
	"schedule" jsonb,
	"max_duration_seconds" integer,
	"empty_timeout_seconds" integer NOT NULL,
	"departure_timeout_seconds" integer NOT NULL,
	"default_roles" jsonb NOT NULL,
	"tags" text[] NOT NULL,
	"metadata" jsonb NOT NULL,
	"parent_room_id" text collate "C",
	"created_by" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"deleted_at" timestamp (3) with time zone,
	"version" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "rooms_type_check" CHECK ("rooms"."type" in ('one_to_one', 'group', 'conference', 'broadcast', 'audio_room')),
	CONSTRAINT "rooms_status_check" CHECK ("rooms"."status" in ('open', 'ended'))
);
--> statement-breakpoint
CREATE TABLE "chat_messages" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"organization_id" text collate "C" NOT NULL,
	"room_id" text collate "C" NOT NULL,
	"identity" text NOT NULL,
	"user_id" text collate "C",
	"name" text NOT NULL,
	"text" text NOT NULL,
	"thread_id" text collate "C",
	"reply_to_id" text collate "C",
	"sent_at" timestamp (3) with time zone NOT NULL,
	"edited_at" timestamp (3) with time zone,
	"deleted_at" timestamp (3) with time zone,
	"changed_at" timestamp (3) with time zone NOT NULL,
	"version" integer DEFAULT 1 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "chat_reactions" (
	"organization_id" text collate "C" NOT NULL,
	"message_id" text collate "C" NOT NULL,
	"identity" text NOT NULL,
	"emoji" text NOT NULL,
	"active" boolean NOT NULL,
	"changed_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "chat_reactions_message_id_identity_emoji_pk" PRIMARY KEY("message_id","identity","emoji")
);
--> statement-breakpoint
ALTER TABLE "audit_logs" DROP CONSTRAINT "audit_logs_actor_kind_check";--> statement-breakpoint
ALTER TABLE "lobby_entries" ADD CONSTRAINT "lobby_entries_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "lobby_entries" ADD CONSTRAINT "lobby_entries_room_id_rooms_id_fk" FOREIGN KEY ("room_id") REFERENCES "public"."rooms"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "lobby_entries" ADD CONSTRAINT "lobby_entries_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "breakout_people" ADD CONSTRAINT "breakout_people_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "breakout_people" ADD CONSTRAINT "breakout_people_breakout_id_breakouts_id_fk" FOREIGN KEY ("breakout_id") REFERENCES "public"."breakouts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "breakout_people" ADD CONSTRAINT "breakout_people_room_id_rooms_id_fk" FOREIGN KEY ("room_id") REFERENCES "public"."rooms"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "breakout_people" ADD CONSTRAINT "breakout_people_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "breakout_people" ADD CONSTRAINT "breakout_people_link_id_links_id_fk" FOREIGN KEY ("link_id") REFERENCES "public"."links"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "breakout_rooms" ADD CONSTRAINT "breakout_rooms_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "breakout_rooms" ADD CONSTRAINT "breakout_rooms_breakout_id_breakouts_id_fk" FOREIGN KEY ("breakout_id") REFERENCES "public"."breakouts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "breakout_rooms" ADD CONSTRAINT "breakout_rooms_room_id_rooms_id_fk" FOREIGN KEY ("room_id") REFERENCES "public"."rooms"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "breakouts" ADD CONSTRAINT "breakouts_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "breakouts" ADD CONSTRAINT "breakouts_room_id_rooms_id_fk" FOREIGN KEY ("room_id") REFERENCES "public"."rooms"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "call_connections" ADD CONSTRAINT "call_connections_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "call_connections" ADD CONSTRAINT "call_connections_call_id_calls_id_fk" FOREIGN KEY ("call_id") REFERENCES "public"."calls"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "call_connections" ADD CONSTRAINT "call_connections_participant_id_call_participants_id_fk" FOREIGN KEY ("participant_id") REFERENCES "public"."call_participants"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "call_participants" ADD CONSTRAINT "call_participants_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "call_participants" ADD CONSTRAINT "call_participants_call_id_calls_id_fk" FOREIGN KEY ("call_id") REFERENCES "public"."calls"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "call_participants" ADD CONSTRAINT "call_participants_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "call_tracks" ADD CONSTRAINT "call_tracks_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "call_tracks" ADD CONSTRAINT "call_tracks_call_id_calls_id_fk" FOREIGN KEY ("call_id") REFERENCES "public"."calls"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "call_tracks" ADD CONSTRAINT "call_tracks_participant_id_call_participants_id_fk" FOREIGN KEY ("participant_id") REFERENCES "public"."call_participants"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "calls" ADD CONSTRAINT "calls_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "calls" ADD CONSTRAINT "calls_room_id_rooms_id_fk" FOREIGN KEY ("room_id") REFERENCES "public"."rooms"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contacts" ADD CONSTRAINT "contacts_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contacts" ADD CONSTRAINT "contacts_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contacts" ADD CONSTRAINT "contacts_contact_user_id_users_id_fk" FOREIGN KEY ("contact_user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "link_visitors" ADD CONSTRAINT "link_visitors_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "link_visitors" ADD CONSTRAINT "link_visitors_link_id_links_id_fk" FOREIGN KEY ("link_id") REFERENCES "public"."links"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "links" ADD CONSTRAINT "links_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "links" ADD CONSTRAINT "links_room_id_rooms_id_fk" FOREIGN KEY ("room_id") REFERENCES "public"."rooms"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "links" ADD CONSTRAINT "links_call_id_calls_id_fk" FOREIGN KEY ("call_id") REFERENCES "public"."calls"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "room_moves" ADD CONSTRAINT "room_moves_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "room_moves" ADD CONSTRAINT "room_moves_room_id_rooms_id_fk" FOREIGN KEY ("room_id") REFERENCES "public"."rooms"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "room_moves" ADD CONSTRAINT "room_moves_from_room_id_rooms_id_fk" FOREIGN KEY ("from_room_id") REFERENCES "public"."rooms"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "room_moves" ADD CONSTRAINT "room_moves_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "room_moves" ADD CONSTRAINT "room_moves_link_id_links_id_fk" FOREIGN KEY ("link_id") REFERENCES "public"."links"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "poll_votes" ADD CONSTRAINT "poll_votes_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "poll_votes" ADD CONSTRAINT "poll_votes_poll_id_polls_id_fk" FOREIGN KEY ("poll_id") REFERENCES "public"."polls"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "poll_votes" ADD CONSTRAINT "poll_votes_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "polls" ADD CONSTRAINT "polls_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "polls" ADD CONSTRAINT "polls_room_id_rooms_id_fk" FOREIGN KEY ("room_id") REFERENCES "public"."rooms"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "presences" ADD CONSTRAINT "presences_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "presences" ADD CONSTRAINT "presences_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "call_feedback" ADD CONSTRAINT "call_feedback_participant_id_call_participants_id_fk" FOREIGN KEY ("participant_id") REFERENCES "public"."call_participants"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "call_feedback" ADD CONSTRAINT "call_feedback_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "call_feedback" ADD CONSTRAINT "call_feedback_call_id_calls_id_fk" FOREIGN KEY ("call_id") REFERENCES "public"."calls"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "quality_samples" ADD CONSTRAINT "quality_samples_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "quality_samples" ADD CONSTRAINT "quality_samples_call_id_calls_id_fk" FOREIGN KEY ("call_id") REFERENCES "public"."calls"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "quality_samples" ADD CONSTRAINT "quality_samples_participant_id_call_participants_id_fk" FOREIGN KEY ("participant_id") REFERENCES "public"."call_participants"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "quality_totals" ADD CONSTRAINT "quality_totals_participant_id_call_participants_id_fk" FOREIGN KEY ("participant_id") REFERENCES "public"."call_participants"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "quality_totals" ADD CONSTRAINT "quality_totals_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "quality_totals" ADD CONSTRAINT "quality_totals_call_id_calls_id_fk" FOREIGN KEY ("call_id") REFERENCES "public"."calls"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rings" ADD CONSTRAINT "rings_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rings" ADD CONSTRAINT "rings_caller_id_users_id_fk" FOREIGN KEY ("caller_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rings" ADD CONSTRAINT "rings_callee_id_users_id_fk" FOREIGN KEY ("callee_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rings" ADD CONSTRAINT "rings_room_id_rooms_id_fk" FOREIGN KEY ("room_id") REFERENCES "public"."rooms"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "room_people" ADD CONSTRAINT "room_people_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "room_people" ADD CONSTRAINT "room_people_room_id_rooms_id_fk" FOREIGN KEY ("room_id") REFERENCES "public"."rooms"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "room_people" ADD CONSTRAINT "room_people_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rooms" ADD CONSTRAINT "rooms_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rooms" ADD CONSTRAINT "rooms_parent_room_id_rooms_id_fk" FOREIGN KEY ("parent_room_id") REFERENCES "public"."rooms"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "chat_messages" ADD CONSTRAINT "chat_messages_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "chat_messages" ADD CONSTRAINT "chat_messages_room_id_rooms_id_fk" FOREIGN KEY ("room_id") REFERENCES "public"."rooms"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "chat_messages" ADD CONSTRAINT "chat_messages_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "chat_reactions" ADD CONSTRAINT "chat_reactions_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "chat_reactions" ADD CONSTRAINT "chat_reactions_message_id_chat_messages_id_fk" FOREIGN KEY ("message_id") REFERENCES "public"."chat_messages"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "lobby_entries_waiting_key" ON "lobby_entries" USING btree ("room_id","identity") WHERE "lobby_entries"."status" = 'waiting';--> statement-breakpoint
CREATE INDEX "lobby_entries_room_id_idx" ON "lobby_entries" USING btree ("room_id","id");--> statement-breakpoint
CREATE INDEX "lobby_entries_organization_id_idx" ON "lobby_entries" USING btree ("organization_id");--> statement-breakpoint
CREATE INDEX "lobby_entries_user_id_idx" ON "lobby_entries" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "breakout_people_room_id_idx" ON "breakout_people" USING btree ("room_id");--> statement-breakpoint
CREATE INDEX "breakout_people_user_id_idx" ON "breakout_people" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "breakout_people_link_id_idx" ON "breakout_people" USING btree ("link_id");--> statement-breakpoint
CREATE INDEX "breakout_people_organization_id_idx" ON "breakout_people" USING btree ("organization_id");--> statement-breakpoint
CREATE INDEX "breakout_rooms_room_id_idx" ON "breakout_rooms" USING btree ("room_id");--> statement-breakpoint
CREATE INDEX "breakout_rooms_organization_id_idx" ON "breakout_rooms" USING btree ("organization_id");--> statement-breakpoint
CREATE UNIQUE INDEX "breakouts_open_room_key" ON "breakouts" USING btree ("room_id") WHERE "breakouts"."status" = 'open';--> statement-breakpoint
CREATE INDEX "breakouts_due_idx" ON "breakouts" USING btree ("closes_at") WHERE "breakouts"."status" = 'open';--> statement-breakpoint
CREATE INDEX "breakouts_room_id_idx" ON "breakouts" USING btree ("room_id","id");--> statement-breakpoint
CREATE INDEX "breakouts_organization_id_idx" ON "breakouts" USING btree ("organization_id");--> statement-breakpoint
CREATE INDEX "call_connections_open_idx" ON "call_connections" USING btree ("call_id") WHERE "call_connections"."left_at" is null;--> statement-breakpoint
CREATE INDEX "call_connections_participant_id_idx" ON "call_connections" USING btree ("participant_id");--> statement-breakpoint
CREATE INDEX "call_connections_organization_id_idx" ON "call_connections" USING btree ("organization_id","joined_at");--> statement-breakpoint
CREATE INDEX "call_connections_organization_left_idx" ON "call_connections" USING btree ("organization_id","left_at");--> statement-breakpoint
CREATE UNIQUE INDEX "call_participants_identity_key" ON "call_participants" USING btree ("call_id","identity");--> statement-breakpoint
CREATE INDEX "call_participants_organization_id_idx" ON "call_participants" USING btree ("organization_id");--> statement-breakpoint
CREATE INDEX "call_participants_user_id_idx" ON "call_participants" USING btree ("user_id","id");--> statement-breakpoint
CREATE INDEX "call_tracks_participant_id_idx" ON "call_tracks" USING btree ("participant_id");--> statement-breakpoint
CREATE INDEX "call_tracks_organization_id_idx" ON "call_tracks" USING btree ("organization_id");--> statement-breakpoint
CREATE UNIQUE INDEX "calls_open_room_key" ON "calls" USING btree ("room_id") WHERE "calls"."status" in ('waiting', 'active');--> statement-breakpoint
CREATE INDEX "calls_open_idx" ON "calls" USING btree ("id") WHERE "calls"."status" in ('waiting', 'active');--> statement-breakpoint
CREATE INDEX "calls_organization_id_idx" ON "calls" USING btree ("organization_id","id");--> statement-breakpoint
CREATE INDEX "calls_organization_ended_idx" ON "calls" USING btree ("organization_id","ended_at");--> statement-breakpoint
CREATE INDEX "calls_room_id_idx" ON "calls" USING btree ("room_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "contacts_person_key" ON "contacts" USING btree ("organization_id","user_id","contact_user_id");--> statement-breakpoint
CREATE UNIQUE INDEX "contacts_address_key" ON "contacts" USING btree ("organization_id","user_id",lower("address")) WHERE "contacts"."address" is not null;--> statement-breakpoint
CREATE INDEX "contacts_owner_idx" ON "contacts" USING btree ("organization_id","user_id","id");--> statement-breakpoint
CREATE INDEX "contacts_user_id_idx" ON "contacts" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "contacts_contact_user_id_idx" ON "contacts" USING btree ("contact_user_id");--> statement-breakpoint
CREATE INDEX "livekit_events_waiting_idx" ON "livekit_events" USING btree ("room","received_at") WHERE "livekit_events"."reduced_at" is null;--> statement-breakpoint
CREATE INDEX "livekit_events_received_at_idx" ON "livekit_events" USING btree ("received_at");--> statement-breakpoint
CREATE INDEX "link_visitors_organization_id_idx" ON "link_visitors" USING btree ("organization_id");--> statement-breakpoint
CREATE UNIQUE INDEX "links_code_key" ON "links" USING btree ("code");--> statement-breakpoint
CREATE INDEX "links_organization_id_idx" ON "links" USING btree ("organization_id","id") WHERE "links"."deleted_at" is null;--> statement-breakpoint
CREATE INDEX "links_organization_all_idx" ON "links" USING btree ("organization_id");--> statement-breakpoint
CREATE INDEX "links_room_id_idx" ON "links" USING btree ("room_id");--> statement-breakpoint
CREATE INDEX "links_call_id_idx" ON "links" USING btree ("call_id");--> statement-breakpoint
CREATE INDEX "room_moves_organization_id_idx" ON "room_moves" USING btree ("organization_id");--> statement-breakpoint
CREATE INDEX "room_moves_from_room_id_idx" ON "room_moves" USING btree ("from_room_id");--> statement-breakpoint
CREATE INDEX "room_moves_user_id_idx" ON "room_moves" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "room_moves_link_id_idx" ON "room_moves" USING btree ("link_id");--> statement-breakpoint
CREATE INDEX "room_moves_expires_at_idx" ON "room_moves" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "poll_votes_user_id_idx" ON "poll_votes" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "poll_votes_organization_id_idx" ON "poll_votes" USING btree ("organization_id");--> statement-breakpoint
CREATE INDEX "polls_room_id_idx" ON "polls" USING btree ("room_id","id");--> statement-breakpoint
CREATE INDEX "polls_organization_id_idx" ON "polls" USING btree ("organization_id");--> statement-breakpoint
CREATE INDEX "presences_user_id_idx" ON "presences" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "call_feedback_call_id_idx" ON "call_feedback" USING btree ("call_id");--> statement-breakpoint
CREATE INDEX "call_feedback_organization_id_idx" ON "call_feedback" USING btree ("organization_id");--> statement-breakpoint
CREATE UNIQUE INDEX "quality_samples_batch_key" ON "quality_samples" USING btree ("participant_id","connection","sequence");--> statement-breakpoint
CREATE INDEX "quality_samples_call_id_idx" ON "quality_samples" USING btree ("call_id","id");--> statement-breakpoint
CREATE INDEX "quality_samples_organization_id_idx" ON "quality_samples" USING btree ("organization_id","id");--> statement-breakpoint
CREATE INDEX "quality_samples_created_at_idx" ON "quality_samples" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "quality_totals_call_id_idx" ON "quality_totals" USING btree ("call_id");--> statement-breakpoint
CREATE INDEX "quality_totals_organization_id_idx" ON "quality_totals" USING btree ("organization_id");--> statement-breakpoint
CREATE UNIQUE INDEX "rings_sounding_key" ON "rings" USING btree ("organization_id","callee_id") WHERE "rings"."status" = 'ringing' and "rings"."unheard" is null;--> statement-breakpoint
CREATE INDEX "rings_due_idx" ON "rings" USING btree ("expires_at") WHERE "rings"."status" = 'ringing';--> statement-breakpoint
CREATE INDEX "rings_organization_id_idx" ON "rings" USING btree ("organization_id","id");--> statement-breakpoint
CREATE INDEX "rings_caller_id_idx" ON "rings" USING btree ("caller_id","id");--> statement-breakpoint
CREATE INDEX "rings_callee_id_idx" ON "rings" USING btree ("callee_id","id");--> statement-breakpoint
CREATE INDEX "rings_room_id_idx" ON "rings" USING btree ("room_id");--> statement-breakpoint
CREATE INDEX "room_people_organization_id_idx" ON "room_people" USING btree ("organization_id");--> statement-breakpoint
CREATE INDEX "room_people_user_id_idx" ON "room_people" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "rooms_organization_id_idx" ON "rooms" USING btree ("organization_id","id") WHERE "rooms"."deleted_at" is null;--> statement-breakpoint
CREATE INDEX "rooms_organization_all_idx" ON "rooms" USING btree ("organization_id");--> statement-breakpoint
CREATE INDEX "rooms_parent_room_id_idx" ON "rooms" USING btree ("parent_room_id");--> statement-breakpoint
CREATE INDEX "chat_messages_room_id_idx" ON "chat_messages" USING btree ("room_id","sent_at","id");--> statement-breakpoint
CREATE INDEX "chat_messages_thread_id_idx" ON "chat_messages" USING btree ("thread_id","sent_at","id");--> statement-breakpoint
CREATE INDEX "chat_messages_organization_id_idx" ON "chat_messages" USING btree ("organization_id");--> statement-breakpoint
CREATE INDEX "chat_messages_user_id_idx" ON "chat_messages" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "chat_reactions_organization_id_idx" ON "chat_reactions" USING btree ("organization_id");--> statement-breakpoint
ALTER TABLE "audit_logs" ADD CONSTRAINT "audit_logs_actor_kind_check" CHECK ("audit_logs"."actor_kind" in ('user', 'apiKey', 'guest', 'operator', 'system', 'anonymous'));