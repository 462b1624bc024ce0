import { type Admission, leaveLobby, readRoom, validate, type Visit, type Waiting } from './api.ts';
import { Call, type CallEnd } from './call.ts';
import { type Choice, DeviceChoice, NOTHING } from './devices.ts';
import { byId, run, setText, showStep, tellProblem } from './dom.ts';
import { Guest } from './guest.ts';
import { Lobby } from './lobby.ts';
import { listenToNameForm, type Named, tellFieldError } from './name-form.ts';
import { Refusal } from './refusal.ts';
import { textFor } from './words.ts';

const { code = '', asksPassword, autoJoin } = document.body.dataset;
const guest = new Guest(code);
const call = new Call();
const lobby = new Lobby();

let visit: Visit | undefined;
let named: Named = { name: '', password: undefined };
let choice: Choice = NOTHING;
let devices: DeviceChoice | undefined;

const OVER: Readonly<Record<CallEnd, [title: string, note: string, mayReturn: boolean]>> = {
  left: ['You have left', 'You can come back as long as the meeting lasts.', true],
  removed: ['You were removed', 'A host has removed you from the meeting.', false],
  ended: ['The call has ended', 'Thank you for being there.', true],
  replaced: ['You joined elsewhere', 'This meeting goes on in another tab or on another device.', true],
  lost: ['The connection was lost', 'The call could not be reached. You can try again.', true],
};

function showVisit(found: Visit): void {
  visit = found;
  const title = found.title ?? found.room.name;
  setText(byId('title', HTMLElement), title);
  setText(byId('description', HTMLElement), found.description ?? '');
  document.title = `${title} · AuraLink`;
}

/** Says why it does not go on, at the step where something can be done about it. */
function refuse(error: unknown): void {
  if (!(error instanceof Refusal)) throw error;
  const text = textFor(error.code);
  showStep('name');
  if (error.code === 'links.wrong_password' || error.code === 'links.password_required')
    tellFieldError('password', text);
  else tellProblem(text);
}

async function attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    refuse(error);
    return undefined;
  }
}

function over(end: CallEnd): void {
  const [title, note, mayReturn] = OVER[end];
  setText(byId('over-title', HTMLElement), title);
  setText(byId('over-note', HTMLElement), note);
  byId('rejoin', HTMLElement).hidden = !mayReturn;
  showStep('over');
}

const comeBack = () => guest.enter(named.name, named.password);

/** Goes on in the room that a host sends them to. */
function moved(roomId: string, ticket: string, brought: Choice): void {
  showStep('busy');
  choice = brought;
  run(async () => {
    try {
      const place = await guest.follow(roomId, ticket);
      const room = await readRoom(roomId, guest.ticket);
      visit = { ...visit!, title: null, room };
      await follow(place);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      over('lost');
    }
  });
}

async function follow(place: Admission | Waiting): Promise<void> {
  if (place.status === 'admitted') return call.start(place, choice, visit!, { over, moved, comeBack });
  lobby.wait(place, {
    admitted: () => run(enter),
    askAgain: () => run(enter),
    left: () => over('left'),
    comeBack,
    leave: ({ roomId, lobbyEntryId }) => leaveLobby(roomId, lobbyEntryId, guest.ticket),
  });
}

async function enter(): Promise<void> {
  showStep('busy');
  const place = await attempt(comeBack);
  if (place) await follow(place);
}

/** What may be published: a viewer watches, an audio room has no pictures. */
function offered({ role, room }: Visit): ('camera' | 'microphone')[] {
  if (role === 'viewer' || !('mediaDevices' in navigator)) return [];
  return room.type === 'audio_room' ? ['microphone'] : ['camera', 'microphone'];
}

async function chooseDevices(): Promise<void> {
  const sources = offered(visit!);
  if (sources.length === 0) return enter();
  showStep('devices');
  devices ??= new DeviceChoice(sources);
  await devices.open();
}

async function proceed(given: Named): Promise<void> {
  named = given;
  if (asksPassword !== undefined || !visit) {
    showStep('busy');
    const found = await attempt(() => validate(code, given.password));
    if (!found) return;
    showVisit(found);
  }
  await chooseDevices();
}

function listen(): void {
  listenToNameForm(guest.name, (given) => run(() => proceed(given)));
  byId('devices-form', HTMLFormElement).addEventListener('submit', (event) => {
    event.preventDefault();
    choice = devices?.choice ?? NOTHING;
    devices?.close();
    run(enter);
  });
  byId('back', HTMLButtonElement).addEventListener('click', () => {
    devices?.close();
    showStep('name', byId('name', HTMLInputElement));
  });
  byId('rejoin', HTMLButtonElement).addEventListener('click', () => run(enter));
}

async function begin(): Promise<void> {
  listen();
  if (!('RTCPeerConnection' in window))
    return tellProblem(
      'This browser cannot hold calls. Use a current version of Chrome, Edge, Firefox or Safari.',
    );
  if (asksPassword === undefined) {
    try {
      showVisit(await validate(code, undefined));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return tellProblem(textFor(error.code));
    }
    if (autoJoin !== undefined) {
      named = { name: guest.name || 'Guest', password: undefined };
      return enter();
    }
  }
  showStep('name', byId('name', HTMLInputElement));
  // The media client is on its way while people type.
  void import('./media.ts');
}

run(begin);
