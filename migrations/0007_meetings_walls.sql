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
