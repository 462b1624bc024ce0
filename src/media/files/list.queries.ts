import { and, desc, eq, isNull, ne, type SQL, sql } from 'drizzle-orm';
import { callParticipants, calls } from '../../calls/calls/calls.tables.ts';
import { isBefore, type Queries } from '../../kernel/db/index.ts';
import { FILE_ACCESS, type FileAccess } from './files.enums.ts';
import { type FileReader, isLive, isOpenTo, isRestorable, isRoomOpenTo } from './files.queries.ts';
import { files } from './files.tables.ts';

interface FileFilter {
  roomId?: string | undefined;
  callId?: string | undefined;
  access?: FileAccess | undefined;
  /** Deleted files since this moment in place of the others. */
  deletedSince?: Date | undefined;
}

interface FileRange {
  before: string | undefined;
  limit: number;
}

/**
 * A part of a list that an index has in its order: a page of the list reads one page of each part, however many files
 * there are.
 */
interface ListBranch {
  /** Tables that the files are joined with. */
  from?: SQL;
  where: (SQL | undefined)[];
}

/** Files of the calls in which a user had a seat. */
const ofTheirCalls = (organizationId: string, userId: string): SQL => sql`
  (select p.call_id from ${callParticipants} p where p.user_id = ${userId} and p.organization_id = ${organizationId}) seats
  join ${files} on ${files.callId} = seats.call_id`;

/** Files of the rooms in which a user had a seat, from their first seat on. */
const ofTheirRooms = (organizationId: string, userId: string): SQL => sql`
  (select c.room_id, min(p.created_at) as since from ${callParticipants} p join ${calls} c on c.id = p.call_id
    where p.user_id = ${userId} and p.organization_id = ${organizationId} group by c.room_id) seats
  join ${files} on ${files.roomId} = seats.room_id and ${files.createdAt} >= seats.since`;

const hasAccess = (access: FileAccess) => eq(files.access, access);

/** The files that a member or an API key may read: their own, and what is shared with all, with their calls or with their rooms. */
function sharedBranches({ organizationId, viewer: { identity, roomViewer } }: FileReader, self: string) {
  const isShared = and(ne(files.scanStatus, 'infected'), isRoomOpenTo(self, roomViewer));
  const isForParticipants = and(hasAccess('participants'), isShared);
  return [
    { where: [eq(files.uploadedBy, self)] },
    { where: [hasAccess('organization'), isShared] },
    { where: [hasAccess('public'), isShared] },
    { from: ofTheirCalls(organizationId, identity!), where: [isForParticipants] },
    { from: ofTheirRooms(organizationId, identity!), where: [isForParticipants, isNull(files.callId)] },
  ];
}

/** The branches of the files that a viewer may read; each names an access or an uploader, with which its index begins. */
function liveBranches(reader: FileReader): ListBranch[] {
  const { identity, guestOfRoom } = reader.viewer;
  if (identity === null) return FILE_ACCESS.map((access) => ({ where: [hasAccess(access)] }));
  if (guestOfRoom !== null) return [{ where: [isOpenTo(reader.viewer)] }];
  return sharedBranches(reader, identity);
}

/** The ids of one page of a branch. */
const idsOf = ({ from = sql`${files}`, where }: ListBranch, { limit }: FileRange): SQL =>
  sql`(select ${files.id} from ${from} where ${and(...where)} order by ${files.id} desc limit ${limit + 1})`;

/** The files that the viewer may read, the newest first; one more than `limit`. */
export function selectFiles(
  q: Queries,
  reader: FileReader,
  { roomId, callId, access, deletedSince }: FileFilter,
  range: FileRange,
) {
  const { organizationId, viewer, now } = reader;
  const common = [
    eq(files.organizationId, organizationId),
    isBefore(files.id, range.before),
    roomId === undefined ? undefined : eq(files.roomId, roomId),
    callId === undefined ? undefined : eq(files.callId, callId),
    access === undefined ? undefined : hasAccess(access),
    deletedSince ? isRestorable(viewer, deletedSince, now) : isLive(now),
  ];
  const branches = deletedSince ? [{ where: [] }] : liveBranches(reader);
  const pages = branches.map(({ where, ...branch }) =>
    idsOf({ ...branch, where: [...common, ...where] }, range),
  );
  // As an array the ids are found in the primary key, whatever the statistics say of their number.
  return q
    .select()
    .from(files)
    .where(
      and(
        eq(files.organizationId, organizationId),
        sql`${files.id} = any(array(${sql.join(pages, sql` union all `)}))`,
      ),
    )
    .orderBy(desc(files.id))
    .limit(range.limit + 1);
}
