import { requireRoomAccess } from '../../rooms/access/index.ts';
import { hasStatus } from '../../kernel/core/index.ts';
import type { Ctx } from '../../kernel/context/index.ts';
import { getDownload } from '../recording-downloads/index.ts';
import type { Recording } from '../recordings/index.ts';
import { readPlaybackToken } from './playback-token.ts';
import { playbackErrors } from './playback.errors.ts';
import { selectRecordedPeople, selectRoomName, selectTopics } from './playback.queries.ts';
import {
  type PlaybackChapter,
  listChapters,
  placeStretches,
  type RecordedPerson,
  type RecordedTime,
  type Topic,
} from './playback.rules.ts';

/** What a player shows. */
export interface Playback {
  roomName: string;
  recording: Recording;
  media: { url: string; expiresAt: Date };
  people: RecordedPerson[];
  chapters: PlaybackChapter[];
  topics: readonly Topic[];
}

type PersonRow = Awaited<ReturnType<typeof selectRecordedPeople>>[number];

/** A recorder that reports no duration leaves nothing to place anything in. */
const timeOf = ({ startedAt, createdAt, durationMs }: Recording): RecordedTime => ({
  startedAt: startedAt ?? createdAt,
  durationMs: durationMs ?? 0,
});

function placePeople(rows: readonly PersonRow[], time: RecordedTime): RecordedPerson[] {
  const place = (stretches: PersonRow['present']) =>
    placeStretches(
      stretches.map(({ from, to }) => ({ from: new Date(from), to: to === null ? null : new Date(to) })),
      time,
    );
  return rows
    .map(({ present, sharing, ...person }) => ({
      ...person,
      present: place(present),
      sharing: place(sharing),
    }))
    .filter(({ present }) => present.length > 0);
}

/**
 * The recording that the token of an address plays, if its holder may have it now.
 * @throws AppError `playback.not_found`, whatever the holder lacks, or what `getDownload` throws about the file
 */
export async function openPlayback(ctx: Ctx, token: string): Promise<Playback> {
  const { ctx: asHolder, request, recordingId } = await readPlaybackToken(ctx, token);
  const { organizationId } = asHolder;
  try {
    const [{ recording, ...media }, [, rows, [room], [talk]]] = await Promise.all([
      getDownload(asHolder, request, recordingId),
      requireRoomAccess(asHolder, request, (q) => [
        selectRecordedPeople(q, organizationId, recordingId),
        selectRoomName(q, organizationId, request.roomId),
        selectTopics(q, organizationId, recordingId),
      ]),
    ]);
    const time = timeOf(recording);
    const people = placePeople(rows, time);
    const chapters = listChapters(people, time);
    return { roomName: room?.name ?? '', recording, media, people, chapters, topics: talk?.topics ?? [] };
  } catch (error) {
    // The address is public, so it does not report what its holder lacks.
    if (hasStatus(error, 403, 404)) throw playbackErrors.notFound({ cause: error });
    throw error;
  }
}
