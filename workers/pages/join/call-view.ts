import type { LinkDetails } from './api.ts';
import { CallNote } from './call-note.ts';
import type { CallRequestName } from './call-requests.ts';
import type { CallState } from './call-state.ts';
import { Captions } from './captions/captions.ts';
import type { ChatFile } from './chat-log.ts';
import { ChatView, showUnread } from './chat-view.ts';
import { canShareScreen, closePanels, listenToControls, type Panel, showControls } from './controls.ts';
import { byId, setText } from './dom.ts';
import type { RoomServerFrame } from './frames.ts';
import type { Media } from './media.ts';
import { listPeople } from './panels/people.ts';
import { PeopleView } from './panels/people-view.ts';
import { PollsView } from './panels/polls-view.ts';
import { RecordingView } from './panels/recording-view.ts';
import { SettingsView } from './panels/settings-view.ts';
import { Typing } from './panels/typing.ts';
import { listScreenViewers } from './screen-viewers.ts';
import { Tiles } from './stage/tiles.ts';

type Source = 'microphone' | 'camera' | 'screen';

export interface CallViewHooks {
  /** @returns id of the frame; null when it was not sent */
  send(frame: Record<string, unknown>): string | null;
  request(name: CallRequestName): void;
  saveFile(file: ChatFile): void;
  media(): Media | undefined;
  state(): CallState;
  /** Something the page shows has changed. */
  handleChange(): void;
  leave(): void;
}

/** Everything that the call step shows, and its buttons. */
export class CallView {
  readonly tiles = new Tiles();
  readonly note = new CallNote();
  readonly #hooks: CallViewHooks;
  readonly #captions: Captions;
  readonly #chat: ChatView;
  readonly #people: PeopleView;
  readonly #polls: PollsView;
  readonly #recording: RecordingView;
  readonly #settings: SettingsView;
  readonly #typing: Typing;
  /** Frames of the chat and votes that have no answer yet, by id. */
  readonly #pending = new Map<string, 'chat' | 'vote'>();
  #unread = 0;
  #chatOpen = false;

