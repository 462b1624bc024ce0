import { beforeEach, describe, expect, it } from 'vitest';
import { MemoryRoom } from '../../support/memory-room.ts';
import type { MemorySocket } from '../../support/memory-socket.ts';

const CAPTION_ID = 'cap_01jd3v7q8gf4kr2x6a0w9mznpe';
const AGENT = { role: 'agent', kind: 'agent' } as const;
let room: MemoryRoom;
let ada: MemorySocket;
let bob: MemorySocket;
let captioner: MemorySocket;
let commands = 0;

const offer = (languages: string[], captionId = CAPTION_ID, spoken?: string[]) =>
  room.apply({
    type: 'captions.running',
    key: `captions/${commands++}`,
    atMs: room.nowMs,
    captions: { captionId, language: 'en', languages, ...(spoken && { spoken }) },
  });
const end = (captionId = CAPTION_ID) =>
  room.apply({
    type: 'captions.over',
    key: `captions/${commands++}`,
    atMs: room.nowMs,
    captions: { captionId },
  });
let frames = 0;
const ask = (socket: MemorySocket, language: string | null) =>
  room.send(socket, { type: 'captions.ask', id: `frame-ask-${frames++}`, language });
const listen = (socket: MemorySocket, language: string | null) =>
  room.send(socket, { type: 'captions.listen', id: `frame-listen-${frames++}`, language });
const listeners = () => captioner.framesOf('captions.asked').at(-1)?.listeners;
const skipped = (socket: MemorySocket) => socket.framesOf('captions.skipped').map(({ reason }) => reason);
const translate = (language: string, segmentId = `a-0-${language}`, socket = captioner) =>
  room.send(socket, {
    type: 'caption.translation',
    segmentId,
    speaker: 'ext_ada',
    language,
    text: 'Hola',
    translatedFrom: 'en',
  });
const asked = () => captioner.framesOf('captions.asked').map(({ languages }) => languages.join());
const translated = (socket: MemorySocket) =>
  socket.framesOf('caption.translated').map(({ language }) => language);
const refusals = (socket: MemorySocket) => socket.framesOf('error').map(({ code }) => code);

beforeEach(() => {
  room = new MemoryRoom();
  ada = room.join('ext_ada');
  bob = room.join('ext_bob');
  captioner = room.join('agt_~captions', AGENT);
  offer(['es', 'fr']);
});

describe('a language of captions', () => {
  it('is translated to for those who ask for it alone, and stored nowhere', () => {
    ask(bob, 'es');
    translate('es');
    expect([translated(bob), translated(ada)]).toEqual([['es'], []]);
    const late = room.join('ext_cat');
    expect(translated(late)).toEqual([]);
  });

  it('is known to the agents when somebody asks, changes their mind, leaves, or may no longer use captions', async () => {
    ask(ada, 'es');
    ask(bob, 'es');
    ask(bob, 'fr');
    ask(ada, null);
    room.disconnect(bob);
    expect(asked()).toEqual(['es', 'es,fr', 'fr']);
    await room.passSeconds(10);
    expect(asked()).toEqual(['es', 'es,fr', 'fr', '']);
    ask(ada, 'fr');
    room.apply({
      type: 'room.updated',
      key: 'features',
      atMs: room.nowMs,
      features: { captions: false },
    });
    expect(asked().slice(4)).toEqual(['fr', '']);
    translate('fr');
    expect(translated(ada)).toEqual([]);
    expect(bob.framesOf('captions.asked')).toEqual([]);
  });

  it('lasts while somebody comes back in time, also on another device, and is known to an agent that comes later', async () => {
    ask(bob, 'es');
    room.disconnect(bob);
    room.evict();
    const again = room.join('ext_bob');
    await room.passSeconds(20);
    room.disconnect(captioner, 1000);
    captioner = room.join('agt_~captions', AGENT);
    expect(asked()).toEqual(['es']);
    translate('es');
    expect(translated(again)).toEqual(['es']);
    room.disconnect(again, 1000);
    const back = room.join('ext_bob');
    translate('es', 'a-1-es');
    expect(translated(back)).toEqual([]);
  });

  it('that captions do not offer is refused, and so are more than five different ones', () => {
    ask(bob, 'de');
    expect(refusals(bob)).toEqual(['realtime.captions_not_offered']);
    const languages = ['es', 'fr', 'it', 'pt', 'de', 'ja'];
    offer(languages);
    const people = languages.map((_language, at) => room.join(`ext_person${at}`));
    people.forEach((socket, at) => ask(socket, languages[at]!));
    expect(refusals(people.at(-1)!)).toEqual(['realtime.too_many_languages']);
    ask(people.at(-1)!, 'es');
    expect(refusals(people.at(-1)!)).toHaveLength(1);
  });

  it('that is no longer offered is not translated to, and is again when it comes back', () => {
    ask(bob, 'es');
    offer(['fr']);
    translate('es');
    expect([asked().at(-1), translated(bob)]).toEqual(['', []]);
    expect(bob.framesOf('captions.running').at(-1)!.captions.languages).toEqual(['fr']);
    offer(['es']);
    expect(asked().at(-1)).toBe('es');
  });

  it('is translated to by agents alone', () => {
    ask(bob, 'es');
    translate('es', 'a-0-es', ada);
    expect([translated(bob), refusals(ada)]).toEqual([[], ['realtime.not_allowed']]);
  });
});

