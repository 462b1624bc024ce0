import { selectCall } from '../../calls/calls/index.ts';
import type { Ctx } from '../../kernel/context/index.ts';
import type { Line } from './answer.rules.ts';
import type { AskedCall } from './asked-call.ts';
import { selectSaid, selectTranscriptOfCall, selectWords, selectWritten } from './call-questions.queries.ts';
import type { CallQuestion } from './call-questions.tables.ts';
import { linesAt } from './places.rules.ts';

interface Said {
  position: number;
  startMs: number;
  text: string;
}
interface Written {
  id: string;
  text: string;
  sentAt: Date;
}

/** Segments of live captions have their times in the call already. */
const spokenLine = ({ position, startMs, text }: Said): Line => ({
  kind: 'speech',
  id: String(position),
  text,
  atMs: startMs,
});
const writtenLine = ({ id, text, sentAt }: Written, begun: Date): Line => ({
  kind: 'chat',
  id,
  text,
  atMs: sentAt.getTime() - begun.getTime(),
});

/** The lines that were said and written in a call since the asker may know it, in the order of time. */
export async function readLines(ctx: Ctx, { call, begun, from }: AskedCall) {
  const { organizationId } = ctx;
  const to = call.endedAt ?? new Date(ctx.clock.now());
  const [[transcription], written] = await ctx.read((q) => [
    selectTranscriptOfCall(q, organizationId, call.id),
    selectWritten(q, organizationId, call.roomId, { from, to }),
  ]);
  const messages = written.map((each) => writtenLine(each, begun));
  if (!transcription) return { transcriptionId: null, lines: messages.toReversed() };
  const fromMs = Math.max(0, Math.floor(from.getTime() - begun.getTime()));
  const [said] = await ctx.read((q) => [selectSaid(q, organizationId, transcription.id, fromMs)]);
  const spoken = said.filter(({ isGap }) => !isGap).map(spokenLine);
  const lines = [...spoken, ...messages].toSorted((a, b) => a.atMs - b.atMs);
  return { transcriptionId: transcription.id, lines };
}

/**
 * The lines that the model was given, with their present words: a line that was deleted or corrected since proves
 * nothing.
 */
export async function readGivenLines(
  ctx: Ctx,
  { roomId, callId, transcriptionId, lines: places }: CallQuestion,
): Promise<Line[]> {
  const { organizationId } = ctx;
  const given = linesAt(places);
  const ids = given.flatMap(({ kind, id }) => (kind === 'chat' ? id : []));
  const [[call], written, said] = await ctx.read((q) => [
    selectCall(q, organizationId, callId),
    selectWords(q, organizationId, roomId, ids),
    selectSaid(q, organizationId, transcriptionId ?? '', 0),
  ]);
  const begun = call!.startedAt ?? call!.createdAt;
  const lines = [...said.map(spokenLine), ...written.map((each) => writtenLine(each, begun))];
  const found = new Map(lines.map((line) => [line.id, line]));
  return given.map((place) => found.get(place.id) ?? { ...place, atMs: 0, text: '' });
}
