import { ParticipantKind, type RemoteTrack, Room, RoomEvent, TrackKind } from '@livekit/rtc-node';
import { log } from './log.ts';
import { listen } from './listening.ts';
import type { Product, StartedAgent } from './product.ts';
import { type ChatMessage, RoomChat } from './room-chat.ts';
import { sentencesOf } from './sentences.ts';
import { type Settings, type SpeechService, speechServiceOf } from './settings.ts';
import { Voice } from './voice.ts';

/** An agent in one call: it listens to all people, asks the product what to say, and says it. */
export class CallSession {
  readonly #agent: StartedAgent;
  readonly #product: Product;
  readonly #service: SpeechService;
  readonly #voice: Voice;
  readonly #room = new Room();
  readonly #over = new AbortController();
  readonly #chat: RoomChat;
  /** What is being answered or said now. */
  #turn: AbortController | undefined;
  /** What is being answered in the chat, one message after the other. */
  #writing: Promise<void> = Promise.resolve();
  #isSpeaking = false;
  #isHandRaised = false;

  constructor(agent: StartedAgent, product: Product, settings: Settings) {
    this.#agent = agent;
    this.#product = product;
    this.#service = speechServiceOf(settings, agent.group);
    this.#voice = new Voice(this.#service);
    this.#chat = new RoomChat(agent.room, (message) => this.#read(message), this.#over.signal);
  }

  get isOver(): boolean {
    return this.#over.signal.aborted;
  }

  async join(): Promise<void> {
    const { url, token, name } = this.#agent;
    this.#room
      .on(RoomEvent.TrackSubscribed, (track, _publication, participant) => {
        if (track.kind === TrackKind.KIND_AUDIO && participant.info?.kind !== ParticipantKind.AGENT)
          this.#listenTo(track, participant.name || participant.identity);
      })
      .on(RoomEvent.Disconnected, () => this.#over.abort());
    await this.#room.connect(url, token, { autoSubscribe: true, dynacast: false });
    await this.#voice.publish(this.#room);
    this.#log('joined');
    await this.#speak((signal) => this.#say(textOf(greetingOf(name)), signal));
  }

  async leave(): Promise<void> {
    this.#over.abort();
    this.#turn?.abort();
    await this.#room.disconnect();
  }

  #log(line: string): void {
    log(line, this.#agent.callAgentId);
  }

  #listenTo(track: RemoteTrack, speaker: string): void {
    const listener = {
      onSpeech: () => {
        this.#log('somebody speaks');
        this.#interrupt();
      },
      onPause: () => this.#log('a pause'),
      onSentence: (text: string) => void this.#answer(speaker, text),
      log: (line: string) => this.#log(line),
    };
    listen(track, this.#service, listener, this.#over.signal).catch((error: unknown) =>
      this.#log(`listening ended: ${String(error)}`),
    );
  }

  /** People go first: what the agent says or is about to say ends. */
  #interrupt(): void {
    if (!this.#turn || this.#turn.signal.aborted) return;
    this.#turn.abort();
    this.#voice.interrupt();
    this.#log('interrupted');
    // It had something to say, and none of it was said.
    this.#showHand(!this.#isSpeaking);
  }

  #answer(speaker: string, text: string): Promise<void> {
    this.#log('recognized a sentence');
    const { callAgentId } = this.#agent;
    return this.#speak((signal) =>
      this.#say(this.#product.answer(callAgentId, { speaker, text }, signal), signal),
    );
  }

  /** Says a text that is on its way. A sentence is made into sound while the one before is played. */
  async #say(pieces: AsyncIterable<string>, signal: AbortSignal): Promise<void> {
    let playing: Promise<void> = Promise.resolve();
    for await (const sentence of sentencesOf(this.#noting(pieces))) {
      this.#log('a sentence to say');
      const sound = this.#voice.synthesize(sentence, signal);
      sound.catch(() => undefined); // awaited below, after the sentence before
      await playing;
      playing = this.#voice.play(await sound, signal, () => this.#begin());
      playing.catch(() => undefined); // awaited in the next turn
    }
    await playing;
  }

  #begin(): void {
    this.#isSpeaking = true;
    this.#showHand(false);
    this.#log('speaks');
  }

  #showHand(isRaised: boolean): void {
    if (this.#isHandRaised === isRaised) return;
    this.#isHandRaised = isRaised;
    this.#chat.showHand(isRaised);
  }

  /** A chat message that names the agent is answered in the chat. */
  #read({ messageId, identity, name, text }: ChatMessage): void {
    if (identity === this.#agent.callAgentId || !isMentioned(this.#agent.name, text)) return;
    this.#writing = this.#writing.then(() =>
      this.#write(messageId, { speaker: `${name} (in the chat)`, text }),
    );
  }

  async #write(messageId: string, said: { speaker: string; text: string }): Promise<void> {
    this.#log('asked in the chat');
    let answer = '';
    try {
      const { callAgentId } = this.#agent;
      for await (const piece of this.#product.answer(callAgentId, said, this.#over.signal)) answer += piece;
    } catch (error) {
      if (this.isOver) return;
      this.#log(`no answer in the chat: ${String(error)}`);
      answer = 'I could not answer this. Please ask again.';
    }
    this.#chat.write(answer.trim(), messageId);
  }

  async *#noting(pieces: AsyncIterable<string>): AsyncGenerator<string> {
    let isFirst = true;
    for await (const piece of pieces) {
      if (isFirst) this.#log('the answer begins');
      isFirst = false;
      yield piece;
    }
  }

  /** One turn at a time: a new one ends the one before. */
  async #speak(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    this.#interrupt();
    const turn = new AbortController();
    this.#turn = turn;
    this.#isSpeaking = false;
    try {
      await work(AbortSignal.any([turn.signal, this.#over.signal]));
      await this.#voice.drained();
    } catch (error) {
      if (!turn.signal.aborted && !this.isOver) this.#log(`no answer: ${String(error)}`);
    } finally {
      if (this.#turn === turn) this.#turn = undefined;
    }
  }
}

const shortName = (name: string): string => name.replace(/ \(AI agent\)$/, '');

const greetingOf = (name: string): string =>
  `Hello, I am ${shortName(name)}, an A.I. agent. I listen to this call and answer.`;

const isMentioned = (name: string, text: string): boolean =>
  text.toLowerCase().includes(`@${shortName(name).toLowerCase()}`);

async function* textOf(text: string): AsyncGenerator<string> {
  yield await Promise.resolve(text);
}