describe('a spoken language', () => {
  const skip = (socket: MemorySocket) =>
    room.send(socket, { type: 'captions.skipped', language: 'es', reason: 'late' });
  beforeEach(() => offer([], CAPTION_ID, ['es', 'de']));

  it('is known to the agents with those who listen, until they leave or choose another one', async () => {
    listen(ada, 'es');
    listen(bob, 'es');
    expect(listeners()).toEqual([{ language: 'es', identities: ['ext_ada', 'ext_bob'] }]);
    listen(ada, 'de');
    expect(listeners()).toEqual([
      { language: 'es', identities: ['ext_bob'] },
      { language: 'de', identities: ['ext_ada'] },
    ]);
    listen(ada, null);
    room.disconnect(bob);
    room.evict();
    expect(listeners()).toEqual([{ language: 'es', identities: ['ext_bob'] }]);
    await room.passSeconds(10);
    expect(listeners()).toEqual([]);
    expect(bob.framesOf('captions.asked')).toEqual([]);
  });

  it('lasts for an agent that comes later, and ends with the channel or the captions', () => {
    listen(bob, 'es');
    room.disconnect(captioner, 1000);
    captioner = room.join('agt_~captions', AGENT);
    expect(listeners()).toEqual([{ language: 'es', identities: ['ext_bob'] }]);
    offer([], CAPTION_ID, ['de']);
    expect(listeners()).toEqual([]);
    offer([], CAPTION_ID, ['es']);
    expect(listeners()).toEqual([{ language: 'es', identities: ['ext_bob'] }]);
    end();
    expect(listeners()).toEqual([]);
  });

  it('that has no channel is refused, and so is somebody who may not use captions', () => {
    listen(bob, 'fr');
    room.apply({ type: 'room.updated', key: 'features', atMs: room.nowMs, features: { captions: false } });
    listen(bob, 'es');
    expect(refusals(bob)).toEqual(['realtime.captions_not_offered', 'realtime.not_allowed']);
  });

  it('whose words were not spoken is marked for those who listen alone, by agents alone', () => {
    listen(bob, 'es');
    skip(captioner);
    skip(bob);
    expect([skipped(bob), skipped(ada), refusals(bob)]).toEqual([['late'], [], ['realtime.not_allowed']]);
  });
});

describe('captions of a room', () => {
  it('are shown to those who come later, until they are over; those of an earlier call end nothing', () => {
    expect(room.join('ext_cat').framesOf('welcome')[0]!.state.captions).toEqual({
      captionId: CAPTION_ID,
      language: 'en',
      languages: ['es', 'fr'],
    });
    end('cap_01jd3v7q8gf4kr2x6a0w9mznpf');
    expect(ada.framesOf('captions.over')).toEqual([]);
    ask(bob, 'es');
    end();
    expect(ada.framesOf('captions.over')).toMatchObject([{ captionId: CAPTION_ID }]);
    const dan = room.join('ext_dan');
    expect(dan.framesOf('welcome')[0]!.state.captions).toBeNull();
    expect(asked().at(-1)).toBe('');
  });

  it('that did not change are not shown twice', () => {
    offer(['es', 'fr']);
    offer(['es', 'fr']);
    expect(ada.framesOf('captions.running')).toHaveLength(1);
  });
});
