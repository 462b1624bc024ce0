import { beforeEach, expect, it } from 'vitest';
import { MemoryRoom } from '../../support/memory-room.ts';
import type { MemorySocket } from '../../support/memory-socket.ts';
import { sendForAnswer, applyCommand } from '../../support/room-helpers.ts';

let room: MemoryRoom;
let scribe: MemorySocket;
let ada: MemorySocket;

beforeEach(() => {
  room = new MemoryRoom();
  ada = room.join('ext_ada');
  scribe = room.join('agt_scribe', { role: 'agent', kind: 'agent' });
});

const caption = (version: number, text: string, final = false, segmentId = 'segment-1') =>
  sendForAnswer(room, scribe, {
    type: 'caption',
    segmentId,
    version,
    final,
    speaker: 'ext_ada',
    language: 'en',
    text,
  });

it('partial captions are transient with rising versions, and the final one is an event', () => {
  caption(1, 'good');
  caption(2, 'good mor');
  const ack = caption(3, 'good morning', true);
  expect(ada.framesOf('caption.partial').map(({ version, text }) => [version, text])).toEqual([
    [1, 'good'],
    [2, 'good mor'],
  ]);
  const [final] = ada.framesOf('caption.final');
  expect(final).toMatchObject({ text: 'good morning', speaker: 'ext_ada', identity: 'agt_scribe' });
  expect(ack).toMatchObject({ type: 'ack', seq: final!.seq });
});

it.each(['phc_01jd3v7q8gf4kr2x6a0w9mznpe', 'sip_+4930123', 'ing_01jd3v7q8gf4kr2x6a0w9mznpe'])(
  'telephones and ingresses have captions as people have: %s',
  (speaker) => {
    const frame = {
      type: 'caption',
      segmentId: 'a-0',
      version: 1,
      final: true,
      speaker,
      language: 'en',
      text: 'Hi',
    };
    expect(sendForAnswer(room, scribe, frame)).toMatchObject({ type: 'ack' });
    expect(ada.framesOf('caption.final')).toMatchObject([{ speaker }]);
  },
);

it('a version that is not higher is refused', () => {
  caption(5, 'later');
  expect(caption(5, 'again')).toMatchObject({ code: 'realtime.caption_stale' });
  expect(caption(4, 'earlier', true)).toMatchObject({ code: 'realtime.caption_stale' });
  expect(ada.framesOf('caption.partial')).toHaveLength(1);
});

it.each([false, true])('a final caption cannot be changed (evicted in between: %s)', (evicted) => {
  caption(1, 'final', true);
  if (evicted) room.evict();
  expect(caption(2, 'partial')).toMatchObject({ code: 'realtime.caption_final' });
  expect(caption(3, 'another final', true)).toMatchObject({ code: 'realtime.caption_final' });
  expect(ada.framesOf('caption.final').map(({ text }) => text)).toEqual(['final']);
});

it('segments are independent of each other', () => {
  caption(1, 'one', true);
  expect(caption(1, 'two', true, 'segment-2')).toMatchObject({ type: 'ack' });
});

it.each([false, true])('agents name their segments independently of each other (evicted: %s)', (evicted) => {
  const translator = room.join('agt_translator', { role: 'agent', kind: 'agent' });
  const translate = (version: number, final: boolean) => {
    const said = { segmentId: 'segment-1', speaker: 'ext_ada', language: 'es', text: 'buenos días' };
    return sendForAnswer(room, translator, { type: 'caption', version, final, ...said });
  };
  caption(3, 'good morning', true);
  if (evicted) room.evict();
  expect(translate(1, true)).toMatchObject({ type: 'ack' });
  expect(translate(2, true)).toMatchObject({ code: 'realtime.caption_final' });
  expect(ada.framesOf('caption.final').map(({ language }) => language)).toEqual(['en', 'es']);
});

it('captions are accepted from agents only, and only where the feature is on', () => {
  const said = { segmentId: 's', version: 1, final: false, speaker: 'ext_ada', language: 'en', text: 'x' };
  expect(sendForAnswer(room, ada, { type: 'caption', ...said })).toMatchObject({
    code: 'realtime.not_allowed',
  });
  applyCommand(room, { type: 'room.updated', features: { captions: false } });
  expect(caption(1, 'off')).toMatchObject({ code: 'realtime.not_allowed' });
});

it('the number of remembered segments is bounded', () => {
  for (let i = 0; i < 1_000; i++) {
    room.nowMs += 50;
    caption(1, 'x', false, `segment-${i}`);
  }
  expect(caption(1, 'forgotten', false, 'segment-0')).toMatchObject({ type: 'ack' });
  expect(caption(1, 'remembered', false, 'segment-999')).toMatchObject({ code: 'realtime.caption_stale' });
});