  /** @param work runs asynchronous work and reports its failure */
  constructor(hooks: CallViewHooks, work: (run: () => Promise<unknown>) => void) {
    this.#hooks = hooks;
    this.#captions = new Captions({
      captions: () => hooks.state().captions,
      live: () => hooks.state().liveCaptions,
      sound: () => hooks.media()?.spoken,
      nameOf: (identity) => hooks.state().nameOf(identity),
      send: (frame) => hooks.send(frame),
      handleChange: () => hooks.handleChange(),
      isModerator: () => hooks.state().isModerator,
      switchForAll: () => hooks.request('switchCaptions'),
    });
    this.#chat = new ChatView(
      (text) => this.#request('chat', { type: 'chat.send', text }),
      (file) => hooks.saveFile(file),
    );
    this.#people = new PeopleView((frame) => this.#sendOrNote(frame));
    this.#polls = new PollsView((pollId, choices) => {
      if (!this.#request('vote', { type: 'poll.vote', pollId, choices }))
        this.note.show('Not connected: the vote was not sent.');
    });
    this.#recording = new RecordingView({
      start: () => hooks.request('startRecording'),
      stop: () => {
        this.note.showStopping();
        hooks.request('stopRecordings');
      },
      answer: (agreed) => this.#sendOrNote({ type: 'recording.consent', agreed }),
    });
    this.#typing = new Typing((on) => hooks.send({ type: 'typing', on }));
    this.#settings = new SettingsView({
      switchDevice: (kind, id) => work(async () => hooks.media()?.switchDevice(kind, id)),
      activeDevice: (kind) => hooks.media()?.activeDevice(kind),
    });
    this.#listenToControls(work);
  }

  /** Shows what a frame brought; the state contains it already. */
  receive(frame: RoomServerFrame, chatChanged: boolean): void {
    const state = this.#hooks.state();
    if (frame.type === 'ack' || frame.type === 'error') this.#handleAnswer(frame);
    if (frame.type === 'chat.message' && frame.identity !== state.self && !this.#chatOpen)
      showUnread(++this.#unread);
    if (frame.type === 'chat.message') this.#typing.receive(frame.identity, false, state.nameOf);
    if (frame.type === 'typing' && frame.identity !== state.self)
      this.#typing.receive(frame.identity, frame.on, state.nameOf);
    if (frame.type === 'reaction') {
      this.tiles.showReaction(frame.identity, frame.emoji);
      setText(byId('reaction-note', HTMLElement), `${state.nameOf(frame.identity)}: ${frame.emoji}`);
    }
    this.note.receive(frame);
    if (chatChanged) this.#chat.show(state.chat, state.self);
    this.#captions.receive(frame);
  }

  /** Updates the page to the current state. */
  render(media: Media, visit: LinkDetails | undefined): void {
    const state = this.#hooks.state();
    const { self, flags, roster, lobby, known, isModerator } = state;
    this.tiles.sync(media.room, { hands: state.hands, spotlight: flags.spotlight });
    this.#people.show({ people: listPeople(roster, media.names, known), lobby, flags, self, isModerator });
    this.#captions.handleTracks();
    this.#polls.show(state.polls);
    this.#recording.show(state.recordingNote, isModerator && state.you?.features.recording === true);
    const { isMicrophoneEnabled, isCameraEnabled, isScreenShareEnabled } = media.room.localParticipant;
    const features = state.you?.features ?? visit?.features;
    showControls({
      microphone: isMicrophoneEnabled,
      camera: isCameraEnabled,
      screen: isScreenShareEnabled,
      hand: state.isHandRaised,
      captions: this.#captions.on,
      mayPublish: media.mayPublish,
      mayShare: media.mayPublish && features?.screenShare === true && canShareScreen(),
      audioOnly: visit?.room.type === 'audio_room',
      offersCaptions: features?.captions === true,
      offersChat: features?.chat === true,
    });
  }

  clear(): void {
    this.tiles.clear();
    this.#captions.clear();
    this.#chat.clear();
    this.#typing.clear();
    this.#recording.clear();
    this.#pending.clear();
    showUnread((this.#unread = 0));
    this.#chatOpen = false;
    closePanels();
    this.note.show('');
  }

  #sendOrNote(frame: Record<string, unknown>): void {
    if (this.#hooks.send(frame) === null) this.note.show('Not connected: nothing was changed.');
  }

  #request(kind: 'chat' | 'vote', frame: Record<string, unknown>): boolean {
    const id = this.#hooks.send(frame);
    if (id !== null) this.#pending.set(id, kind);
    return id !== null;
  }

  #handleAnswer(frame: Extract<RoomServerFrame, { type: 'ack' | 'error' }>): void {
    const kind = frame.id === null ? undefined : this.#pending.get(frame.id);
    if (frame.id !== null) this.#pending.delete(frame.id);
    if (frame.type === 'ack') {
      if (kind === 'vote') this.#hooks.request('readPolls');
    } else if (kind === 'chat') this.#chat.showError(frame.title);
    else if (frame.id !== null) this.note.show(frame.title);
  }

  /** People are not to show a screen to a model without knowing it. */
  async #toggleScreen(): Promise<void> {
    const media = this.#hooks.media();
    await media?.toggle('screen');
    if (media) this.note.showScreenViewers(listScreenViewers(media.room));
  }

  #listenToControls(work: (run: () => Promise<unknown>) => void): void {
    const hooks = this.#hooks;
    const toggle = (source: Source) => () => work(async () => hooks.media()?.toggle(source));
    listenToControls({
      microphone: toggle('microphone'),
      camera: toggle('camera'),
      screen: () => work(() => this.#toggleScreen()),
      hand: () => hooks.send({ type: hooks.state().isHandRaised ? 'hand.lower' : 'hand.raise' }),
      captions: () => this.#captions.toggle(),
      leave: () => hooks.leave(),
      sound: () => work(async () => hooks.media()?.startSound()),
      react: (emoji) => hooks.send({ type: 'reaction', emoji }),
      panel: (name, open) => this.#handlePanel(name, open, work),
    });
  }

  #handlePanel(name: Panel, open: boolean, work: (run: () => Promise<unknown>) => void): void {
    if (name === 'chat') this.#chatOpen = open;
    if (!open) return;
    if (name === 'chat') {
      showUnread((this.#unread = 0));
      this.#chat.open();
    }
    if (name === 'polls') this.#hooks.request('readPolls');
    if (name === 'people' && this.#hooks.state().isModerator) this.#hooks.request('readPeople');
    if (name === 'settings') work(() => this.#settings.listDevices());
  }
}
