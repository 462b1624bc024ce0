select tenant_wall('rooms'), tenant_wall('room_people'), tenant_wall('calls'), tenant_wall('call_participants'),
  tenant_wall('call_connections'), tenant_wall('call_tracks'), wall('livekit_events');
--> statement-breakpoint
grant select, insert, update, delete on rooms, room_people, calls, call_participants, call_connections, call_tracks
  to auralink_app, auralink_system;
--> statement-breakpoint
grant select, insert, update, delete on livekit_events to auralink_system;
--> statement-breakpoint
select tenant_wall('lobby_entries'), tenant_wall('links'), tenant_wall('link_visitors');
--> statement-breakpoint
grant select, insert, update, delete on lobby_entries, links, link_visitors to auralink_app, auralink_system;
--> statement-breakpoint
select tenant_wall('contacts'), tenant_wall('presences'), tenant_wall('rings');
--> statement-breakpoint
-- A person's own: nobody else's credential reaches them, whatever the statement.
create policy owner on contacts as restrictive to auralink_app using (user_id = (select current_actor()));
--> statement-breakpoint
create policy owner on presences as restrictive to auralink_app using (user_id = (select current_actor()));
--> statement-breakpoint
-- The two in a ring see it; who was rung sees nothing of somebody they block.
create policy party on rings as restrictive to auralink_app using (
  caller_id = (select current_actor())
  or (callee_id = (select current_actor()) and unheard is distinct from 'blocked'));
--> statement-breakpoint
grant select, insert, update, delete on contacts, presences, rings to auralink_app;
--> statement-breakpoint
-- Who may see whose presence is asked for many at once; names, nicknames and notes are not.
grant select (organization_id, user_id, contact_user_id, blocked_at) on contacts to auralink_system;
--> statement-breakpoint
grant select on presences to auralink_system;
--> statement-breakpoint
grant select, update, delete on rings to auralink_system;
--> statement-breakpoint
select tenant_wall('chat_messages'), tenant_wall('chat_reactions');
--> statement-breakpoint
grant select, insert, update, delete on chat_messages, chat_reactions to auralink_app, auralink_system;
--> statement-breakpoint
select tenant_wall('room_moves'), tenant_wall('breakouts'), tenant_wall('breakout_rooms'), tenant_wall('breakout_people'),
  tenant_wall('polls'), tenant_wall('poll_votes');
--> statement-breakpoint
grant select, insert, update, delete on room_moves, breakouts, breakout_rooms, breakout_people, polls, poll_votes
  to auralink_app, auralink_system;
--> statement-breakpoint
select tenant_wall('quality_samples'), tenant_wall('quality_totals'), tenant_wall('call_feedback');
--> statement-breakpoint
grant select, insert, update, delete on quality_samples, quality_totals, call_feedback to auralink_app, auralink_system;
