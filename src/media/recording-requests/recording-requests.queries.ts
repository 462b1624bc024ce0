import { and, eq } from 'drizzle-orm';
import type { Queries } from '../../kernel/db/index.ts';
import { links } from '../../rooms/links/links.tables.ts';
import { roomPeople } from '../../rooms/rooms/rooms.tables.ts';

/** The link that a person came into the room by; none for those who came without one. */
export const selectLinkOf = (q: Queries, organizationId: string, roomId: string, identity: string) =>
  q
    .select({ enableRecording: links.enableRecording })
    .from(roomPeople)
    .innerJoin(links, eq(links.id, roomPeople.linkId))
    .where(
      and(
        eq(roomPeople.organizationId, organizationId),
        eq(roomPeople.roomId, roomId),
        eq(roomPeople.identity, identity),
      ),
    );
